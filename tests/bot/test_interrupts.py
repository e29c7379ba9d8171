"""Ctrl-C ends what runs, wherever it comes in between."""

from __future__ import annotations

import sys
import time
import weakref

import pytest

from bot.interrupts import interrupts_kept


class Thing:
    """Something to be collected."""


def interrupted(_: object) -> None:
    raise KeyboardInterrupt


def test_an_interrupt_lost_in_a_callback_is_raised_all_the_same() -> None:
    before = sys.unraisablehook
    thing = Thing()
    kept = weakref.ref(thing, interrupted)

    def work() -> None:
        nonlocal thing
        with interrupts_kept():
            thing = Thing()  # the one before is collected, and the interrupt lost
            time.sleep(5)
            pytest.fail("the interrupt was lost for good")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert kept() is None
    assert sys.unraisablehook is before


def test_other_errors_there_are_told_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda lost: told.append(lost.exc_type))

    def fails(_: object) -> None:
        raise ValueError("odd")

    thing = Thing()
    kept = weakref.ref(thing, fails)
    with interrupts_kept():
        del thing
    assert kept() is None
    assert told == [ValueError]
