"""Every conversation of this folder, over polling and over a webhook: the transcript is the same."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from retrieval.embedding import SentenceEmbedder
from tests.conversations.playing import (
    Studio,
    difference,
    names,
    path_of,
    play,
    script_of,
    studio,
    transcript,
)
from tests.conversations.world import Transport


@pytest.fixture(scope="module")
def place(bundled: SentenceEmbedder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    with studio(tmp_path_factory.mktemp("studio"), bundled) as made:
        yield made


@pytest.mark.parametrize("transport", ["polling", "webhook"])
@pytest.mark.parametrize("name", names())
def test_the_bot_says_what_is_written(name: str, transport: Transport, place: Studio) -> None:
    played = play(script_of(name), place, transport)
    said = transcript(script_of(name), played)
    written = path_of(name).read_text("utf-8")
    changes = difference(name, written, said)
    if changes:
        pytest.fail(f"where this is right: python -m tests.conversations --write {name}\n{changes}")
    assert played.violations == []
