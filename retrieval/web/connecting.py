"""Connections: a name -> addresses, all checked -> a connection to one of those very addresses.

Looking a name up twice, once to check it and once to connect, would let its owner answer
differently the second time. And a server that sends one byte now and then never times out by
itself, so every wait here is also cut by what is left of the whole exchange's time.
"""

from __future__ import annotations

import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from typing import Any
from urllib.parse import unquote_to_bytes

import httpcore
import httpx

from retrieval.errors import SourceError
from retrieval.web.guard import Address
from retrieval.web.target import shown


class UnknownHost(Exception):
    """A name could not be resolved; the text says why."""


class Forbidden(Exception):
    """Nothing may be fetched from a host, for its address, or where that is None its name."""

    def __init__(self, host: str, address: Address | None) -> None:
        self.host = host
        self.address = address
        super().__init__(host)


class DeadlinePassed(Exception):
    """The time for the whole exchange is over."""


class Network(httpcore.NetworkBackend):
    """Connects where `forbids` lets it, within the time that the thread was given.

    Waits at most `timeout` seconds for a name, for a connection, and for each piece of data.
    """

    def __init__(self, timeout: float, forbids: Callable[[Address], bool] | None) -> None:
        self._timeout = timeout
        self._forbids = forbids
        self._backend = httpcore.SyncBackend()
        self._thread = threading.local()

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Bound all that this thread does on the network inside the block.

        What it connected is closed when the block fails: httpcore forgets connections on which it
        did not come to terms with a proxy.
        """
        self._thread.ends = time.monotonic() + seconds
        opened: list[httpcore.NetworkStream] = []
        self._thread.opened = opened
        try:
            yield
        except BaseException:
            for stream in opened:
                stream.close()
            raise
        finally:
            self._thread.ends = None
            self._thread.opened = []

    @property
    def connected(self) -> bool:
        """Whether this thread made a new connection inside the present block."""
        return bool(self._thread.opened)

    def keep(self, stream: httpcore.NetworkStream) -> httpcore.NetworkStream:
        """A stream that this thread opened, its every wait bounded."""
        bounded = _Stream(stream, self)
        self._thread.opened.append(bounded)
        return bounded

    def allowance(self, timeout: float | None = None) -> float:
        """Seconds that this thread may wait now. Raises `DeadlinePassed` when there are none."""
        ends = getattr(self._thread, "ends", None)
        allowed = self._timeout if timeout is None else timeout
        if ends is None:
            return allowed
        left = ends - time.monotonic()
        if left <= 0:
            raise DeadlinePassed
        return float(min(allowed, left))

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of a host that answers.

        Raises `UnknownHost`, `Forbidden`, `DeadlinePassed` and what httpcore raises.
        """
        ends = time.monotonic() + self.allowance(timeout)
        addresses = _looked_up(host, port, self.allowance(timeout))
        for address in addresses:
            if self._forbids is not None and self._forbids(ip_address(address)):
                raise Forbidden(host, ip_address(address))
        for place, address in enumerate(addresses):
            # The last one may take all the time that is left; those before share it with the rest.
            share = (ends - time.monotonic()) / (len(addresses) - place)
            try:
                stream = self._backend.connect_tcp(
                    address, port, max(0.05, share), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if place == len(addresses) - 1:
                    self.allowance()
                    raise
            else:
                return self.keep(stream)
        raise UnknownHost(f"{host} has no address")

    def sleep(self, seconds: float) -> None:
        """Wait between attempts; httpcore asks for it only with retries, which are not used."""
        time.sleep(min(seconds, self.allowance()))


class _Stream(httpcore.NetworkStream):
    """A connection whose every wait is bounded by the network's allowance."""

    def __init__(self, stream: httpcore.NetworkStream, network: Network) -> None:
        self._stream = stream
        self._network = network

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        allowed = self._network.allowance(timeout)
        try:
            return self._stream.read(max_bytes, allowed)
        except httpcore.ReadTimeout:
            self._network.allowance()
            raise

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        allowed = self._network.allowance(timeout)
        try:
            self._stream.write(buffer, allowed)
        except httpcore.WriteTimeout:
            self._network.allowance()
            raise

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        allowed = self._network.allowance(timeout)
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, allowed), self._network)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _looked_up(host: str, port: int, seconds: float) -> list[str]:
    """The numeric addresses of a host, in the system's order of preference.

    The system's resolver takes no timeout, so it is waited for in a thread of its own.
    """
    answers: queue.SimpleQueue[list[str] | Exception] = queue.SimpleQueue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answers.put(list(dict.fromkeys(str(entry[4][0]) for entry in found)))
        except (OSError, ValueError) as error:
            answers.put(error)

    threading.Thread(target=ask, name=f"looking up {host[:40]}", daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except queue.Empty:
        raise UnknownHost(f"{host} could not be looked up within {seconds:.3g} seconds") from None
    if isinstance(answer, Exception):
        raise UnknownHost(f"there is no host {host}, as far as this machine can tell") from answer
    return answer


def credentials(address: httpx.URL) -> tuple[bytes, bytes]:
    """User name and password of an address, as they are meant."""
    user, _, password = address.userinfo.partition(b":")
    return unquote_to_bytes(user), unquote_to_bytes(password)


def raw(address: httpx.URL) -> httpcore.URL:
    """An address as httpcore takes it, without credentials."""
    return httpcore.URL(
        scheme=address.raw_scheme,
        host=address.raw_host,
        port=address.port,
        target=address.raw_path,
    )


def pool(network: Network, proxy: str | None) -> httpcore.ConnectionPool:
    """Connections, direct or through a proxy; SSL_CERT_FILE and SSL_CERT_DIR are heeded.

    Raises `SourceError` where the proxy is none.
    """
    context = httpx.create_ssl_context()
    if proxy is None:
        return httpcore.ConnectionPool(
            ssl_context=context,
            max_connections=32,
            keepalive_expiry=15,
            http2=True,
            network_backend=network,
        )
    try:
        address = httpx.URL(proxy.strip())
    except (httpx.InvalidURL, ValueError):
        address = httpx.URL("")
    if address.scheme not in ("http", "https", "socks5", "socks5h") or not address.host:
        # Its words might quote a password, see `parsed`.
        raise SourceError(
            f"`proxy` {shown(proxy)!r} is none; write it as http://, https://, socks5:// or "
            "socks5h:// with a host and a port"
        )
    login = credentials(address) if address.userinfo else None
    if address.scheme in ("http", "https"):
        return httpcore.HTTPProxy(
            raw(address),
            proxy_auth=login,
            ssl_context=context,
            proxy_ssl_context=httpx.create_ssl_context() if address.scheme == "https" else None,
            max_connections=32,
            keepalive_expiry=15,
            http2=True,
            network_backend=network,
        )
    return httpcore.SOCKSProxy(
        raw(address),
        proxy_auth=login,
        ssl_context=context,
        max_connections=32,
        keepalive_expiry=15,
        http2=True,
        network_backend=network,
    )
