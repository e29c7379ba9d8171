"""Several pages of one listing -> its articles, each once, in an order that respects every page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from retrieval.article import Draft
from retrieval.identity import fingerprint, is_edit, opening_fingerprint
from retrieval.ordering import merge_listings

KeyOf = Callable[[Draft], str | None]


def merge_pages(pages: Sequence[Sequence[Draft]], key_of: KeyOf | None = None) -> list[Draft]:
    """The articles of all pages, each once, in an order that respects every page.

    Drafts for which `key_of` gives the same key are one article; those without a key are told
    apart by their texts. Where pages hold an article in several lengths, the longest is kept;
    whatever else one page lacks is kept from whichever has it.
    """

    def known(draft: Draft) -> str | None:
        return key_of(draft) if key_of else None

    article_of = _group([[draft for draft in page if known(draft) is None] for page in pages])

    def article(draft: Draft) -> str:
        key = known(draft)
        return article_of[fingerprint(draft.text)] if key is None else f"key:{key}"

    merged: dict[str, Draft] = {}
    for page in pages:
        for draft in page:
            key = article(draft)
            merged[key] = _richer(merged[key], draft) if key in merged else draft
    listings = [[article(draft) for draft in page] for page in pages]
    order = merge_listings(listings, {key: draft.published for key, draft in merged.items()})
    return [merged[key] for key in order]


def _richer(one: Draft, other: Draft) -> Draft:
    text = max(one.text, other.text, key=len)
    published = max(filter(None, (one.published, other.published)), default=None)
    return replace(
        one,
        text=text,
        title=one.title or other.title,
        link=one.link or other.link,
        published=published,
        tags=one.tags or other.tags,
    )


def _group(pages: Sequence[Sequence[Draft]]) -> dict[str, str]:
    """Which article each text belongs to, both named by fingerprint.

    Two texts of one page are two articles, however alike they begin: a page lists none twice.
    """
    text_of: dict[str, str] = {}
    pages_of: dict[str, set[int]] = {}
    for number, page in enumerate(pages):
        for draft in page:
            key = fingerprint(draft.text)
            text_of.setdefault(key, draft.text)
            pages_of.setdefault(key, set()).add(number)
    alike: dict[str, list[str]] = {}
    article_of: dict[str, str] = {}
    for key in sorted(text_of, key=lambda key: (-len(text_of[key]), key)):
        longer_ones = alike.setdefault(opening_fingerprint(text_of[key]), [])
        whole = next(
            (
                longer
                for longer in longer_ones
                if is_edit(text_of[longer], text_of[key]) and not pages_of[longer] & pages_of[key]
            ),
            None,
        )
        if whole is None:
            longer_ones.append(key)
            article_of[key] = key
        else:
            pages_of[whole] |= pages_of[key]
            article_of[key] = whole
    return article_of
