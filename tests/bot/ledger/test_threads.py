"""A reply to a message of ours is a question about its article."""

from __future__ import annotations

import pytest

from bot.ledger import Ledger, threads
from tests.bot.ledger.world import NOW


def test_a_message_stands_for_an_article(ledger: Ledger) -> None:
    assert ledger.threads.article(1, 10) is None
    ledger.threads.remember(1, 10, "a", NOW)
    ledger.threads.remember(-1_002_000_000_000, 10, "b", NOW)
    ledger.threads.remember(1, 10, "c", NOW)
    assert ledger.threads.article(1, 10) == "c"
    assert ledger.threads.article(-1_002_000_000_000, 10) == "b"
    assert ledger.threads.article(1, 11) is None


def test_only_the_newest_are_kept(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "_MOST", 5)
    for number in range(8):
        ledger.threads.remember(1, number, f"{number}", NOW)
    kept = [ledger.threads.article(1, number) for number in range(8)]
    assert kept == [None, None, None, "3", "4", "5", "6", "7"]
