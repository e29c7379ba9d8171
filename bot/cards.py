"""What a person is shown: answers and articles -> message parts.

Pure. Nothing here knows how parts are sent.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import tzinfo

from bot.cutting import EDGES, blank, fits, narrowed, pack, shortened
from bot.markup import Text, bold, clean, link, quote, text
from bot.passages import FOLDED_FROM, excerpt, passage, plain_passage
from bot.wording import Wording
from retrieval.article import Article
from retrieval.search.answer import Answer, Hit

SHOWN_HITS = 3
SHOWN_NEWEST = 5  # where nothing was asked but filters
SHOWN_TAGS = 5
#: Confidence of a first hit that is no answer, from which it is worth a line all the same. Of what
#: is declined although one of the three nearest answers it, nine in ten are above, of what has
#: nothing to do with the archive one in six: `benchmarks/README.md`.
NEAREST_FROM = 0.15
LONGEST_TITLE = 200
LONGEST_TAG = 40
LONGEST_FURTHER = 300  # characters of a further passage of the same article
OPENING_COLUMNS = 84  # two lines on a phone; a Chinese character takes two columns

_HEADING_MARK = re.compile(r"^#{1,6} +", re.MULTILINE)


def answer_parts(answer: Answer, wording: Wording) -> list[Text]:
    """The best hits as cards, or one honest sentence where nothing is relevant.

    Where nothing can be unfolded later: excerpts are whole, in as many messages as that takes.
    """
    if answer.newest:
        newest = [hit.article for hit in answer.shown(SHOWN_NEWEST)]
        return listed_parts(wording.say("filtered-heading", count=len(newest)), newest, wording)
    hits = answer.shown(SHOWN_HITS)
    if not hits:
        near = answer.hits[:SHOWN_HITS] if answer.confidence >= NEAREST_FROM else ()
        return refusal_parts([hit.article for hit in near], wording)
    cards = [_hit_card(number, hit, wording) for number, hit in enumerate(hits, 1)]
    return pack(with_further(cards, [hit.more for hit in hits], wording))


def with_further(
    cards: Sequence[Text], further: Sequence[Sequence[str]], wording: Wording
) -> list[Text]:
    """The cards, each with further passages of its article as far as one message holds them all."""
    filled = [*cards]
    for place, passages in enumerate(further):
        fuller = [*filled]
        for lower in _further(passages, wording):
            fuller[place] = lines(fuller[place], lower)
            if len(parts := pack(fuller)) == 1 and fits(parts[0]):
                filled[place] = fuller[place]
    return filled


def latest_parts(articles: Sequence[Article], wording: Wording) -> list[Text]:
    """The articles in the order given, each with its first words."""
    if not articles:
        return sentence(wording.say("archive-empty"))
    return listed_parts(wording.say("latest-heading", count=len(articles)), articles, wording)


def sentence(said: str) -> list[Text]:
    """Something said in plain words."""
    return pack((text(said),))


def listed_parts(heading: str, articles: Sequence[Article], wording: Wording) -> list[Text]:
    """The articles in the order given below a heading, each with its first words."""
    cards = (article_card(number, each, wording) for number, each in enumerate(articles, 1))
    return pack((bold(heading), *cards))


def refusal_parts(
    nearest: Sequence[Article], wording: Wording, said: str | None = None
) -> list[Text]:
    """Nothing found; the nearest titles are offered as such, without a link or a number."""
    nothing = text(said or wording.say("nothing-found"))
    if not nearest:
        return pack((nothing,))
    titles = [text(f"• {title(article)}") for article in nearest]
    return pack((nothing, lines(text(wording.say("nearest-heading")), *titles)))


def hit_card(
    number: int,
    article: Article,
    shown: Text,
    wording: Wording,
    folded_from: int = FOLDED_FROM,
) -> Text:
    """An article that answers, and what is shown of the excerpt that does."""
    quoted = quote(shown, expandable=len(shown.plain) > folded_from)
    return lines(_headline(number, article), meta(article, wording), quoted)


def shared_card(article: Article, shown: Text, wording: Wording) -> Text:
    """The same as a message of its own."""
    quoted = quote(shown, expandable=len(shown.plain) > FOLDED_FROM)
    return lines(bold(link(article.link, title(article))), meta(article, wording), quoted)


def _hit_card(number: int, hit: Hit, wording: Wording) -> Text:
    return hit_card(number, hit.article, passage(hit.excerpt, hit.highlight), wording)


def article_card(number: int, article: Article, wording: Wording) -> Text:
    return lines(_headline(number, article), meta(article, wording), text(_opening(article)))


def lines(*several: Text) -> Text:
    """One below the other, without those of which nothing would be seen."""
    present = [line for line in several if not blank(line.plain)]
    return text(*(piece for line in present for piece in (line, "\n"))).stripped()


def _headline(number: int, article: Article) -> Text:
    return text(f"{number}. ", bold(link(article.link, title(article))))


def title(article: Article, longest: int = LONGEST_TITLE) -> str:
    """Its title in one line, its id where nothing of the title would be seen."""
    said = shortened(one_line(article.title), longest)
    return article.id if blank(said) else said


def meta(article: Article, wording: Wording, zone: tzinfo | None = None) -> Text:
    """Its tags, and the day on which it was published."""
    tags = [shortened(one_line(tag), LONGEST_TAG) for tag in article.tags[:SHOWN_TAGS]]
    return text(" · ".join(filter(None, (*tags, day(article, wording, zone)))))


def day(article: Article, wording: Wording, zone: tzinfo | None = None) -> str:
    """The day on which it was published, in `zone` if one is told; empty where nobody knows."""
    return "" if article.published is None else wording.day(article.published, zone)


def _further(passages: Sequence[str], wording: Wording) -> list[Text]:
    """The article's other passages that answer too, the first below a line that says so."""
    shown = [excerpt(words, "", LONGEST_FURTHER).text for words in passages]
    quotes = [quote(each, expandable=True) for each in shown if each.plain.strip()]
    return [lines(text(wording.say("further-passages")), quotes[0]), *quotes[1:]] if quotes else []


def _opening(article: Article) -> str:
    """About two lines of the article's beginning, without the title said once more.

    Where a source gives no titles, the title is the text's first clause.
    """
    opening = one_line(_HEADING_MARK.sub("", plain_passage(article.opening)))
    name = one_line(article.title).rstrip(EDGES)
    if name and opening.casefold().startswith(name.casefold()):
        opening = opening[len(name) :].lstrip(EDGES)
    return narrowed(opening, OPENING_COLUMNS)


def one_line(words: str) -> str:
    """The words as Telegram takes them, white space made single spaces."""
    return " ".join(clean(words).split())
