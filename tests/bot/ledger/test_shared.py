"""Shared questions that do not fit into a link."""

from __future__ import annotations

import pytest

from bot.ledger import Ledger, shared
from tests.bot.ledger.world import NOW


def test_a_question_is_found_by_its_digest(ledger: Ledger) -> None:
    assert ledger.shared.question("d1") is None
    ledger.shared.remember("d1", "How?", NOW)
    ledger.shared.remember("d1", "How?", NOW)
    ledger.shared.remember("d2", "为什么？", NOW)
    assert (ledger.shared.question("d1"), ledger.shared.question("d2")) == ("How?", "为什么？")


def test_only_those_shared_last_are_kept(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared, "_MOST", 3)
    for digest in ("1", "2", "3", "1", "4"):
        ledger.shared.remember(digest, f"question {digest}", NOW)
    kept = [each for each in "1234" if ledger.shared.question(each) is not None]
    assert kept == ["1", "3", "4"]
