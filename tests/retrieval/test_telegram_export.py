"""Exports of Telegram channels: which messages are articles, and what a wrong file says."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.article import Draft
from retrieval.errors import UnreadableSource
from retrieval.sources import telegram
from retrieval.sources.reading import no_fetch
from retrieval.sources.telegram import TelegramExportReader, drafts_of

CASES = Path(__file__).parent / "exports"

Export = Callable[..., TelegramExportReader]


@pytest.fixture
def export(tmp_path: Path) -> Export:
    """Saves what an export holds and gives a reader of it."""

    def export(content: Any, channel: str | None = None) -> TelegramExportReader:
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        (tmp_path / "result.json").write_bytes(data)
        return TelegramExportReader(name="tg", file=tmp_path / "result.json", channel=channel)

    return export


def message(number: int, text: Any = "text", **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "type": "message",
        "date_unixtime": str(10**9 + number),
        "text": text,
    } | more


def chat(*messages: Any, **more: Any) -> dict[str, Any]:
    return {"name": "Notes", "type": "public_channel", "id": 42, "messages": list(messages)} | more


def drafts(reader: TelegramExportReader) -> list[Draft]:
    return list(reader.read(no_fetch).drafts)


def only(content: Any) -> Draft:
    [draft] = drafts_of(chat(content), None)
    return draft


def complaint(reader: TelegramExportReader) -> str:
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
        link=said.get("link"),
        tags=tuple(said.get("tags", ())),
        guid=said["guid"],
        published=published,
        updated=updated,
    )


@pytest.mark.parametrize("case", sorted(path.name for path in CASES.iterdir()))
def test_an_export_gives_what_stands_beside_it(case: str) -> None:
    expected = json.loads((CASES / case / "expected.json").read_text(encoding="utf-8"))
    file = CASES / case / "result.json"
    wanted = [expected_draft(said) for said in expected["drafts"]]
    for given_as in (file, file.parent):
        reader = TelegramExportReader(name=case, file=given_as, **expected["options"])
        assert drafts(reader) == wanted


# --- messages ------------------------------------------------------------------------------


def test_newest_first_and_each_once() -> None:
    messages = [message(1, "a"), message(3, "c"), message(2, "b"), message(3, "c, edited")]
    assert [draft.text for draft in drafts_of(chat(*messages), None)] == ["c, edited", "b", "a"]


def test_an_album_is_its_caption_alone() -> None:
    photos = [message(number, "", photo="p.jpg", date_unixtime="1000000000") for number in (1, 3)]
    caption = message(2, "caption", photo="p.jpg", date_unixtime="1000000000")
    assert [draft.guid for draft in drafts_of(chat(*photos, caption), None)] == ["42/2"]


@pytest.mark.parametrize(
    "nothing",
    [
        None,
        "text",
        {},
        message(1, ""),
        message(1, "  \n"),
        message(1, []),
        message(1, None),
        message(1, [{"type": "bold"}, 5]),
        {**message(1), "type": "service"},
        {**message(1), "id": "x"},
        {**message(1), "id": None},
    ],
)
def test_what_is_no_article(nothing: Any) -> None:
    assert drafts_of(chat(nothing), None) == []


def test_code_stands_between_fences() -> None:
    parts = [
        "see ",
        {"type": "pre", "text": "a = 1\n\n  b", "language": "python"},
        "\nthen ",
        {"type": "code", "text": "c"},
        " ",
        {"type": "pre", "text": "```\nd\n```", "language": ""},
        {"type": "pre", "text": "e", "language": "two words"},
    ]
    assert only(message(1, parts)).text == (
        "see \n```python\na = 1\n\n  b\n```\nthen c \n````\n```\nd\n```\n````\n```\ne\n```"
    )


def test_entities_are_preferred_and_plain_text_will_do() -> None:
    entities = [{"type": "plain", "text": "from "}, {"type": "hashtag", "text": "#Entities"}]
    draft = only(message(1, "other", text_entities=entities))
    assert (draft.text, draft.tags) == ("from #Entities", ("Entities",))
    assert only(message(1, "plain", text_entities=[])).text == "plain"


def test_polls_and_task_lists_are_read() -> None:
    poll = {
        "question": "Which?",
        "answers": [{"text": "A"}, {"text": [{"type": "bold", "text": "B"}]}],
    }
    assert only(message(1, "Vote!", poll=poll)).text == "Vote!\nWhich?\n- A\n- B"
    tasks = {"title": "To do", "answers": [{"text": "C"}, {"no": "text"}]}
    assert only(message(1, "", todo_list=tasks)).text == "To do\n- C"


@pytest.mark.parametrize(
    ("dates", "published"),
    [
        ({"date_unixtime": "1000000000", "date": "2020-01-01T00:00:00"}, "2001-09-09T01:46:40+00:00"),
        ({"date_unixtime": 1000000000}, "2001-09-09T01:46:40+00:00"),
        ({"date_unixtime": None, "date": "2020-01-01T08:00:00"}, "2020-01-01T08:00:00+00:00"),
        ({"date_unixtime": "999999999999"}, None),
        ({"date_unixtime": "x", "date": 5}, None),
    ],
)  # fmt: skip
def test_dates(dates: dict[str, Any], published: str | None) -> None:
    at = only(message(1, **dates)).published
    assert (at and at.isoformat()) == published


def test_a_message_that_was_never_edited_says_so_by_1970() -> None:
    assert only(message(1, edited="1970-01-01T01:00:00", edited_unixtime="0")).updated is None


def test_text_that_no_database_takes_is_mended(export: Export) -> None:
    reader = export(
        b'{"id": 1, "messages": [{"type": "message", "id": 1, "text": "a\\u0000b\\ud83d"}]}'
    )
    assert drafts(reader)[0].text == "ab�"


# --- links ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "channel",
    ["my_notes", "@my_notes", "https://t.me/my_notes", "t.me/s/my_notes/", " my_notes "],
)
def test_a_user_name_in_any_form_makes_links(export: Export, channel: str) -> None:
    assert drafts(export(chat(message(7)), channel))[0].link == "https://t.me/my_notes/7"


@pytest.mark.parametrize(
    ("kind", "number", "link"),
    [
        ("private_channel", 42, "https://t.me/c/42/7"),
        ("public_supergroup", -10042, "https://t.me/c/42/7"),
        ("private_group", 42, None),
        ("personal_chat", 42, None),
        ("private_channel", None, None),
        (None, 42, None),
    ],
)
def test_links_without_a_user_name(
    export: Export, kind: str | None, number: int | None, link: str | None
) -> None:
    assert drafts(export(chat(message(7), type=kind, id=number)))[0].link == link


def test_what_is_no_user_name_makes_no_link_of_one(export: Export) -> None:
    assert drafts(export(chat(message(7)), "My Notes"))[0].link == "https://t.me/c/42/7"


# --- exports of everything -----------------------------------------------------------------


def everything(*chats: dict[str, Any]) -> dict[str, Any]:
    return {"chats": {"list": list(chats[:1])}, "left_chats": {"list": list(chats[1:])}}


MOTHER = chat(message(1, "call me"), name="Mother", type="personal_chat", id=1)
NEWS = chat(message(1, "news"), name="News", type="private_channel", id=2)
OLD = chat(message(1, "old"), name="Old news", type="public_channel", id=3)


def test_the_only_channel_is_meant(export: Export) -> None:
    assert drafts(export(everything(MOTHER, NEWS)))[0].text == "news"
    assert drafts(export(everything(MOTHER, OLD), "old_news"))[0].link == "https://t.me/old_news/1"


@pytest.mark.parametrize("channel", ["old news", "3", "-1003"])
def test_one_of_many_is_chosen_by_name_or_id(export: Export, channel: str) -> None:
    assert drafts(export(everything(MOTHER, NEWS, OLD), channel))[0].text == "old"


@pytest.mark.parametrize("channel", [None, "nobody"])
def test_where_it_is_not_clear_the_names_are_listed(export: Export, channel: str | None) -> None:
    said = complaint(export(everything(MOTHER, NEWS, OLD), channel))
    assert "set `channel` of this source" in said
    assert said.endswith("News (2), Old news (3)")


def test_a_long_list_of_names_is_cut(export: Export) -> None:
    many = [chat(name=f"C{number}", id=number) for number in range(25)]
    assert complaint(export(everything(MOTHER, *many))).endswith("C19 (19) and 5 more")


# --- wrong files ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content", [{}, [], 5, {"messages": {}}, {"chats": []}, {"chats": {"list": [{}]}}]
)
def test_a_wrong_file_says_what_to_choose(export: Export, tmp_path: Path, content: Any) -> None:
    said = complaint(export(content))
    assert f"source 'tg': {tmp_path / 'result.json'}: " in said
    assert "`Export chat history`" in said
    assert "JSON" in said


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        (b'{"messages": [\n{"id": 1,\n', 3, "broken JSON"),
        (b'{\n"name": "\xff"}', 2, "not valid UTF-8"),
        (b"", 1, "the file is empty"),
        (b"\xef\xbb\xbf \n", 1, "the file is empty"),
    ],
)
def test_a_broken_file_is_named_with_its_line(
    export: Export, tmp_path: Path, content: bytes, line: int, reason: str
) -> None:
    said = complaint(export(content))
    assert f"{tmp_path / 'result.json'}, line {line}: {reason}" in said
    assert "Export the chat again" in said


@pytest.mark.parametrize("content", [b"[" * 100_000, b'{"id": ' + b"9" * 5_000 + b"}"])
def test_hostile_json_is_refused(export: Export, content: bytes) -> None:
    assert "broken JSON" in complaint(export(content))


def test_too_large_an_export_is_refused(export: Export, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telegram, "LARGEST_EXPORT", 1 << 20)
    assert "larger than 1 MiB" in complaint(export(b" " * ((1 << 20) + 1)))


def test_an_export_for_people_is_refused_with_the_mend(export: Export, tmp_path: Path) -> None:
    assert "this export is in HTML" in complaint(export(b"\n<!DOCTYPE html><html></html>"))
    (tmp_path / "result.json").unlink()
    (tmp_path / "messages.html").write_text("<html></html>")
    reader = TelegramExportReader(name="tg", file=tmp_path)
    assert f"{tmp_path}: this export is in HTML" in complaint(reader)
    assert "`Machine-readable JSON`" in complaint(reader)


def test_no_file_is_said(tmp_path: Path) -> None:
    for file in (tmp_path / "result.json", tmp_path):
        reader = TelegramExportReader(name="tg", file=file)
        assert f"{tmp_path / 'result.json'}: there is no such file" in complaint(reader)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
names = st.sampled_from(
    "id type date date_unixtime edited text text_entities poll todo_list".split()
)


@settings(deadline=None)
@given(st.lists(st.dictionaries(names, anything)), anything, anything)
def test_any_message_is_read_or_passed_by(
    messages: list[dict[str, Any]], kind: Any, number: Any
) -> None:
    told = [{"type": "message", "id": place, **each} for place, each in enumerate(messages)]
    for draft in drafts_of(chat(*told, type=kind, id=number), None):
        assert draft.text.strip()
        draft.text.encode()
