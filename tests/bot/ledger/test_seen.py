"""The numbers of updates that were handled."""

from __future__ import annotations

import pytest

from bot.ledger import Ledger, seen
from tests.bot.ledger.world import NOW


def test_updates_are_remembered_by_the_next_process(ledger: Ledger, another: Ledger) -> None:
    """FAILURES 28"""
    assert ledger.seen.all() == []
    ledger.seen.add([7, 5, 7], NOW)
    ledger.seen.add([], NOW)
    ledger.seen.add((5, 2**40), NOW)
    assert another.seen.all() == [7, 5, 2**40]


def test_only_the_newest_updates_are_kept(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen, "_MOST", 4)
    for number in range(0, 9, 3):
        ledger.seen.add(range(number, number + 3), NOW)
    assert ledger.seen.all() == [5, 6, 7, 8]
