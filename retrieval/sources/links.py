"""What an address tells by itself: whose it is, and whether an article can stand there."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urljoin, urlsplit

#: Names of pages that list, explain or serve articles without being one.
_LISTING_SEGMENTS = frozenset("category categories feed feeds label tag tags".split())
_LISTING_QUERIES = frozenset("author cat category label page paged tag topic".split())
_LISTING_PATHS = frozenset(
    "404 404.html about about.html about-us archive archive.html archives archives.html articles "
    "author authors blog contact contact.html friends home index index.htm index.html index.php "
    "links login post posts privacy projects search search.html sitemap tags.html terms".split()
)
_NO_PAGE = re.compile(
    r"\.(?:atom|avif|bmp|css|csv|gif|gz|ico|jpe?g|js|json|m4a|mov|mp3|mp4|ogg|pdf|png|rdf|rss|svg"
    r"|tiff?|txt|webm|webmanifest|webp|xml|xsl|zip)$",
    re.IGNORECASE,
)
_PAGE_OF_LISTING = re.compile(r"(?:^|/)page/?\d+$", re.IGNORECASE)
_ARCHIVE_OF_TIME = re.compile(r"^(?:archives?/)?(?:19|20)\d\d(?:/\d\d){0,2}$", re.IGNORECASE)


def absolute(written: str, base: str) -> str | None:
    """The http or https address that `written` names on the page at `base`, if any."""
    if not written.strip():
        return None
    try:
        address = urljoin(base, written.strip())
        return address if urlsplit(address).scheme in ("http", "https") else None
    except ValueError:
        return None


def may_be_article(address: str) -> bool:
    """Whether an address is not clearly that of a home page, a listing, a feed or an image."""
    parts = urlsplit(address)
    path = parts.path.strip("/").lower()
    segments = path.split("/")
    return not (
        (path == "" and not parts.query)
        or (len(segments) == 1 and not _LISTING_QUERIES.isdisjoint(dict(parse_qsl(parts.query))))
        or path in _LISTING_PATHS
        or not _LISTING_SEGMENTS.isdisjoint(segments)
        or _NO_PAGE.search(path)
        or _PAGE_OF_LISTING.search(path)
        or _ARCHIVE_OF_TIME.match(path)
    )


def related_hosts(one: str, other: str) -> bool:
    """Whether two addresses are of one host, or the host of one is a part of the other's."""
    first, second = _host(one), _host(other)
    if not first or not second:
        return False
    shorter, longer = sorted((first, second), key=len)
    return first == second or ("." in shorter and longer.endswith(f".{shorter}"))


def _host(address: str) -> str:
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "") if parts.scheme in ("http", "https") else ""
    except ValueError:
        return ""
    return host.removeprefix("www.").rstrip(".")
