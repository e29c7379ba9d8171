"""What in a card names its tags."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from retrieval.sources.listings.elements import Element

#: Characters. A tag or a category is a word or two.
LONGEST_TAG = 40

TAG_WORDS = frozenset(
    "tag tags category categories label labels topic topics badge chip keyword keywords cat".split()
)
TAG_PATH = re.compile(
    r"/(?:tags?|categor(?:y|ies)|topics?|labels?|search/label)/[^/?#]+/?$"
    r"|[?&](?:tag|category|cat|label|topic)=[^&#]+",
    re.IGNORECASE,
)
_TAG_LABEL = re.compile(
    r"^(?:(?:tags?|tagged|filed under|posted in|categor(?:y|ies|i[sz]ed)(?: as)?|labels?|topics?|in"
    r"|标签|分类于?|分類)(?:\s*[:：]\s*|\s+|$)|分类于)",
    re.IGNORECASE,
)
_TAG_PARTING = re.compile(r"\s*[,，、|/·•;；]\s*|\s+#|^#|\s{2,}")


def tag_texts(element: Element, without: Collection[Element] = ()) -> list[str]:
    """The tags that an element names, without a word such as `Tags:` before them."""
    text = _TAG_LABEL.sub("", element.text(without).strip())
    return [part for part in _TAG_PARTING.split(text) if part]


def distinct(tags: Sequence[str]) -> tuple[str, ...]:
    """The tags in their order, each once, bare of signs around them; what is too long is none."""
    plain = (" ".join(tag.split()).strip("#,，、·|[]() ") for tag in tags)
    return tuple(dict.fromkeys(tag for tag in plain if tag and len(tag) <= LONGEST_TAG))
