"""The broadcast bench sends one article to everybody, meets no 429, and tells what it measured."""

from __future__ import annotations

from pathlib import Path

from benchmarks.broadcast import measure
from tests.campaign.stock import QUICK


def test_a_short_broadcast_reaches_everybody_once_without_a_429(tmp_path: Path) -> None:
    # A processor that is busy with other tests delays requests; the server forgives that much.
    measured = measure(tmp_path, 90, 30, ["SQLite WAL"], QUICK, enforced=45)
    assert (measured.arrived, measured.twice, measured.floods) == (90, 0, 0)
    assert (len(measured.idle), len(measured.meanwhile)) == (1, 1)
    assert measured.violations == ()
    told = list(measured.lines())
    assert told[0].startswith("90 subscribers, 30 a second: 90 notices arrived in ")
    assert [line.partition(":")[0] for line in told[1:]] == [
        "share of the permitted rate",
        "resident memory",
        "a question's answer, idle",
        "a question's answer, meanwhile",
    ]
    assert 0 < measured.overall <= 1
