"""`archive-bot status`: what there is, without touching any of it."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from bot.assembly import archive_file, index_folder, opened_archive, opened_ledger
from bot.ledger import Ledger
from bot.output import iso, print_json
from config.settings import Settings
from retrieval.archive.opening import Archive
from retrieval.index.home import IndexHome


def run(settings: Settings, arguments: argparse.Namespace) -> int:
    with opened_archive(settings) as archive, opened_ledger(settings) as ledger:
        facts = _facts(settings, archive, ledger)
    if arguments.json:
        print_json(facts)
    else:
        sys.stdout.write(_text(facts))
    return 0


def _facts(settings: Settings, archive: Archive, ledger: Ledger) -> dict[str, Any]:
    counts = archive.articles.counts()
    home = IndexHome(index_folder(settings))
    state = home.peek()
    owner = home.owner()
    return {
        "archive": {
            "file": str(archive_file(settings)),
            "articles": counts.articles,
            "excerpts": counts.excerpts,
        },
        "sources": [
            {
                "name": source.name,
                "kind": source.kind,
                "articles": source.articles,
                "dropped": source.dropped,
                "gathered_at": iso(source.gathered_at),
                "failed_at": iso(source.failed_at),
                "failing_since": iso(source.failing_since),
                "failure": source.failure,
                "waits_until": iso(source.wait_until),
                "moved_to": source.moved_to,
            }
            for source in archive.fetches.states()
        ],
        "index": {
            "folder": str(index_folder(settings)),
            "model": state.model if state else None,
            "excerpts": state.passages if state else 0,
            "changes_behind": archive.changes.end() - (state.cursor if state else 0),
            "owner": str(owner) if owner else None,
        },
        "access": _access(settings, ledger),
        "subscribers": ledger.subscribers.counts(),
        "deliveries": ledger.outbox.counts(),
        "telegram": {
            "token": "set" if settings.telegram.token else "not set",
            "proxy": "set" if settings.telegram.proxy else "not set",
        },
    }


def _access(settings: Settings, ledger: Ledger) -> dict[str, Any]:
    people, chats = ledger.people.invited()
    access = settings.access
    return {
        "mode": access.mode,
        "people": len(access.people),
        "chats": len(access.chats),
        "invited_people": people,
        "invited_chats": chats,
    }


def _text(facts: dict[str, Any]) -> str:
    archive, index, telegram = facts["archive"], facts["index"], facts["telegram"]
    lines = [
        f"archive   {archive['articles']} articles, {archive['excerpts']} excerpts"
        f" ({archive['file']})"
    ]
    for source in facts["sources"]:
        when = source["gathered_at"] or "never"
        held = f"{source['articles']} articles"
        if source["dropped"]:
            held += f" and {source['dropped']} that it dropped"
        lines.append(f"source    {source['name']} ({source['kind']}): {held}, gathered {when}")
        if source["moved_to"]:
            lines.append(f"          moved for good to {source['moved_to']}")
        if source["failure"]:
            lines.append(
                f"          fails since {source['failing_since']}, last {source['failed_at']}:"
                f" {source['failure']}"
            )
        if source["waits_until"]:
            lines.append(f"          its server asked for peace until {source['waits_until']}")
    if index["model"] is None:
        lines.append("index     none yet: it is built by the next gather, ask, chat or run")
    else:
        behind = index["changes_behind"]
        lines.append(
            f"index     {index['excerpts']} excerpts, model {index['model']},"
            f" {f'{behind} changes behind' if behind else 'up to date'} ({index['folder']})"
        )
    lines.append(f"in use    {index['owner'] or 'by nobody'}")
    access = dict(facts["access"])
    mode = access.pop("mode")
    counted = {what.replace("_", " "): count for what, count in access.items()}
    named = "" if mode == "public" else f": {_counted(counted)}"
    lines.append(f"access    {mode}{named}")
    lines.append(f"places    {_counted(facts['subscribers'])}")
    lines.append(f"sent      {_counted(facts['deliveries'])}")
    lines.append(f"telegram  token {telegram['token']}, proxy {telegram['proxy']}")
    return "\n".join(lines) + "\n"


def _counted(counts: dict[str, int]) -> str:
    """As `3 places, 1 asleep`, without what there is none of."""
    return ", ".join(f"{count} {what}" for what, count in counts.items() if count) or "nothing yet"
