"""The sources file: what each kind of source may say, and what another kind would need."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

import pytest
from pydantic import Field, TypeAdapter, ValidationError

from config import sources
from config.settings import Settings
from config.sources import ListingSource, SnapshotsSource, Source, source_kinds

Load = Callable[..., Settings]

SOURCE = {"kind": "snapshots", "name": "News", "folder": "/pages"}


def test_a_snapshots_source_and_its_defaults(load: Load) -> None:
    assert load(sources=[SOURCE]).sources == (
        SnapshotsSource(
            kind="snapshots",
            name="News",
            folder=Path("/pages"),
            page_url=None,
            heading="LATEST UPDATES",
            encoding="utf-8",
        ),
    )


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ({"name": "  新闻 "}, {"name": "新闻"}),
        ({"name": "👩\u200d💻"}, {"name": "👩\u200d💻"}),
        ({"name": "x" * 64}, {"name": "x" * 64}),
        ({"page_url": ""}, {"page_url": None}),
        (
            {"page_url": "https://example.org/新闻?p=1"},
            {"page_url": "https://example.org/新闻?p=1"},
        ),
        ({"encoding": "GB18030"}, {"encoding": "gb18030"}),
        ({"encoding": "utf8"}, {"encoding": "utf-8"}),
        ({"encoding": "utf-16"}, {"encoding": "utf-16"}),
    ],
)
def test_values(load: Load, given: dict[str, str], read: dict[str, str | None]) -> None:
    source = load(sources=[{**SOURCE, **given}]).sources[0]
    assert {name: getattr(source, name) for name in read} == read


@pytest.mark.parametrize("encoding", ["klingon", "rot13", "hex", "undefined", "utf-8\0", ""])
def test_encodings_that_read_no_text(encoding: str) -> None:
    with pytest.raises(ValidationError):
        SnapshotsSource(kind="snapshots", name="News", folder=Path("a"), encoding=encoding)


@pytest.mark.parametrize("name", ["a\nb", "a\u2028b", "a\x7fb", "a\x85b", "a\ud800b"])
def test_names_that_would_break_a_line(name: str) -> None:
    with pytest.raises(ValidationError):
        SnapshotsSource(kind="snapshots", name=name, folder=Path("a"))


REQUIRED = {
    "feed": {"url": "https://example.org/feed.xml"},
    "listing": {"url": "https://example.org/blog"},
    "sitemap": {"url": "https://example.org/sitemap.xml"},
    "folder": {"folder": "content"},
    "telegram": {"file": "result.json"},
    "snapshots": {"folder": "pages"},
}


def test_every_kind_needs_only_its_place(load: Load, tmp_path: Path) -> None:
    assert list(REQUIRED) == list(source_kinds())
    given = [{"kind": kind, "name": kind, **more} for kind, more in REQUIRED.items()]
    read = load(sources=given).sources
    assert [type(source) for source in read] == list(source_kinds().values())
    assert [source.interval for source in read] == [None] * len(given)
    kept = [source.model_dump(include={"url", "folder", "file"}) for source in read]
    assert kept == [
        {
            name: place if name == "url" else tmp_path / place
            for name, place in REQUIRED[source.kind].items()
        }
        for source in read
    ]


def test_defaults_of_sources_on_the_web(load: Load) -> None:
    given = [
        {"kind": kind, "name": kind, **REQUIRED[kind]} for kind in ("feed", "listing", "sitemap")
    ]
    web = {"proxy": None, "allow_private": False, "encoding": None}
    feed, listing, sitemap = (
        source.model_dump(exclude={"kind", "name", "interval", "url"})
        for source in load(sources=given).sources
    )
    assert feed == {**web, "follow": False, "pages": 1}
    selectors = dict.fromkeys(["next", "card", "title", "link", "date", "tags", "excerpt"])
    assert listing == {
        **web,
        **selectors,
        "follow": False,
        "pages": 10,
        "page_pattern": None,
        "first_page": 2,
        "filters": (),
    }
    assert sitemap == {**web, "include": None, "exclude": None, "limit": 5000}


def test_a_source_as_toml(load: Load) -> None:
    listing = load("""
        [[sources]]
        kind = "listing"
        name = "Blog"
        url = " https://example.org/blog "
        interval = 60
        filters = ["tag=linux", "tag=数据库"]
        page_pattern = "?page={page}"
        next = ""
    """).sources[0]
    assert isinstance(listing, ListingSource)
    assert (listing.url, listing.interval) == ("https://example.org/blog", 60)
    assert listing.filters == ("tag=linux", "tag=数据库")
    assert (listing.page_pattern, listing.next) == ("?page={page}", None)


class RadioSource(Source):
    kind: Literal["radio"]


def test_another_kind_is_a_class_and_an_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    both = Annotated[SnapshotsSource | RadioSource, Field(discriminator="kind")]
    monkeypatch.setattr(sources, "SourceSettings", both)
    assert source_kinds() == {"snapshots": SnapshotsSource, "radio": RadioSource}
    read = TypeAdapter(tuple[both, ...]).validate_python([SOURCE, {"kind": "radio", "name": "R"}])
    assert [type(source) for source in read] == [SnapshotsSource, RadioSource]
