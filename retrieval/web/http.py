"""The web: an address -> robots.txt, turn, request, redirects -> a whole body, or a `FetchError`.

Spoken by httpcore, the transport of httpx: it lets us choose which address is connected to, and
keeps no cookies, follows nothing and reads no environment.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from functools import partial

import httpcore
import httpx

from retrieval.errors import FetchError
from retrieval.web import bodies
from retrieval.web.complaints import in_words, refused
from retrieval.web.connecting import Forbidden, Network, credentials, pool, raw
from retrieval.web.freshness import fresh_for
from retrieval.web.guard import literal, local_name, private
from retrieval.web.hosts import LARGEST_ROBOTS, Hosts
from retrieval.web.target import joined, origin, parsed, shown

ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, "
    "text/xml;q=0.9, text/html;q=0.8, application/xhtml+xml;q=0.8, */*;q=0.5"
)
#: Characters. A longer ETag or Last-Modified is not worth keeping.
LONGEST_VALIDATOR = 1024

_REDIRECTS = (301, 302, 303, 307, 308)
_PERMANENT = (301, 308)


@dataclass(frozen=True, slots=True)
class Response:
    """What an address answered with; after 304, which says that nothing changed, without a body.

    `url` is the final address and holds no credentials. `media_type` and `charset` are lower-case,
    `etag` and `last_modified` verbatim; all four None where the server said nothing. `fresh_for`
    is seconds. `moved_to` is where permanent redirects alone led to, before any temporary one;
    None where nothing moved for good, or where the address asked for held credentials: the new one
    would be of no use without them, and they belong nowhere but into the settings.
    """

    url: str
    status: int
    body: bytes
    media_type: str | None = None
    charset: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    fresh_for: float = 0.0
    moved_to: str | None = None


@dataclass(frozen=True, slots=True)
class _Asked:
    """What one get() wants of every address on its way."""

    first: httpx.URL
    headers: Mapping[str, str]
    crawled: bool
    conditional: bool
    largest: int
    cut: bool


@dataclass(frozen=True, slots=True)
class _Answer:
    """What one address answered."""

    status: int
    headers: httpx.Headers
    body: bytes


class Web:
    """Fetches, politely and within limits. Any number of threads may share one.

    `proxy` is an http, https, socks5 or socks5h address; names are then resolved behind it.
    `timeout` is seconds for connecting and between two pieces of a body, `deadline` seconds that
    one get() may take in all but for waiting its turn, `largest` bytes of a body once
    decompressed, `redirects` how many are followed. Addresses in private networks are refused
    unless `allow_private`. Raises `SourceError` where the proxy is none.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        hosts: Hosts,
        proxy: str | None = None,
        allow_private: bool = False,
        timeout: float = 30.0,
        deadline: float = 120.0,
        largest: int = 10 * 2**20,
        redirects: int = 5,
    ) -> None:
        self._user_agent = user_agent
        self._hosts = hosts
        self._proxied = proxy is not None
        self._allow_private = allow_private
        self._timeout = timeout
        self._deadline = deadline
        self._largest = largest
        self._redirects = redirects
        guarded = not allow_private and not self._proxied
        self._network = Network(timeout, private if guarded else None)
        self._pool = pool(self._network, proxy)
        self._closed = False

    def get(
        self,
        url: str,
        *,
        crawled: bool,
        etag: str | None = None,
        last_modified: str | None = None,
        accept: str | None = None,
    ) -> Response:
        """What an address holds, or that it still is what `etag` and `last_modified` came with.

        `crawled` addresses, those that no one wrote into the settings, ask robots.txt first.
        Raises `FetchError` for everything else.
        """
        headers = {"Accept": accept or ACCEPT}
        if etag:
            headers["If-None-Match"] = etag
        if last_modified:
            headers["If-Modified-Since"] = last_modified
        asked = _Asked(
            first=parsed(url),
            headers=headers,
            crawled=crawled,
            conditional=bool(etag or last_modified),
            largest=self._largest,
            cut=False,
        )
        return self._follow(asked)

    def close(self) -> None:
        """Close all connections; what is under way on them fails, and nothing more is asked."""
        self._closed = True
        self._pool.close()

    def _robots(self, url: str) -> bytes:
        asked = _Asked(
            first=parsed(url),
            headers={"Accept": "text/plain, */*;q=0.5"},
            crawled=False,
            conditional=False,
            largest=LARGEST_ROBOTS,
            cut=True,
        )
        return self._follow(asked).body

    def _follow(self, asked: _Asked) -> Response:
        """Ask, and ask again where redirected to."""
        address, left = asked.first, self._deadline
        moved: httpx.URL | None = None
        for_good = True
        passed = {str(address)}
        for _ in range(self._redirects + 1):
            words = partial(in_words, address, asked.first, self._deadline, self._timeout)
            with words():
                self._refuse_private(address)
            if asked.crawled:
                self._hosts.permit(address, self._robots)
            with self._hosts.turn(address), words():
                began = time.monotonic()
                answer = self._ask(address, asked, left)
                left -= time.monotonic() - began
            if answer.status not in _REDIRECTS:
                return self._response(address, asked, answer, moved)
            address = self._next(address, answer)
            for_good = for_good and answer.status in _PERMANENT
            moved = address if for_good else moved
            if str(address) in passed:
                raise FetchError(
                    f"{shown(asked.first)} redirects in a circle, by way of {shown(address)}; "
                    "perhaps it wants cookies, which are not kept",
                    status=answer.status,
                )
            passed.add(str(address))
        raise FetchError(
            f"{shown(asked.first)} redirects more than {self._redirects} times, "
            f"at last to {shown(address)}",
            status=answer.status,
        )

    def _next(self, address: httpx.URL, answer: _Answer) -> httpx.URL:
        location = answer.headers.get("Location")
        if location is None:
            raise FetchError(
                f"{shown(address)} redirects ({answer.status}), but does not say where to",
                status=answer.status,
            )
        try:
            target = joined(address, location.encode("latin-1"))
        except FetchError as error:
            raise FetchError(
                f"{shown(address)} redirects to where nothing can be fetched: {error.reason}",
                status=answer.status,
            ) from error
        if address.userinfo and not target.userinfo and _same_site(address, target):
            target = target.copy_with(userinfo=address.userinfo)
        return target

    def _refuse_private(self, address: httpx.URL) -> None:
        """Refuse what can be told without asking: behind a proxy, all that can be told."""
        if self._allow_private:
            return
        host = address.host
        written = literal(host)
        if written is not None and private(written):
            raise Forbidden(host, written)
        if written is None and self._proxied and local_name(host):
            raise Forbidden(host, None)

    def _ask(self, address: httpx.URL, asked: _Asked, seconds: float) -> _Answer:
        """One request and its answer; a body only of status 200."""
        if self._closed:
            raise FetchError(f"{shown(address)} was not asked: the work was stopped")
        request = self._request(address, asked.headers)
        with self._network.within(seconds):
            try:
                response = self._pool.handle_request(request)
            except (httpcore.ReadError, httpcore.WriteError, httpcore.RemoteProtocolError):
                # A connection kept from before may have been closed by the server at the very
                # moment when it was used again; a new one says whether there is more to it.
                if self._network.connected or self._closed:
                    raise
                response = self._pool.handle_request(request)
            whole = False
            try:
                headers = httpx.Headers(response.headers, encoding="latin-1")
                body = self._body(response, headers, asked)
                whole = response.status in (200, 304) and not asked.cut
            finally:
                stream = response.extensions.get("network_stream")
                response.close()
                if not whole and isinstance(stream, httpcore.NetworkStream):
                    # What is still to come must not meet the next request on this connection.
                    stream.close()
        return _Answer(response.status, headers, body)

    def _body(self, response: httpcore.Response, headers: httpx.Headers, asked: _Asked) -> bytes:
        if response.status == 200:
            coding = headers.get("Content-Encoding")
            return bodies.whole(self._pieces(response), coding, asked.largest, cut=asked.cut)
        if response.status == 304:
            return bodies.whole(self._pieces(response), None, 0)
        return b""

    def _pieces(self, response: httpcore.Response) -> Iterator[bytes]:
        for piece in response.iter_stream():
            self._network.allowance()
            yield piece

    def _request(self, address: httpx.URL, headers: Mapping[str, str]) -> httpcore.Request:
        sent = {
            b"Host": address.netloc,
            b"User-Agent": self._user_agent.encode("ascii", "replace"),
            b"Accept-Encoding": bodies.ACCEPTED.encode(),
        }
        for name, value in headers.items():
            sent[name.encode()] = value.encode("latin-1", "replace")
        if address.userinfo:
            sent[b"Authorization"] = b"Basic " + base64.b64encode(b":".join(credentials(address)))
        waits = dict.fromkeys(("connect", "read", "write", "pool"), self._timeout)
        return httpcore.Request(
            "GET", raw(address), headers=list(sent.items()), extensions={"timeout": waits}
        )

    def _response(
        self, address: httpx.URL, asked: _Asked, answer: _Answer, moved: httpx.URL | None
    ) -> Response:
        now = datetime.now(UTC)
        if answer.status == 304 and not asked.conditional:
            raise FetchError(
                f"{shown(address)} answered that nothing changed (304), though it was not asked",
                status=304,
            )
        if answer.status not in (200, 304):
            raise refused(address, asked.first, answer.status, answer.headers, now)
        media_type, charset = _content_type(answer.headers.get("Content-Type"))
        return Response(
            url=str(address.copy_with(userinfo=b"")),
            status=answer.status,
            body=answer.body,
            media_type=media_type,
            charset=charset,
            etag=_validator(answer.headers.get("ETag")),
            last_modified=_validator(answer.headers.get("Last-Modified")),
            fresh_for=fresh_for(answer.headers, now),
            moved_to=None if moved is None or asked.first.userinfo else str(moved),
        )


def _content_type(header: str | None) -> tuple[str | None, str | None]:
    """Media type and charset of a Content-Type, lower-case."""
    if header is None:
        return None, None
    message = Message()
    message["Content-Type"] = header
    media_type = header.partition(";")[0].strip().lower()
    charset = message.get_param("charset")
    said = charset.strip().strip("\"'").lower() if isinstance(charset, str) else ""
    return media_type or None, said or None


def _validator(value: str | None) -> str | None:
    return value if value and len(value) <= LONGEST_VALIDATOR else None


def _same_site(address: httpx.URL, other: httpx.URL) -> bool:
    """Whether credentials for one address are meant for the other too: a change to https is."""
    if origin(address) == origin(other):
        return True
    upgraded = address.scheme == "http" and other.scheme == "https"
    return upgraded and address.host == other.host and address.port is other.port is None
