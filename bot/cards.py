"""What a person is shown: answers and articles -> message parts.

Pure. Nothing here knows how parts are sent.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC

from bot.cutting import clipped, pack
from bot.markup import Text, bold, clean, link, quote, text
from bot.wording import Wording
from retrieval.article import Article
from retrieval.search.answer import Answer, Hit

SHOWN_HITS = 3
SHOWN_TAGS = 5
FOLDED_FROM = 300  # characters; a longer excerpt is folded
LONGEST_TITLE = 200
LONGEST_TAG = 40
OPENING_COLUMNS = 84  # two lines on a phone; a Chinese character takes two columns

_ELLIPSIS = "…"
_FENCE = re.compile(r"^ {0,3}`{3,}[^`\s]*[ \t]*(?:\n|\Z)", re.MULTILINE)
_HEADING_MARK = re.compile(r"^#{1,6} +", re.MULTILINE)
_EDGES = " \t\n.,:;。，：；、…-–—|"


def answer_parts(answer: Answer, wording: Wording) -> list[Text]:
    """The best hits as cards, or one honest sentence where nothing is relevant."""
    hits = answer.shown(SHOWN_HITS)
    if not hits:
        return sentence(wording.say("nothing-found"))
    return pack(_hit_card(number, hit) for number, hit in enumerate(hits, 1))


def latest_parts(articles: Sequence[Article], wording: Wording) -> list[Text]:
    """The articles in the order given, each with its first words."""
    if not articles:
        return sentence(wording.say("archive-empty"))
    heading = bold(wording.say("latest-heading", count=len(articles)))
    return pack(
        (heading, *(_article_card(number, each) for number, each in enumerate(articles, 1)))
    )


def sentence(said: str) -> list[Text]:
    """Something said in plain words."""
    return pack((text(said),))


def _hit_card(number: int, hit: Hit) -> Text:
    return _lines(_headline(number, hit.article), _meta(hit.article), _excerpt(hit))


def _article_card(number: int, article: Article) -> Text:
    return _lines(_headline(number, article), _meta(article), text(_opening(article)))


def _lines(*lines: Text) -> Text:
    present = [line for line in lines if line.plain.strip()]
    return text(*(piece for line in present for piece in (line, "\n"))).stripped()


def _headline(number: int, article: Article) -> Text:
    title = _shortened(_one_line(article.title), LONGEST_TITLE) or article.id
    return text(f"{number}. ", bold(link(article.link, title)))


def _meta(article: Article) -> Text:
    tags = [_shortened(_one_line(tag), LONGEST_TAG) for tag in article.tags[:SHOWN_TAGS]]
    if article.published is not None:
        tags.append(article.published.astimezone(UTC).date().isoformat())
    return text(" · ".join(filter(None, tags)))


def _excerpt(hit: Hit) -> Text:
    excerpt = _passage(hit.excerpt) or clean(hit.excerpt).strip()
    highlight = _passage(hit.highlight)
    before, found, after = excerpt.partition(highlight) if highlight else (excerpt, "", "")
    return quote(before, bold(found), after, expandable=len(excerpt) > FOLDED_FROM)


def _passage(words: str) -> str:
    """An excerpt as people read it: without the lines that only fence code."""
    return re.sub(r"\n{3,}", "\n\n", _FENCE.sub("", clean(words))).strip()


def _opening(article: Article) -> str:
    """About two lines of the article's beginning, without the title said once more.

    Where a source gives no titles, the title is the text's first clause.
    """
    opening = _one_line(_HEADING_MARK.sub("", _passage(article.opening)))
    title = _one_line(article.title).rstrip(_EDGES)
    if title and opening.casefold().startswith(title.casefold()):
        opening = opening[len(title) :].lstrip(_EDGES)
    most = 0
    columns = 0
    for character in opening:
        columns += 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if columns > OPENING_COLUMNS:
            break
        most += 1
    return _shortened(opening, most)


def _shortened(words: str, most: int) -> str:
    if len(words) <= most:
        return words
    return clipped(words, most).rstrip(_EDGES) + _ELLIPSIS


def _one_line(words: str) -> str:
    return " ".join(clean(words).split())
