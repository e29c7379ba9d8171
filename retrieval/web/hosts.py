"""Politeness: one request at a time to a host, with a pause, and never where robots.txt forbids.

turn(): wait -> request -> wait of the next; permit(): robots.txt, asked once a day -> may we?
"""

from __future__ import annotations

import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx
from protego import Protego

from retrieval.errors import FetchError
from retrieval.web.target import origin, shown

#: The name by which robots.txt calls us.
TOKEN = "archive-bot"
#: Bytes of a robots.txt that count; RFC 9309, 2.5 asks for at least so many.
LARGEST_ROBOTS = 500 * 1024
#: Seconds. RFC 9309, 2.4: no longer than a day.
ROBOTS_KEPT = 24 * 3600.0
#: Seconds until a robots.txt that could not be had is asked for again.
FAILURE_KEPT = 60.0
#: Seconds. A longer Crawl-delay would make a listing of some pages take hours.
LONGEST_DELAY = 30.0
#: Hosts that are remembered; the rules of one can take megabytes.
HOSTS_KEPT = 256

_AGENT = re.compile(r"^\s*user[- ]?agent(?:\s*:|\s)\s*(.*)$", re.IGNORECASE)


@dataclass(slots=True)
class _Host:
    """What is known of one host; `robots` None while nobody asked, `failure` why it is missing."""

    turn: threading.Lock = field(default_factory=threading.Lock)
    asking: threading.Lock = field(default_factory=threading.Lock)
    users: int = 0
    ended: float | None = None
    delay: float = 0.0
    robots: Protego | None = None
    failure: FetchError | None = None
    expires: float | None = None


class Hosts:
    """Takes turns at hosts, for every thread and every client that shares it.

    `pause` is seconds from the end of one request to a host to the start of the next, `patience`
    how many seconds a request may wait for its turn.
    """

    def __init__(
        self,
        *,
        pause: float = 1.0,
        patience: float = 600.0,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._pause = pause
        self._patience = patience
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._hosts: OrderedDict[str, _Host] = OrderedDict()

    @contextmanager
    def turn(self, address: httpx.URL) -> Iterator[None]:
        """Wait for this host; it is ours until the block ends.

        Raises `FetchError` when others keep it for longer than we are patient.
        """
        with self._known(address) as host:
            began = self._clock()
            if not host.turn.acquire(timeout=self._patience):
                raise self._impatient(address)
            try:
                self._rest(address, host, began)
                try:
                    yield
                finally:
                    host.ended = self._clock()
            finally:
                host.turn.release()

    def permit(self, address: httpx.URL, read: Callable[[str], bytes]) -> None:
        """Ask robots.txt, which `read` fetches, whether an address may be crawled.

        Raises `FetchError` where it may not, or where nobody can tell (RFC 9309, 2.3.1.4).
        """
        with self._known(address) as host:
            if not host.asking.acquire(timeout=self._patience):
                raise self._impatient(address)
            try:
                if host.expires is None or self._clock() >= host.expires:
                    self._ask(f"{origin(address)}/robots.txt", host, read)
                robots, failure = host.robots, host.failure
            except FetchError as error:
                robots, failure = None, error
            finally:
                host.asking.release()
        if robots is None:
            assert failure is not None
            raise FetchError(
                f"{shown(address)} was not read, because its robots.txt could not be: "
                f"{failure.reason}",
                status=failure.status,
                retry_after=failure.retry_after,
                unreachable=failure.unreachable,
            ) from failure
        if not robots.can_fetch(str(address), TOKEN):
            raise FetchError(
                f"robots.txt of {address.host} does not allow {TOKEN} to read {shown(address)}; "
                "use a feed of that site instead, or leave it out"
            )

    def _ask(self, url: str, host: _Host, read: Callable[[str], bytes]) -> None:
        """Renew what is known of a robots.txt; where it cannot be had, what was known counts."""
        try:
            host.robots, kept = _rules(read(url)), ROBOTS_KEPT
        except FetchError as error:
            if error.status is not None and 200 <= error.status < 500 and error.status != 429:
                # There is none, so all is allowed (2.3.1.3). A 429 is no such answer: it says that
                # the host has had enough of us.
                host.robots, kept = Protego.parse(""), ROBOTS_KEPT
            elif error.status is None and host.robots is None:
                # Not remembered: another client, with a proxy perhaps, may well reach this host.
                raise
            else:
                host.failure, kept = error, max(FAILURE_KEPT, error.retry_after or 0.0)
        host.expires = self._clock() + kept
        if host.robots is not None:
            host.delay = min(host.robots.crawl_delay(TOKEN) or 0.0, LONGEST_DELAY)

    def _rest(self, address: httpx.URL, host: _Host, began: float) -> None:
        if host.ended is None:
            return
        now = self._clock()
        rest = host.ended + max(self._pause, host.delay) - now
        if rest <= 0:
            return
        if now - began + rest > self._patience:
            raise self._impatient(address)
        self._sleep(rest)

    def _impatient(self, address: httpx.URL) -> FetchError:
        return FetchError(
            f"{shown(address)} was not asked: others kept {address.host} busy for "
            f"{self._patience:.4g} seconds; it is tried again later"
        )

    @contextmanager
    def _known(self, address: httpx.URL) -> Iterator[_Host]:
        """What is known of a host, which is not forgotten inside the block."""
        name = origin(address)
        with self._lock:
            host = self._hosts.setdefault(name, _Host())
            self._hosts.move_to_end(name)
            host.users += 1
        try:
            yield host
        finally:
            with self._lock:
                host.users -= 1
                self._forget()

    def _forget(self) -> None:
        """Drop the hosts that were used longest ago, but none that is owed a pause."""
        surplus = len(self._hosts) - HOSTS_KEPT
        if surplus <= 0:
            return
        now = self._clock()
        for name, host in list(self._hosts.items())[:surplus]:
            rested = host.ended is None or now >= host.ended + max(self._pause, host.delay)
            if host.users == 0 and rested:
                del self._hosts[name]


def _rules(body: bytes) -> Protego:
    """The rules of a robots.txt.

    Groups for robots of other names are all filed under one: the parser keeps each rule once for
    every name of its group, and a hostile file can hold thousands of both.
    """
    lines = []
    for line in body[:LARGEST_ROBOTS].decode("utf-8", "replace").lstrip("\ufeff").splitlines():
        agent = _AGENT.match(line.partition("#")[0])
        if agent is not None:
            name = agent[1].strip().lower()
            name = name.replace("*", "") or name[:1]
            line = f"User-agent: {name if name == '*' or TOKEN.startswith(name) else 'other'}"
        lines.append(line)
    return Protego.parse("\n".join(lines))
