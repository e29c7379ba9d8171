"""What went wrong on the web, in one sentence each; whatever libraries raise ends here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http import HTTPStatus

import httpcore
import httpx

from retrieval.errors import FetchError
from retrieval.web.bodies import BodyError
from retrieval.web.connecting import DeadlinePassed, Forbidden, UnknownHost
from retrieval.web.freshness import retry_after
from retrieval.web.target import shown


@contextmanager
def in_words(
    address: httpx.URL, first: httpx.URL, deadline: float, timeout: float
) -> Iterator[None]:
    """Say in one sentence what went wrong on the way to an address and back."""
    where = _where(address, first)
    try:
        yield
    except FetchError:
        raise
    except Forbidden as error:
        kind = (
            "a name of a private network"
            if error.address is None
            else (f"at {error.address}, which is no public address")
        )
        raise FetchError(
            f"{where} was not fetched, because {error.host} is {kind}; "
            "set `allow_private` of this source if that is meant"
        ) from error
    except UnknownHost as error:
        raise FetchError(f"{where} could not be fetched: {error}", unreachable=True) from error
    except DeadlinePassed as error:
        raise FetchError(
            f"{where} was given up, because it was not all there after {deadline:.4g} seconds",
            unreachable=True,
        ) from error
    except BodyError as error:
        raise FetchError(f"{where} could not be read: {error}") from error
    except httpcore.ConnectTimeout as error:
        raise FetchError(
            f"{where} could not be fetched: no connection within {timeout:.4g} seconds",
            unreachable=True,
        ) from error
    except httpcore.TimeoutException as error:
        raise FetchError(
            f"{where} could not be fetched: nothing came for {timeout:.4g} seconds",
            unreachable=True,
        ) from error
    except httpcore.ConnectError as error:
        raise FetchError(
            f"{where} could not be fetched: no connection ({error})", unreachable=True
        ) from error
    except httpcore.ProxyError as error:
        raise FetchError(
            f"{where} could not be fetched through the proxy: {error}; see `proxy`",
            unreachable=True,
        ) from error
    except (httpcore.NetworkError, httpcore.RemoteProtocolError) as error:
        raise FetchError(
            f"{where} could not be read to its end: the connection broke ({error})",
            unreachable=True,
        ) from error
    except Exception as error:
        # Four libraries read what a stranger sends (h11, h2, socksio, brotli), and not all that
        # they raise for nonsense is translated by httpcore.
        raise FetchError(
            f"{where} answered with what is not HTTP ({type(error).__name__}: {error})"
        ) from error


def _where(address: httpx.URL, first: httpx.URL) -> str:
    if address == first:
        return shown(address)
    return f"{shown(address)}, to which {shown(first)} redirects,"


def refused(
    address: httpx.URL, first: httpx.URL, status: int, headers: httpx.Headers, now: datetime
) -> FetchError:
    """The error for a status that brings nothing, with what the server says of coming again."""
    try:
        phrase = f" ({HTTPStatus(status).phrase})"
    except ValueError:
        phrase = ""
    wait = retry_after(headers, now)
    asked = f" and asks to be left alone for {wait:.0f} seconds" if wait else ""
    mend = "; open it in a browser, it may have moved" if status in (404, 410) else ""
    return FetchError(
        f"{_where(address, first)} answered with status {status}{phrase}{asked}{mend}",
        status=status,
        retry_after=wait,
    )
