"""Text fragments: links that land on a passage of a page.

https://wicg.github.io/scroll-to-text-fragment/: `#:~:text=` and a percent-encoded beginning; the
browser scrolls to where the page says just that. The match must end between words, and `-`, `,`
and `&` mean something to the syntax, so they are encoded too.
"""

from __future__ import annotations

import re
from urllib.parse import quote, urldefrag

from retrieval.identity import columns
from retrieval.words import pieces

#: In columns: long enough that no two passages of a page begin alike, short enough for a link.
SHORTEST = 24
LONGEST = 64

_BREAK = re.compile(r"[。!?!?;;:：,，、.)\]）]")


def link_to_passage(page_url: str, passage: str) -> str:
    """The page's address with a fragment that lands on the passage.

    A fragment that the address already had is dropped: an address has one.
    """
    beginning = quote(_beginning(passage), safe="").replace("-", "%2D")
    return f"{urldefrag(page_url).url}#:~:text={beginning}"


def _beginning(passage: str) -> str:
    """The first words of a passage, best ended at a punctuation mark, else between words."""
    text = " ".join(re.sub(r"[\s.…]+$", "", passage).split()) or " ".join(passage.split())
    kept = ""
    best = ""
    for word in pieces(text[: LONGEST + 1]):
        if columns(kept + word) > LONGEST:
            break
        if columns(kept) >= SHORTEST and _BREAK.match(word):
            best = kept
            break
        kept += word
    chosen = (best or kept).strip()
    return chosen or text[: LONGEST // 2]
