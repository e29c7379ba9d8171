"""How commands show a source that was tried."""

from __future__ import annotations

import sys
from typing import Any

from bot.sources.trying import Sample, Trial
from retrieval.titles import cut_at_word

#: Columns of an article's first words.
_WORDS = 160


def trial_fields(trial: Trial) -> dict[str, Any]:
    """A trial as --json gives it."""
    return {
        "articles": trial.articles,
        "first": [
            {
                "title": sample.title,
                "link": sample.link,
                "published": sample.published.isoformat() if sample.published else None,
                "tags": list(sample.tags),
                "text": sample.text,
                "problem": sample.problem,
            }
            for sample in trial.samples
        ],
        "advice": list(trial.advice),
    }


def print_trial(trial: Trial) -> None:
    """A trial for a person: how many articles, the first of them, advice."""
    shown = len(trial.samples)
    if trial.articles > shown:
        count = f"{trial.articles} articles, the first {shown}:"
    else:
        count = f"{trial.articles} {'article' if trial.articles == 1 else 'articles'}"
    sys.stdout.write(f"{count}\n\n")
    for number, sample in enumerate(trial.samples, start=1):
        sys.stdout.write("\n".join(_lines(number, sample)) + "\n\n")
    for advice in trial.advice:
        sys.stdout.write(f"note: {advice}\n")


def _lines(number: int, sample: Sample) -> list[str]:
    day = f"{sample.published:%Y-%m-%d}" if sample.published else ""
    facts = " · ".join(filter(None, (day, *sample.tags)))
    title, text = _plain(sample.title), _plain(sample.text)
    below = [facts, sample.link or "", cut_at_word(text, _WORDS) if text != title else ""]
    if sample.problem:
        below.append(f"its page cannot be read: {sample.problem}")
    return [f"{number}. {title}", *(f"   {_plain(line)}" for line in below if line)]


def _plain(text: str) -> str:
    """On one line, without what a terminal would obey: strangers wrote it."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
