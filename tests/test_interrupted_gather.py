"""`archive-bot gather` cut short wherever it is; the next one completes what there is to complete.

A short form of `make campaign`, and Ctrl-C.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.campaign.feed import Feed
from tests.campaign.killing import Campaign
from tests.campaign.quick import QuickEmbedder
from tests.campaign.stock import QUICK, Folder, committed
from tests.web_server import Answer, Request, Site, web_server

#: What Ctrl-C is answered with.
INTERRUPTED = "archive-bot: interrupted; what was done is kept, run it again to go on"


@pytest.fixture
def site() -> Iterator[Site]:
    with web_server() as site:
        yield site


def test_a_gather_killed_anywhere_loses_nothing_and_repeats_nothing(
    site: Site, tmp_path: Path
) -> None:
    campaign = Campaign(
        site, tmp_path, articles=150, kills=5, seed=3, sample=40, code=QUICK, say=print
    )
    outcome = campaign.run(QuickEmbedder(), seconds=200)
    assert outcome.differences == []
    assert len(outcome.kills) == 5
    assert (outcome.articles > 150, outcome.asked) == (True, 40)


def interrupt(folder: Folder, moment: Callable[[], bool]) -> str:
    """Start a gather, press Ctrl-C when the moment has come; what it said."""
    process = folder.gather()
    deadline = time.monotonic() + 60
    while not moment() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.005)
    assert process.poll() is None, "it was over too soon"
    process.send_signal(signal.SIGINT)
    done = folder.desk.finish(process, timeout=60)
    assert done.status == 130, done.err
    assert done.out == ""
    assert "Traceback" not in done.err
    (said,) = (line for line in done.err.splitlines() if line.startswith("archive-bot:"))
    return said


def assert_the_next_one_completes(folder: Folder, feed: Feed) -> None:
    done = folder.desk.finish(folder.gather())
    assert done.status == 0, done.err
    now = committed(folder.data)
    assert (now.texts, now.faults) == (feed.texts, ())
    assert list(now.kinds.values()) == [["baseline"]] * len(feed.texts)
    state = folder.state()
    assert state is not None
    assert (state.passages, state.cursor, state.writing) == (len(now.texts), now.end, False)


def test_ctrl_c_does_not_wait_for_a_server_that_does_not_answer(site: Site, tmp_path: Path) -> None:
    feed = Feed(site, 20)
    folder = Folder(tmp_path, feed.address, QUICK)
    answered = threading.Event()

    def hang(_: Request) -> Answer:
        answered.wait(100)
        return Answer("too late", status=503)

    site.handle(feed.path, hang)
    assert interrupt(folder, lambda: bool(site.requests)) == INTERRUPTED
    assert not answered.is_set()
    answered.set()
    feed.publish()
    assert_the_next_one_completes(folder, feed)


def test_ctrl_c_while_the_model_is_loaded_keeps_what_was_committed(
    site: Site, tmp_path: Path
) -> None:
    feed = Feed(site, 20)
    folder = Folder(tmp_path, feed.address)
    assert interrupt(folder, lambda: folder.readings() > 0) == INTERRUPTED
    assert committed(folder.data).texts == feed.texts
    site.forget()
    assert_the_next_one_completes(folder, feed)
    assert [request.status for request in site.requests] == [304]
