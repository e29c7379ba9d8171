"""What entries of every feed format share: one-line titles, addresses, tags, and the draft made.

Pure functions; strings may be anything a server sends.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from typing import Literal
from urllib.parse import urljoin, urlsplit

from retrieval.article import Draft
from retrieval.web.decoding import without_controls

#: What shows beside an article; whoever has more fills them for search engines.
MOST_TAGS = 20
#: Characters. Longer ones are sentences, not tags, and are left out.
LONGEST_TAG = 64

_ELEMENTS = frozenset(
    "a abbr acronym address article aside audio b bdi bdo big blockquote body br button caption "
    "center cite code col colgroup dd del details dfn div dl dt em embed figcaption figure font "
    "footer h1 h2 h3 h4 h5 h6 header hr html i iframe img ins kbd label li link main mark math "
    "meta nav nobr object ol p picture pre q ruby rt rp s samp script section small source span "
    "strike strong style sub summary sup svg table tbody td tfoot th thead time tr tt u ul var "
    "video wbr".split()
)
#: Elements that mean something without an end tag.
_LONE = frozenset("br dd dt hr img li p wbr".split())
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)((?:\s[^<>]*)?)/?>")
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")

#: How a string is to be read: as it stands; as HTML; or as RSS leaves it to be guessed.
Markup = Literal["text", "html", "either"]


@dataclass(frozen=True, slots=True)
class Feed:
    """One page of a feed, of any format.

    `home` is the address of the site it belongs to, `next_page` where older entries are, both
    absolute. `drafts` are in the feed's own order.
    """

    title: str | None
    home: str | None
    next_page: str | None
    drafts: tuple[Draft, ...]


def has_markup(text: str) -> bool:
    """Whether a text that may be either is HTML: an HTML element is closed in it, or a lone one.

    `C#<T>`, `a < b` and `the <b> tag` are text.
    """
    return any(name in _ELEMENTS and (closing or name in _LONE) for closing, name, _ in _tags(text))


def _tags(text: str) -> Iterable[tuple[str, str, str]]:
    return ((tag[1], tag[2].lower(), tag[3]) for tag in _TAG.finditer(text))


def one_line(text: str, markup: Markup = "either") -> str | None:
    """A title, tag or name as people read it, on one line; None when nothing is left.

    Of HTML only its own elements go: what looks like one and is none (`C#<T>`) was meant to be
    read. Where it may be either, elements go when they are closed, as feed readers do.
    """
    plain = text
    if markup != "text":
        names = {name for closing, name, _ in _tags(text) if closing} | {"br", "img", "wbr"}
        meant = _ELEMENTS if markup == "html" else names & _ELEMENTS
        plain = unescape(
            _TAG.sub(lambda tag: _seam(tag[2].lower()) if tag[2].lower() in meant else tag[0], text)
        )
    return " ".join(without_controls(plain).split()) or None


def _seam(name: str) -> str:
    return " " if name in ("br", "p", "div", "li", "tr", "hr") else ""


def text_from(text: str, markup: Markup) -> str:
    """The text of an article in the form that `Draft.text` has; plain text keeps its lines."""
    from retrieval.html.readable import text_of

    text = without_controls(text).strip()
    if not text:
        return ""
    if markup == "html" or (markup == "either" and has_markup(text)):
        return without_controls(text_of(text)).strip()
    if markup == "either":
        text = _REFERENCE.sub(lambda reference: unescape(reference[0]), text)
    return without_controls(text).replace("\r\n", "\n").replace("\r", "\n").strip()


def address(link: object, base: str) -> str | None:
    """The absolute http or https address that a link names, or None."""
    if not isinstance(link, str):
        return None
    written = (
        "".join(without_controls(link).strip().splitlines()).replace("\t", "").replace(" ", "%20")
    )
    if not written:
        return None
    try:
        joined = urljoin(base, written)
        parts = urlsplit(joined)
    except ValueError:
        return None
    return joined if parts.scheme in ("http", "https") and parts.hostname else None


def tags_from(names: Iterable[str | None]) -> tuple[str, ...]:
    """Tags, each once whatever its case, in their order."""
    found: dict[str, str] = {}
    for name in names:
        tag = one_line(name) if name else None
        if tag and len(tag) <= LONGEST_TAG and not tag.startswith(("http://", "https://")):
            found.setdefault(tag.casefold(), tag)
    return tuple(found.values())[:MOST_TAGS]


def draft_from(
    *,
    text: str,
    title: str | None,
    link: str | None,
    guid: str | None,
    published: datetime | None,
    updated: datetime | None,
    tags: tuple[str, ...],
) -> Draft | None:
    """The draft of an entry: a title stands in for text; None where there is nothing to know."""
    text = text or title or ""
    if not text and not link:
        return None
    return Draft(
        text=text,
        title=title,
        link=link,
        guid=(without_controls(guid).strip() if guid else None) or None,
        published=published,
        updated=updated,
        tags=tags,
    )


def distinct(drafts: Iterable[Draft | None]) -> tuple[Draft, ...]:
    """The drafts, each once: an entry is listed twice when guid, link and title are the same.

    Where that tells nothing apart (no title, or a title alone), the text must be the same too.
    """
    found: dict[tuple[str | None, ...], Draft] = {}
    for draft in drafts:
        if draft is not None:
            found.setdefault(identity(draft), draft)
    return tuple(found.values())


def identity(draft: Draft) -> tuple[str | None, ...]:
    """What makes two entries of one feed the same entry."""
    named = draft.title is not None and (draft.guid or draft.link)
    return (draft.guid, draft.link, draft.title, None if named else draft.text)
