"""Web addresses: taken apart, checked, and shown without the secrets in them."""

from __future__ import annotations

import re
from urllib.parse import quote

import httpx

from retrieval.errors import FetchError
from retrieval.web.guard import literal

#: Characters. RFC 9110, 4.1 wants 8000 supported; longer ones are made by mistake or by malice.
LONGEST = 8000
#: Characters of an address in a sentence.
LONGEST_SHOWN = 200

_NAME = re.compile(r"^[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63})*\.?$")
#: As far as the last @ before the path: whatever stands there may be a password.
_SECRET = re.compile(r"^(\s*[A-Za-z][A-Za-z0-9+.-]*:)?//.*@", re.DOTALL)


def parsed(url: str) -> httpx.URL:
    """An http or https address, normalised, without its fragment.

    Raises `FetchError` for whatever cannot be fetched.
    """
    text = url.strip()
    if len(text) > LONGEST:
        raise FetchError(f"{shown(text)} is longer than {LONGEST} characters, so no web address")
    try:
        address = httpx.URL(text)
        # An empty path is "/", and a fragment is no server's business.
        address = address.copy_with(fragment=None, raw_path=address.raw_path)
        readable = address.host
    except (httpx.InvalidURL, ValueError):
        # Its words would quote pieces of the address, which may be those of a password.
        raise FetchError(f"{shown(text)} is not a web address; write it as browsers do") from None
    if address.scheme not in ("http", "https"):
        raise FetchError(f"{shown(text)} is not an address that starts with http:// or https://")
    host = address.raw_host.decode("ascii")
    named = readable and len(host) <= 253 and _NAME.match(host)
    if not named and literal(host) is None:
        raise FetchError(f"{shown(text)} names no host that can exist; write it as browsers do")
    if address.port is not None and not 0 < address.port < 65536:
        raise FetchError(f"{shown(text)} names a port that cannot exist; they end at 65535")
    return address


def joined(address: httpx.URL, location: bytes) -> httpx.URL:
    """Where a Location header leads from an address; it stands in UTF-8 or in anything.

    Raises `FetchError` as `parsed` does.
    """
    try:
        target = location.decode("utf-8").strip()
    except UnicodeDecodeError:
        target = quote(location, safe="".join(map(chr, range(0x21, 0x7F))))
    try:
        return parsed(str(address.join(target)))
    except (httpx.InvalidURL, ValueError):
        raise FetchError(f"{shown(target)} is not a web address") from None


def origin(address: httpx.URL) -> str:
    """Scheme, host and port: whom politeness is owed to."""
    host, port = address.raw_host.decode("ascii").rstrip("."), address.port
    return f"{address.scheme}://{f'[{host}]' if ':' in host else host}{f':{port}' if port else ''}"


def shown(address: str | httpx.URL) -> str:
    """An address for a sentence: no user name and password, not too long, one line."""
    if isinstance(address, httpx.URL):
        address = str(address.copy_with(userinfo=b""))
    elif "@" in address:
        try:
            address = str(httpx.URL(address.strip()).copy_with(userinfo=b""))
        except (httpx.InvalidURL, ValueError):
            address = _SECRET.sub(r"\1//", address)
    text = "".join(c if c.isprintable() else "\ufffd" for c in address)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
