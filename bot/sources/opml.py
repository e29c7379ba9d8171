"""Lists of feeds as feed readers exchange them: OPML 2.0 (http://opml.org/spec2.opml).

bytes -> outlines that name a feed, whatever folder they are in; feeds -> one document
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError, SubElement, indent, tostring

from bot.errors import UsageError
from retrieval.web.decoding import decoded

#: Bytes. A thousand feeds take about 200 KB.
LARGEST = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ListedFeed:
    """A feed of such a list; `title` is None where the list has none, `url` is as it stands."""

    url: str
    title: str | None = None


def feeds_of(document: bytes, name: str) -> list[ListedFeed]:
    """The feeds of a document, in its order, an address given twice only once.

    `name` is what to call the document. Raises `UsageError`, with the line where it is broken.
    """
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    if len(document) > LARGEST:
        raise UsageError(f"{name} is larger than {LARGEST >> 20} MiB, so no list of feeds")
    try:
        root = fromstring(decoded(document, markup="xml").strip())
    except ParseError as error:
        line = error.position[0]
        raise UsageError(f"{name}, line {line}: it is no OPML, the XML is broken here") from error
    except DefusedXmlException as error:
        raise UsageError(f"{name} defines entities of its own, which OPML never needs") from error
    if root.tag.rpartition("}")[2].lower() != "opml":
        raise UsageError(f"{name} is no OPML: it begins with <{root.tag}> instead of <opml>")
    found: dict[str, ListedFeed] = {}
    for outline in root.iter():
        given = {key.lower(): " ".join(value.split()) for key, value in outline.attrib.items()}
        if url := given.get("xmlurl"):
            title = given.get("title") or given.get("text") or None
            found.setdefault(url, ListedFeed(url, title))
    return list(found.values())


def document_of(feeds: Iterable[ListedFeed]) -> str:
    """An OPML document of these feeds, ending with a line end."""
    root = Element("opml", version="2.0")
    SubElement(SubElement(root, "head"), "title").text = "archive-bot"
    body = SubElement(root, "body")
    for feed in feeds:
        title = feed.title or feed.url
        SubElement(body, "outline", type="rss", text=title, title=title, xmlUrl=feed.url)
    indent(root)
    text: str = tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'
