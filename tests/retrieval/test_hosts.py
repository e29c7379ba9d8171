"""Turns and pauses at hosts, and robots.txt, with a clock that waits for nobody."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.errors import FetchError
from retrieval.web.hosts import HOSTS_KEPT, Hosts
from retrieval.web.http import Web
from tests.web_server import Answer, Site, web_server

DAY = 24 * 3600.0
HOST = httpx.URL("http://example.org/a")


class Clock:
    """Time that passes only when somebody sleeps or says so."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def hosts(clock: Clock) -> Hosts:
    return Hosts(clock=clock, sleep=clock.sleep)


@pytest.fixture
def site() -> Iterator[Site]:
    with web_server() as site:
        yield site


@pytest.fixture
def web(hosts: Hosts) -> Iterator[Web]:
    web = Web(user_agent="archive-bot/0", hosts=hosts, allow_private=True, timeout=10)
    yield web
    web.close()


# --- turns -----------------------------------------------------------------------------------


def test_the_pause_is_from_the_end_of_one_request_to_the_start_of_the_next(
    clock: Clock, hosts: Hosts
) -> None:
    with hosts.turn(HOST):
        clock.now += 5
    assert clock.slept == []
    clock.now += 0.25
    with hosts.turn(HOST):
        assert clock.slept == [0.75]
        clock.now += 5
    clock.now += 1
    with hosts.turn(HOST):
        assert clock.slept == [0.75]


def test_a_request_that_failed_counts_too(clock: Clock, hosts: Hosts) -> None:
    with pytest.raises(ValueError, match="broken"), hosts.turn(HOST):
        raise ValueError("broken")
    with hosts.turn(HOST):
        assert clock.slept == [1.0]


@pytest.mark.parametrize(
    ("other", "waits"),
    [
        ("http://example.org/b?c", True),
        ("http://EXAMPLE.org.:80/", True),
        ("http://me:secret@example.org/", True),
        ("https://example.org/", False),
        ("http://example.org:8080/", False),
        ("http://www.example.org/", False),
        ("http://[::1]/", False),
    ],
)
def test_each_host_has_its_own_turns(clock: Clock, hosts: Hosts, other: str, waits: bool) -> None:
    with hosts.turn(HOST):
        pass
    with hosts.turn(httpx.URL(other)):
        assert clock.slept == ([1.0] if waits else [])


def test_two_threads_never_share_a_host() -> None:
    hosts = Hosts(pause=0)
    inside: list[int] = []
    most: list[int] = []

    def visit() -> None:
        for _ in range(20):
            with hosts.turn(HOST):
                inside.append(1)
                most.append(len(inside))
                inside.pop()

    threads = [threading.Thread(target=visit) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(most) == 160
    assert max(most) == 1


def test_who_waits_too_long_is_told(clock: Clock) -> None:
    hosts = Hosts(patience=0.05, clock=clock, sleep=clock.sleep)
    refused: list[str] = []

    def visit() -> None:
        try:
            with hosts.turn(HOST):
                refused.append("let in")
        except FetchError as error:
            refused.append(str(error))

    with hosts.turn(HOST):
        thread = threading.Thread(target=visit)
        thread.start()
        thread.join(60)
    assert "http://example.org/a was not asked" in refused[0]
    assert "busy" in refused[0]
    with pytest.raises(FetchError, match="busy"), hosts.turn(HOST):
        pass
    assert clock.slept == [], "a pause that is longer than anyone may wait is not begun"
    clock.now += 1
    with hosts.turn(HOST):
        pass


def test_of_many_hosts_only_some_are_remembered_but_no_pause_is_forgotten(
    clock: Clock, hosts: Hosts
) -> None:
    addresses = [httpx.URL(f"http://h{number}.example/") for number in range(HOSTS_KEPT * 2)]
    for address in addresses:
        with hosts.turn(address):
            pass
    with hosts.turn(addresses[0]):
        assert clock.slept == [1.0]
    clock.now += 10
    for address in addresses:
        with hosts.turn(address):
            pass
        clock.now += 10
    assert len(hosts._hosts) <= HOSTS_KEPT


# --- robots.txt ------------------------------------------------------------------------------


def get(web: Web, url: str, *, crawled: bool = True) -> bytes:
    return web.get(url, crawled=crawled).body


def refusal(web: Web, url: str) -> FetchError:
    with pytest.raises(FetchError) as raised:
        web.get(url, crawled=True)
    assert "\n" not in str(raised.value)
    return raised.value


def test_what_robots_txt_forbids_is_not_read(site: Site, web: Web) -> None:
    site.put("/robots.txt", "User-agent: *\nDisallow: /private", media_type="text/plain")
    site.put("/private/a", "secret")
    site.put("/public", "x")
    error = refusal(web, f"{site.address}/private/a")
    assert "robots.txt of 127.0.0.1 does not allow archive-bot to read" in str(error)
    assert f"{site.address}/private/a" in str(error)
    assert not site.requested("/private/a")
    assert get(web, f"{site.address}/public") == b"x"
    assert get(web, f"{site.address}/private/a", crawled=False) == b"secret"
    assert len(site.requested("/robots.txt")) == 1
    assert site.requested("/robots.txt")[0].headers["user-agent"] == "archive-bot/0"


@pytest.mark.parametrize(
    ("rules", "allowed"),
    [
        ("", True),
        ("User-agent: *\nDisallow:", True),
        ("User-agent: *\nDisallow: /", False),
        ("User-agent: archive-bot\nDisallow: /", False),
        ("user-agent:ARCHIVE-BOT\ndisallow:/a", False),
        ("User-agent: Googlebot\nDisallow: /", True),
        ("User-agent: archive-bot-2\nDisallow: /", True),
        ("User-agent: *\nDisallow: /\n\nUser-agent: archive-bot\nAllow: /", True),
        ("User-agent: x\nUser-agent: archive-bot\nUser-agent: y\nDisallow: /", False),
        ("User-agent: *\nDisallow: /\nAllow: /a", True),
        ("User-agent: *\nDisallow: /*?page=", False),
        ("User-agent: *\nDisallow: /*.pdf$", True),
        ("\ufeffUser-agent: *\nDisallow: /", False),
        ("User-agent: * # all\r\nDisallow: / # everything\r\n", False),
        ("<html><title>Not found</title><p>Disallow: /", True),
        ("User-agents-info: x\nUser-agent: *\nUser-agents: 5\nDisallow: /", False),
    ],
)
def test_rules(hosts: Hosts, rules: str, allowed: bool) -> None:
    try:
        hosts.permit(httpx.URL("http://h.example/a?page=2"), lambda url: rules.encode())
    except FetchError:
        assert not allowed
    else:
        assert allowed


@pytest.mark.parametrize("status", [204, 400, 401, 403, 404, 410, 451])
def test_where_there_are_no_rules_all_is_allowed(site: Site, web: Web, status: int) -> None:
    site.fail("/robots.txt", status)
    site.put("/a", "x")
    assert get(web, f"{site.address}/a") == b"x"
    assert get(web, f"{site.address}/a") == b"x"
    assert len(site.requested("/robots.txt")) == 1


@pytest.mark.parametrize("status", [500, 503, 429])
def test_where_rules_cannot_be_had_nothing_is_read_for_now(
    site: Site, web: Web, clock: Clock, status: int
) -> None:
    site.fail("/robots.txt", status, {"Retry-After": "300"})
    site.put("/a", "x")
    error = refusal(web, f"{site.address}/a")
    assert f"{site.address}/a" in str(error)
    assert "robots.txt" in str(error)
    assert str(status) in str(error)
    assert (error.status, error.retry_after) == (status, 300)
    refusal(web, f"{site.address}/a")
    assert len(site.requested("/robots.txt")) == 1, "it was asked to wait"
    assert not site.requested("/a")
    clock.now += 301
    site.put("/robots.txt", "")
    assert get(web, f"{site.address}/a") == b"x"


def test_a_host_that_cannot_be_reached_is_asked_again_next_time(site: Site, web: Web) -> None:
    site.put("/robots.txt", "", reset=True)
    site.put("/a", "x")
    assert f"{site.address}/robots.txt" in str(refusal(web, f"{site.address}/a"))
    site.put("/robots.txt", "")
    assert get(web, f"{site.address}/a") == b"x"


def test_rules_are_kept_for_a_day_and_longer_where_they_cannot_be_renewed(
    site: Site, web: Web, clock: Clock
) -> None:
    site.put("/robots.txt", "User-agent: *\nDisallow: /a")
    site.put("/b", "x")
    refusal(web, f"{site.address}/a")
    clock.now += DAY - 10
    refusal(web, f"{site.address}/a")
    assert len(site.requested("/robots.txt")) == 1
    clock.now += 20
    site.fail("/robots.txt", 500)
    refusal(web, f"{site.address}/a")
    assert get(web, f"{site.address}/b") == b"x"
    assert len(site.requested("/robots.txt")) == 2
    clock.now += 100
    site.put("/robots.txt", "User-agent: *\nDisallow: /b")
    refusal(web, f"{site.address}/b")


def test_robots_txt_may_be_elsewhere(site: Site, web: Web) -> None:
    with web_server() as other:
        site.redirect("/robots.txt", f"{other.address}/rules")
        other.put("/rules", "User-agent: *\nDisallow: /a")
        refusal(web, f"{site.address}/a")


def test_robots_txt_that_leads_in_a_circle_is_none(site: Site, web: Web) -> None:
    site.redirect("/robots.txt", "/robots.txt")
    site.put("/a", "x")
    assert get(web, f"{site.address}/a") == b"x"


def test_each_host_on_the_way_is_asked_for_its_rules(site: Site, web: Web) -> None:
    with web_server() as other:
        site.redirect("/a", f"{other.address}/b")
        other.put("/robots.txt", "User-agent: *\nDisallow: /b")
        other.put("/b", "secret")
        assert f"{other.address}/b" in str(refusal(web, f"{site.address}/a"))
        assert not other.requested("/b")


def test_only_the_beginning_of_a_huge_robots_txt_counts(site: Site, web: Web) -> None:
    rules = "User-agent: *\nDisallow: /a\n" + "# filler\n" * 100_000 + "Disallow: /b\n"
    site.put("/b", "x")
    for fault in ({}, {"compress": "gzip"}, {"endless": True}):
        site.put("/robots.txt", rules, **fault)
        refusal(web, f"{site.address}/a")
        assert get(web, f"{site.address}/b") == b"x"


def test_robots_txt_has_its_turn_too(site: Site, web: Web, clock: Clock) -> None:
    site.put("/a", "x")
    get(web, f"{site.address}/a")
    assert [request.path for request in site.requests] == ["/robots.txt", "/a"]
    assert len(clock.slept) == 1


@pytest.mark.parametrize(
    ("said", "pause"), [("5", 5.0), ("0.2", 1.0), ("86400", 30.0), ("-1", 1.0), ("soon", 1.0)]
)
def test_crawl_delay_is_the_pause_of_that_host_within_reason(
    site: Site, web: Web, clock: Clock, said: str, pause: float
) -> None:
    site.put("/robots.txt", f"User-agent: *\nCrawl-delay: {said}")
    site.put("/a", "x")
    get(web, f"{site.address}/a")
    get(web, f"{site.address}/a", crawled=False)
    assert clock.slept == pytest.approx([pause, pause])


def test_the_turn_lasts_until_the_body_is_read(site: Site) -> None:
    """Two clients that share the hosts, and a body that takes its time."""
    under_way: list[int] = []

    def slow(request: object) -> Answer:
        # Who is at its last piece may have been read before its server thread noticed.
        under_way.append(sum(1 for one in site.requests if one.sent_bytes < 640 - 64))
        return Answer("x" * 640, drip=0.02)

    site.handle("/slow", slow)
    hosts = Hosts(pause=0)
    webs = [
        Web(user_agent="archive-bot/0", hosts=hosts, allow_private=True, timeout=10)
        for _ in range(2)
    ]
    threads = [
        threading.Thread(target=web.get, args=(f"{site.address}/slow",), kwargs={"crawled": False})
        for web in webs * 2
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    for web in webs:
        web.close()
    assert under_way == [1, 1, 1, 1], "each came when no other was under way"


def test_rules_of_a_hostile_size_are_read_soon(hosts: Hosts) -> None:
    """Many names times many rules would be too much to keep."""
    names = "".join(f"User-agent: robot{number}\n" for number in range(12_000))
    rules = "".join(f"Disallow: /x{number}\n" for number in range(12_000))
    stars = "Disallow: /" + "*a" * 5000 + "b\n"
    body = f"{names}User-agent: *\n{rules}{stars}".encode()
    hosts.permit(httpx.URL("http://h.example/" + "a" * 5000), lambda url: body)
    with pytest.raises(FetchError):
        hosts.permit(httpx.URL("http://h.example/x11999"), lambda url: body)


@given(st.binary() | st.text().map(lambda text: f"User-agent: *\n{text}".encode()))
@settings(deadline=None)
def test_any_robots_txt_is_read(body: bytes) -> None:
    told = ""
    try:
        Hosts().permit(httpx.URL("http://h.example/a?b=c"), lambda url: body)
    except FetchError as error:
        told = str(error)
    assert told == "" or "does not allow" in told


def test_many_threads_ask_for_the_rules_once() -> None:
    hosts = Hosts(pause=0)
    asked: list[str] = []

    def rules(url: str) -> bytes:
        asked.append(url)
        return b""

    threads = [threading.Thread(target=hosts.permit, args=(HOST, rules)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert asked == ["http://example.org/robots.txt"]
