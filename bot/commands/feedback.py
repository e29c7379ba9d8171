"""`archive-bot feedback`: what people thought of answers, as golden questions too."""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.assembly import opened_archive, opened_ledger
from bot.errors import BotError
from bot.ledger.feedback import GOOD, Vote
from bot.output import iso, print_json
from config.settings import Settings
from retrieval.archive.opening import Archive

#: Votes that a person is shown, the newest.
_SHOWN = 20
_MARKS = {True: "👍", False: "👎"}


def run(settings: Settings, arguments: argparse.Namespace) -> int:
    with opened_ledger(settings) as ledger:
        votes = list(ledger.feedback.each())
        follow_ups = ledger.answers.follow_ups({vote.answer_id for vote in votes})
    with opened_archive(settings) as archive:
        if arguments.jsonl is not None:
            # "And how much?" asks nothing by itself.
            alone = [vote for vote in votes if vote.answer_id not in follow_ups]
            return _export(list(golden(alone, _digests(archive, alone))), arguments.jsonl)
        titles = {
            own: article.title
            for own, article in archive.articles.by_id(_article_ids(votes)).items()
        }
    if arguments.json:
        print_json({"votes": [_fields(vote, titles) for vote in votes]})
    else:
        sys.stdout.write(_listed(votes, titles))
    return 0


def golden(votes: Sequence[Vote], digests: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Votes whose question is known, as rows of a golden set; a question comes once a kind.

    A liked answer is right with its first article, a liked refusal with none. A disliked one tells
    only what is wrong: it stands in a split of its own, `open`, until somebody has filled in the
    articles that answer. `digests` are of the texts of the articles that are there, by their ids.
    """
    seen: set[tuple[str, bool]] = set()
    for vote in votes:
        liked = vote.vote == GOOD
        if vote.question is None or (vote.question, liked) in seen:
            continue
        shown = [hit.article_id for hit in vote.hits if hit.relevant]
        if any(own not in digests for own in shown[:1]):
            continue
        seen.add((vote.question, liked))
        yield {
            "id": f"f{vote.id}",
            "split": "dev" if liked else "open",
            "kind": "liked" if liked else "disliked",
            "question": vote.question,
            "articles": [digests[own] for own in shown[:1]] if liked else [],
            **({} if liked else {"wrong": [digests[own] for own in shown if own in digests]}),
        }


def _digests(archive: Archive, votes: Sequence[Vote]) -> dict[str, str]:
    """The first 16 digits of the SHA-256 of each article's text, as golden sets name texts."""
    texts = archive.articles.texts(_article_ids(votes))
    return {own: hashlib.sha256(text.encode()).hexdigest()[:16] for own, text in texts.items()}


def _article_ids(votes: Sequence[Vote]) -> set[str]:
    return {hit.article_id for vote in votes for hit in vote.hits if hit.relevant}


def _export(rows: Sequence[dict[str, Any]], file: str) -> int:
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    if file == "-":
        sys.stdout.write(lines)
        return 0
    try:
        Path(file).write_text(lines, encoding="utf-8")
    except OSError as error:
        raise BotError(f"{file} cannot be written: {error.strerror}; name another file") from error
    sys.stderr.write(f"{len(rows)} questions written to {file}\n")
    return 0


def _fields(vote: Vote, titles: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": vote.id,
        "at": iso(vote.at),
        "vote": vote.vote,
        "question": vote.question,
        "hits": [
            {
                "excerpt_id": hit.excerpt_id,
                "title": titles.get(hit.article_id),
                "highlight": hit.highlight,
                "score": round(hit.score, 4),
                "confidence": None if hit.confidence is None else round(hit.confidence, 4),
                "relevant": hit.relevant,
            }
            for hit in vote.hits
        ],
    }


def _listed(votes: Sequence[Vote], titles: Mapping[str, str]) -> str:
    if not votes:
        return "Nobody has given an opinion yet: people press 👍 or 👎 below an answer.\n"
    good = sum(vote.vote == GOOD for vote in votes)
    lines = [f"{good} 👍  {len(votes) - good} 👎"]
    for vote in votes[: -_SHOWN - 1 : -1]:
        shown = [hit.article_id for hit in vote.hits if hit.relevant]
        told = titles.get(shown[0], shown[0]) if shown else "nothing found"
        question = vote.question or "(a question that is forgotten)"
        lines.append(f"{_MARKS[vote.vote == GOOD]}  {question}\n    {told}")
    return "\n".join(lines) + "\n"
