"""Saved listing pages: what is chrome, what is an article, and what an unreadable page says."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.article import Draft
from retrieval.errors import SourceError, UnreadableSource
from retrieval.sources.merging import merge_pages
from retrieval.sources.snapshot import SnapshotReader, parse_page

unhurried = settings(deadline=None)

HEADING = "LATEST UPDATES"
A = "梯度累积把一个大批次拆成几个小批次,先算梯度,再一起更新。"
B = "Write-ahead logging makes a crash harmless: the log is flushed first."
C = "蓄水池采样只扫一遍数据,就能从长度未知的流里取出 k 个样本。"


def page(
    *lines: str, above: Sequence[str] = ("INCOMING TRANSMISSION", ""), below: str = "1 2"
) -> str:
    return "\n".join([*above, HEADING, *lines, below, ""])


def read(*lines: str) -> list[Draft]:
    return parse_page(page(*lines), HEADING)


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


Save = Callable[..., SnapshotReader]


@pytest.fixture
def save(tmp_path: Path) -> Save:
    """Saves files by name, text as UTF-8, and gives a reader of their folder."""

    def save(files: dict[str, str | bytes], **options: object) -> SnapshotReader:
        for name, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_bytes(data)
        return SnapshotReader(name="pages", folder=tmp_path, **options)  # type: ignore[arg-type]

    return save


def texts(reader: SnapshotReader) -> list[str]:
    return [draft.text for draft in reader.read().drafts]


# --- one page ------------------------------------------------------------------------------


def test_one_excerpt_a_line_newest_first_without_the_chrome() -> None:
    assert read(A, "", B, "   ", C) == [Draft(text=A), Draft(text=B), Draft(text=C)]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_any_kind_of_line_end(newline: str) -> None:
    assert parse_page(page(A, B).replace("\n", newline), HEADING) == [Draft(text=A), Draft(text=B)]


@pytest.mark.parametrize(
    "heading",
    ["LATEST UPDATES", "latest updates", "  Latest \t Updates ", "ＬＡＴＥＳＴ　ＵＰＤＡＴＥＳ"],
)
def test_the_heading_is_known_in_any_look(heading: str) -> None:
    text = page(A).replace(HEADING, heading)
    assert parse_page(text, HEADING) == [Draft(text=A)]


def test_what_merely_mentions_the_heading_is_chrome() -> None:
    text = page(A, above=["All LATEST UPDATES here", "A menu line", B])
    assert parse_page(text, HEADING) == [Draft(text=A)]


def test_another_heading_can_be_set() -> None:
    assert parse_page(f"{HEADING}\n{B}\n最新文章\n{A}\n", "最新文章") == [Draft(text=A)]


@pytest.mark.parametrize(
    "numbers",
    [
        "1",
        "1 2",
        "1 2 3 … 20",
        "« 1 2 3 »",
        "‹ 1 | 2 ›",
        "1·2·3",
        "１ ２",
        "1 ... 9",
        "< 1 >",
        "1\t2",
    ],
)
def test_page_numbers_are_chrome_only_as_the_last_line(numbers: str) -> None:
    assert parse_page(page(A, B, below=numbers), HEADING) == [Draft(text=A), Draft(text=B)]
    assert read(A, numbers, B) == [Draft(text=A), Draft(text=numbers), Draft(text=B)]


@pytest.mark.parametrize("last", ["Top 10 tips", "3 个办法", "v1.2.3 发布", "...", "2026 年"])
def test_a_last_line_with_words_is_an_excerpt(last: str) -> None:
    assert parse_page(page(A, below=last), HEADING)[-1] == Draft(text=last)


@pytest.mark.parametrize("separator", ["\u2028", "\u0085", "\x0b", "\x1c", "\x0c"])
def test_what_is_no_line_end_in_a_file_ends_no_excerpt(separator: str) -> None:
    assert [draft.text for draft in read(f"一行{separator}还是这行", B)] == [
        f"一行{separator}还是这行",
        B,
    ]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([A, "深度学习", "2026-03-14", B], [(A, ("深度学习",), "2026-03-14"), (B, (), None)]),
        ([A, "2026-03-14", B], [(A, (), "2026-03-14"), (B, (), None)]),
        ([A, "", "2026-03-14", "", B, "网络", "2026-03-13"],
         [(A, (), "2026-03-14"), (B, ("网络",), "2026-03-13")]),
        ([A, "短句一行", B], [(A, (), None), ("短句一行", (), None), (B, (), None)]),
        ([A, "短短一句。", "2026-03-14"], [(A, (), None), ("短短一句。", (), "2026-03-14")]),
        ([A, "Cut short...", "2026-03-14"], [(A, (), None), ("Cut short...", (), "2026-03-14")]),
        ([A, "大" * 65, "2026-03-14"], [(A, (), None), ("大" * 65, (), "2026-03-14")]),
        ([A, B, "2026-03-14"], [(A, (), None), (B, (), "2026-03-14")]),
        ([A, "分类"], [(A, (), None), ("分类", (), None)]),
        ([A, "2026-03-14"], [(A, (), "2026-03-14")]),
    ],
)  # fmt: skip
def test_a_category_and_a_date_may_follow(
    lines: list[str], expected: list[tuple[str, tuple[str, ...], str | None]]
) -> None:
    drafts = parse_page(page(*lines, below=""), HEADING)
    assert [(d.text, d.tags, d.published) for d in drafts] == [
        (text, tags, day(moment) if moment else None) for text, tags, moment in expected
    ]


@pytest.mark.parametrize(
    ("line", "moment"),
    [
        ("2026-03-14", "2026-03-14T00:00+00:00"),
        ("2026-03-14T09:30", "2026-03-14T09:30+00:00"),
        ("2026-03-14 09:30:15", "2026-03-14T09:30:15+00:00"),
        ("2026-03-14T09:30:15Z", "2026-03-14T09:30:15+00:00"),
        ("2026-03-14T09:30+08:00", "2026-03-14T01:30+00:00"),
        ("２０２６－０３－１４", "2026-03-14T00:00+00:00"),
    ],
)
def test_iso_dates_are_read_as_utc(line: str, moment: str) -> None:
    (draft,) = read(A, line)
    assert draft.published == datetime.fromisoformat(moment)
    assert draft.published is not None
    assert draft.published.tzinfo is UTC


@pytest.mark.parametrize("line", ["14.03.2026", "2026/03/14", "2026-3-14", "on 2026-03-14", "2026"])
def test_what_is_no_iso_date_is_an_excerpt(line: str) -> None:
    assert [draft.text for draft in read(A, line, B)] == [A, line, B]


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        (f"a\nb\n\n{A}\n\n", 4, "`heading`"),
        (f"a\n{HEADING}\n\n", 2, "save"),
        (f"a\n{HEADING}\n1 2 3\n", 2, "save"),
        (f"{HEADING}\n2026-03-14\n{A}\n", 2, "2026-03-14"),
        (f"{HEADING}\n{A}\n2026-03-14\n2026-03-13\n", 4, "2026-03-13"),
        (f"{HEADING}\n{A}\n2026-13-14\n{B}\n", 3, "2026-13-14"),
        (f"{HEADING}\r\n{A}\r\n网络\r\n2026-02-30\r\n", 4, "2026-02-30"),
        (f"{HEADING}\n{A}\n2026-01-01T99:99\n", 3, "2026-01-01T99:99"),
        (f"{HEADING}\n{A}\n0001-01-01T00:00+14:00\n", 3, "0001-01-01T00:00+14:00"),
        (f"{HEADING}\n{A}\n2026-01-01T09:30\u200b\n", 3, "2026-01-01"),
    ],
)
def test_what_cannot_be_read_is_named_by_its_line(text: str, line: int, told: str) -> None:
    with pytest.raises(SourceError) as raised:
        parse_page(text, HEADING)
    assert raised.value.line == line
    assert told in raised.value.reason


@given(st.text(max_size=300))
@unhurried
def test_any_text_is_read_or_refused_with_a_line(text: str) -> None:
    line: int | None = 1
    try:
        assert parse_page(f"{HEADING}\n{text}", HEADING)
    except SourceError as error:
        line = error.line
    assert line is not None
    assert line >= 1


@pytest.mark.timeout(20)
@pytest.mark.parametrize("line", ["1 " * 200_000 + "x", "1" * 400_000 + "页", "." * 400_000])
def test_a_long_last_line_is_read_soon(line: str) -> None:
    assert parse_page(page(A, below=line), HEADING)[-1].text == line.strip()


# --- several pages -------------------------------------------------------------------------


def test_the_same_text_on_several_pages_is_one_article(save: Save) -> None:
    files = {"p1.txt": page(A, B), "p2.txt": page(B.upper(), f"\u3000{A.replace(' ', '')}…", C)}
    assert [text.casefold()[:9] for text in texts(save(dict(files)))] == [
        text.casefold()[:9] for text in (A, B, C)
    ]


def test_the_same_line_twice_on_one_page_is_one_article() -> None:
    assert merge_pages([read(A, B, A)]) == [Draft(text=A), Draft(text=B)]


@pytest.mark.parametrize(
    "short", [A[:18] + "...", A[:18], A + "...", A.replace(" ", "")[:20] + "…"]
)
def test_a_shorter_line_of_another_page_is_the_same_article(short: str) -> None:
    longest = max(short, A, key=len)
    for pages in ([[short, B], [A, C]], [[A, C], [short, B]]):
        merged = [draft.text for draft in merge_pages([read(*lines) for lines in pages])]
        assert sorted(merged) == sorted([longest, B, C])


def test_two_lines_of_one_page_are_two_articles_however_alike() -> None:
    merged = merge_pages([read(A, A[:20])])
    assert [draft.text for draft in merged] == [A, A[:20]]


def test_of_two_alike_lines_of_one_page_only_one_is_the_longer_line_of_another() -> None:
    pages = [read(A), read(A[:24] + "...", A[:20] + "...")]
    for order in (pages, pages[::-1]):
        assert [draft.text for draft in merge_pages(order)] == [A, A[:20] + "..."]


def test_date_and_category_are_kept_from_whichever_page_has_them() -> None:
    one = [Draft(text=A, tags=("训练",)), Draft(text=B)]
    other = [Draft(text=A[:20], published=day("2026-03-14")), Draft(text=B, tags=("存储",))]
    for pages in ([one, other], [other, one]):
        assert merge_pages(pages) == [
            Draft(text=A, published=day("2026-03-14"), tags=("训练",)),
            Draft(text=B, tags=("存储",)),
        ]


@st.composite
def saved(draw: st.DrawFn) -> tuple[list[list[Draft]], random.Random]:
    """Pages of one consistent archive, some lines cut, some dates left out, in any order."""
    count = draw(st.integers(1, 10))
    drafts, moment = [], 28
    for number in range(count):
        moment -= draw(st.sampled_from([0, 1]))
        drafts.append(
            (f"第 {number} 篇文章说的是第 {number} 件事,其余不提", day(f"2026-01-{moment:02}"))
        )
    pages = []
    for _ in range(draw(st.integers(1, 4))):
        chosen = draw(st.sets(st.integers(0, count - 1), min_size=1))
        lines = []
        for number in sorted(chosen):
            text, published = drafts[number]
            kept = draw(st.sampled_from([len(text), 14, 18]))
            dated = published if draw(st.booleans()) else None
            lines.append(Draft(text=text[:kept] + "..." * (kept < len(text)), published=dated))
        pages.append(lines)
    return pages, draw(st.randoms(use_true_random=False))


@given(saved())
@unhurried
def test_every_article_once_and_every_page_in_its_order(
    case: tuple[list[list[Draft]], random.Random],
) -> None:
    pages, shuffling = case
    shuffling.shuffle(pages)

    def number(draft: Draft) -> str:
        return draft.text.split()[1]

    merged = [number(draft) for draft in merge_pages(pages)]
    assert sorted(merged) == sorted({number(draft) for lines in pages for draft in lines})
    together = set(combinations(merged, 2))
    for lines in pages:
        assert set(combinations(map(number, lines), 2)) <= together


def test_pages_are_read_in_the_order_people_number_them(save: Save) -> None:
    """Nothing relates these pages to each other but their names."""
    files = {f"page-{n}.txt": page(f"第{n}页上唯一的一篇文章") for n in (10, 9, 1, 2)}
    assert [text[1:-9] for text in texts(save(dict(files)))] == ["1", "2", "9", "10"]


# --- the folder ----------------------------------------------------------------------------


def test_only_matching_files_count_and_folders_may_be_walked(save: Save) -> None:
    files = {"a.txt": page(A), "b.md": "no page", ".hidden.txt": "no page", "deep/c.txt": page(C)}
    assert texts(save(dict(files))) == [A]
    assert sorted(texts(save({}, pattern="**/*.txt"))) == sorted([A, C])


def test_each_article_links_to_its_passage_or_nowhere(save: Save) -> None:
    assert [d.link for d in save({"a.txt": page(A)}).read().drafts] == [None]
    (draft,) = save({}, page_url="https://example.org/list").read().drafts
    assert draft.link is not None
    address, _, fragment = draft.link.partition("#:~:text=")
    assert address == "https://example.org/list"
    assert A.startswith(unquote(fragment))


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "gbk", "gb18030", "big5", "utf_8"]
)
def test_pages_in_their_encoding(save: Save, encoding: str) -> None:
    """FAILURES 15"""
    text = "環形緩衝區用一個定長數組首尾相接" if encoding == "big5" else A
    assert texts(save({"a.txt": page(text).encode(encoding)}, encoding=encoding)) == [text]


def test_a_byte_order_mark_is_no_text(save: Save) -> None:
    data = b"\xef\xbb\xbf" + f"{HEADING}\n{A}\n".encode()
    assert texts(save({"a.txt": data})) == [A]


PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0"


@pytest.mark.parametrize(
    ("content", "options", "line", "told"),
    [
        (b"", {}, 1, "empty"),
        (b" \n\t\n", {}, 1, "empty"),
        (page(A).encode("gbk"), {}, 4, "`encoding`"),
        (page("x").encode() + b"\n\xff\xfe", {}, 7, "`encoding`"),
        (page(A).encode(), {"encoding": "ascii"}, 4, "`encoding`"),
        (page(A).encode("utf-16") + b"\0", {"encoding": "utf-16"}, None, "`encoding`"),
        (PNG, {}, None, "text"),
        (page(A).encode("gbk") + PNG, {"encoding": "gbk"}, None, "`encoding`"),
        (page(A).encode("utf-16"), {}, 1, "`encoding`"),
        (page(A).encode() + b"\0", {}, 6, "text"),
        (page(A).encode("gbk") + b"\0", {"encoding": "gbk"}, 6, "text"),
        (page(A).encode() + b"\0", {"encoding": "latin-1"}, 6, "text"),
        ((HEADING + "\nx\0y").encode("utf-16"), {"encoding": "utf-16"}, 2, "text"),
        (A.encode(), {}, 1, "`heading`"),
        (page(A).encode(), {"encoding": "no-such-encoding"}, None, "`encoding`"),
        (b"\xff" * 50, {"encoding": "idna"}, None, "`encoding`"),
        (b"a" * (16 * 2**20 + 1), {}, None, "16 MiB"),
    ],
    ids=lambda value: None if isinstance(value, bytes) else repr(value),
)
def test_a_file_that_is_no_page(
    save: Save, tmp_path: Path, content: bytes, options: dict[str, str], line: int | None, told: str
) -> None:
    with pytest.raises(UnreadableSource) as raised:
        save({"bad.txt": content}, **options).read()
    (problem,) = raised.value.problems
    assert problem.file == tmp_path / "bad.txt"
    assert told in problem.reason
    assert str(tmp_path / "bad.txt") in str(raised.value)
    if line is not None:
        assert problem.line == line
        assert f"line {line}" in str(raised.value)


def test_all_bad_pages_are_reported_together(save: Save, tmp_path: Path) -> None:
    files = {
        "1.txt": page(A),
        "2.txt": b"",
        "3.txt": b"\xff\xff",
        "10.txt": page(B) + "\n2026-99-99",
    }
    with pytest.raises(UnreadableSource) as raised:
        save(files).read()
    assert [problem.file for problem in raised.value.problems] == [
        tmp_path / name for name in ("2.txt", "3.txt", "10.txt")
    ]
    lines = str(raised.value).splitlines()
    assert len(lines) == 3
    assert all(line.startswith("source 'pages': ") for line in lines)


@pytest.mark.parametrize("pattern", ["*.txt", "/etc/*.txt", "**.txt"])
def test_a_folder_without_pages(tmp_path: Path, pattern: str) -> None:
    with pytest.raises(UnreadableSource) as raised:
        SnapshotReader(name="pages", folder=tmp_path, pattern=pattern).read()
    assert pattern in str(raised.value)
    assert "`pattern`" in str(raised.value)


@pytest.mark.parametrize("name", ["missing", "file.txt"])
def test_a_folder_that_is_not_there(save: Save, tmp_path: Path, name: str) -> None:
    save({"file.txt": page(A)})
    with pytest.raises(UnreadableSource) as raised:
        SnapshotReader(name="pages", folder=tmp_path / name).read()
    assert str(tmp_path / name) in str(raised.value)
    assert "`folder`" in str(raised.value)


def test_a_page_that_vanishes_or_may_not_be_read(save: Save, tmp_path: Path) -> None:
    reader = save({"a.txt": page(A)})
    (tmp_path / "b.txt").symlink_to(tmp_path / "gone.txt")
    assert texts(reader) == [A]
    os.mkfifo(tmp_path / "c.txt")
    assert texts(reader) == [A], "a pipe would never end"
    if os.geteuid() != 0:
        (tmp_path / "a.txt").chmod(0)
        with pytest.raises(UnreadableSource, match=r"a\.txt"):
            reader.read()
