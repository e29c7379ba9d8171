"""What commands print: JSON for programs, short text for people."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from bot.cutting import narrowed
from retrieval.article import Article
from retrieval.identity import columns
from retrieval.search.answer import Answer, Hit

#: Hits that a person is shown; --json has all.
_SHOWN = 3
#: Columns of a further passage of the same article: two lines.
_FURTHER_COLUMNS = 150

#: Lines that are to stand below a hit.
Explained = Callable[[Hit], Sequence[str]]


def print_json(value: Any, *, line: bool = False) -> None:
    """One object on stdout, on one line for a stream of them."""
    text = json.dumps(value, ensure_ascii=False, indent=None if line else 2)
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def iso(moment: datetime | None) -> str | None:
    """A moment as JSON and tables give it, to the second."""
    return moment.isoformat(timespec="seconds") if moment else None


def padded(text: str, width: int) -> str:
    """The text filled up to so many columns of a terminal; a Chinese character takes two."""
    return text + " " * (width - columns(text))


def article_fields(
    article: Article, excerpt: str, highlight: str | None, score: float | None
) -> dict[str, Any]:
    """An article, or a hit, as `ask --json` and `latest --json` give it."""
    return {
        "article_id": article.id,
        "title": article.title,
        "link": article.link,
        "source": article.source,
        "published": article.published.isoformat() if article.published else None,
        "tags": list(article.tags),
        "excerpt": excerpt,
        "highlight": highlight,
        "score": score,
    }


def answer_fields(answer: Answer) -> dict[str, Any]:
    """An answer as `ask --json` gives it."""
    return {
        "question": answer.question,
        "relevant": answer.relevant,
        "confidence": round(answer.confidence, 4),
        "hits": [
            {
                **article_fields(hit.article, hit.excerpt, hit.highlight, round(hit.score, 4)),
                "more": list(hit.more),
            }
            for hit in answer.hits
        ],
        "seconds": {
            "embed": round(answer.seconds.embed, 4),
            "search": round(answer.seconds.search, 4),
            "total": round(answer.seconds.total, 4),
        },
    }


def print_answer(answer: Answer, explained: Explained | None = None) -> None:
    """An answer for a person: three hits, the telling sentence marked; or an honest refusal.

    With `explained` its lines stand below each hit, also below the nearest ones of a refusal.
    """
    bold, plain = _bold()
    hits = answer.shown(_SHOWN)
    if not hits:
        _print_refusal(answer.hits[:_SHOWN], explained)
        return
    if answer.newest:
        sys.stdout.write("The newest that match:\n\n")
    for number, hit in enumerate(hits, start=1):
        marked = hit.excerpt
        if not answer.newest:
            marked = marked.replace(hit.highlight, f"{bold}{hit.highlight}{plain}", 1)
        below = _further(hit) + ([] if explained is None else ["", *explained(hit)])
        _print_article(number, hit.article, marked, below)


def _print_refusal(nearest: Sequence[Hit], explained: Explained | None) -> None:
    sys.stdout.write("The archive has nothing on this.\n")
    if not nearest:
        return
    if explained is None:
        titles = "; ".join(hit.article.title for hit in nearest)
        sys.stdout.write(f"(The nearest it has, though not an answer: {titles})\n")
        return
    sys.stdout.write("The nearest it has, though not an answer:\n\n")
    for hit in nearest:
        _print_article(None, hit.article, hit.excerpt, ["", *explained(hit)])


def _further(hit: Hit) -> list[str]:
    """The other passages of the article that answer too, each on one line."""
    lines = [f"│ {narrowed(' '.join(passage.split()), _FURTHER_COLUMNS)}" for passage in hit.more]
    return ["More from this article:", *lines] if lines else []


def print_latest(articles: list[Article]) -> None:
    """Articles for a person, newest first."""
    if not articles:
        sys.stdout.write("The archive is empty: list a source and run `archive-bot gather`.\n")
    for number, article in enumerate(articles, start=1):
        _print_article(number, article, None)


def _print_article(
    number: int | None, article: Article, excerpt: str | None, below: Sequence[str] = ()
) -> None:
    """An article in a list; what only comes near has no number and no link."""
    bold, plain = _bold()
    mark = " -" if number is None else f"{number}."
    day = f"{article.published:%Y-%m-%d}" if article.published else ""
    facts = " · ".join(filter(None, (day, *article.tags, article.source)))
    lines = [f"{mark} {bold}{article.title}{plain}", f"   {facts}"]
    if article.link and number is not None:
        lines.append(f"   {article.link}")
    if excerpt is not None:
        lines.extend(f"   │ {line}" for line in excerpt.splitlines())
    lines.extend(f"   {line}".rstrip() for line in below)
    sys.stdout.write("\n".join(lines) + "\n\n")


def _bold() -> tuple[str, str]:
    return ("\033[1m", "\033[0m") if sys.stdout.isatty() else ("", "")
