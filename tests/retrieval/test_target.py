"""Web addresses: whatever they hold, they are taken apart or refused, and shown without secrets."""

from __future__ import annotations

import httpx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from retrieval.errors import FetchError
from retrieval.web.target import LONGEST_SHOWN, joined, origin, parsed, shown

unhurried = settings(deadline=None)

odd = st.text(st.sampled_from("htp:/@?#[]%.\\ 127ax\x00\n\té中\ud800０。")) | st.text()


@given(odd | odd.map("http://".__add__) | odd.map("http://me:secret@".__add__))
@example("http://[::1%]/")
@example("http://xn--/")
@example("http://a/\udcff")
@unhurried
def test_any_text_is_an_address_or_refused(text: str) -> None:
    told = "\n"
    try:
        address = parsed(text)
    except FetchError as error:
        told = str(error)
    else:
        told = shown(address)
        assert address.scheme in ("http", "https")
        assert address.host
        assert parsed(str(address)) == address, "to normalise twice changes nothing"
        assert origin(address).startswith(address.scheme)
    assert told.isprintable()
    assert len(told) < LONGEST_SHOWN + 100


@given(st.binary() | st.binary().map(b"http://".__add__) | st.binary().map(b"//".__add__))
@unhurried
def test_any_location_leads_somewhere_or_is_refused(location: bytes) -> None:
    here = parsed("http://example.org/a/b?c")
    told = ""
    try:
        assert joined(here, location).host
    except FetchError as error:
        told = str(error)
    assert told.isprintable()


@given(st.text(st.characters(exclude_characters="/?#\\"), min_size=6))
@unhurried
def test_no_password_is_shown(password: str) -> None:
    for url in (f"http://me:{password}@example.org/a", f"http://me:{password}@exa mple:x/"):
        assert f"me:{password}" not in shown(url)
        assert "example.org/a" in shown(url) or "mple" in shown(url)
        try:
            assert "me:" not in shown(parsed(url))
        except FetchError as error:
            told = str(error)
            assert f":{password}@" not in told  # both outcomes are looked at


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("http://a.example", "http://A.example.:80/x?y", True),
        ("https://a.example:443", "https://me:secret@a.example/", True),
        ("http://a.example", "https://a.example", False),
        ("http://[::1]/", "http://[::1]:80/a", True),
        ("http://[::1]/", "http://[::1]:8080/a", False),
    ],
)
def test_origins(one: str, other: str, same: bool) -> None:
    assert (origin(parsed(one)) == origin(parsed(other))) == same


def test_an_empty_path_is_a_slash_and_a_fragment_is_dropped() -> None:
    assert str(parsed("http://a.example#x")) == "http://a.example/"
    assert str(parsed(" http://a.example?b#x\n")) == "http://a.example/?b"
    assert shown(httpx.URL("http://me:secret@a.example/b")) == "http://a.example/b"
