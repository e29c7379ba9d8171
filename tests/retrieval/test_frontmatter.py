"""Front matter: every way that generators write it, and what hostile or broken ones do."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.errors import SourceError
from retrieval.sources.folders.frontmatter import LARGEST, FrontMatter, fields, split

DAY = datetime(2026, 3, 14, tzinfo=UTC)


def of_yaml(*lines: str) -> FrontMatter:
    front, body = split("\n".join(["---", *lines, "---", "text"]))
    assert body == "text"
    assert front is not None
    return front


# --- where it is ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        "---\ntitle: T\ndate: 2026-03-14\n---\ntext",
        "---  \r\ntitle: T\r\ndate: 2026-03-14\r\n---\t\r\ntext",
        "\n\n---\ntitle: T\ndate: 2026-03-14\n...\ntext",
        "title: T\ndate: 2026-03-14\n---\ntext",
        "+++\ntitle = 'T'\ndate = 2026-03-14\n+++\ntext",
        '{"title": "T", "date": "2026-03-14"}\n\ntext',
        '{\n  "title": "T",\n  "date": "2026-03-14"\n}\ntext',
        '"title": "T",\n"date": "2026-03-14"\n;;;\ntext',
        ';;;\n"title": "T",\n"date": "2026-03-14",\n;;;\ntext',
    ],
)
def test_every_way_to_write_it(source: str) -> None:
    assert split(source) == (FrontMatter(title="T", published=DAY), "text")


@pytest.mark.parametrize(
    "source",
    [
        "",
        "text",
        "A heading\n---\ntext",
        "Note: a heading\n---\ntext",
        "---\ntext after a rule",
        "---\nOne paragraph between rules.\n---\ntext",
        "---\n- a\n- list\n---\ntext",
        "title: a text that only looks so",
        "{% include x %}",
        "{{< figure >}}",
        "+ + +",
        "----\nSome lines.\n----\ntext",
    ],
)
def test_what_is_none(source: str) -> None:
    assert split(source) == (None, source)


@pytest.mark.parametrize("source", ["---\n---\ntext", "---\n# only a comment\n---\ntext"])
def test_it_may_be_empty(source: str) -> None:
    assert split(source) == (FrontMatter(), "text")


def test_a_rule_in_the_text_is_left_there() -> None:
    assert split("---\ntitle: T\n---\na\n\n---\n\nb")[1] == "a\n\n---\n\nb"


# --- what it says --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("date: 2026-03-14 10:00:00 +0800", datetime(2026, 3, 14, 2, tzinfo=UTC)),
        ("date: 2026-03-14 10:00:00", datetime(2026, 3, 14, 10, tzinfo=UTC)),
        ("date: '2026-03-14T10:00:00Z'", datetime(2026, 3, 14, 10, tzinfo=UTC)),
        ("publishDate: 2026-03-14", DAY),
        ("created: 2026-03-14", DAY),
        ("published: 2026-03-14", DAY),
        ("date: 2999-01-01", datetime(2999, 1, 1, tzinfo=UTC)),
        ("date: 2026-02-30", None),
        ("date: 0001-01-01T00:00:00+14:00", None),
        ("date: soon", None),
        ("date: [2026-03-14]", None),
        ("date:", None),
    ],
)
def test_dates(line: str, expected: datetime | None) -> None:
    assert of_yaml(line).published == expected


@pytest.mark.parametrize(
    ("toml", "expected"),
    [
        ("date = 2026-03-14", DAY),
        ("date = 2026-03-14T10:00:00", datetime(2026, 3, 14, 10, tzinfo=UTC)),
        ("date = 2026-03-14T10:00:00+08:00", datetime(2026, 3, 14, 2, tzinfo=UTC)),
        ("date = '2026-03-14'", DAY),
        ("date = 10:00:00", None),
    ],
)
def test_dates_of_toml(toml: str, expected: datetime | None) -> None:
    front, _ = split(f"+++\n{toml}\n+++\n")
    assert front is not None
    assert front.published == expected


@pytest.mark.parametrize("name", ["updated", "lastmod", "last_modified_at"])
def test_changes(name: str) -> None:
    assert of_yaml(f"{name}: 2026-03-14").updated == DAY


@pytest.mark.parametrize(
    ("lines", "tags"),
    [
        (["tags: [a, b, A]"], ("a", "b")),
        (["tags: a, b，c、d"], ("a", "b", "c", "d")),
        (["tags: machine learning"], ("machine learning",)),
        (
            ["tags: [no, 2024, 1.10, 2026-01-01, true]"],
            ("no", "2024", "1.10", "2026-01-01", "true"),
        ),
        (["categories:", "- [x, y]", "- [x, [z]]", "tags: a"], ("a", "x", "y", "z")),
        (["category: One", "keywords: 'k, One'"], ("One", "k")),
        (["tags:", "- C#", "- 'a, b'", "- ", "- {x: y}"], ("C#", "a, b")),
        (["taxonomies: {tags: [a], people: [b]}"], ("a", "b")),
        (["tags:"], ()),
    ],
)
def test_tags(lines: list[str], tags: tuple[str, ...]) -> None:
    assert of_yaml(*lines).tags == tags


def test_jekyll_separates_tags_by_spaces() -> None:
    front, _ = split("---\ntags: one two\ncategories: [a b]\n---\n", spaced_tags=True)
    assert front is not None
    assert front.tags == ("one", "two", "a b")


@pytest.mark.parametrize(
    ("line", "left_out"),
    [
        ("draft: true", True),
        ("Draft: True", True),
        ("draft: yes", True),
        ("draft: false", False),
        ("draft: 'true'", True),
        ("published: false", True),
        ("published: no", True),
        ("published: true", False),
        ("published: 2026-03-14", False),
        ("password: abc", True),
        ("password:", False),
    ],
)
def test_what_the_author_does_not_show(line: str, left_out: bool) -> None:
    assert of_yaml(line).left_out is left_out


def test_drafts_of_toml_and_json() -> None:
    for source in ("+++\ndraft = true\n+++\n", '{"draft": true}\n'):
        front, _ = split(source)
        assert front is not None
        assert front.left_out


def test_texts_stay_as_they_were_written() -> None:
    front = of_yaml("title: 1.10", "id: 007", "slug: /on/", "description: >", "  two", "  lines")
    assert (front.title, front.guid, front.slug, front.summary) == (
        "1.10",
        "007",
        "on",
        "two lines",
    )


def test_tabs_of_hexo() -> None:
    assert of_yaml("tags:", "\t- a", "\t- b").tags == ("a", "b")


def test_merges_of_yaml() -> None:
    front = of_yaml("x: &x {title: T, draft: false}", "<<: *x")
    assert front.title == "T"


# --- broken and hostile --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("---\ntitle: a: b\n---\n", 2),
        ("\n---\ntitle: x\ntags: [a\n---\n", 5),
        ("title: x\nfoo: a: b\n---\n", 2),
        ("---\ntitle: x\n? {a: b}\n: c\n---\n", 3),
        ("---\ntitle: x\ntext", 1),
        ("+++\ntitle = 'x'\ntext", 1),
        ("+++\ntitle = 'x'\nwrong\n+++\n", 3),
        ("+++\ntitle = 'x\n+++\n", 2),
        ('{"title": "x",\n"date": }\n', 2),
        (';;;\n"title": "x"\n"date": ""\n;;;\n', 3),
        ("---\na: !!python/object/apply:os.system [x]\n---\n", 2),
        ("---\na: *nothing\n---\n", 2),
    ],
)
def test_a_mistake_is_named_by_its_line(source: str, line: int) -> None:
    with pytest.raises(SourceError) as raised:
        split(source)
    assert raised.value.line == line


def bomb(levels: int, merged: bool = False) -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    for level in range(1, levels):
        inner = ", ".join([f"*a{level - 1}"] * 10)
        lines.append(f"a{level}: &a{level} {{<<: [{inner}]}}" if merged else
                     f"a{level}: &a{level} [{inner}]")  # fmt: skip
    if merged:
        lines[0] = "a0: &a0 {x: y}"
    return "\n".join(["---", *lines, "---", "text"])


@pytest.mark.parametrize("source", [bomb(12), bomb(12, merged=True), "---\na: &a [*a]\n---\n"])
def test_aliases_may_not_mean_a_billion(source: str) -> None:
    with pytest.raises(SourceError, match="aliases mean more than 10,000 values"):
        split(source)


def test_a_few_aliases_are_fine() -> None:
    assert of_yaml("x: &x [a, b]", "tags: *x").tags == ("a", "b")


@pytest.mark.parametrize(
    "source",
    [
        "---\na: " + "[" * 30_000 + "\n---\n",
        "---\na: " + "{a: " * 9_000 + "\n---\n",
        "+++\na = " + "[" * 30_000 + "\n+++\n",
        '{"a": ' + "[" * 30_000,
        '{"a": ' + "9" * 10_000 + "}",
        "+++\na = " + "9" * 10_000 + "\n+++\n",
        "---\ntitle: x\n" + "# padding\n" * (LARGEST // 10) + "---\n",
        '{"title": "' + "x" * LARGEST + '"}',
    ],
)
def test_what_is_too_much_is_refused(source: str) -> None:
    with pytest.raises(SourceError) as raised:
        split(source)
    assert raised.value.line is not None


@settings(deadline=None)
@given(
    st.sampled_from(["---\n", "+++\n", ";;;\n", "{", "title: ", ""]),
    st.text(
        st.one_of(st.sampled_from("-+;{}[]:,\"'#&*!|>%@`= \n\ttruefalsed=aé1230."), st.characters())
    ),
    st.sampled_from(["\n---\ntext", "\n+++\ntext", "\n;;;\ntext", "}", ""]),
)
def test_anything_is_read_or_refused_with_its_line(opening: str, middle: str, end: str) -> None:
    source = opening + middle + end
    line: int | None = 1
    body = ""
    try:
        body = split(source)[1]
    except SourceError as error:
        line = error.line
    assert line is not None
    assert 1 <= line <= source.count("\n") + source.count("\r") + 2
    assert len(body) <= len(source)


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text() | st.datetimes(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
names = st.sampled_from(
    "title date published updated tags categories taxonomies extra params slug url path id draft"
    " password description".split()
)


@settings(deadline=None)
@given(st.dictionaries(names, json_values))
def test_fields_of_any_kind_are_taken(values: dict[str, Any]) -> None:
    front = fields(values)
    for moment in (front.published, front.updated):
        assert moment is None or moment.tzinfo is not None
    assert all(tag and tag == " ".join(tag.split()) for tag in front.tags)
