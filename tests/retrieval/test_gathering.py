"""Gathering: saved pages to the archive, again and again; what cannot be read stops nothing else."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import unquote

import pytest

from retrieval.archive.fetches import SourceState
from retrieval.archive.intaking import IntakeReport
from retrieval.archive.opening import Archive
from retrieval.gathering import Gatherer, GatherReport, Source
from retrieval.sources.snapshot import SnapshotReader
from tests.retrieval.rows import all_rows

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)

PAGES = {
    "page-1.txt": ["Motivation 环形缓冲区用一个定长数组首尾相接,写指针追上读指针", "系统", "2026-04-30",
                   "布隆过滤器回答一个键是否可能在集合里,它可能说谎..."],
    "page-2.txt": ["布隆过滤器回答一个键是否可能在集合里,它可能说谎,但从不漏掉成员。",
                   "简介 蓄水池采样只扫一遍数据,就能等概率地取出 k 个样本。", "2026-04-02"],
}  # fmt: skip


class Site:
    """A folder of pages and a reader of it."""

    def __init__(self, folder: Path, name: str = "site") -> None:
        self.folder = folder
        self.reader = SnapshotReader(name, folder, page_url="https://example.org/list")
        folder.mkdir()

    def save(self, name: str, *lines: str) -> None:
        text = "\n".join(["INCOMING", "LATEST UPDATES", *lines, "1 2"])
        (self.folder / name).write_text(text, encoding="utf-8")

    def save_all(self) -> None:
        for name, lines in PAGES.items():
            self.save(name, *lines)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    site = Site(tmp_path / "site")
    site.save_all()
    return site


def gather(archive: Archive, *sites: Site, now: datetime = NOW) -> GatherReport:
    return Gatherer(archive, [Source(site.reader) for site in sites], clock=lambda: now).gather()


def test_saved_pages_become_articles_with_titles_dates_tags_and_links(
    archive: Archive, site: Site
) -> None:
    report = gather(archive, site)
    assert report.failures == ()
    assert report.total() == IntakeReport(new=3, changed=0, unchanged=0)
    first, second, third = archive.articles.latest(9)
    assert (first.title, first.tags) == ("环形缓冲区用一个定长数组首尾相接", ("系统",))
    assert first.published == datetime(2026, 4, 30, tzinfo=UTC)
    assert (second.published, second.opening[-5:]) == (None, "漏掉成员。")
    assert third.title.startswith("蓄水池采样")
    for article in (first, second, third):
        assert article.link is not None
        page, _, fragment = article.link.partition("#:~:text=")
        assert page == "https://example.org/list"
        assert article.opening.startswith(unquote(fragment))


def test_gathering_twice_changes_nothing_but_when_it_was(archive: Archive, site: Site) -> None:
    gather(archive, site)
    before = all_rows(archive)
    report = gather(archive, site, now=LATER)
    assert report.total() == IntakeReport(new=0, changed=0, unchanged=3)
    assert all_rows(archive) == before
    assert [state.gathered_at for state in archive.fetches.states()] == [LATER]


def test_pages_renamed_or_split_otherwise_change_nothing(archive: Archive, site: Site) -> None:
    gather(archive, site)
    before = all_rows(archive)
    (site.folder / "page-1.txt").rename(site.folder / "page-9.txt")
    gather(archive, site, now=LATER)
    assert all_rows(archive) == before


def test_an_edited_line_replaces_the_excerpt_of_its_article(archive: Archive, site: Site) -> None:
    gather(archive, site)
    before = archive.articles.latest(9)
    grown = PAGES["page-1.txt"][0] + "时要么覆盖旧数据,要么让写入方等待。"
    site.save("page-1.txt", grown, *PAGES["page-1.txt"][1:])
    assert gather(archive, site, now=LATER).total().changed == 1
    after = archive.articles.latest(9)
    assert [article.id for article in after] == [article.id for article in before]
    assert after[0].opening == grown
    assert [p.excerpt.text for p in archive.articles.passages([after[0].id])] == [grown]


def test_a_page_in_another_look_adds_no_article(archive: Archive, site: Site) -> None:
    gather(archive, site)
    site.save("page-1.txt", *(line.upper().replace(",", " , ") for line in PAGES["page-1.txt"]))
    assert gather(archive, site, now=LATER).total().new == 0


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0", 1),
        ("chrome\nLATEST UPDATES\n中文".encode("gbk"), 3),
        (b"", 1),
        (b"chrome\nno heading\n", 2),
        (b"LATEST UPDATES\n\n1 2\n", 1),
        (b"LATEST UPDATES\n2026-01-01\n", 2),
    ],
)
def test_one_unreadable_page_leaves_the_archive_as_it_was(
    archive: Archive, site: Site, content: bytes, line: int
) -> None:
    gather(archive, site)
    fared = "failed_at failure failing_since failures retry_at gathered_at readings".split()
    kept = (*("sources." + column for column in fared),)
    before = all_rows(archive, but=kept)
    site.save("page-1.txt", "一篇全新的文章,不该被收进来")
    (site.folder / "page-3.txt").write_bytes(content)
    report = gather(archive, site, now=LATER)
    (failure,) = report.failures
    assert failure.file == site.folder / "page-3.txt"
    assert f"{site.folder / 'page-3.txt'}, line {line}: " in str(failure)
    assert report.sources[0].intake is None
    assert report.total() == IntakeReport(0, 0, 0)
    assert all_rows(archive, but=kept) == before
    (state,) = archive.fetches.states()
    assert (state.gathered_at, state.failed_at) == (NOW, LATER)
    assert state.failure is not None
    assert "page-3.txt" in state.failure


def test_all_that_is_wrong_is_told_at_once_and_other_sources_gather(
    archive: Archive, site: Site, tmp_path: Path
) -> None:
    bad, missing, empty = (Site(tmp_path / name, name) for name in ("bad", "missing", "empty"))
    for name in ("a.txt", "b.txt"):
        (bad.folder / name).write_bytes(b"\xff\xfe\xff")
    bad.save("c.txt", "一篇读得了的文章,可它的邻居读不了")
    missing.folder.rmdir()
    report = gather(archive, bad, missing, site, empty)
    assert [failure.file for failure in report.failures] == [
        bad.folder / "a.txt",
        bad.folder / "b.txt",
        missing.folder,
        empty.folder,
    ]
    assert [(each.source, each.intake is None) for each in report.sources] == [
        ("bad", True),
        ("missing", True),
        ("site", False),
        ("empty", True),
    ]
    assert report.total().new == archive.articles.counts().articles == 3
    states = {state.name: state for state in archive.fetches.states()}
    assert states["site"] == SourceState(
        "site", "snapshots", NOW, settings="", baselined_at=NOW, articles=3, brought_at=NOW
    )
    assert states["bad"].gathered_at is None
    assert states["bad"].failed_at == NOW
    assert len((states["bad"].failure or "").splitlines()) == 2


def test_a_source_that_can_be_read_again_has_failed_no_more(archive: Archive, site: Site) -> None:
    (site.folder / "bad.txt").write_bytes(b"")
    gather(archive, site)
    (site.folder / "bad.txt").unlink()
    gather(archive, site, now=LATER)
    (state,) = archive.fetches.states()
    assert state == SourceState(
        "site",
        "snapshots",
        LATER,
        settings="",
        baselined_at=LATER,
        articles=3,
        brought_at=LATER,
    )


def test_two_sources_that_share_an_article_have_it_once(
    archive: Archive, site: Site, tmp_path: Path
) -> None:
    other = Site(tmp_path / "other", "other")
    other.save("page.txt", PAGES["page-2.txt"][0], "另一个来源自己的文章,只有它才有")
    assert gather(archive, site, other).total() == IntakeReport(new=4, changed=0, unchanged=1)
    before = all_rows(archive)
    gather(archive, other, site, now=LATER)
    assert all_rows(archive) == before


def test_progress_is_told_from_none_to_all(archive: Archive, site: Site, tmp_path: Path) -> None:
    other = Site(tmp_path / "other", "other")
    told: list[tuple[str, int, int]] = []
    Gatherer(
        archive,
        [Source(site.reader), Source(other.reader)],
        clock=lambda: NOW,
        progress=lambda *step: told.append(step),
    ).gather()
    assert sorted(told) == [(name, done, 1) for name in ("other", "site") for done in (0, 1)]


def test_gathering_is_quiet_for_the_one_who_runs_it(
    archive: Archive, site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        gather(archive, site)
    assert caplog.records == []
