"""The web client against a real server with the faults of real ones."""

from __future__ import annotations

import gzip
import re
import socket
import threading
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import brotli
import pytest

from retrieval.errors import FetchError
from retrieval.web.hosts import Hosts
from retrieval.web.http import Response, Web
from tests.web_server import Answer, Request, Site, after_request, raw_server, web_server

AGENT = "archive-bot/0 (+https://example.org/bot)"

NewWeb = Callable[..., Web]


@pytest.fixture
def site() -> Iterator[Site]:
    with web_server() as site:
        yield site


@pytest.fixture
def new_web() -> Iterator[NewWeb]:
    """Clients that may talk to this machine and do not pause."""
    opened: list[Web] = []

    def new_web(**settings: Any) -> Web:
        usual: dict[str, Any] = {"allow_private": True, "timeout": 10.0, "deadline": 30.0}
        usual |= {"user_agent": AGENT, "hosts": Hosts(pause=0)}
        opened.append(Web(**(usual | settings)))
        return opened[-1]

    yield new_web
    for web in opened:
        web.close()


def get(web: Web, url: str, **wishes: Any) -> Response:
    return web.get(url, **{"crawled": False} | wishes)


def refusal(web: Web, url: str, **wishes: Any) -> FetchError:
    """The error for an address: always one sentence on one line that names where it happened."""
    with pytest.raises(FetchError) as raised:
        get(web, url, **wishes)
    text = str(raised.value)
    assert "\n" not in text
    assert "Traceback" not in text
    assert len(text) < 1000
    return raised.value


# --- what is asked and what is answered ------------------------------------------------------


def test_a_page_arrives_with_all_that_was_said_of_it(site: Site, new_web: NewWeb) -> None:
    modified = "Wed, 21 Oct 2015 07:28:00 GMT"
    site.put(
        "/feed?a=1",
        "<p>你好",
        media_type='Text/HTML; Charset="UTF-8"',
        last_modified=modified,
        headers={"Cache-Control": "max-age=90", "ETag": '"x"'},
    )
    response = get(new_web(), f"{site.address}/feed?a=1#part")
    assert response == Response(
        url=f"{site.address}/feed?a=1",
        status=200,
        body="<p>你好".encode(),
        media_type="text/html",
        charset="utf-8",
        etag='"x"',
        last_modified=modified,
        fresh_for=90,
        moved_to=None,
    )


def test_what_is_not_said_is_none(site: Site, new_web: NewWeb) -> None:
    site.put("/", "x", media_type=None, etag=False)
    assert get(new_web(), site.address) == Response(f"{site.address}/", 200, b"x")


def test_we_say_who_we_are_and_what_we_like_and_keep_no_cookie(site: Site, new_web: NewWeb) -> None:
    site.put("/", "x", headers={"Set-Cookie": "who=you; Path=/"})
    web = new_web()
    get(web, site.address)
    get(web, site.address, accept="application/rss+xml")
    first, second = site.requests
    assert first.headers["user-agent"] == AGENT
    assert first.headers["accept-encoding"] == "gzip, deflate, br"
    assert first.headers["host"] == site.address.removeprefix("http://")
    for kind in ("atom+xml", "rss+xml", "feed+json", "text/html", "*/*"):
        assert kind in first.headers["accept"]
    assert second.headers["accept"] == "application/rss+xml"
    assert "cookie" not in second.headers


def test_the_environment_has_no_say(
    site: Site, new_web: NewWeb, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    site.put("/", "x")
    assert get(new_web(), site.address).body == b"x"


def test_credentials_in_an_address_are_sent_and_never_shown(site: Site, new_web: NewWeb) -> None:
    site.put("/", "x")
    web = new_web()
    with_secret = site.address.replace("http://", "http://me:s%40cret%3a@")
    assert get(web, with_secret).url == f"{site.address}/"
    assert site.requests[0].headers["authorization"] == "Basic bWU6c0BjcmV0Og=="
    error = refusal(web, f"{with_secret}/missing")
    assert site.address in str(error)
    assert "cret" not in str(error)


def test_credentials_go_to_no_other_site(site: Site, new_web: NewWeb) -> None:
    with web_server() as other:
        site.redirect("/", "/here")
        site.redirect("/here", f"{other.address}/there")
        other.put("/there", "x")
        response = get(new_web(), site.address.replace("http://", "http://me:secret@"))
        assert "secret" not in repr(response)
        assert response.moved_to is None
        assert ["authorization" in request.headers for request in site.requests] == [True, True]
        assert "authorization" not in other.requests[0].headers


# --- what has not changed --------------------------------------------------------------------


def test_what_has_not_changed_is_not_sent_again(site: Site, new_web: NewWeb) -> None:
    site.put("/a", "x" * 1000, headers={"Cache-Control": "max-age=5"})
    web = new_web()
    first = get(web, f"{site.address}/a")
    second = get(web, f"{site.address}/a", etag=first.etag)
    assert (second.status, second.body, second.etag) == (304, b"", first.etag)
    assert second.fresh_for == 5
    assert site.requests[1].headers["if-none-match"] == first.etag
    assert site.requests[1].sent_bytes == 0


def test_a_date_serves_where_there_is_no_etag(site: Site, new_web: NewWeb) -> None:
    said = "Wed, 21 Oct 2015 07:28:00 GMT"
    site.put("/a", "x", etag=False, last_modified=said)
    web = new_web()
    assert get(web, f"{site.address}/a").last_modified == said
    assert get(web, f"{site.address}/a", last_modified=said).status == 304
    site.put("/a", "y", etag=False, last_modified=datetime(2020, 1, 1, tzinfo=UTC))
    assert get(web, f"{site.address}/a", last_modified=said).body == b"y"


def test_an_etag_of_any_bytes_comes_back_as_it_was(site: Site, new_web: NewWeb) -> None:
    site.put("/a", "x", headers={"ETag": 'W/"é\u4e2d"'})
    web = new_web()
    etag = get(web, f"{site.address}/a").etag
    get(web, f"{site.address}/a", etag=etag)
    assert etag is not None
    assert site.requests[1].headers["if-none-match"] == etag


def test_validators_are_sent_along_redirects(site: Site, new_web: NewWeb) -> None:
    site.redirect("/old", "/new")
    site.put("/new", "x")
    web = new_web()
    first = get(web, f"{site.address}/old")
    second = get(web, f"{site.address}/old", etag=first.etag)
    assert second.status == 304
    assert second.moved_to == second.url == f"{site.address}/new"
    assert [request.headers.get("if-none-match") for request in site.requests[2:]] == [
        first.etag
    ] * 2


def test_a_304_that_nobody_asked_for_is_an_error(site: Site, new_web: NewWeb) -> None:
    site.fail("/a", 304)
    error = refusal(new_web(), f"{site.address}/a")
    assert error.status == 304
    assert f"{site.address}/a" in str(error)


# --- redirects ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statuses", "moved"),
    [
        ([301], 1),
        ([308], 1),
        ([302], None),
        ([303], None),
        ([307], None),
        ([301, 308, 301], 3),
        ([301, 302, 301], 1),
        ([302, 301], None),
        ([308, 301, 307], 2),
    ],
)
def test_only_a_leading_run_of_permanent_redirects_moves(
    site: Site, new_web: NewWeb, statuses: list[int], moved: int | None
) -> None:
    for hop, status in enumerate(statuses):
        site.redirect(f"/{hop}", f"{site.address}/{hop + 1}", status)
    last = f"{site.address}/{len(statuses)}"
    site.put(f"/{len(statuses)}", "x")
    response = get(new_web(), f"{site.address}/0")
    assert (response.url, response.body) == (last, b"x")
    assert response.moved_to == (None if moved is None else f"{site.address}/{moved}")


@pytest.mark.parametrize("to", ["b?c=1", "/a/b?c=1", "//{host}/a/b?c=1", " /a/b?c=1 ", "./b?c=1#x"])
def test_where_to_may_be_said_in_any_form(site: Site, new_web: NewWeb, to: str) -> None:
    site.redirect("/a/", to.format(host=site.address.removeprefix("http://")))
    site.put("/a/b?c=1", "x")
    assert get(new_web(), f"{site.address}/a/").url == f"{site.address}/a/b?c=1"


def test_a_location_in_raw_utf8_or_latin1_is_followed(site: Site, new_web: NewWeb) -> None:
    site.redirect("/a", "/文章 一")
    site.put("/%E6%96%87%E7%AB%A0%20%E4%B8%80", "x")
    site.redirect("/b", "/caf\udce9")
    site.put("/caf%E9", "y")
    assert get(new_web(), f"{site.address}/a").body == b"x"
    assert get(new_web(), f"{site.address}/b").body == b"y"


def test_a_circle_and_a_long_way_are_named(site: Site, new_web: NewWeb) -> None:
    site.redirect("/a", "/b")
    site.redirect("/b", "/a")
    site.redirect("/self", "/self")
    web = new_web(redirects=3)
    for path in ("/a", "/self"):
        error = refusal(web, site.address + path)
        assert "circle" in str(error)
        assert site.address + path in str(error)
    for hop in range(9):
        site.redirect(f"/{hop}", f"/{hop + 1}", 302)
    error = refusal(web, f"{site.address}/0")
    assert "more than 3 times" in str(error)
    assert error.status == 302
    assert not site.requested("/4")
    site.put("/3", "x")
    assert get(web, f"{site.address}/0").body == b"x"


@pytest.mark.parametrize(
    "to",
    ["ftp://example.org/", "file:///etc/passwd", "javascript:alert(1)", "http://", "http://[::"],
)
def test_only_the_web_is_redirected_to(site: Site, new_web: NewWeb, to: str) -> None:
    site.redirect("/a", to)
    assert f"{site.address}/a redirects" in str(refusal(new_web(), f"{site.address}/a"))


def test_a_redirect_to_nowhere(site: Site, new_web: NewWeb) -> None:
    site.put("/a", "", status=302, etag=False)
    assert "where to" in str(refusal(new_web(), f"{site.address}/a"))


def test_an_error_behind_a_redirect_names_both_addresses(site: Site, new_web: NewWeb) -> None:
    site.redirect("/old", "/new")
    error = refusal(new_web(), f"{site.address}/old")
    assert f"{site.address}/old" in str(error)
    assert f"{site.address}/new" in str(error)
    assert error.gone


# --- other statuses --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "status", [201, 204, 206, 300, 400, 401, 403, 404, 410, 418, 500, 503, 599, 999]
)
def test_any_other_status_is_an_error(site: Site, new_web: NewWeb, status: int) -> None:
    site.fail("/a", status)
    error = refusal(new_web(), f"{site.address}/a")
    assert error.status == status
    assert error.retry_after is None
    assert error.gone == (status in (404, 410))
    assert str(status) in str(error)
    assert f"{site.address}/a" in str(error)


@pytest.mark.parametrize("status", [429, 503, 404])
@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("30", 30),
        ("-5", 0),
        ("0", 0),
        ("1.5", 1.5),
        ("43837", 43837),
        ("99999999999", 7 * 24 * 3600),
        ("soon", None),
        ("", None),
        ("9" * 400, None),
    ],
)
def test_retry_after_in_seconds(
    site: Site, new_web: NewWeb, status: int, said: str, seconds: float | None
) -> None:
    site.fail("/a", status, {"Retry-After": said})
    assert refusal(new_web(), f"{site.address}/a").retry_after == seconds


def test_retry_after_as_a_date_goes_by_the_servers_clock(site: Site, new_web: NewWeb) -> None:
    theirs = datetime(2001, 9, 9, tzinfo=UTC)
    for ahead, seconds in ((120, 120), (-5, 0), (10**8, 7 * 24 * 3600)):
        then = theirs + timedelta(seconds=ahead)
        dates = {
            "Date": format_datetime(theirs, usegmt=True),
            "Retry-After": format_datetime(then, usegmt=True),
        }
        site.fail("/a", 503, dates)
        assert refusal(new_web(), f"{site.address}/a").retry_after == seconds


# --- freshness -------------------------------------------------------------------------------

DATE = "Wed, 21 Oct 2015 07:28:00 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 0),
        ({"Cache-Control": "max-age=600"}, 600),
        ({"Cache-Control": 'public, MAX-AGE="600"'}, 600),
        ({"Cache-Control": "max-age=600, s-maxage=9"}, 600),
        ({"Cache-Control": "s-maxage=9"}, 0),
        ({"Cache-Control": "max-age=600, no-cache"}, 0),
        ({"Cache-Control": "no-store, max-age=600"}, 0),
        ({"Cache-Control": "max-age=-1"}, 0),
        ({"Cache-Control": "max-age=soon"}, 0),
        ({"Cache-Control": "max-age=600", "Age": "100"}, 500),
        ({"Cache-Control": "max-age=600", "Age": "700"}, 0),
        ({"Cache-Control": "max-age=600", "Age": "odd"}, 600),
        ({"Cache-Control": "max-age=99999999999"}, 7 * 24 * 3600),
        ({"Date": DATE, "Expires": "Wed, 21 Oct 2015 07:38:00 GMT"}, 600),
        ({"Date": DATE, "Expires": "Wed, 21 Oct 2015 07:18:00 GMT"}, 0),
        ({"Date": DATE, "Expires": "0"}, 0),
        ({"Date": DATE, "Expires": "-1"}, 0),
        ({"Date": DATE, "Expires": "Wed, 21 Oct 99999999 07:38:00 GMT"}, 0),
        ({"Date": DATE, "Expires": DATE, "Cache-Control": "max-age=7"}, 7),
        (
            {"Date": DATE, "Expires": "Wed, 21 Oct 2015 07:38:00 GMT", "Cache-Control": "no-cache"},
            0,
        ),
    ],
)
def test_how_long_an_answer_is_fresh(
    site: Site, new_web: NewWeb, headers: dict[str, str], seconds: float
) -> None:
    site.put("/", "x", headers=headers)
    assert get(new_web(), site.address).fresh_for == seconds


# --- bodies ----------------------------------------------------------------------------------

LONG = "".join(f"第 {number} 行\n" for number in range(50_000))


@pytest.mark.parametrize("compress", [None, "gzip", "br", "deflate"])
@pytest.mark.parametrize("chunked", [False, True])
def test_compressed_bodies_arrive_whole(
    site: Site, new_web: NewWeb, compress: str | None, chunked: bool
) -> None:
    site.put("/", LONG, compress=compress, chunked=chunked)
    assert get(new_web(), site.address).body.decode() == LONG


@pytest.mark.parametrize("coding", ["gzip", "br", "deflate"])
def test_a_bomb_is_refused(site: Site, new_web: NewWeb, coding: str) -> None:
    site.put("/", bytes(64 * 2**20), compress=coding)
    error = refusal(new_web(largest=2**20), site.address)
    assert "larger than 1 MiB" in str(error)
    assert site.address in str(error)


def test_an_unknown_coding_is_refused(site: Site, new_web: NewWeb) -> None:
    site.put("/", "x", headers={"Content-Encoding": "zstd"})
    assert "'zstd'" in str(refusal(new_web(), site.address))


@pytest.mark.parametrize("coding", ["gzip", "br", "deflate"])
def test_a_compressed_body_that_is_none_or_ends_early_is_refused(
    site: Site, new_web: NewWeb, coding: str
) -> None:
    pack = {"gzip": gzip.compress, "br": brotli.compress, "deflate": zlib.compress}[coding]
    site.put("/", pack(LONG.encode())[:-3], headers={"Content-Encoding": coding})
    assert "cut off" in str(refusal(new_web(), site.address))
    site.put("/", b"\x15\x15<html>no compression at all", headers={"Content-Encoding": coding})
    assert "compression is broken" in str(refusal(new_web(), site.address))


def test_a_body_may_be_as_large_as_allowed_and_no_larger(site: Site, new_web: NewWeb) -> None:
    web = new_web(largest=1000)
    site.put("/", "x" * 1000)
    assert len(get(web, site.address).body) == 1000
    site.put("/", "x" * 1001)
    assert "larger than 1000 bytes" in str(refusal(web, site.address))


def test_an_endless_body_is_given_up(site: Site, new_web: NewWeb) -> None:
    site.put("/", "x", endless=True)
    assert "larger than 1 MiB" in str(refusal(new_web(largest=2**20), site.address))
    (request,) = site.requests
    assert request.sent_bytes < 32 * 2**20, "beyond what buffers hold, nothing more was taken"


def test_a_body_that_drips_is_given_up_at_the_deadline(site: Site, new_web: NewWeb) -> None:
    site.put("/", "x" * 64 * 1000, drip=0.05)
    error = refusal(new_web(deadline=0.4), site.address)
    assert "0.4 seconds" in str(error)
    assert site.requests[0].sent_bytes < 64 * 1000


def test_headers_that_drip_are_given_up_at_the_deadline(new_web: NewWeb) -> None:
    def drip(connection: socket.socket, stopped: threading.Event) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        while not stopped.wait(0.05):
            connection.sendall(b"X-More: y\r\n")

    with raw_server(after_request(drip)) as port:
        address = f"http://127.0.0.1:{port}/"
        assert "0.4 seconds" in str(refusal(new_web(deadline=0.4), address))


def test_the_deadline_holds_for_all_redirects_together(site: Site, new_web: NewWeb) -> None:
    for hop in range(4):
        site.handle(
            f"/{hop}",
            lambda request: Answer(
                status=302, headers={"Location": f"/{int(request.path[1:]) + 1}"}, delay=0.3
            ),
        )
    site.put("/4", "x")
    assert "0.7 seconds" in str(refusal(new_web(deadline=0.7), f"{site.address}/0"))


def test_a_server_that_says_nothing_is_given_up(site: Site, new_web: NewWeb) -> None:
    site.put("/", "x", delay=60)
    error = refusal(new_web(timeout=0.3), site.address)
    assert "0.3 seconds" in str(error)


@pytest.mark.parametrize("kept", [0, 3])
def test_a_body_that_is_cut_is_refused(site: Site, new_web: NewWeb, kept: int) -> None:
    site.put("/", "hello", cut=kept)
    error = refusal(new_web(), site.address)
    assert "broke" in str(error)
    assert site.address in str(error)
    site.put("/", "hello", cut=kept, chunked=True)
    assert "broke" in str(refusal(new_web(), site.address))


def test_a_reset_and_a_closed_port(site: Site, new_web: NewWeb) -> None:
    site.put("/", "hello", reset=True)
    assert "broke" in str(refusal(new_web(), site.address))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert "no connection" in str(refusal(new_web(), f"http://127.0.0.1:{port}/"))


@pytest.mark.parametrize(
    "bytes_",
    [
        b"",
        b"\0" * 300,
        b"SSH-2.0-OpenSSH_9\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nx",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nx",
        b"HTTP/1.1 200 OK\r\nBad Name: 1\r\n\r\nx",
        b"HTTP/1.1 200 OK\r\n" + b"A: " + b"x" * 200_000,
        b"HTTP/1.1 200 OK\r\nContent-Type: text/\xff\xfe; charset=\xff\r\nContent-Length: 9\r\n\r\nx",
        b"HTTP/1.1 101 Switching Protocols\r\n\r\n",
        b"\x15\x03\x01\x00\x02\x02\x50",
    ],
)
def test_what_is_not_http_is_said_to_be_so(new_web: NewWeb, bytes_: bytes) -> None:
    def say(connection: socket.socket, stopped: threading.Event) -> None:
        connection.recv(65536)
        connection.sendall(bytes_)

    with raw_server(say) as port:
        address = f"http://127.0.0.1:{port}/"
        assert address in str(refusal(new_web(timeout=2), address))
        secure = address.replace("http://", "https://")
        assert secure in str(refusal(new_web(timeout=2), secure))


def test_a_connection_that_the_server_dropped_meanwhile_is_replaced(new_web: NewWeb) -> None:
    """The second request meets a connection that dies at that very moment."""
    answered: list[int] = []

    def answer_once(connection: socket.socket, stopped: threading.Event) -> None:
        answered.append(1)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx")
        connection.recv(4096)

    with raw_server(after_request(answer_once)) as port:
        address = f"http://127.0.0.1:{port}/"
        web = new_web()
        assert get(web, address).body == b"x"
        assert get(web, address).body == b"x"
        web.close()
    assert len(answered) == 2


def test_a_new_connection_that_breaks_is_not_tried_again(site: Site, new_web: NewWeb) -> None:
    site.put("/", "hello", reset=True)
    refusal(new_web(), site.address)
    assert len(site.requests) == 1


def test_after_a_failure_the_same_client_goes_on(site: Site, new_web: NewWeb) -> None:
    web = new_web(largest=1000, timeout=0.5)
    site.put("/good", "x")
    for fault in ({"endless": True}, {"cut": 1}, {"reset": True}, {"delay": 30.0}):
        site.put("/bad", "hello", **fault)
        refusal(web, f"{site.address}/bad")
        assert get(web, f"{site.address}/good").body == b"x"


def test_many_threads_share_one_client(site: Site, new_web: NewWeb) -> None:
    web = new_web()
    for number in range(24):
        site.put(f"/{number}", f"page {number}")
    found: dict[int, bytes] = {}

    def one(number: int) -> None:
        found[number] = get(web, f"{site.address}/{number}").body

    threads = [threading.Thread(target=one, args=(number,)) for number in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert found == {number: f"page {number}".encode() for number in range(24)}


# --- addresses -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "",
        " ",
        "feed",
        "//example.org/",
        "http:",
        "http://",
        "http:///feed",
        "ftp://example.org/",
        "file:///etc/passwd",
        "data:text/html,x",
        "http://exa mple.org/",
        "http://a\\b/",
        "http://%31%32%37.0.0.1/",
        "http://[::1",
        "http://[zz]/",
        "http://a:b/",
        "http://a:0/",
        "http://a:99999/",
        "http://a..b/",
        "http://" + "a" * 300 + ".org/",
        "http://" + "a." * 200 + "org/",
        "http://example.org/\x00",
        "http://example.org/\nx",
        "http://example.org/\ud800",
        "http://☃\u3002/",
        "http://example.org/" + "x" * 100_000,
    ],
)
def test_an_address_that_is_none(new_web: NewWeb, url: str) -> None:
    assert refusal(new_web(), url).status is None


@pytest.mark.parametrize(
    "url",
    [
        "http://me:secret@/x",
        "http://me:sec/ret@example.org:port/",
        "ftp://me:secret@example.org/",
        "http://me:secret@exa mple.org/",
        "http://me:secret@[::1",
        "http://me:se@cret@a..b/",
    ],
)
def test_no_error_shows_a_password(new_web: NewWeb, url: str) -> None:
    assert not re.search("sec|ret", str(refusal(new_web(), url)))


def test_odd_but_good_addresses_are_normalised(site: Site, new_web: NewWeb) -> None:
    site.put("/%E6%96%87?q=a%20b", "x")
    url = site.address.replace("http", "HTTP")
    assert get(new_web(), f"  {url}/文?q=a b#top\n").url == f"{site.address}/%E6%96%87?q=a%20b"


def test_an_unknown_host_is_said_to_be_unknown(
    new_web: NewWeb, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    error = refusal(new_web(), "http://no-such-host.example/feed")
    assert "no host no-such-host.example" in str(error)
    assert "http://no-such-host.example/feed" in str(error)


def test_a_resolver_that_does_not_answer_is_given_up(
    new_web: NewWeb, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: asked.wait(60) and [])
    error = refusal(new_web(timeout=0.2), "http://slow.example/")
    asked.set()
    assert "0.2 seconds" in str(error)


# --- private networks ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "127.1",
        "2130706433",
        "0x7f.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "10.0.0.1",
        "169.254.169.254",
        "[fd00::1]",
        "0.0.0.0",
    ],
)
def test_private_addresses_are_refused(site: Site, new_web: NewWeb, host: str) -> None:
    port = site.address.rpartition(":")[2]
    error = refusal(new_web(allow_private=False), f"http://{host}:{port}/")
    assert "`allow_private`" in str(error)
    assert f"http://{host}:{port}/" in str(error)
    assert site.requests == []


@pytest.fixture
def only_second_is_private(monkeypatch: pytest.MonkeyPatch) -> None:
    """127.0.0.1 counts as public, so that there is a public server; 127.0.0.2 alone is private."""
    monkeypatch.setattr("retrieval.web.http.private", lambda a: str(a) == "127.0.0.2")


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[list[str]]]:
    """Names and what each is resolved to, lookup by lookup; the last answer stays."""
    known: dict[str, list[list[str]]] = {}
    real = socket.getaddrinfo

    def getaddrinfo(host: str, port: Any, *rest: Any, **more: Any) -> Any:
        if host not in known:
            return real(host, port, *rest, **more)
        answers = known[host]
        found = answers.pop(0) if len(answers) > 1 else answers[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in found]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return known


@pytest.mark.usefixtures("only_second_is_private")
@pytest.mark.parametrize("to", ["127.0.0.2", "inner.example", "both.example"])
def test_a_redirect_into_a_private_network_is_refused(
    site: Site, new_web: NewWeb, names: dict[str, list[list[str]]], to: str
) -> None:
    names["inner.example"] = [["127.0.0.2"]]
    names["both.example"] = [["127.0.0.1", "127.0.0.2"]]
    port = site.address.rpartition(":")[2]
    site.redirect("/", f"http://{to}:{port}/secret")
    error = refusal(new_web(allow_private=False), site.address)
    assert "`allow_private`" in str(error)
    assert "127.0.0.2" in str(error)
    assert len(site.requests) == 1


@pytest.mark.usefixtures("only_second_is_private")
def test_a_name_is_looked_up_once_and_that_address_connected_to(
    site: Site, new_web: NewWeb, names: dict[str, list[list[str]]]
) -> None:
    """Whoever owns a name could answer a second lookup differently."""
    names["turning.example"] = [["127.0.0.1"], ["127.0.0.2"]]
    site.put("/", "x")
    port = site.address.rpartition(":")[2]
    web = new_web(allow_private=False)
    assert get(web, f"http://turning.example:{port}/").body == b"x"
    assert site.requests[0].headers["host"] == f"turning.example:{port}"
    web.close()
    later = new_web(allow_private=False)
    assert "127.0.0.2" in str(refusal(later, f"http://turning.example:{port}/"))


def test_a_second_address_is_tried_where_the_first_does_not_answer(
    site: Site, new_web: NewWeb, names: dict[str, list[list[str]]]
) -> None:
    names["two.example"] = [["127.0.0.3", "127.0.0.1"]]
    site.put("/", "x")
    port = site.address.rpartition(":")[2]
    assert get(new_web(), f"http://two.example:{port}/").body == b"x"


def test_a_closed_client_asks_for_nothing_more(site: Site, new_web: NewWeb) -> None:
    """A request that is cut off at the end is not repeated on a new connection."""
    web = new_web()
    arrived, closed = threading.Event(), threading.Event()

    def wait(_: Request) -> Answer:
        arrived.set()
        assert closed.wait(20)
        return Answer(reset=True)

    site.put("/first", "kept open")
    web.get(f"{site.address}/first", crawled=False)
    site.handle("/slow", wait)
    errors: list[FetchError] = []

    def ask() -> None:
        try:
            web.get(f"{site.address}/slow", crawled=False)
        except FetchError as error:
            errors.append(error)

    asking = threading.Thread(target=ask)
    asking.start()
    assert arrived.wait(20)
    web.close()
    closed.set()
    asking.join(20)
    assert len(errors) == 1
    assert len(site.requested("/slow")) == 1
    with pytest.raises(FetchError, match="stopped"):
        web.get(f"{site.address}/first", crawled=False)
