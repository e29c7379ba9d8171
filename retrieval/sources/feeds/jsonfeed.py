"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/) -> drafts."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from retrieval.article import Draft
from retrieval.dates import parse_moment
from retrieval.errors import SourceError
from retrieval.sources.feeds.entries import (
    Feed,
    address,
    distinct,
    draft_from,
    one_line,
    tags_from,
    text_from,
)
from retrieval.sources.feeds.envelope import MOST_ENTRIES

logger = logging.getLogger(__name__)


def parse_json(text: str, url: str, now: datetime | None = None) -> Feed:
    """The feed that a JSON text holds; relative links start at `url`, which errors name.

    Raises `SourceError` when it is no JSON, or JSON that is no feed.
    """
    feed = _loaded(text, url)
    version = feed.get("version") if isinstance(feed, dict) else None
    if not (isinstance(version, str) and "jsonfeed.org" in version):
        raise SourceError(
            f"{url} is JSON but no JSON Feed (its `version` names none); "
            "set `url` of this source to its feed"
        )
    items = feed.get("items")
    if not isinstance(items, list):
        raise SourceError(f"{url} is a JSON Feed without a list of `items`; nothing can be read")
    if len(items) > MOST_ENTRIES:
        logger.warning("%s lists more than %d entries; the rest is left", url, MOST_ENTRIES)
    return Feed(
        title=one_line(_text(feed, "title"), "text"),
        home=address(feed.get("home_page_url"), url),
        next_page=address(feed.get("next_url"), url),
        drafts=distinct(_draft(item, url, now) for item in items[:MOST_ENTRIES]),
    )


def _loaded(text: str, url: str) -> Any:
    try:
        return json.loads(text)
    except RecursionError as error:
        raise SourceError(f"{url} is JSON nested too deeply to be a feed") from error
    except json.JSONDecodeError as error:
        if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string"):
            raise SourceError(
                f"{url} ends in the middle, so nothing of it was taken; "
                "it is fetched again next time"
            ) from error
        raise SourceError(
            f"{url} is not valid JSON: {error.msg} in line {error.lineno}; "
            "its publisher must mend it"
        ) from error
    except ValueError as error:  # a number of more digits than Python takes
        raise SourceError(f"{url} is JSON with a number too long to read") from error


def _text(item: Mapping[str, Any], key: str) -> str:
    """A string value; numbers, which 1.0 allowed for ids, as written; anything else is nothing."""
    value = item.get(key)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value)


def _draft(item: object, url: str, now: datetime | None) -> Draft | None:
    if not isinstance(item, dict):
        return None
    text = (
        text_from(_text(item, "content_html"), "html")
        or text_from(_text(item, "content_text"), "text")
        or text_from(_text(item, "summary"), "text")
    )
    updated = parse_moment(_text(item, "date_modified"), now)
    tags = item.get("tags")
    return draft_from(
        text=text,
        title=one_line(_text(item, "title"), "text"),
        link=address(item.get("url"), url) or address(item.get("external_url"), url),
        guid=_text(item, "id"),
        published=parse_moment(_text(item, "date_published"), now) or updated,
        updated=updated,
        tags=tags_from(
            tag for tag in (tags if isinstance(tags, list) else ()) if isinstance(tag, str)
        ),
    )
