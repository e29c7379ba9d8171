"""Where a card tells its date."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from retrieval.dates import parse_moment
from retrieval.sources.listings.elements import Document, Element

#: Characters. A line that tells a date is short: `Posted on March 14, 2026 by Alice in Databases`.
LONGEST = 80

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_CLOCK = (
    r"(?:(?:,?\s+(?:at\s+)?|T)\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?"
    r"(?:\s?[ap]m\b|\s?Z\b|\s?[+-]\d{2}:?\d{2})?)?"
)
_WHOLE = re.compile(
    rf"(?<!\d)(?:(?:19|20)\d\d\s?[-/.年]\s?\d{{1,2}}\s?[-/.月]\s?\d{{1,2}}(?!\d)\s?日?{_CLOCK}"
    rf"|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+(?:19|20)\d\d{_CLOCK}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?[\s-](?:of\s+)?{_MONTH},?[\s-](?:19|20)\d\d{_CLOCK}"
    rf"|\d{{1,2}}[./-]\d{{1,2}}[./-](?:19|20)\d\d{_CLOCK}"
    r"|\d{1,3}\s?(?:秒|分钟|小时|天|日|周|个月|年)之?前|昨天|前天"
    r"|(?:\d{1,3}|an?)\s(?:second|minute|hour|day|week|month|year)s?\sago|yesterday)",
    re.IGNORECASE,
)
#: In a list under a year's heading.
_WITHOUT_YEAR = re.compile(
    rf"\s*(?:(\d{{1,2}})\s?[-/.月]\s?(\d{{1,2}})\s?日?|({_MONTH})\s+(\d{{1,2}})(?:st|nd|rd|th)?"
    rf"|(\d{{1,2}})(?:st|nd|rd|th)?\s+({_MONTH}))\s*",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\s*((?:19|20)\d\d)(?:\s*年)?(?:\s*[(（]\s*\d+\s*(?:篇|posts?)?\s*[)）])?\s*")
_FIRST_WORDS = frozenset(
    "published publish created posted pubdate datepublished datecreated".split()
)
_LATER_WORDS = frozenset("updated modified lastmod datemodified edited".split())
_DATE_WORDS = frozenset({"date", "time", "published", "posted", "datetime"})


def tells_date(element: Element, below_year: bool = False) -> bool:
    """Whether an element looks as if it told a date, by its markup or by its own short text.

    Below the heading of a year, a month and a day alone are a date.
    """
    if element.tag == "time" or _attribute(element):
        return True
    own = _own_words(element)
    if not 2 < len(own) <= LONGEST:
        return False
    named = below_year or not _DATE_WORDS.isdisjoint(element.words)
    return bool(_WHOLE.search(own) or (named and _WITHOUT_YEAR.fullmatch(own)))


def _own_words(element: Element) -> str:
    """The text that stands in an element itself, not in those in it."""
    own = " ".join(child for child in element.children if isinstance(child, str))
    return " ".join(own.split()).strip(" -–—·|:：,()[]")


def _attribute(element: Element) -> str:
    values = element.attributes
    if values.get("datetime"):
        return values["datetime"]
    if values.get("itemprop", "").lower().startswith("date") and values.get("content"):
        return values["content"]
    if not _DATE_WORDS.isdisjoint(element.words):
        return next((v for v in (values.get("title", ""), values.get("data-date", "")) if v), "")
    return ""


def date_in(element: Element, year: int | None = None) -> datetime | None:
    """The moment that an element tells, by its attributes or else in its text.

    `year` is that of the heading above the element, for lists that go by years.
    """
    written = _attribute(element)
    moment = parse_moment(written) if 0 < len(written) <= LONGEST else None
    if moment is not None:
        return moment
    hint = element.attributes.get("title", "")[:LONGEST]
    found = _WHOLE.search(hint)
    if found is not None:
        moment = parse_moment(hint) or parse_moment(found[0])
        if moment is not None:
            return moment
    text = element.text()
    if len(text) > LONGEST or element.elements:
        text = _own_words(element) or text
    if len(text) > 2 * LONGEST:
        return None
    found = _WHOLE.search(text)
    if found is not None:
        return parse_moment(found[0])
    without = _WITHOUT_YEAR.fullmatch(text)
    if without is not None:
        return _of_year(without, year) if year is not None else None
    return parse_moment(text) if element.tag == "time" and 0 < len(text) <= LONGEST else None


def _of_year(found: re.Match[str], year: int) -> datetime | None:
    if found[1]:
        return parse_moment(f"{year}-{int(found[1]):02}-{int(found[2]):02}")
    month, day = (found[3], found[4]) if found[3] else (found[6], found[5])
    return parse_moment(f"{month} {day}, {year}")


def is_only_date(text: str) -> bool:
    """Whether a text says nothing but a date."""
    found = _WHOLE.search(text)
    return bool(found and len(text) - len(found[0]) <= 4) or bool(_WITHOUT_YEAR.fullmatch(text))


def best_date(
    elements: Iterable[Element], year: int | None = None
) -> tuple[datetime, Element] | None:
    """The moment of publication that these elements tell, with the element that tells it."""
    told: list[tuple[int, datetime, Element]] = []
    for element in elements:
        moment = date_in(element, year)
        if moment is not None:
            words = element.words | {element.attributes.get("itemprop", "").lower()}
            later = not _LATER_WORDS.isdisjoint(words) or "pdated" in element.text()[:10]
            first = not _FIRST_WORDS.isdisjoint(words)
            told.append((1 if first and not later else 3 if later else 2, moment, element))
    if not told:
        return None
    _, moment, element = min(told, key=lambda entry: entry[0])
    return moment, element


def years_above(document: Document) -> list[tuple[int, int]]:
    """The headings that say a year alone, as (place in the document, year), in its order."""
    return [
        (element.start, int(found[1]))
        for element in document.elements
        if (found := _YEAR.fullmatch(_own_text(element))) and element.tag != "time"
    ]


def _own_text(element: Element) -> str:
    if element.end - element.start > 5:
        return ""
    text = element.text()
    return text if len(text) <= 20 else ""
