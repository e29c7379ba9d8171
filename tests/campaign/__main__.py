"""`python -m tests.campaign`: run one and say how it went; exit status 0 where nothing differs."""

from __future__ import annotations

import argparse
import contextlib
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from retrieval.embedding import SentenceEmbedder
from tests.campaign.killing import Campaign
from tests.web_server import web_server


@contextlib.contextmanager
def _home(kept: Path | None) -> Iterator[Path]:
    if kept is not None:
        kept.mkdir(parents=True)
        yield kept
        return
    with tempfile.TemporaryDirectory(prefix="campaign-") as folder:
        yield Path(folder)


def main(argv: Sequence[str] | None = None) -> int:
    """Run a campaign and say how it went; 0 where nothing differs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--articles", type=int, default=5000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=45.0)
    parser.add_argument("--keep", type=Path, help="a new folder whose data is kept")
    chosen = parser.parse_args(argv)
    started = time.monotonic()

    def say(line: str) -> None:
        print(f"[{time.monotonic() - started:7.1f} s] {line}", flush=True)

    with web_server() as site, _home(chosen.keep) as home:
        campaign = Campaign(
            site,
            home,
            articles=chosen.articles,
            kills=chosen.kills,
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
    say("nothing differs" if not outcome.differences else f"{len(outcome.differences)} differences")
    return 1 if outcome.differences else 0


if __name__ == "__main__":
    sys.exit(main())
