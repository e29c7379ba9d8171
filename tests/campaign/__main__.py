"""Run campaigns and say how they went; exit status 0 where nothing differs."""

from __future__ import annotations

import argparse
import contextlib
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from retrieval.embedding import SentenceEmbedder
from tests.campaign import killing, sending
from tests.telegram_server import telegram_server
from tests.web_server import Site, web_server


@contextlib.contextmanager
def _home(kept: Path | None) -> Iterator[Path]:
    if kept is not None:
        kept.mkdir(parents=True)
        yield kept
        return
    with tempfile.TemporaryDirectory(prefix="campaign-") as folder:
        yield Path(folder)


Say = Callable[[str], None]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the campaigns asked for and say how they went; 0 where nothing differs."""
    parser = argparse.ArgumentParser(prog="python -m tests.campaign", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="gather|send", help="one of them; both if none")
    parser.add_argument("--articles", type=int, help="5000 to gather, 1000 to send")
    parser.add_argument("--kills", type=int, help="20 while gathering, 50 while sending")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=45.0, help="that each may take")
    parser.add_argument("--keep", type=Path, help="a new folder whose data is kept")
    chosen = parser.parse_args(argv)
    if unknown := set(chosen.names) - _CAMPAIGNS.keys():
        parser.error(f"there is no campaign {', '.join(sorted(unknown))}")
    started = time.monotonic()

    def say(line: str) -> None:
        print(f"[{time.monotonic() - started:7.1f} s] {line}", flush=True)

    failed = 0
    for name in chosen.names or _CAMPAIGNS:
        say(f"campaign: {name}")
        kept = None if chosen.keep is None else chosen.keep / name
        with web_server() as site, _home(kept) as home:
            differences = _CAMPAIGNS[name](site, home, chosen, say)
        for difference in differences:
            say(difference)
        say("nothing differs" if not differences else f"{len(differences)} differences")
        failed += bool(differences)
    return 1 if failed else 0


def _gather(site: Site, home: Path, chosen: argparse.Namespace, say: Say) -> list[str]:
    campaign = killing.Campaign(
        site,
        home,
        articles=chosen.articles or 5000,
        kills=chosen.kills or 20,
        seed=chosen.seed,
        sample=200,
        say=say,
    )
    outcome = campaign.run(SentenceEmbedder(), 60 * chosen.minutes)
    phases = ", ".join(f"{count} {phase}" for phase, count in outcome.phases.most_common())
    say(
        f"{len(outcome.kills)} kills ({phases}; {outcome.too_soon} gathers were over too soon),"
        f" {outcome.articles} articles, {outcome.passages} passages, {outcome.asked} asked for"
    )
    for reason, count in Counter(outcome.rebuilt).most_common():
        say(f"index built anew {count} times: {reason}")
    return outcome.differences


def _send(site: Site, home: Path, chosen: argparse.Namespace, say: Say) -> list[str]:
    with telegram_server("--limits", "1000,1,20", "--silence", "30") as server:
        campaign = sending.Campaign(
            site,
            server,
            home,
            articles=chosen.articles or 1000,
            kills=chosen.kills or 50,
            seed=chosen.seed,
            say=say,
        )
        outcome = campaign.run(60 * chosen.minutes)
    say(outcome.told)
    return outcome.differences


_CAMPAIGNS = {"gather": _gather, "send": _send}


if __name__ == "__main__":
    sys.exit(main())
