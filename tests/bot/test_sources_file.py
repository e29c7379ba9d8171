"""The settings file after an edit: what was there stays as it was, to the character."""

from __future__ import annotations

import errno
import os
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import BotError
from bot.sources.file import entry_text, read, with_entries, without_entry, write

FEED = {"kind": "feed", "name": "Blog", "url": "https://example.org/feed"}
FEED_TEXT = '[[sources]]\nkind = "feed"\nname = "Blog"\nurl = "https://example.org/feed"\n'

MINE = """\
# My archive
data_dir = "data"   # beside this file

# The blog of a friend
[[sources]]
kind = "feed"     # Atom
name = "A"
url = "https://a.example/"

# Two lines
# about B
[[sources]]
kind = "feed"
name = "B"
url = "https://b.example/"

# How it searches
[search]
hits = 5
"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", FEED_TEXT),
        ("# nothing yet\n", f"# nothing yet\n\n{FEED_TEXT}"),
        ('data_dir = "x"', f'data_dir = "x"\n\n{FEED_TEXT}'),
        ("[log]\nlevel = 'info'\n\n\n", f"[log]\nlevel = 'info'\n\n{FEED_TEXT}"),
        (MINE, MINE.replace("# How it searches", f"{FEED_TEXT}\n# How it searches")),
        (
            "[[sources]]\nname = 'A'\n[log]\nlevel = 'info'\n",
            f"[[sources]]\nname = 'A'\n\n{FEED_TEXT}\n[log]\nlevel = 'info'\n",
        ),
        (
            "x = '''\n[[sources]]\n'''\n[log]\ny = [\n[1],\n]\n",
            f"x = '''\n[[sources]]\n'''\n[log]\ny = [\n[1],\n]\n\n{FEED_TEXT}",
        ),
        (
            'sources = [\n  {kind = "feed", name = "A"}, # one\n]\n[log]\n',
            'sources = [\n  {kind = "feed", name = "A"}, # one\n'
            '  {kind = "feed", name = "Blog", url = "https://example.org/feed"},\n]\n[log]\n',
        ),
        (
            "sources = []\n",
            'sources = [{kind = "feed", name = "Blog", url = "https://example.org/feed"}]\n',
        ),
    ],
)
def test_a_source_is_put_after_the_others(before: str, after: str) -> None:
    assert with_entries(before, [FEED]) == after


def test_line_ends_of_windows_stay() -> None:
    edited = with_entries(MINE.replace("\n", "\r\n"), [FEED])
    assert edited.count("\n") == edited.count("\r\n")
    assert edited.replace("\r\n", "\n") == with_entries(MINE, [FEED])
    assert without_entry(edited, 2) == MINE.replace("\n", "\r\n")


def test_the_comments_above_a_source_go_with_it_and_no_others() -> None:
    assert without_entry(MINE, 0) == MINE.replace(
        MINE[MINE.index("# The blog") : MINE.index("# Two lines")], ""
    )
    assert without_entry(MINE, 1) == MINE.replace(
        MINE[MINE.index("# Two lines") : MINE.index("# How it")], ""
    )
    assert without_entry(FEED_TEXT, 0) == ""


def test_a_source_in_an_array_is_taken_out() -> None:
    text = 'sources = [\n  {name = "A"}, # one\n  {name = "B"}, # two\n]\n'
    assert tomllib.loads(without_entry(text, 0)) == {"sources": [{"name": "B"}]}
    assert "# two" in without_entry(text, 0)


def test_what_a_title_may_hold_is_quoted() -> None:
    entry = {**FEED, "name": "A \"b\" \\ 'c' 中文 #", "follow": True, "filters": ["a=1"]}
    assert tomllib.loads(entry_text([entry, FEED])) == {"sources": [entry, FEED]}


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)
PIECES = st.sampled_from(
    [
        "",
        "# about this\n",
        "[log]\nlevel = 'info'\n",
        "\n\n",
        "text = '''\n[[sources]]\n# x\n'''\n",
        "list = [\n[1],\n# two\n[2],\n]\n",
        "[[sources]]\nname = 'A'\n",
        '[[sources]] # the second\n\n  # indented\n  name = """\n[x]\n"""\n',
        "[sources.inner]\nx = 1\n",
    ]
)


@settings(deadline=None)
@given(
    pieces=st.lists(PIECES, max_size=8),
    names=st.lists(TEXTS, min_size=1, max_size=4),
    data=st.data(),
)
def test_what_was_added_and_taken_out_again_leaves_no_trace(
    pieces: list[str], names: list[str], data: st.DataObject
) -> None:
    text = "".join(pieces)
    try:
        before = tomllib.loads(text)
    except ValueError:
        return
    if not isinstance(before.get("sources", []), list):
        return
    edited = with_entries(text, [{"kind": "feed", "name": name} for name in names])
    held = len(before.get("sources", ()))
    assert [entry["name"] for entry in tomllib.loads(edited)["sources"][held:]] == names
    for left in range(len(names), 0, -1):
        edited = without_entry(edited, held + data.draw(st.integers(0, left - 1)))
    assert [line for line in edited.split("\n") if line] == [
        line for line in text.split("\n") if line
    ]


# The file


def test_a_new_file_is_made_and_an_old_one_keeps_its_permissions(tmp_path: Path) -> None:
    file = tmp_path / "archive-bot.toml"
    assert read(file) == ""
    write(file, FEED_TEXT)
    assert read(file) == FEED_TEXT
    file.chmod(0o640)
    write(file, f"# edited\r\n{FEED_TEXT}")
    assert file.read_bytes() == f"# edited\r\n{FEED_TEXT}".encode()
    assert file.stat().st_mode & 0o777 == 0o640
    assert os.listdir(tmp_path) == ["archive-bot.toml"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "real.toml").write_text("", encoding="utf-8")
    link = tmp_path / "archive-bot.toml"
    link.symlink_to(Path("etc") / "real.toml")
    write(link, FEED_TEXT)
    assert link.is_symlink()
    assert (tmp_path / "etc" / "real.toml").read_text(encoding="utf-8") == FEED_TEXT


def test_what_would_not_load_is_not_written(tmp_path: Path) -> None:
    file = tmp_path / "archive-bot.toml"
    file.write_text(FEED_TEXT, encoding="utf-8")
    with pytest.raises(BotError) as raised:
        write(file, with_entries(FEED_TEXT, [{**FEED, "name": "blog"}]))
    assert str(raised.value) == (
        f"{file} was left as it is, since it would not load:\n"
        f'sources[1].name in {file} is "blog", but must be another name than that of sources[0], '
        "whatever the case."
    )
    assert file.read_text(encoding="utf-8") == FEED_TEXT
    assert os.listdir(tmp_path) == ["archive-bot.toml"]


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    file = tmp_path / "nowhere" / "archive-bot.toml"
    with pytest.raises(BotError, match="cannot be written: No such file"):
        write(file, FEED_TEXT)


def fails_with(code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def replace(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "replace", replace)


def test_a_failure_at_the_last_moment_leaves_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "archive-bot.toml"
    file.write_text("# old\n", encoding="utf-8")
    fails_with(errno.EACCES, monkeypatch)
    with pytest.raises(BotError, match="cannot be written: Permission denied"):
        write(file, FEED_TEXT)
    assert file.read_text(encoding="utf-8") == "# old\n"
    assert os.listdir(tmp_path) == ["archive-bot.toml"]


def test_a_file_that_a_container_mounts_by_itself_is_written_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "archive-bot.toml"
    file.write_text(f"# old\n{FEED_TEXT * 2}", encoding="utf-8")
    fails_with(errno.EBUSY, monkeypatch)
    write(file, FEED_TEXT)
    assert file.read_text(encoding="utf-8") == FEED_TEXT
    assert os.listdir(tmp_path) == ["archive-bot.toml"]


def test_an_edit_that_would_say_something_else_is_refused() -> None:
    """Two spellings of one list are no TOML; the file is then not touched."""
    with pytest.raises(BotError, match="not valid TOML"):
        with_entries("sources = []\n[[sources]]\n", [FEED])
