"""Keeping secrets out of text that people, files and log collectors get to see."""

import re
from collections.abc import Callable, Iterable
from functools import partial
from urllib.parse import quote

MASK = "***"

# Telegram's own form is "123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11" (core.telegram.org/bots/api,
# "Authorizing your bot"); the method's address puts "bot" before it. Alone it must be as long as
# real ones are, so that no time of day or port is taken for one.
_TOKEN_IN_ADDRESS = r"(?<=bot)\d+(?::|%3A)[\w-]{10,}"
_TOKEN_ALONE = r"\b\d{6,}(?::|%3A)[A-Za-z0-9_-]{30,}"
_CREDENTIALS_IN_ADDRESS = r"(?<=://)[^\s/@:]*:[^\s/@]+(?=@)"
_SHAPES = (_TOKEN_IN_ADDRESS, _TOKEN_ALONE, _CREDENTIALS_IN_ADDRESS)


def redaction(secrets: Iterable[str] = ()) -> Callable[[str], str]:
    """A function that puts `***` for each secret, and for whatever has the shape of one.

    Secrets are also found percent-encoded, as they stand in addresses. Empty ones are ignored.
    """
    forms = {form for secret in secrets if secret for form in (secret, quote(secret, safe=""))}
    # The longest first: a secret that begins with another one must not leave its tail behind.
    literal = [re.escape(form) for form in sorted(forms, key=len, reverse=True)]
    return partial(re.compile("|".join([*literal, *_SHAPES])).sub, MASK)
