"""Works of many, committed together: each gets its own answer, and none spoils the others."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from functools import partial

import pytest
from sqlalchemy import Connection, event, insert, select, text

from bot.errors import LedgerError
from bot.ledger import Ledger
from bot.ledger.schema import seen_updates
from bot.ledger.writing import Writer
from tests.bot.ledger.world import NOW


def note(connection: Connection, number: int) -> int:
    """Write one row; the same number twice is refused."""
    connection.execute(insert(seen_updates).values(update_id=number, at=NOW))
    return number * 10


def noted(ledger: Ledger) -> list[int]:
    return ledger.seen.all()


async def test_each_work_gives_its_own_result_once_it_is_kept(
    ledger: Ledger, another: Ledger
) -> None:
    commits: list[object] = []
    event.listen(ledger.database.engine, "commit", commits.append)
    async with Writer(ledger) as writer:
        first = await writer.do(partial(note, number=1000))
        assert noted(another) == [1000]
        results = await asyncio.gather(*(writer.do(partial(note, number=n)) for n in range(100)))
    assert first == 10_000
    assert results == [n * 10 for n in range(100)]
    assert noted(another) == [1000, *range(100)], "in the order in which they came"
    assert len(commits) < 10, "many at a time"


async def test_a_work_that_fails_spoils_no_other(ledger: Ledger) -> None:
    def wrong(connection: Connection) -> None:
        note(connection, 77)
        raise KeyError("this one alone")

    def refused(connection: Connection) -> None:
        note(connection, 78)
        note(connection, 1)

    async with Writer(ledger) as writer:
        results = await asyncio.gather(
            writer.do(partial(note, number=1)),
            writer.do(wrong),
            writer.do(refused),
            writer.do(partial(note, number=2)),
            return_exceptions=True,
        )
    assert [results[0], results[3]] == [10, 20]
    assert isinstance(results[1], KeyError)
    assert isinstance(results[2], LedgerError)
    assert "\n" not in str(results[2])
    assert noted(ledger) == [1, 2]


async def test_where_nothing_can_be_kept_all_are_told(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Writer(ledger) as writer:
        with monkeypatch.context() as patch:

            @contextlib.contextmanager  # fmt: skip
            def full() -> Iterator[Connection]:
                raise LedgerError("the ledger's database refused: disk full")
                yield

            patch.setattr(ledger.database, "write", full)
            results = await asyncio.gather(
                *(writer.do(partial(note, number=n)) for n in range(3)), return_exceptions=True
            )
        assert [str(each) for each in results] == ["the ledger's database refused: disk full"] * 3
        assert await writer.do(partial(note, number=5)) == 50, "the next one is tried"
    assert noted(ledger) == [5]


async def test_a_connection_that_breaks_keeps_nothing_and_says_so(ledger: Ledger) -> None:
    def breaks(connection: Connection) -> None:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        else:
            connection.connection.driver_connection.close()  # type: ignore[union-attr]
            connection.execute(select(seen_updates)).all()

    async with Writer(ledger) as writer:
        results = await asyncio.gather(
            writer.do(partial(note, number=1)),
            writer.do(breaks),
            writer.do(partial(note, number=2)),
            return_exceptions=True,
        )
        assert [type(each) for each in results] == [LedgerError] * 3
        assert await writer.do(partial(note, number=3)) == 30
    assert noted(ledger) == [3]


async def test_who_asked_and_went_away_is_served_all_the_same(ledger: Ledger) -> None:
    async with Writer(ledger) as writer:
        asking = [asyncio.create_task(writer.do(partial(note, number=n))) for n in range(5)]
        await asyncio.sleep(0)
        for task in asking[:4]:
            task.cancel()
        assert await asking[4] == 40
    assert noted(ledger) == [0, 1, 2, 3, 4]


async def test_closing_does_what_waits_and_takes_nothing_more(ledger: Ledger) -> None:
    async with Writer(ledger) as writer:
        asking = [asyncio.create_task(writer.do(partial(note, number=n))) for n in range(700)]
        await asyncio.sleep(0)
    assert noted(ledger) == list(range(700))
    assert [await task for task in asking] == [n * 10 for n in range(700)]
    with pytest.raises(LedgerError, match="is stopping"):
        await writer.do(partial(note, number=1))


async def test_the_loop_is_free_while_the_disk_is_waited_for(
    ledger: Ledger, another: Ledger
) -> None:
    async with Writer(ledger) as writer:
        with another.database.write():
            asking = asyncio.create_task(writer.do(partial(note, number=1)))
            for _ in range(10):
                await asyncio.sleep(0.001)
            assert not asking.done()
        assert await asking == 10
