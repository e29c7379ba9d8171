"""`archive-bot run` killed wherever it is while articles go out: each pair arrives, or is listed.

A short form of `make campaign`, which has a thousand articles and fifty kills.
"""

from __future__ import annotations

from pathlib import Path

from tests.campaign.sending import Campaign
from tests.campaign.stock import QUICK
from tests.telegram_server import telegram_server
from tests.web_server import web_server


def test_a_bot_killed_anywhere_loses_nothing_and_repeats_only_what_it_could_not_know(
    tmp_path: Path,
) -> None:
    """FAILURES 1, 10"""
    options = ("--limits", "1000,1,20", "--silence", "2")
    with web_server() as site, telegram_server(*options) as server:
        campaign = Campaign(
            site,
            server,
            tmp_path,
            articles=40,
            kills=4,
            seed=5,
            share=0.08,
            code=QUICK,
            topics=False,
            say=print,
        )
        outcome = campaign.run(240)
    assert outcome.differences == []
    assert sum(outcome.kills.values()) == 4
    assert outcome.verdict.pairs > 90
    assert outcome.verdict.arrived + outcome.verdict.dead >= outcome.verdict.pairs
    assert outcome.faults
