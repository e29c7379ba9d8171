"""The browsing bench draws an archive with tags, and asks it for everything that browsing needs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from benchmarks.browsing import run


def test_a_run_times_every_task_and_the_next_one_draws_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = list(run(tmp_path, 60))
    assert len(lines) == 15
    assert all(re.match(r" *\d+\.\d ms  \w", line) for line in lines)
    assert "drawing the articles" in capsys.readouterr().err
    assert len(list(run(tmp_path, 60))) == 15
    assert "drawing the articles" not in capsys.readouterr().err
