"""HTML -> the text of an article: headings, code, formulas and tables kept, the rest plain."""

from __future__ import annotations

import html as entities
import re
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from retrieval.dates import parse_moment
from retrieval.html.blocks import HEADINGS, Block, blocks_of, joined
from retrieval.html.claims import claims_of
from retrieval.html.markup import Element
from retrieval.html.selection import article_blocks, likely_date
from retrieval.identity import columns, folded

_TAG = re.compile(r"<[A-Za-z/!?]")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
#: A bogus one, as browsers have it, would swallow what comes after it.
_STRIPPED = re.compile(r"<[A-Za-z/!?][^<>]*>?")
_FENCE = re.compile(r"^ {0,3}(`{3,})")
_CONTROLS = dict.fromkeys((*range(9), 11, *range(14, 32), 127)) | {12: " "}
_SURROGATE = re.compile("[\ud800-\udfff]")
#: What the parser gives up at; a page as deep as this was built to hurt.
_DEEPEST = 2040
#: In columns (a Chinese character takes two). What says less is a notice, not an article; where the
#: page says that it is an article, and where it asks for a password, other limits hold.
_LEAST = 120
_LEAST_OF_ARTICLE = 40
_MOST_OF_WALL = 600
#: Blocks among which a heading that repeats the title stands.
_LAST_OF_HEAD = 3


@dataclass(frozen=True, slots=True)
class Readable:
    """What a page is about: `text` in the form that `Draft.text` has, never empty.

    `link` is the address the page itself gives as its own (canonical), if any.
    """

    text: str
    title: str | None
    link: str | None
    published: datetime | None
    tags: tuple[str, ...]


def text_of(html: str) -> str:
    """The text of an HTML fragment or document, all of it, in the form that `Draft.text` has.

    May be empty. A text without any tag is given back with its white space tidied and its
    entities decoded. Never raises, in time that grows with the length alone.
    """
    if not _TAG.search(html):
        return _tidied(_ENTITY.sub(lambda entity: entities.unescape(entity[0]), html))
    root = parsed(html)
    if root is None:
        return _tidied(entities.unescape(_STRIPPED.sub(" ", html)))
    return joined(blocks_of(root))


def parsed(html: str) -> Element | None:
    """The tree of a page; None where there is none, or one too deep to be a page."""
    whole = _SURROGATE.sub("\ufffd", html.translate(_CONTROLS)).encode()
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=False)
    try:
        root = etree.fromstring(whole, parser)
    except (etree.LxmlError, ValueError):
        return None
    return None if root is None or _is_too_deep(root) else root


def _is_too_deep(root: Element) -> bool:
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth >= _DEEPEST:
            return True
    return False


def _tidied(text: str) -> str:
    """Plain text with its lines, without the white space around and inside them."""
    lines: list[str] = []
    fence = ""
    for line in text.translate(_CONTROLS).splitlines():
        mark = _FENCE.match(line)
        if fence:
            lines.append(line.rstrip())
            if mark and len(mark[1]) >= len(fence) and not line.strip().strip("`"):
                fence = ""
            continue
        if mark:
            fence = mark[1]
        tidy = " ".join(line.split())
        if tidy or (lines and lines[-1]):
            lines.append(tidy)
    return _SURROGATE.sub("\ufffd", "\n".join(lines).strip())


def readable(html: str, url: str) -> Readable | None:
    """The article on a page, without what stands around it; None where there is none.

    Never raises.
    """
    root = parsed(html)
    if root is None:
        return None
    try:
        claims = claims_of(root, url)
        asks_to_log_in = any(each.get("type") == "password" for each in root.iter("input"))
        published = claims.published or parse_moment(likely_date(root, url) or "")
        blocks = article_blocks(root, url) or _marked_as_article(parsed(html))
    except (etree.LxmlError, RecursionError, ValueError, LookupError, TypeError, AttributeError):
        # Whatever a library trips over in a page that nobody could foresee.
        return None
    text = joined(_without_title(blocks, claims.title))
    least = _LEAST_OF_ARTICLE if claims.is_article else _LEAST
    if columns(text[: _MOST_OF_WALL + 1]) < (_MOST_OF_WALL if asks_to_log_in else least):
        return None
    return Readable(text, claims.title, claims.link, published, claims.tags)


def _marked_as_article(root: Element | None) -> list[Block]:
    """What is in the page's only `article`, else in its only `main`."""
    for tag in ("article", "main"):
        found = [] if root is None else list(root.iter(tag))
        if len(found) == 1:
            return blocks_of(found[0])
    return []


def _without_title(blocks: list[Block], title: str | None) -> list[Block]:
    """Without a heading that only says the title again, and a date or so above or below it."""
    for number, block in enumerate(blocks[:_LAST_OF_HEAD]):
        mark, _, said = block.text.partition(" ")
        if mark in HEADINGS.values() and folded(said) == folded(title or ""):
            below = blocks[number + 1 :]
            return below[1:] if below and parse_moment(below[0].text) else below
        if columns(block.text) > _LEAST:
            break
    return blocks
