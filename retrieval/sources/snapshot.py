"""Saved listing pages in a folder: page chrome, a heading line, then one article excerpt a line.

INCOMING TRANSMISSION        chrome, whatever it says, up to the heading
LATEST UPDATES               the heading
简介 梯度累积 ...              an excerpt, newest first
深度学习                      its category, only when a date follows
2026-03-14                   its ISO date
1 2 3                        page numbers, chrome, only as the last line
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from retrieval.article import Draft
from retrieval.errors import SourceError, UnreadableSource
from retrieval.sources.folders.files import line_after, natural
from retrieval.sources.fragment import link_to_passage
from retrieval.sources.merging import merge_pages
from retrieval.sources.reading import Fetch, Reading, no_fetch

#: Bytes. A listing page is a few thousand; this only keeps a stray disk image out of memory.
LARGEST_PAGE = 16 * 1024 * 1024
#: Characters. A category is a word or two; longer lines before a date are excerpts, and so are
#: those that end as a sentence does.
LONGEST_CATEGORY = 64

_BINARY = "binary data, not text; save the page as text, or set `encoding` of this source"
_SENTENCE_ENDS = tuple("。.…!?！？")
_NEWLINE = re.compile(r"\r\n|\r|\n")
_PAGE_NUMBERS = re.compile(r"^[\s.…«»‹›<>|·-]*\d[\s\d.…«»‹›<>|·-]*$")
_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}\S*)?$", re.ASCII)


@dataclass(frozen=True, slots=True)
class SnapshotReader:
    """Reads a folder of saved listing pages. Any unreadable page fails the whole reading."""

    name: str
    folder: Path
    page_url: str | None = None
    heading: str = "LATEST UPDATES"
    encoding: str = "utf-8"
    pattern: str = "*.txt"
    kind: str = "snapshots"

    def read(self, fetch: Fetch = no_fetch) -> Reading:
        """Read every page and merge them.

        Raises `UnreadableSource`, which names each unreadable file with its line.
        """
        pages: list[list[Draft]] = []
        problems: list[SourceError] = []
        for file in self._files():
            try:
                pages.append(parse_page(self._text(file), self.heading))
            except SourceError as error:
                problems.append(SourceError(error.reason, file=file, line=error.line))
        if problems:
            raise UnreadableSource(self.name, problems)
        drafts = merge_pages(pages)
        if self.page_url:
            drafts = [replace(d, link=link_to_passage(self.page_url, d.text)) for d in drafts]
        return Reading(drafts=tuple(drafts))

    def _files(self) -> list[Path]:
        if not self.folder.is_dir():
            reason = "there is no such folder; set `folder` of this source to where the pages are"
            raise UnreadableSource(self.name, [SourceError(reason, file=self.folder)])
        try:
            found = list(self.folder.glob(self.pattern))
        except (NotImplementedError, ValueError) as error:
            reason = f"`pattern` {self.pattern} is none for the files of a folder: {error}"
            raise UnreadableSource(self.name, [SourceError(reason, file=self.folder)]) from error
        files = [file for file in found if file.is_file() and not file.name.startswith(".")]
        if not files:
            reason = f"no page matches {self.pattern}; put the saved pages here or set `pattern`"
            raise UnreadableSource(self.name, [SourceError(reason, file=self.folder)])
        return sorted(files, key=lambda file: (natural(str(file)), file))

    def _text(self, file: Path) -> str:
        try:
            if file.stat().st_size > LARGEST_PAGE:
                raise SourceError(
                    f"larger than {LARGEST_PAGE >> 20} MiB, so no listing page; move it elsewhere"
                )
            data = file.read_bytes()
        except OSError as error:
            raise SourceError(f"cannot be read: {error.strerror}") from error
        if not data.strip():
            raise SourceError("the file is empty; save the page again", line=1)
        try:
            text = data.decode(self.encoding).removeprefix("\ufeff")
        except (UnicodeError, LookupError) as error:
            line = None
            if isinstance(error, UnicodeDecodeError):
                line = line_after(data[: error.start].decode(self.encoding, "ignore"))
            reason = f"not valid {self.encoding}; save it so, or set `encoding` of this source"
            raise SourceError(_BINARY if b"\0" in data else reason, line=line) from error
        if "\0" in text:
            raise SourceError(_BINARY, line=line_after(text[: text.index("\0")]))
        return text


def parse_page(text: str, heading: str) -> list[Draft]:
    """The drafts of one page in its own order. Raises `SourceError` with the line, without file."""
    lines = list(enumerate(_NEWLINE.split(text), start=1))
    wanted = _plain(heading)
    start = next((i for i, (_, line) in enumerate(lines) if _plain(line) == wanted), None)
    if start is None:
        last = max((number for number, line in lines if line.strip()), default=1)
        reason = f"no line says `{heading}`; set this source's `heading` to the line above the list"
        raise SourceError(reason, line=last)
    body = [(number, line.strip()) for number, line in lines[start + 1 :] if line.strip()]
    if body and _PAGE_NUMBERS.match(body[-1][1]) and not _is_date(body[-1][1]):
        body.pop()
    if not body:
        reason = f"nothing stands below `{heading}`; save the page again, or remove the file"
        raise SourceError(reason, line=lines[start][0])
    return list(_drafts(body))


def _plain(line: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", line).casefold().split())


def _drafts(body: Sequence[tuple[int, str]]) -> Iterator[Draft]:
    position = 0
    while position < len(body):
        number, excerpt = body[position]
        if _is_date(excerpt):
            reason = f"a date ({excerpt}) without an excerpt above it; save the page again"
            raise SourceError(reason, line=number)
        following = [line for _, line in body[position + 1 : position + 3]]
        tags: tuple[str, ...] = ()
        published = None
        position += 1
        if following and _is_date(following[0]):
            published = _moment(*body[position])
            position += 1
        elif (
            len(following) == 2
            and len(following[0]) <= LONGEST_CATEGORY
            and not following[0].endswith(_SENTENCE_ENDS)
            and _is_date(following[1])
        ):
            tags = (following[0],)
            published = _moment(*body[position + 1])
            position += 2
        yield Draft(text=excerpt, published=published, tags=tags)


def _is_date(line: str) -> bool:
    return _DATE.match(unicodedata.normalize("NFKC", line)) is not None


def _moment(number: int, line: str) -> datetime:
    try:
        moment = datetime.fromisoformat(unicodedata.normalize("NFKC", line))
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        reason = f"{line} is no date of the calendar; write it like 2026-03-14, or take it out"
        raise SourceError(reason, line=number) from error
