"""HTML -> the text of an article: headings, code, formulas and tables kept, the rest plain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import lxml.html


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
    """The text of an HTML fragment, all of it, in the form that `Draft.text` has; may be empty."""
    return str(lxml.html.fromstring(f"<div>{html}</div>").text_content()).strip()


def readable(html: str, url: str) -> Readable | None:
    """The article on a page, without what stands around it; None where there is none."""
    text = text_of(html)
    return Readable(text, None, None, None, ()) if text else None
