"""The kinds of value a setting can hold where `int`, `str` or `Literal` do not say enough.

Each is an annotated type: what it accepts, and beside it the words that say so.
"""

import codecs
import re
import unicodedata
from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr


@dataclass(frozen=True)
class Allowed:
    """Words for what a field allows; they complete "must be ..." and "is not ..."."""

    words: str


def _trimmed(value: Any) -> Any:
    """Empty means unset, so that `TOKEN=${TOKEN:-}` in a compose file does what it looks like."""
    text = value.get_secret_value() if isinstance(value, SecretStr) else value
    return text.strip() or None if isinstance(text, str) else text


def _number(value: Any) -> Any:
    """In Python `True == 1`, but `hits = true` in a file is a slip."""
    if isinstance(value, bool):
        raise ValueError("no number")
    return value


def _lowered(value: Any) -> Any:
    return value.strip().lower() if isinstance(value, str) else value


# Loose on purpose: Telegram promises no length, and its own answer is the real check.
_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]{10,}")

# Printable ASCII as a header takes it, but neither brackets nor the backslash.
_CONTACT = re.compile(r"[ -'*-\[\]-~]{1,200}")


def _token(value: SecretStr | None) -> SecretStr | None:
    if value is not None and not _TOKEN.fullmatch(value.get_secret_value()):
        raise ValueError("no token")
    return value


# What fits a deep link, but not as the bot's own links begin:
# https://core.telegram.org/bots/features#deep-linking
_CODE = re.compile(r"(?![a-z]_)[A-Za-z0-9_-]{8,64}")


def _code(value: SecretStr | None) -> SecretStr | None:
    if value is not None and not _CODE.fullmatch(value.get_secret_value()):
        raise ValueError("no code")
    return value


def _address(text: str, schemes: Container[str]) -> SplitResult:
    """Raises ValueError unless it is an absolute address with a host and a readable port."""
    parts = urlsplit(text)
    # urlsplit drops tabs and line ends silently and reads the port only when asked.
    unreadable = parts.port == 0 or any(c.isspace() or not c.isprintable() for c in text)
    if unreadable or parts.scheme not in schemes or not parts.hostname:
        raise ValueError("no address")
    return parts


def _base_url(value: str | None) -> str | None:
    if value is None:
        return None
    parts = _address(value, {"http", "https"})
    if parts.query or parts.fragment or "@" in parts.netloc:
        raise ValueError("more than host, port and path")
    return value.rstrip("/?#")


def _proxy(value: SecretStr | None) -> SecretStr | None:
    if value is not None:
        parts = _address(value.get_secret_value(), {"http", "https", "socks5", "socks5h"})
        if parts.path not in ("", "/") or parts.query or parts.fragment:
            raise ValueError("more than credentials, host and port")
    return value


def _page_url(value: str | None) -> str | None:
    if value is not None:
        _address(value, {"http", "https"})
    return value


def _address_of_source(value: str) -> str:
    _address(value, {"http", "https"})
    return value


def _contact(value: str | None) -> str | None:
    """It stands in a comment of the user agent, where brackets have a meaning of their own."""
    if value is not None and not _CONTACT.fullmatch(value):
        raise ValueError("no contact")
    return value


def _page_pattern(value: str | None) -> str | None:
    if value is not None and "{page}" not in value:
        raise ValueError("no place for the number")
    return value


def _path(value: Any) -> Any:
    if value == "":
        raise ValueError("no path")
    try:
        return Path(value).expanduser() if isinstance(value, str | Path) else value
    except RuntimeError:  # `~somebody`, who has no home here
        raise ValueError("no such home") from None


def _encoding(value: str | None) -> str | None:
    """Only text encodings: Python also knows codecs such as base64, which read no text."""
    if value is None:
        return None
    try:
        "a".encode(value)
        return codecs.lookup(value).name
    except (LookupError, ValueError):
        raise ValueError("no encoding") from None


def _time_zone(value: str) -> str:
    try:
        return ZoneInfo(value).key
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: the name of a folder of zones
        raise ValueError("no time zone") from None


def _title(value: str) -> str:
    # Cc, Zl, Zp: control characters, line ends, paragraph ends.
    # Cf stays allowed, since emoji are joined with it.
    if any(unicodedata.category(character) in {"Cc", "Zl", "Zp"} for character in value):
        raise ValueError("control characters")
    return value


Token = Annotated[
    SecretStr | None,
    BeforeValidator(_trimmed),
    AfterValidator(_token),
    Allowed("of the form 123456:ABC..."),
]
Code = Annotated[
    SecretStr | None,
    BeforeValidator(_trimmed),
    AfterValidator(_code),
    Allowed("8 to 64 characters of A-Z a-z 0-9 _ -, not beginning like `a_`"),
]
BaseUrl = Annotated[
    str | None,
    BeforeValidator(_trimmed),
    AfterValidator(_base_url),
    Allowed("an address such as https://host, http://host:8081 or https://host/path"),
]
Proxy = Annotated[
    SecretStr | None,
    BeforeValidator(_trimmed),
    AfterValidator(_proxy),
    Allowed("of the form socks5://user:password@host:1080 (or socks5h://, http://, https://)"),
]
PageUrl = Annotated[
    str | None,
    BeforeValidator(_trimmed),
    AfterValidator(_page_url),
    Allowed("an address that starts with http:// or https://"),
]
Address = Annotated[
    str,
    AfterValidator(_address_of_source),
    Allowed("an address that starts with http:// or https://"),
]
PagePattern = Annotated[
    str | None,
    BeforeValidator(_trimmed),
    AfterValidator(_page_pattern),
    Allowed("an address with {page} where the number of the page stands"),
]
Contact = Annotated[
    str | None,
    BeforeValidator(_trimmed),
    AfterValidator(_contact),
    Allowed("up to 200 characters of plain ASCII, none of them a bracket or a backslash"),
]
FilePath = Annotated[Path, BeforeValidator(_path), Allowed("a path")]
Encoding = Annotated[
    str, AfterValidator(_encoding), Allowed("a text encoding that Python knows, such as utf-8")
]
OptionalEncoding = Annotated[
    str | None,
    BeforeValidator(_trimmed),
    AfterValidator(_encoding),
    Allowed("a text encoding that Python knows, such as utf-8"),
]
OptionalText = Annotated[str | None, BeforeValidator(_trimmed)]
Texts = Annotated[
    tuple[Annotated[str, Field(min_length=1)], ...], Allowed('a list of texts, such as ["a", "b"]')
]
TimeZone = Annotated[
    str, AfterValidator(_time_zone), Allowed("a time zone such as Asia/Shanghai, or UTC")
]
Title = Annotated[
    str, AfterValidator(_title), Allowed("1 to 64 characters, none of them control characters")
]
WholeNumber = Annotated[int, BeforeValidator(_number)]
WholeNumbers = Annotated[
    tuple[WholeNumber, ...], Allowed("a list of whole numbers, such as [123456, -1001234567890]")
]
OptionalWholeNumber = Annotated[int | None, BeforeValidator(_number)]
Number = Annotated[float, BeforeValidator(_number)]
OptionalNumber = Annotated[float | None, BeforeValidator(_number)]
LowerCase = BeforeValidator(_lowered)
