"""What a page says of itself: its title, its address, when it was published, its tags."""

from __future__ import annotations

import html as entities
import json
import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

from retrieval.dates import parse_moment
from retrieval.html.markup import INVISIBLE, Element, classes

#: Characters: longer titles are no titles, longer tags no tags.
LONGEST_TITLE = 300
LONGEST_TAG = 64
MOST_TAGS = 20
#: Characters, and objects looked into, of a page's linked data.
_LONGEST_DATA = 500_000
_MOST_OBJECTS = 2_000
_MOST_WORDS = 100

_PUBLISHED = (
    "article:published_time", "og:published_time", "og:article:published_time", "datepublished",
    "datecreated", "publishdate", "pubdate", "publish_time", "publish-date", "publication_date",
    "citation_publication_date", "parsely-pub-date", "sailthru.date", "dc.date.issued", "dc.date",
    "dcterms.created", "date", "weibo: article:create_at", "apub:time",
)  # fmt: skip
#: Lines below a title that say when, by their class, and the dates they say it with.
_DATELINE = re.compile(r"(?:^|[\s_-])(?:date|time|meta|info|publish\w*|posted)(?:$|[\s_-])", re.I)
_DATE = re.compile(
    r"(?P<told>\d{4}\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}日?(?:[\sT]{1,2}\d{1,2}:\d{2}(?::\d{2})?)?"
    r"|\b[A-Z][a-z]{2,8}\.? \d{1,2}, \d{4}\b|\b\d{1,2} [A-Z][a-z]{2,8} \d{4}\b)"
)
_MOST_DATELINES = 20
_LONGEST_DATELINE = 120
#: Of the page's title, a heading that says less is the site's or a section's name.
_LEAST_OF_TITLE = 0.4
_SEPARATORS = re.compile(r"[,，、;；|]")
_ARTICLE = re.compile(r"(?:Article|Posting|Report)$")


@dataclass(frozen=True, slots=True)
class Claims:
    """What the page told; None and nothing where it did not. `is_article` if it says it is one."""

    title: str | None
    link: str | None
    published: datetime | None
    tags: tuple[str, ...]
    is_article: bool


@dataclass(slots=True)
class _Found:
    """What stands where in the page, in the page's order, gathered in one walk."""

    metas: dict[str, list[str]] = field(default_factory=dict)
    canonical: str | None = None
    base: str | None = None
    title: str | None = None
    headings: list[Element] = field(default_factory=list)
    times: list[Element] = field(default_factory=list)
    datelines: list[str] = field(default_factory=list)
    tag_links: list[str] = field(default_factory=list)
    articles: int = 0
    linked: list[dict[str, Any]] = field(default_factory=list)


def claims_of(root: Element, url: str) -> Claims:
    """What the page at `url` says of itself. Nothing here fails on a page that lies."""
    found = _found(root)
    linked = [each for each in found.linked if _is_article(each)]
    kinds = found.metas.get("og:type", [])
    return Claims(
        title=_title(found, linked),
        link=_link(found, url),
        published=_published(found, linked),
        tags=_tags(found, linked),
        is_article=bool(linked) or found.articles > 0 or "article" in kinds,
    )


def _found(root: Element) -> _Found:
    found = _Found()
    for element in root.iter(
        *("meta", "link", "base", "title", "h1", "h2", "h3", "time", "a", "article", "script"),
        *("abbr", "span", "div", "p", "em", "li"),
    ):
        tag = element.tag
        if tag == "meta":
            name = element.get("property") or element.get("name") or element.get("itemprop") or ""
            content = " ".join((element.get("content") or "").split())
            if content:
                found.metas.setdefault(name.strip().lower(), []).append(content)
        elif tag == "link" and found.canonical is None:
            if "canonical" in (element.get("rel") or "").lower().split():
                found.canonical = element.get("href")
        elif tag == "base":
            found.base = found.base or element.get("href")
        elif tag == "title" and found.title is None:
            found.title = _said(element)
        elif tag in ("h1", "h2", "h3"):
            found.headings.append(element)
        elif tag == "article":
            found.articles += 1
        elif tag == "script":
            if (element.get("type") or "").lower().strip() == "application/ld+json":
                found.linked.extend(_objects(element.text or ""))
        elif tag == "a":
            if "tag" in (element.get("rel") or "").split():
                found.tag_links.append(_said(element).lstrip("#＃ "))
        elif tag == "time" or "datePublished" in (element.get("itemprop") or ""):
            found.times.append(element)
        elif len(found.datelines) < _MOST_DATELINES and _DATELINE.search(
            element.get("class") or ""
        ):
            found.datelines.append(_said(element)[:_LONGEST_DATELINE])
    return found


def _said(element: Element) -> str:
    """Its text; of what holds more than a few words, the first of them."""
    return " ".join("".join(islice(element.itertext("*"), _MOST_WORDS)).split())


def _objects(text: str) -> Iterator[dict[str, Any]]:
    """Every object in a piece of linked data, outermost first."""
    if len(text) > _LONGEST_DATA:
        return
    try:
        waiting = deque([json.loads(text, strict=False)])
    except (ValueError, RecursionError):
        return
    for _ in range(_MOST_OBJECTS):
        if not waiting:
            return
        value = waiting.popleft()
        if isinstance(value, dict):
            yield value
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)


def _is_article(linked: dict[str, Any]) -> bool:
    kinds = linked.get("@type")
    return any(
        isinstance(kind, str) and _ARTICLE.search(kind)
        for kind in (kinds if isinstance(kinds, list) else [kinds])
    )


def _texts(value: Any) -> list[str]:
    texts = value if isinstance(value, list) else [value]
    return [entities.unescape(text) for text in texts if isinstance(text, str) and text.strip()]


def _title(found: _Found, linked: list[dict[str, Any]]) -> str | None:
    """What the data say, without the site's name where a heading has the same without it."""
    told = [text for each in linked for text in _texts(each.get("headline"))]
    told += [*found.metas.get("og:title", ()), *found.metas.get("twitter:title", ())]
    title = next((text for text in map(_tidy_title, told) if text), None)
    page = _tidy_title(found.title or "")
    headings = [(each.tag, _tidy_title(_said(each))) for each in found.headings[:_MOST_WORDS]]
    named = title or page or ""
    within = [text for _, text in headings if text and text.casefold() in named.casefold()]
    if within and len(longest := max(within, key=len)) >= _LEAST_OF_TITLE * len(named):
        return longest
    first = [text for tag, text in headings if text and tag == "h1"]
    return title or (first[0] if len(first) == 1 else None) or page


def _tidy_title(text: str) -> str | None:
    text = " ".join(INVISIBLE.sub("", text).split()).strip(" #¶")
    return text if 0 < len(text) <= LONGEST_TITLE else None


def _link(found: _Found, url: str) -> str | None:
    """The canonical address; one that is the site's front page belongs to no article on it."""
    for told in (found.canonical, *found.metas.get("og:url", ())):
        if not (told or "").strip():
            continue
        try:
            base = urljoin(url, (found.base or "").strip())
            link: str = urldefrag(urljoin(base, str(told).strip())).url
            parts = urlsplit(link)
            is_front = parts.path in ("", "/") and not parts.query
            asked = urlsplit(url)
            asked_front = asked.path in ("", "/") and not asked.query
        except ValueError:
            continue
        if parts.scheme in ("http", "https") and parts.hostname and (asked_front or not is_front):
            return link
    return None


def _published(found: _Found, linked: list[dict[str, Any]]) -> datetime | None:
    told: Iterable[str] = (
        *(text for each in linked for text in _texts(each.get("datePublished"))),
        *(content for name in _PUBLISHED for content in found.metas.get(name, ())),
        *(text for each in found.linked for text in _texts(each.get("pubDate"))),
        *(text for each in found.linked for text in _texts(each.get("datePublished"))),
        *_times(found.times),
        *(match["told"] for line in found.datelines if (match := _DATE.search(line))),
    )
    return next((moment for text in told if (moment := parse_moment(text))), None)


def _times(elements: list[Element]) -> list[str]:
    """What elements for moments say, those that are named for it first, none of changes."""
    named: list[str] = []
    other: list[str] = []
    for element in elements:
        around = (element, *islice(element.iterancestors(), 2))
        names = [element.get("itemprop") or "", *(n for each in around for n in classes(each))]
        about = " ".join(names).lower()
        says_published = "publish" in about or element.get("pubdate") is not None
        if not says_published and ("modif" in about or "updat" in about):
            continue
        told = element.get("datetime") or element.get("content")
        if not told and element.tag == "abbr":
            told = element.get("title")
        told = told or _said(element)
        (named if says_published else other).append(told)
    return named or other[:1]


def _tags(found: _Found, linked: list[dict[str, Any]]) -> tuple[str, ...]:
    """From the first place that has any: they rarely agree, and the site's own words come last."""
    keywords = [text for each in linked for text in _texts(each.get("keywords"))]
    for told in (
        found.metas.get("article:tag", []),
        [word for text in keywords for word in _SEPARATORS.split(text)],
        found.tag_links,
        [word for text in found.metas.get("keywords", ()) for word in _SEPARATORS.split(text)],
    ):
        tags: dict[str, str] = {}
        for word in told:
            tag = " ".join(word.split())
            if 0 < len(tag) <= LONGEST_TAG:
                tags.setdefault(tag.casefold(), tag)
        if tags:
            return tuple(tags.values())[:MOST_TAGS]
    return ()
