"""How sources fare, and what gathering them brought: states, reports -> text and buttons. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.admin.screens import (
    GATHER,
    GATHER_ALL,
    GATHER_ONE,
    SOURCES,
    Reader,
    Screen,
    apart,
    keyboard,
    name_of,
    page_of,
    reason_of,
    to,
    turning,
)
from bot.buttons import in_rows
from bot.cards import lines
from bot.markup import Text, bold, text
from retrieval.archive.fetches import SourceState
from retrieval.gathering import SourceReport
from retrieval.identity import digest

#: Sources on one page, buttons of them, and those of which a report tells the trouble.
_ON_A_PAGE, _CHOICES, _MOST_TROUBLES = 5, 8, 8


def mark_of(source: str) -> str:
    """What a button names a source by, whose name may be too long for it."""
    return digest(source)[:12]


def sources_screen(states: Sequence[SourceState], page: int, reader: Reader) -> Screen:
    """How each source fares."""
    if not states:
        return Screen(text(reader.say("admin-no-sources")), keyboard([], reader.wording))
    page, pages, shown = page_of(states, page, _ON_A_PAGE)
    blocks = [_source(each, reader) for each in shown]
    said = apart(bold(reader.say("admin-sources", count=len(states))), *blocks)
    return Screen(said, keyboard([turning(SOURCES, page, pages)], reader.wording))


def gather_screen(
    names: Sequence[str], under_way: Sequence[str], page: int, reader: Reader
) -> Screen:
    """Which source shall be gathered; none of `names` where nothing is gathered here."""
    if not names:
        return Screen(text(reader.say("admin-gathers-nothing")), keyboard([], reader.wording))
    busy = [text(reader.say("admin-gathering", names=_several(under_way)))] if under_way else []
    page, pages, shown = page_of(names, page, _CHOICES)
    choices = [to(name_of(each), GATHER_ONE, mark_of(each)) for each in shown]
    rows = [
        [to(reader.say("button-gather-all"), GATHER_ALL)],
        *in_rows(choices, 2),
        turning(GATHER, page, pages),
    ]
    said = apart(bold(reader.say("admin-gather-which")), *busy)
    return Screen(said, keyboard(rows, reader.wording))


def gathering_screen(names: Sequence[str], reader: Reader) -> Screen:
    """While these are being gathered."""
    said = text(reader.wording.say("admin-gathering", names=_several(names)))
    return Screen(said, keyboard([], reader.wording))


def gathered_screen(
    names: Sequence[str], reports: Sequence[SourceReport | None], reader: Reader
) -> Screen:
    """What came; `reports` are those of `names`, in their order."""
    taken = [each.intake for each in reports if each is not None and each.intake is not None]
    new, changed = sum(each.new for each in taken), sum(each.changed for each in taken)
    blocks = [bold(reader.say("admin-gathered", names=_several(names)))]
    if taken:
        blocks.append(text(reader.say("admin-came", new=new, changed=changed)))
    troubles = [
        text(f"⚠ {name_of(name)}: {trouble}")
        for name, report in zip(names, reports, strict=True)
        if (trouble := _trouble(report, reader))
    ]
    if troubles:
        blocks.append(lines(*troubles[:_MOST_TROUBLES]))
    if len(troubles) > _MOST_TROUBLES:
        blocks.append(text(reader.say("admin-more-troubles", count=len(troubles) - _MOST_TROUBLES)))
    again = [
        to(reader.say("button-gather"), GATHER, 0),
        to(reader.say("button-sources"), SOURCES, 0),
    ]
    return Screen(apart(*blocks), keyboard([again], reader.wording))


def _source(state: SourceState, reader: Reader) -> Text:
    name = bold(("⚠ " if state.failure else "") + name_of(state.name))
    if not state.kind:
        return lines(name, text(reader.say("admin-source-new")))
    told = [text(reader.say("admin-source-holds", kind=state.kind, articles=state.articles))]
    looked = max(filter(None, (state.gathered_at, state.failed_at)), default=None)
    if looked is not None:
        told.append(text(reader.say("admin-source-looked", moment=reader.moment(looked))))
    if state.brought_at is not None:
        told.append(
            text(reader.say("admin-source-brought", moment=reader.moment(state.brought_at)))
        )
    if state.failure and state.failing_since is not None:
        since, reason = reader.moment(state.failing_since), reason_of(state.failure)
        told.append(text(reader.say("admin-source-fails", since=since, reason=reason)))
    if state.wait_until is not None:
        told.append(text(reader.say("admin-source-waits", moment=reader.moment(state.wait_until))))
    return lines(name, *told)


def _trouble(report: SourceReport | None, reader: Reader) -> str:
    if report is None:
        return reader.say("admin-gather-broken")
    if report.failure is not None:
        return reason_of(str(report.failure))
    if report.waits_until is not None:
        return reader.say("admin-source-waits", moment=reader.moment(report.waits_until))
    return "" if report.cut is None else reason_of(report.cut)


def _several(names: Sequence[str]) -> str:
    """Some of them, in a row."""
    shown = ", ".join(map(name_of, names[:_MOST_TROUBLES]))
    return shown + (f" … +{len(names) - _MOST_TROUBLES}" if len(names) > _MOST_TROUBLES else "")
