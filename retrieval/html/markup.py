"""What one HTML element says of itself: its classes, whether it is ever seen."""

from __future__ import annotations

import re
from typing import Any

#: An element of lxml, which ships no types.
Element = Any

#: Characters that take no room and only get in the way of searching.
INVISIBLE = re.compile("[\u200b\u2060\ufeff\xad]")

#: Never part of what is read.
_UNREAD = frozenset(
    """
    script style noscript template iframe head title textarea button select option datalist
    svg canvas audio video object embed applet map rt rp
    """.split()
)
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
#: Marks by which a heading links to itself and a footnote back to its place.
_MARKS = frozenset("# ¶ § 🔗 ↩ ↩︎ ↩️ ⏎ ^".split())


def classes(element: Element) -> list[str]:
    """The element's classes, as written."""
    return str(element.get("class") or "").split()


def is_unread(element: Element) -> bool:
    """Whether nothing in this element is meant for a reader's eyes.

    Of style sheets' words only `display: none` counts: WeChat's pages come with their whole
    article as `visibility: hidden`, for a script to show.
    """
    hidden = element.get("hidden")
    return (
        element.tag in _UNREAD
        or (hidden is not None and hidden.strip().lower() != "until-found")
        or _HIDDEN.search(element.get("style") or "") is not None
        or (element.tag == "a" and _is_mark(element))
    )


def _is_mark(link: Element) -> bool:
    if "#" not in (link.get("href") or "") or len(link) > 1:
        return False
    said = (link.text or "") + "".join((each.text or "") + (each.tail or "") for each in link)
    return said.strip() in _MARKS
