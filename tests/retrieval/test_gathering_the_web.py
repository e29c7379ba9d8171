"""Gathering over HTTP: little is transferred, nothing is lost, and the server is left in peace."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from retrieval.archive.fetches import SourceState
from retrieval.archive.intaking import IntakeReport
from retrieval.archive.opening import Archive
from retrieval.gathering import Gatherer, GatherReport, Source
from retrieval.sources.feed import FeedReader
from retrieval.sources.listing import ListingReader
from retrieval.web.http import Web
from tests.retrieval.feeds_made import post, rss
from tests.retrieval.rows import all_rows
from tests.retrieval.site_gathered import Blog, client, titles
from tests.web_server import Answer, Request, Site

POSTS = [post(n) for n in (3, 2, 1)]
FEED = "application/rss+xml"
HOUR = timedelta(hours=1)


def state(blog: Blog) -> SourceState:
    (state,) = blog.archive.fetches.states()
    return state


# --- little is transferred ---------------------------------------------------------------------


def test_a_second_gather_of_an_unchanged_feed_transfers_headers_only(blog: Blog) -> None:
    blog.gather(*POSTS)
    before = all_rows(blog.archive)
    assert blog.gather() == IntakeReport(0, 0, 3)
    first, second = blog.site.requested("/blog.xml")
    assert (first.status, second.status) == (200, 304)
    assert "if-none-match" in second.headers
    assert (first.sent_bytes > 500, second.sent_bytes) == (True, 0)
    assert all_rows(blog.archive) == before


def test_a_date_alone_is_enough_to_ask_for_changes(blog: Blog) -> None:
    blog.site.put("/blog.xml", rss(POSTS), media_type=FEED, etag=False, last_modified=blog.now)
    blog.gather()
    blog.gather()
    assert [request.status for request in blog.site.requested("/blog.xml")] == [200, 304]


def test_what_came_is_kept_with_what_was_made_of_it(blog: Blog) -> None:
    """An answer that could not be committed is asked for again in full."""
    blog.gather(*POSTS)
    blog.site.put("/blog.xml", rss([post(4), *POSTS])[:-20], media_type=FEED)
    assert blog.try_to_gather().failures
    blog.site.put("/blog.xml", rss([post(4), *POSTS]), media_type=FEED)
    assert blog.gather() == IntakeReport(1, 0, 3)
    assert [request.status for request in blog.site.requested("/blog.xml")] == [200] * 3


def test_changed_settings_read_the_stored_answer_anew(blog: Blog, web: Web) -> None:
    blog.gather(*POSTS)
    blog.source = Source(blog.source.reader, web, settings="other")
    assert blog.gather() == IntakeReport(0, 0, 3)
    assert state(blog).settings == "other"
    assert [request.status for request in blog.site.requested("/blog.xml")] == [200, 304]


def test_an_answer_that_is_fresh_is_not_asked_for_again(blog: Blog) -> None:
    blog.site.put(
        "/blog.xml", rss(POSTS), media_type=FEED, headers={"Cache-Control": "max-age=7200"}
    )
    blog.gather()
    blog.gather()
    assert len(blog.site.requested("/blog.xml")) == 1
    blog.gather(later=HOUR * 2)
    assert [request.status for request in blog.site.requested("/blog.xml")] == [200, 304]
    blog.gatherer().gather(force=True)
    assert len(blog.site.requested("/blog.xml")) == 3


def test_nothing_stays_fresh_for_more_than_a_day(blog: Blog) -> None:
    headers = {"Cache-Control": "max-age=31536000"}
    blog.site.put("/blog.xml", rss(POSTS), media_type=FEED, headers=headers)
    blog.gather()
    blog.gather(later=timedelta(hours=25))
    assert len(blog.site.requested("/blog.xml")) == 2


# --- a server that fails, moves, asks for peace --------------------------------------------------


@pytest.mark.parametrize(
    "broken",
    [
        Answer("gone wrong", status=500),
        Answer("no", status=403),
        Answer(rss([post(9), *POSTS]), media_type=FEED, cut=300),
        Answer(rss(POSTS)[:500], media_type=FEED),
        Answer("<!doctype html><title>Down for maintenance</title><p>soon", media_type="text/html"),
        Answer("", media_type=FEED),
        Answer(rss(POSTS), media_type=FEED, reset=True),
        Answer(status=302, headers={"Location": "/blog.xml"}),
    ],
)
def test_a_source_that_fails_leaves_everything_as_it_was(blog: Blog, broken: Answer) -> None:
    blog.gather(*POSTS)
    fared = "failed_at failure failing_since failures retry_at gathered_at readings".split()
    before = all_rows(blog.archive, but=tuple(f"sources.{column}" for column in fared))
    blog.site.handle("/blog.xml", lambda _: broken)
    (failure,) = blog.try_to_gather().failures
    assert blog.site.address.removeprefix("http://") in str(failure)
    assert "Traceback" not in str(failure)
    assert len(str(failure).splitlines()) == 1
    assert all_rows(blog.archive, but=tuple(f"sources.{column}" for column in fared)) == before
    blog.publish(*POSTS)
    assert blog.gather() == IntakeReport(0, 0, 3)
    assert state(blog).failure is None
    assert blog.announced() == []


def test_a_feed_moved_for_good_is_asked_at_its_new_address(blog: Blog) -> None:
    """FAILURES 17."""
    blog.gather(*POSTS)
    blog.site.put("/new.xml", rss(POSTS), media_type=FEED)
    blog.site.redirect("/blog.xml", "/new.xml", 301)
    assert blog.gather().new == 0
    assert state(blog).moved_to == f"{blog.site.address}/new.xml"
    blog.site.forget()
    blog.site.put("/new.xml", rss([post(4), *POSTS]), media_type=FEED)
    assert blog.gather() == IntakeReport(1, 0, 3)
    assert blog.site.requested("/blog.xml") == []
    assert blog.announced() == titles([post(4)])


def test_a_temporary_redirect_is_followed_and_forgotten(blog: Blog) -> None:
    """FAILURES 17."""
    blog.site.put("/else.xml", rss(POSTS), media_type=FEED)
    blog.site.redirect("/blog.xml", "/else.xml", 302)
    blog.gather()
    assert state(blog).moved_to is None
    blog.gather()
    assert len(blog.site.requested("/blog.xml")) == 2


def test_a_feed_that_fails_for_an_hour_keeps_its_address_and_resends_nothing(blog: Blog) -> None:
    """FAILURES 17."""
    blog.gather(*POSTS)
    blog.site.fail("/blog.xml", 503)
    for _ in range(4):
        assert blog.try_to_gather(later=HOUR / 4).failures
    assert (state(blog).failures, state(blog).moved_to) == (4, None)
    blog.publish(post(4), *POSTS)
    assert blog.gather().new == 1
    assert blog.announced() == titles([post(4)])
    assert (state(blog).failures, state(blog).failing_since) == (0, None)


def test_where_the_new_address_fails_the_old_one_is_asked(blog: Blog) -> None:
    blog.site.put("/new.xml", rss(POSTS), media_type=FEED)
    blog.site.redirect("/blog.xml", "/new.xml", 308)
    blog.gather()
    blog.site.remove("/new.xml")
    blog.publish(post(4), *POSTS)
    assert blog.gather().new == 1
    assert state(blog).moved_to is None


def test_a_server_that_asks_for_peace_gets_it(blog: Blog) -> None:
    blog.gather(*POSTS)
    blog.site.fail("/blog.xml", 429, {"Retry-After": "7200"})
    assert blog.try_to_gather().failures
    blog.publish(*POSTS)
    blog.site.forget()
    (waiting,) = blog.try_to_gather().sources
    assert (waiting.intake, waiting.failure) == (None, None)
    assert waiting.waits_until == blog.now + HOUR
    assert blog.site.requests == []
    assert blog.gatherer().due(blog.now) == []
    assert blog.gather() == IntakeReport(0, 0, 3)


def test_a_failing_source_is_tried_less_and_less_often(blog: Blog) -> None:
    blog.site.fail("/blog.xml", 500)
    pauses = []
    for _ in range(8):
        blog.try_to_gather()
        pauses.append((state(blog).retry_at or blog.now) - blog.now)
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (timedelta(minutes=15), timedelta(hours=3))


def test_a_source_is_due_after_its_interval_and_at_once_when_its_settings_change(
    blog: Blog, web: Web
) -> None:
    blog.source = Source(blog.source.reader, web, interval=600)
    assert blog.gatherer().due(blog.now) == [blog.source]
    blog.gather(*POSTS)
    assert blog.gatherer().due(blog.now + timedelta(seconds=599)) == []
    assert blog.gatherer().due(blog.now + timedelta(seconds=600)) == [blog.source]
    blog.source = Source(blog.source.reader, web, interval=600, settings="other")
    assert blog.gatherer().due(blog.now) == [blog.source]


# --- several at once -----------------------------------------------------------------------------


def test_two_gatherers_that_overlap_make_one_article(blog: Blog) -> None:
    """FAILURES 6: the one that read earlier does not undo what the other one committed."""
    blog.gather(*POSTS)
    blog.now += HOUR
    asked, committed = threading.Event(), threading.Event()
    answers = iter([rss(POSTS[1:]), rss([post(4), *POSTS])])

    def answer(_: Request) -> Answer:
        body = next(answers)
        if not asked.is_set():
            asked.set()
            assert committed.wait(20)
        return Answer(body, media_type=FEED)

    blog.site.handle("/blog.xml", answer)
    reports: list[GatherReport] = []
    early = threading.Thread(target=lambda: reports.append(blog.gatherer().gather()))
    early.start()
    assert asked.wait(20)
    other = client()  # of another process: it does not take turns with the first
    late = Gatherer(blog.archive, [Source(blog.source.reader, other)], clock=lambda: blog.now)
    assert late.gather().total() == IntakeReport(1, 0, 3)
    other.close()
    committed.set()
    early.join(20)
    (report,) = reports[0].sources
    assert (report.intake, report.failure) == (None, None)
    assert report.cut is not None
    assert blog.announced() == titles([post(4)])
    assert (len(blog.latest()), blog.dropped()) == (4, 0)


def test_one_slow_source_holds_up_no_other(archive: Archive, site: Site, web: Web) -> None:
    elsewhere = site.address.replace("127.0.0.1", "localhost")  # one host is asked in turn
    slow = Blog(archive, site, web, "slow", reader=FeedReader("slow", f"{elsewhere}/slow.xml"))
    quick = Blog(archive, site, web, "quick")
    quick.publish(*POSTS)
    committed = threading.Event()

    def wait(_: Request) -> Answer:
        assert committed.wait(20)
        return Answer(rss([post(9)]), media_type=FEED)

    site.handle("/slow.xml", wait)
    gatherer = Gatherer(
        archive,
        [slow.source, quick.source],
        progress=lambda what, done, total: (
            committed.set() if (what, done) == ("quick", total) else None
        ),
    )
    report = gatherer.gather()
    assert [one.intake for one in report.sources] == [IntakeReport(1, 0, 0), IntakeReport(3, 0, 0)]


def test_a_stumbling_reader_is_a_failure_of_its_source_alone(
    blog: Blog, archive: Archive, site: Site, web: Web, caplog: pytest.LogCaptureFixture
) -> None:
    class Stumbling:
        name, kind = "odd", "feed"

        def read(self, fetch: object) -> None:
            raise RecursionError("too deep")

    blog.publish(*POSTS)
    odd = Source(Stumbling(), web)  # type: ignore[arg-type]  # it brings nothing home
    report = Gatherer(archive, [odd, blog.source]).gather()
    assert [one.failure is None for one in report.sources] == [False, True]
    assert "could not be understood" in str(report.failures[0])
    assert len(blog.latest()) == 3


# --- lists of many pages -------------------------------------------------------------------------


def listing(numbers: range, following: str) -> str:
    cards = "".join(
        f'<article><h2><a href="/p/{n}">第 {n} 篇文章</a></h2><time>2026-05-{n:02d}</time>'
        f"<p>这是第 {n} 篇文章的摘要,说了一些和别的文章都不一样的事情。</p></article>"
        for n in numbers
    )
    return (
        f'<html><body><main>{cards}</main><a rel="next" href="{following}">下一页</a></body></html>'
    )


def test_the_further_pages_of_a_list_are_left_alone_while_the_first_does_not_change(
    archive: Archive, site: Site, web: Web
) -> None:
    site.remove("/p/3")
    pages = {"/l": range(9, 6, -1), "/l?2": range(6, 3, -1), "/l?3": range(3, 0, -1)}
    for (path, numbers), following in zip(pages.items(), ["/l?2", "/l?3", "/l"], strict=True):
        site.put(path, listing(numbers, following))
    blog = Blog(archive, site, web, reader=ListingReader("blog", f"{site.address}/l"))
    assert blog.gather().new == 9
    site.forget()
    for _ in range(3):
        assert blog.gather() == IntakeReport(0, 0, 9)
    assert {request.path for request in site.requests} == {"/l"}
    site.put("/l", listing(range(10, 7, -1), "/l?2"))
    site.put("/l?2", listing(range(7, 4, -1), "/l?3"))
    site.put("/l?3", listing(range(4, 0, -1), "/l"))
    assert blog.gather() == IntakeReport(1, 0, 9)
    assert blog.announced() == ["第 10 篇文章"]
    site.put("/l?3", listing(range(4, 1, -1), "/l"))
    assert blog.gather(later=HOUR * 25).unchanged == 9
    assert blog.dropped() == 1
