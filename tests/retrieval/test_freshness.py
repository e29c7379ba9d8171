"""Times in headers: whatever is said, a bounded number of seconds comes of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.web.freshness import LONGEST_WAIT, fresh_for, moment, retry_after

NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)

said = st.text(st.characters(min_codepoint=32, max_codepoint=126)) | st.sampled_from(
    [
        "max-age=5",
        "no-store",
        "max-age=",
        "Wed, 21 Oct 2015 07:28:00 GMT",
        "31 Dec 9999 23:59 -1200",
    ]
)


@given(said, said, said, said, said)
@settings(deadline=None)
def test_anything_may_be_said(a: str, b: str, c: str, d: str, e: str) -> None:
    headers = httpx.Headers(
        {"Cache-Control": a, "Expires": b, "Date": c, "Age": d, "Retry-After": e}
    )
    assert 0 <= fresh_for(headers, NOW) <= LONGEST_WAIT
    wait = retry_after(headers, NOW)
    assert wait is None or 0 <= wait <= LONGEST_WAIT


def test_dates_go_by_our_clock_where_the_server_tells_no_time() -> None:
    later = format_datetime(NOW + timedelta(seconds=90), usegmt=True)
    assert retry_after(httpx.Headers({"Retry-After": later}), NOW) == 90
    assert fresh_for(httpx.Headers({"Expires": later}), NOW) == 90


@pytest.mark.parametrize(
    "text",
    [
        "Wed, 21 Oct 2015 07:28:00 GMT",
        "Wednesday, 21-Oct-15 07:28:00 GMT",
        "Wed Oct 21 07:28:00 2015",
        "Wed, 21 Oct 2015 09:28:00 +0200",
    ],
)
def test_dates_in_every_form_of_rfc_9110(text: str) -> None:
    assert moment(text) == datetime(2015, 10, 21, 7, 28, tzinfo=UTC)


def test_several_headers_of_one_name_are_one() -> None:
    headers = httpx.Headers([("Cache-Control", "max-age=60"), ("Cache-Control", "no-cache")])
    assert fresh_for(headers, NOW) == 0
