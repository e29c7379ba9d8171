"""Folders of articles: which files are read, what becomes of each, and where its link leads."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.article import Draft
from retrieval.errors import UnreadableSource
from retrieval.sources import folder as folder_module
from retrieval.sources.folder import FolderReader
from retrieval.sources.folders.permalink import Place, slug_of
from retrieval.sources.reading import no_fetch

CASES = Path(__file__).parent / "folders"

Save = Callable[..., FolderReader]


@pytest.fixture
def save(tmp_path: Path) -> Save:
    """Saves files by name, text as UTF-8, and gives a reader of their folder."""

    def save(files: dict[str, str | bytes], **options: Any) -> FolderReader:
        for name, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_bytes(data)
        return FolderReader(name="blog", folder=tmp_path, **options)

    return save


def drafts(reader: FolderReader) -> list[Draft]:
    return list(reader.read(no_fetch).drafts)


def texts(reader: FolderReader) -> list[str]:
    return [draft.text for draft in drafts(reader)]


def links(reader: FolderReader) -> list[str | None]:
    return [draft.link for draft in drafts(reader)]


def complaint(reader: FolderReader) -> str:
    with pytest.raises(UnreadableSource) as raised:
        reader.read(no_fetch)
    return str(raised.value)


def expected_draft(said: dict[str, Any]) -> Draft:
    published, updated = (
        datetime.fromisoformat(said[name]) if name in said else None
        for name in ("published", "updated")
    )
    return Draft(
        text="\n".join(said["text"]),
        title=said.get("title"),
        link=said.get("link"),
        tags=tuple(said.get("tags", ())),
        guid=said.get("guid"),
        published=published,
        updated=updated,
    )


# --- what generators and browsers write ----------------------------------------------------


@pytest.mark.parametrize("case", sorted(path.name for path in CASES.iterdir()))
def test_a_folder_gives_what_stands_beside_it(case: str) -> None:
    expected = json.loads((CASES / case / "expected.json").read_text(encoding="utf-8"))
    reader = FolderReader(name=case, folder=CASES / case / "files", **expected["options"])
    assert drafts(reader) == [expected_draft(said) for said in expected["drafts"]]


# --- which files ---------------------------------------------------------------------------


def test_hidden_files_templates_and_packages_are_passed_by(save: Save) -> None:
    reader = save(
        {
            "a.md": "A",
            ".b.md": "B",
            ".git/c.md": "C",
            "node_modules/d/readme.md": "D",
            "x/_drafts/e.md": "E",
            "_layouts/f.html": "<p>F</p>",
            "g.txt": "G",
            "_index.md": "H",
            "x/I.MARKDOWN": "I",
        }
    )
    assert texts(reader) == ["A", "I"]


def test_a_whole_site_is_read_without_its_theme_and_its_output(save: Save) -> None:
    files: dict[str, str | bytes] = {
        "content/a.md": "A",
        "public/a/index.html": "<p>A</p>",
        "archetypes/default.md": "---\ntitle: {{ .Name }}\n---\n",
        "content/themes/b.md": "B",
    }
    assert texts(save({**files, "hugo.toml": ""})) == ["A", "B"]


def test_without_a_file_that_says_so_no_folder_is_a_theme(save: Save) -> None:
    assert texts(save({"themes/a.md": "A", "public/b.md": "B"})) == ["B", "A"]


@pytest.mark.parametrize(
    ("pattern", "read"),
    [
        ("**/*", ["a", "b", "c"]),
        ("*.md", ["a"]),
        ("posts/*", ["b"]),
        ("posts/**", ["b", "c"]),
        ("posts/**/*.md", ["b", "c"]),
        ("**/2026/*", ["c"]),
        ("**/[bc].md", ["b", "c"]),
    ],
)
def test_a_pattern_narrows(save: Save, pattern: str, read: list[str]) -> None:
    reader = save({"a.md": "a", "posts/b.md": "b", "posts/2026/c.md": "c"}, pattern=pattern)
    assert sorted(texts(reader)) == read


@pytest.mark.parametrize("pattern", ["", "/etc/*.md", "../*.md", "posts/../../*"])
def test_a_pattern_stays_in_the_folder(save: Save, pattern: str) -> None:
    assert "`pattern`" in complaint(save({"a.md": "a"}, pattern=pattern))


def test_links_are_followed_within_the_folder_only(save: Save, tmp_path: Path) -> None:
    outside = tmp_path.parent / "outside"
    outside.mkdir()
    (outside / "secret.md").write_text("secret")
    reader = save({"posts/a.md": "a", "posts/deep/b.md": "b", ".kept/c.md": "c"})
    (tmp_path / "a-again.md").symlink_to("posts/a.md")
    (tmp_path / "hidden.md").symlink_to(".kept/c.md")
    (tmp_path / "loop").symlink_to(".")
    (tmp_path / "posts/deep/up").symlink_to("../..")
    (tmp_path / "self.md").symlink_to("self.md")
    (tmp_path / "broken.md").symlink_to("nowhere.md")
    (tmp_path / "secret.md").symlink_to(outside / "secret.md")
    (tmp_path / "out").symlink_to(outside)
    assert sorted(texts(reader)) == ["a", "b", "c"]


def test_a_link_to_the_folder_is_a_folder(save: Save, tmp_path: Path) -> None:
    save({"posts/a.md": "a"})
    (tmp_path / "link").symlink_to("posts")
    assert texts(FolderReader(name="blog", folder=tmp_path / "link")) == ["a"]


def test_too_many_files_are_refused(save: Save, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder_module, "MOST_FILES", 2)
    said = complaint(save({f"{number}.md": "text" for number in range(3)}))
    assert "3 files" in said
    assert "narrow `pattern`" in said


def test_no_folder_and_no_file_are_told_apart(save: Save, tmp_path: Path) -> None:
    gone = FolderReader(name="blog", folder=tmp_path / "gone")
    assert f"source 'blog': {tmp_path / 'gone'}: there is no such folder" in complaint(gone)
    assert "no Markdown or HTML file matches **/*" in complaint(save({"a.txt": "a"}))


# --- unreadable ones -----------------------------------------------------------------------


def test_every_unreadable_file_is_named_with_its_line(
    save: Save, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder_module, "LARGEST_FILE", 1 << 20)
    reader = save(
        {
            "good.md": "good",
            "binary.md": b"one\ntwo\n\x89PNG\0\0",
            "large.html": b" " * ((1 << 20) + 1),
            "yaml.md": "---\ntitle: a\ntags: [a, b\n---\ntext",
            "toml.md": "+++\ntitle = 'a'\ndate = \n+++\ntext",
        }
    )
    said = complaint(reader).splitlines()
    assert len(said) == 4
    assert f"{tmp_path / 'binary.md'}, line 3: binary data" in said[0]
    assert f"{tmp_path / 'large.html'}: larger than 1 MiB" in said[1]
    assert f"{tmp_path / 'toml.md'}, line 3: the front matter cannot be read" in said[2]
    assert f"{tmp_path / 'yaml.md'}, line 4: the front matter cannot be read" in said[3]


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_folder_that_may_not_be_read_is_named(save: Save, tmp_path: Path) -> None:
    reader = save({"a.md": "a", "closed/b.md": "b"})
    (tmp_path / "closed").chmod(0)
    try:
        assert f"{tmp_path / 'closed'}: cannot be read" in complaint(reader)
    finally:
        (tmp_path / "closed").chmod(0o700)


def test_an_encoding_is_kept_to(save: Save, tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"a.md": "# 词典\n\n中文没有空格。".encode("gb18030")}
    assert drafts(save(files, encoding="gb18030"))[0].title == "词典"
    assert f"{tmp_path / 'a.md'}, line 1: not valid utf-8" in complaint(save({}, encoding="utf-8"))


def test_a_stray_control_character_makes_no_file_binary(save: Save) -> None:
    line = "A sentence that an old editor has left a zero in. " * 4
    assert texts(save({"a.md": f"{line}\0", "b.html": f"<p>{line}\x00</p>"})) == [line.strip()] * 2


def test_utf_16_says_so_itself(save: Save) -> None:
    assert texts(save({"a.md": "中文".encode("utf-16")}, encoding="utf-16")) == ["中文"]


def test_text_that_no_database_takes_is_mended(save: Save) -> None:
    reader = save({"a.md": '---\ntitle: "half \\ud83d a pair"\n---\ntext'})
    assert drafts(reader)[0].title == "half � a pair"


# --- order, and what is an article ---------------------------------------------------------


def test_newest_first_then_the_undated_in_natural_order(save: Save) -> None:
    reader = save(
        {
            "note-10.md": "ten",
            "note-2.md": "two",
            "old.md": "---\ndate: 2020-01-01\n---\nold",
            "2026-01-01-name.md": "dated by its name",
            "future.md": "---\ndate: 2099-01-01\n---\nfuture",
        }
    )
    assert texts(reader) == ["future", "dated by its name", "old", "two", "ten"]
    assert drafts(reader)[0].published == datetime(2099, 1, 1, tzinfo=UTC)


def test_a_date_that_cannot_be_read_is_none(save: Save) -> None:
    reader = save({"a.md": "---\ndate: 2026-02-30\n---\na", "2026-13-45-b.md": "b"})
    assert [(draft.text, draft.published) for draft in drafts(reader)] == [("b", None), ("a", None)]


def test_what_has_no_text_is_no_article(save: Save) -> None:
    reader = save(
        {
            "empty.md": "",
            "README.md": "\n\n",
            "only-matter.md": "---\ntitle: Nothing\n---\n",
            "picture.md": "![](a.png)",
            "tags.md": "{% include list.html %}",
            "blank.html": "<html><body></body></html>",
            "summed.md": "---\ntitle: Summed\nsummary: Up.\n---\n",
        }
    )
    assert [(draft.title, draft.text) for draft in drafts(reader)] == [("Summed", "Up.")]


def test_only_drafts_are_an_empty_source(save: Save) -> None:
    assert drafts(save({"a.md": "---\ndraft: true\n---\na"})) == []


# --- links ---------------------------------------------------------------------------------

POST = "---\ntitle: 你好, World!\ndate: 2026-03-04\n---\ntext"


@pytest.mark.parametrize(
    ("permalink", "link"),
    [
        (None, "https://b.org/x/a/2026-01-02-Hello/"),
        ("{path}", "https://b.org/x/a/2026-01-02-Hello"),
        ("/{slug}.html", "https://b.org/x/Hello.html"),
        ("{stem}/", "https://b.org/x/2026-01-02-Hello/"),
        ("{section}/{year}/{month}/{day}/{slug}/", "https://b.org/x/a/2026/03/04/Hello/"),
        ("{title}/", "https://b.org/x/%E4%BD%A0%E5%A5%BD-world/"),
        ("p/{{x}}", "https://b.org/x/p/%7Bx%7D"),
    ],
)
def test_a_pattern_makes_links(save: Save, permalink: str | None, link: str) -> None:
    reader = save({"content/a/2026-01-02-Hello.md": POST}, base_url="https://b.org/x/")
    object.__setattr__(reader, "permalink", permalink)
    assert links(reader) == [link]


def test_a_pattern_of_another_generator_is_translated(save: Save) -> None:
    reader = save({"a.md": POST}, base_url="https://b.org/")
    object.__setattr__(reader, "permalink", ":year/:title/")
    with pytest.raises(UnreadableSource) as raised:
        drafts(reader)
    assert "as Hexo and Jekyll write it; here it is {year}" in str(raised.value)


def test_a_note_without_title_and_link_is_known_by_its_file(save: Save) -> None:
    reader = save({"notes/a.md": "随手记下一段话,没有标题。", "b.md": "另一段。"})
    assert {draft.guid for draft in drafts(reader)} == {"notes/a.md", "b.md"}
    linked = save({"c.md": POST}, base_url="https://b.org/")
    assert [draft.guid for draft in drafts(linked) if draft.link][:1] == [None]


@pytest.mark.parametrize(
    ("path", "link"),
    [
        ("posts/b/index.md", "https://b.org/posts/b/"),
        ("index.md", "https://b.org/"),
        ("_posts/c.md", "https://b.org/c/"),
        ("source/_posts/d/e.md", "https://b.org/d/e/"),
        ("content/f.en.md", "https://b.org/f.en/"),
        ("100% C#? yes.md", "https://b.org/100%25%20C%23%3F%20yes/"),
        ("cafe\u0301.md", "https://b.org/caf%C3%A9/"),
        ("g/index.html", "https://b.org/g/"),
        ("index.html", "https://b.org/"),
        ("h/i.html", "https://b.org/h/i.html"),
        ("目录/页.htm", "https://b.org/%E7%9B%AE%E5%BD%95/%E9%A1%B5.htm"),
    ],
)
def test_paths_become_addresses(save: Save, path: str, link: str) -> None:
    assert links(save({path: "<p>text</p>"}, base_url="https://b.org")) == [link]


@pytest.mark.parametrize(
    ("matter", "link"),
    [
        ("url: https://other.org/a b", "https://other.org/a%20b"),
        ("permalink: HTTPS://other.org/%E4%BD%A0/#x", "HTTPS://other.org/%E4%BD%A0/#x"),
        ("url: /fixed.html\ncanonicalURL: https://first.org/p", "https://first.org/p"),
        ("url: /fixed.html", "https://b.org/fixed.html"),
        ("permalink: 你好/", "https://b.org/%E4%BD%A0%E5%A5%BD/"),
        ("permalink: /:year/:slug/\ndate: 2026-03-04", "https://b.org/2026/name/"),
        ("permalink: /:year/:slug/", "https://b.org/name/"),
        ("permalink: pretty", "https://b.org/name/"),
        ("permalink: ftp://b.org/x", "https://b.org/name/"),
        ("url: 'https://[broken/'", "https://b.org/name/"),
        ("path: own/place", "https://b.org/own/place/"),
        ("slug: other", "https://b.org/other/"),
    ],
)
def test_front_matter_says_where_an_article_is(save: Save, matter: str, link: str) -> None:
    reader = save({"name.md": f"---\n{matter}\n---\ntext"}, base_url="https://b.org")
    assert links(reader) == [link]


def test_without_a_base_only_whole_addresses_are_links(save: Save) -> None:
    reader = save(
        {
            "1.md": "---\nurl: /fixed\n---\na",
            "2.md": "---\nurl: https://other.org/x\n---\na",
            "3.html": "<p>a</p>",
        },
        permalink="{path}",
    )
    assert links(reader) == [None, "https://other.org/x", None]


def test_no_link_is_better_than_a_wrong_one(save: Save) -> None:
    reader = save({"a.md": "undated"}, base_url="https://b.org", permalink="{year}/{slug}")
    assert links(reader) == [None]


@pytest.mark.parametrize("permalink", ["{year}/{nam}", "{}", "{path!r}", "{year:>9}", "{path.x}"])
def test_an_unknown_name_is_answered_with_the_known(save: Save, permalink: str) -> None:
    said = complaint(save({"a.md": "a"}, base_url="https://b.org", permalink=permalink))
    assert "which is none of {path}, {slug}, {stem}, {year}, {month}, {day}, {title}" in said


def test_a_broken_pattern_and_a_broken_base_are_said(save: Save) -> None:
    assert "`permalink` {path is no pattern" in complaint(save({"a.md": "a"}, permalink="{path"))
    assert "`base_url` b.org is no address" in complaint(save({"a.md": "a"}, base_url="b.org"))


@settings(deadline=None)
@given(st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1))
def test_any_name_of_a_file_makes_an_address(name: str) -> None:
    reader = FolderReader(name="blog", folder=Path(), base_url="https://b.org")
    link = reader.link(Place(f"{name}.md"), None, "{path}/")
    assert link is not None
    assert link.isascii()
    assert not set(link) & set(' <>"{}|\\^`#?')


@given(st.text())
def test_a_title_as_a_slug_has_no_edges(title: str) -> None:
    slug = slug_of(title)
    assert slug == slug.strip("-")
    assert "--" not in slug
    assert "/" not in slug
