"""The sources file: what a source may say, and what a second kind would need."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

import pytest
from pydantic import Field, TypeAdapter, ValidationError

from config import sources
from config.settings import Settings
from config.sources import SnapshotsSource, Source, source_kinds

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


class RadioSource(Source):
    kind: Literal["radio"]


def test_a_second_kind_is_a_class_and_an_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    both = Annotated[SnapshotsSource | RadioSource, Field(discriminator="kind")]
    monkeypatch.setattr(sources, "SourceSettings", both)
    assert source_kinds() == {"snapshots": SnapshotsSource, "radio": RadioSource}
    read = TypeAdapter(tuple[both, ...]).validate_python([SOURCE, {"kind": "radio", "name": "R"}])
    assert [type(source) for source in read] == [SnapshotsSource, RadioSource]
