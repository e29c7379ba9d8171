"""`archive-bot feedback`: votes listed, and written as questions that the benchmarks understand."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from benchmarks.questions import over_pages
from bot.ledger import Ledger
from bot.ledger.answers import GivenHit, NewAnswer
from bot.ledger.feedback import BAD, GOOD
from retrieval.archive.opening import Archive
from retrieval.article import Article
from retrieval.sources.snapshot import SnapshotReader
from tests.command import Desk
from tests.conftest import EXAMPLE

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
def desk(tmp_path: Path, quiet_again: None) -> Desk:
    desk = Desk(tmp_path / "desk", EXAMPLE / "pages")
    drafts = SnapshotReader(name="pages", folder=EXAMPLE / "pages").read().drafts
    archive = Archive.open(f"sqlite:///{desk.folder / 'data' / 'archive.sqlite3'}")
    archive.articles.commit("pages", "snapshots", drafts, NOW)
    archive.close()
    return desk


def newest(desk: Desk) -> list[Article]:
    archive = Archive.open(f"sqlite:///{desk.folder / 'data' / 'archive.sqlite3'}")
    try:
        return archive.articles.latest(3)
    finally:
        archive.close()


def judge(
    desk: Desk, vote: int, question: str | None, *articles: Article, within: str | None = None
) -> None:
    ledger = Ledger.open(f"sqlite:///{desk.folder / 'data' / 'ledger.sqlite3'}")
    hits = tuple(GivenHit(f"{each.id}:0", "h", 0.9, 0.8, relevant=True) for each in articles)
    number = ledger.do(ledger.answers.add(NewAnswer(50, 0, hits, "en", within=within), NOW))
    given = ledger.answers.by_id(number)
    assert given is not None
    ledger.do(ledger.feedback.vote(given, 50, vote, question, NOW))
    ledger.close()


def test_before_anybody_has_voted_it_says_so(desk: Desk) -> None:
    assert desk.run("feedback").out.startswith("Nobody has given an opinion yet")
    assert desk.run("feedback", "--json").json == {"votes": []}
    done = desk.run("feedback", "--jsonl", "-")
    assert (done.status, done.out) == (0, "")


def test_votes_are_listed_and_become_a_golden_set(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, third = newest(desk)
    judge(desk, GOOD, "好问题", first, second)
    judge(desk, BAD, "问得好", third)
    judge(desk, GOOD, "火星上有咖啡馆吗")
    judge(desk, GOOD, None, second)
    judge(desk, GOOD, "那这个呢", third, within=third.id)
    shown = desk.run("feedback").out.splitlines()
    assert shown[0] == "4 👍  1 👎"
    assert shown[1:3] == ["👍  那这个呢", f"    {third.title}"]
    assert shown[3:5] == ["👍  (a question that is forgotten)", f"    {second.title}"]
    assert shown[-2:] == ["👍  好问题", f"    {first.title}"]
    told = desk.run("feedback", "--json").json["votes"]
    assert [(vote["vote"], vote["question"]) for vote in told] == [
        (1, "好问题"),
        (-1, "问得好"),
        (1, "火星上有咖啡馆吗"),
        (1, None),
        (1, "那这个呢"),
    ]
    assert [hit["title"] for hit in told[0]["hits"]] == [first.title, second.title]
    file = tmp_path / "own.jsonl"
    done = desk.run("feedback", "--jsonl", str(file))
    assert (done.status, done.out) == (0, "")
    assert "3 questions" in done.err, "what goes on from an article asks nothing by itself"
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert [row["split"] for row in rows] == ["dev", "open", "dev"]
    monkeypatch.setattr("benchmarks.questions.GOLDEN", tmp_path)
    (liked, refused) = over_pages("own", EXAMPLE / "pages", "all").questions
    assert liked.text == "好问题"
    (answers,) = liked.answers
    assert answers.startswith(first.opening[:20])
    assert (refused.text, refused.answers) == ("火星上有咖啡馆吗", ())


def test_a_file_that_cannot_be_written_is_named(desk: Desk, tmp_path: Path) -> None:
    done = desk.run("feedback", "--jsonl", str(tmp_path / "no" / "where.jsonl"))
    assert done.status == 1
    assert "where.jsonl cannot be written: No such file or directory" in done.err
    assert desk.run("feedback", "--json", "--jsonl", "-").status == 2
