"""Links that open the bot at an article or with a question: values <-> payloads of /start. Pure.

A payload has at most 64 characters of A-Z a-z 0-9 _ -: https://core.telegram.org/bots/features
#deep-linking.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from urllib.parse import quote, urlencode, urlsplit

LONGEST_PAYLOAD = 64
#: Characters of what is proposed to be written beside a shared link.
LONGEST_SHARED = 120

_PAYLOAD = re.compile(rf"[A-Za-z0-9_-]{{1,{LONGEST_PAYLOAD}}}")
_ID = re.compile(r"[A-Za-z0-9]{1,16}")
_DIGEST = re.compile(r"[A-Za-z0-9_-]{24}")
#: UTF-8, and what says Chinese with two bytes a character instead of three.
_ENCODINGS = {"q": "utf-8", "g": "gb18030"}


@dataclass(frozen=True, slots=True)
class OpenArticle:
    """Show the article of this id."""

    article_id: str


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """Answer this question."""

    question: str


@dataclass(frozen=True, slots=True)
class OpenRemembered:
    """Answer the question that was too long for a link, if it is remembered by its digest."""

    digest: str


Opening = OpenArticle | OpenQuestion | OpenRemembered


def article_payload(article_id: str) -> str:
    return f"a_{article_id}"


def question_payload(question: str, longest: int = LONGEST_PAYLOAD) -> str | None:
    """What `opening_of` reads as the question, None where it is too long: see `remembered_payload`.

    46 Latin letters fit, or 23 Chinese characters.
    """
    shortest: str | None = None
    for name, encoding in _ENCODINGS.items():
        try:
            written = question.encode(encoding)
        except UnicodeEncodeError:  # halves of surrogate pairs
            continue
        payload = f"{name}_{base64.urlsafe_b64encode(written).decode().rstrip('=')}"
        if shortest is None or len(payload) < len(shortest):
            shortest = payload
    return shortest if question and shortest and len(shortest) <= longest else None


def remembered_payload(question: str) -> str:
    return f"d_{digest_of(question)}"


def digest_of(question: str) -> str:
    """24 characters that stand for a question."""
    made = hashlib.sha256(question.encode("utf-8", "surrogatepass")).digest()[:18]
    return base64.urlsafe_b64encode(made).decode()


def opening_of(payload: str) -> Opening | None:
    """What a payload asks for, None where it is none of ours. Never raises."""
    kind, _, told = payload.partition("_")
    if not _PAYLOAD.fullmatch(payload):
        return None
    if kind == "a" and _ID.fullmatch(told):
        return OpenArticle(told)
    if kind == "d" and _DIGEST.fullmatch(told):
        return OpenRemembered(told)
    if kind in _ENCODINGS:
        try:
            written = base64.urlsafe_b64decode(told + "=" * (-len(told) % 4))
            question = written.decode(_ENCODINGS[kind])
        except (binascii.Error, ValueError):
            return None
        return OpenQuestion(question) if question.strip() else None
    return None


def deep_link(username: str, payload: str) -> str:
    """The link that opens the bot of this name with /start and the payload."""
    return f"https://t.me/{username}?start={payload}"


def payload_in(link: str, username: str) -> str | None:
    """The payload of a link to the bot of this name, None for any other link."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return None
    ours = parts.hostname in ("t.me", "telegram.me") and parts.path.strip("/").lower()
    found = re.fullmatch(r"start=([A-Za-z0-9_-]+)", parts.query)
    return found[1] if found and ours == username.lower() else None


def share_link(link: str, words: str) -> str:
    """What opens Telegram's choice of a chat, to write the link and the words there.

    https://core.telegram.org/api/links#share-links
    """
    told = urlencode(
        {"url": link, "text": words[:LONGEST_SHARED]}, quote_via=quote, errors="replace"
    )
    return f"https://t.me/share/url?{told}"
