"""What deliveries tell: names in the outbox -> the archive's articles, the ledger's bulletins."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

from bot.ledger import Ledger
from bot.ledger.records import Bulletin, bulletin_of
from retrieval.archive.opening import Archive
from retrieval.article import Article

Told = Article | Bulletin
#: Of these names those that there is (still) something to tell of. Raises `ArchiveError` and
#: `LedgerError`.
Tell = Callable[[Sequence[str]], Awaitable[Mapping[str, Told]]]


def look_up(archive: Archive, ledger: Ledger, names: Sequence[str]) -> Mapping[str, Told]:
    """As `Tell`."""
    numbers = {name: number for name in names if (number := bulletin_of(name)) is not None}
    ids = [name for name in names if name not in numbers]
    found: dict[str, Told] = {**archive.articles.by_id(ids)} if ids else {}
    if numbers:
        bulletins = ledger.bulletins.by_id(numbers.values())
        found |= {name: bulletins[own] for name, own in numbers.items() if own in bulletins}
    return found


def telling(archive: Archive, ledger: Ledger) -> Tell:
    """Looks them up off the event loop."""

    async def tell(names: Sequence[str]) -> Mapping[str, Told]:
        return await asyncio.to_thread(look_up, archive, ledger, names)

    return tell
