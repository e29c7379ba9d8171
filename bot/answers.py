"""One page of an answer, and its buttons: what was found, with the archive's texts of now -> part.

Pure. A page is always one message, for it is edited in place: where three excerpts are too long
for that they are shortened round what answers, all alike, and can be asked for whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from telegram import InlineKeyboardMarkup

from bot.buttons import answer_keyboard
from bot.cards import (
    NEAREST_FROM,
    SHOWN_HITS,
    SHOWN_NEWEST,
    article_card,
    hit_card,
    refusal_parts,
    title,
    with_further,
)
from bot.cutting import fits, pack, split
from bot.ledger.answers import GivenAnswer, GivenHit, NewAnswer
from bot.markup import Text, bold, italic, link, text
from bot.passages import FOLDED_FROM, FURTHER_FOLDED_FROM, excerpt, passage
from bot.wording import Wording
from retrieval.article import Article
from retrieval.search.answer import Answer

#: Characters of an excerpt, the most that fit are taken.
_LONGEST = (1200, 900, 600, 300, 150)

#: Excerpts by their ids, each with its article, as the archive has them now.
Texts = Mapping[str, tuple[str, Article]]


@dataclass(frozen=True, slots=True)
class Page:
    """A page of an answer as a message shows it.

    `number` counts from 0. `cut` are the places, among the hits shown, of excerpts that are not
    shown whole; `first` is the place of the first hit whose article is there. `votes` tells whether
    there is something to have an opinion of.
    """

    part: Text
    number: int = 0
    pages: int = 1
    cut: tuple[int, ...] = ()
    first: int | None = None
    like: str | None = None
    votes: bool = True


def given_hits(answer: Answer) -> tuple[GivenHit, ...]:
    """What is kept of an answer."""
    return tuple(
        GivenHit(
            hit.excerpt_id,
            hit.highlight,
            hit.score,
            None if hit.evidence is None else hit.evidence.confidence,
            answer.relevant and hit.relevant,
            hit.more_ids,
        )
        for hit in answer.hits
    )


def texts_of(answer: Answer) -> dict[str, tuple[str, Article]]:
    """The texts that an answer brought along."""
    texts = {}
    for hit in answer.hits:
        texts[hit.excerpt_id] = (hit.excerpt, hit.article)
        texts |= {
            own: (more, hit.article) for own, more in zip(hit.more_ids, hit.more, strict=False)
        }
    return texts


def needed(given: NewAnswer, number: int) -> list[str]:
    """The ids of the excerpts that a page shows."""
    hits, _ = _on_page(given, number)
    return [own for hit in hits for own in (hit.excerpt_id, *hit.more)]


def page_of(
    given: NewAnswer,
    texts: Texts,
    wording: Wording,
    number: int = 0,
    within: Article | None = None,
) -> Page:
    """A page; one beyond the last is the last.

    `within` is the article that the question was to go to first, if it is there. What is not among
    `texts` was withdrawn meanwhile, and is left out with a word.
    """
    hits, number = _on_page(given, number)
    if not _shown(given):
        near = hits if hits and (hits[0].confidence or 0.0) >= NEAREST_FROM else ()
        nearest = [texts[hit.excerpt_id][1] for hit in near if hit.excerpt_id in texts]
        said = None
        if within is not None:
            said = wording.say("nowhere", title=title(within))
        elif given.within is not None:
            said = f"{wording.say('article-gone')}\n\n{wording.say('nothing-found')}"
        return Page(refusal_parts(nearest, wording, said)[0], votes=bool(nearest))
    size = _size(given)
    first = number * size
    pages = -(-len(_shown(given)) // size)
    there = [place for place, hit in enumerate(hits, first) if hit.excerpt_id in texts]
    heading = _heading(given, wording, within)
    if _newest(given):
        cards = [
            article_card(place + 1, texts[hit.excerpt_id][1], wording)
            if hit.excerpt_id in texts
            else _gone(place + 1, wording)
            for place, hit in enumerate(hits, first)
        ]
        part = _one(pack([*heading, *cards]))
        return Page(part, number, pages, votes=False)
    part, cut = _cards(hits, first, texts, heading, wording)
    like = hits[there[0] - first].article_id if there else None
    return Page(part, number, pages, cut, there[0] if there else None, like)


def keyboard_of(page: Page, answer_id: int, wording: Wording) -> InlineKeyboardMarkup | None:
    """The buttons below it."""
    return answer_keyboard(
        answer_id,
        wording,
        page=page.number,
        pages=page.pages,
        cut=page.cut,
        like=None if page.like is None or page.first is None else (page.first, page.like),
        votes=page.votes,
    )


def whole_parts(hit: GivenHit, texts: Texts) -> list[Text] | None:
    """All of a hit's excerpt, in as many messages as it takes; None where it is gone."""
    if hit.excerpt_id not in texts:
        return None
    words, article = texts[hit.excerpt_id]
    return pack([bold(link(article.link, title(article))), passage(words, hit.highlight)])


def _shown(given: NewAnswer) -> tuple[GivenHit, ...]:
    return tuple(hit for hit in given.hits if hit.relevant)


def _newest(given: NewAnswer) -> bool:
    """Whether nothing was asked but filters."""
    return bool(given.hits) and all(hit.confidence is None for hit in given.hits)


def _size(given: NewAnswer) -> int:
    return SHOWN_NEWEST if _newest(given) else SHOWN_HITS


def _on_page(given: NewAnswer, number: int) -> tuple[Sequence[GivenHit], int]:
    """The hits of a page, of a refusal the nearest; and the number of that page."""
    shown, size = _shown(given), _size(given)
    if not shown:
        return given.hits[:size], 0
    number = max(0, min(number, (len(shown) - 1) // size))
    return shown[number * size : (number + 1) * size], number


def _heading(given: NewAnswer, wording: Wording, within: Article | None) -> list[Text]:
    """What is said before the cards."""
    said = []
    if given.within is not None and _shown(given)[0].article_id != given.within:
        told = (
            wording.say("article-gone")
            if within is None
            else wording.say("elsewhere", title=title(within))
        )
        said.append(text(told))
    if _newest(given):
        said.append(bold(wording.say("filtered-heading", count=len(_shown(given)))))
    return said


def _cards(
    hits: Sequence[GivenHit], first: int, texts: Texts, heading: list[Text], wording: Wording
) -> tuple[Text, tuple[int, ...]]:
    """The cards in one message, and the places of those whose excerpt is not whole."""
    cut: list[int] = []
    cards: list[Text] = []
    for longest in _LONGEST:
        cut, cards = [], [*heading]
        for place, hit in enumerate(hits, first):
            if hit.excerpt_id not in texts:
                cards.append(_gone(place + 1, wording))
                continue
            words, article = texts[hit.excerpt_id]
            folded_from = FURTHER_FOLDED_FROM if place else FOLDED_FROM
            shown = excerpt(words, hit.highlight, longest, folded_from)
            cards.append(hit_card(place + 1, article, shown.text, wording, folded_from))
            cut += [place] if shown.cut else []
        if len(parts := pack(cards)) == 1 and fits(parts[0]):
            more = [
                [texts[own][0] for own in hit.more if own in texts]
                if hit.excerpt_id in texts
                else []
                for hit in hits
            ]
            further: list[list[str]] = [*([] for _ in heading), *more]
            return _one(pack(with_further(cards, further, wording))), tuple(cut)
    # A link of two thousand marks that HTML must spell out, three times.
    return _one(pack(cards)), tuple(cut)


def _gone(number: int, wording: Wording) -> Text:
    return text(f"{number}. ", italic(wording.say("hit-gone")))


def _one(parts: Sequence[Text]) -> Text:
    return parts[0] if fits(parts[0]) else split(parts[0])[0]


def question_of(given: GivenAnswer, remembered: str | None) -> str | None:
    """What was asked, as far as anybody still knows."""
    return remembered if remembered is not None else given.question
