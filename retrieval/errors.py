"""Everything that `retrieval` raises on purpose.

    RetrievalError
    ├── SourceError           a source could not be read; the archive is as it was
    │   ├── FetchError        an address did not give what was asked of it
    │   └── UnreadableSource  all that could not be read of one source
    ├── ArchiveError          the system of record could not be opened or written
    ├── EmbeddingError        the embedding model could not be had or failed
    ├── RerankingError        the reranking model could not be had, is unfit, or failed
    └── IndexingError         (never raised itself)
        ├── IndexOwned        another process owns the index
        ├── IndexNotReady     the index is still being built or the model still loads
        └── IndexDamaged      a stored index does not answer as it must

The text of each is one or two sentences for the person who runs the bot: what, where, and how to
mend it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


class RetrievalError(Exception):
    """Root of the errors of this package."""


class SourceError(RetrievalError):
    """A source could not be read.

    `file` and `line` (counted from 1) say where, as far as they are known.
    """

    def __init__(self, reason: str, *, file: Path | None = None, line: int | None = None) -> None:
        self.reason = reason
        self.file = file
        self.line = line
        where = "" if file is None else f"{file}: " if line is None else f"{file}, line {line}: "
        super().__init__(f"{where}{reason}")


class FetchError(SourceError):
    """An address did not give what was asked of it; the text names the address.

    `status` is the HTTP status where there was one; `retry_after` how many seconds the server
    asked to be left alone, if it did; `unreachable` tells that no answer came, or not all of it.
    """

    def __init__(
        self,
        reason: str,
        *,
        status: int | None = None,
        retry_after: float | None = None,
        unreachable: bool = False,
    ) -> None:
        self.status = status
        self.retry_after = retry_after
        self.unreachable = unreachable
        super().__init__(reason)

    @property
    def gone(self) -> bool:
        """Whether the server says that there is no such page (any more)."""
        return self.status in (404, 410)

    @property
    def down(self) -> bool:
        """Whether the server itself ails or has had enough: its other pages would fail too."""
        return self.unreachable or self.status == 429 or (self.status or 0) >= 500


class UnreadableSource(SourceError):
    """One source could not be read; `problems` holds one `SourceError` for each place."""

    def __init__(self, source: str, problems: Sequence[SourceError]) -> None:
        self.source = source
        self.problems = tuple(problems)
        super().__init__("\n".join(f"source {source!r}: {problem}" for problem in self.problems))


class ArchiveError(RetrievalError):
    """The archive could not be opened, migrated or written."""


class EmbeddingError(RetrievalError):
    """The embedding model is not installed, cannot be loaded, or failed on a text."""


class RerankingError(RetrievalError):
    """The reranking model cannot be loaded, gives no single score, or failed on a text."""


class IndexingError(RetrievalError):
    """Root of what the index raises."""


class IndexOwned(IndexingError):
    """Another process owns the index folder; the text names it."""


class IndexNotReady(IndexingError):
    """The index cannot answer yet; `progress` is the share that is done (0 to 1), if known."""

    def __init__(self, message: str, *, progress: float | None = None) -> None:
        self.progress = progress
        super().__init__(message)


class IndexDamaged(IndexingError):
    """A stored index does not open, does not count what it should, or does not find itself."""
