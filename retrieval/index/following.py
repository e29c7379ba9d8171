"""Following the change log: the index equals the archive, or is being made so."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from retrieval.archive.articles import Passage
from retrieval.archive.chunks import chunked
from retrieval.archive.opening import Archive
from retrieval.archive.vectors import EmbedderRecord
from retrieval.article import Excerpt
from retrieval.embedding import Embedder, Matrix
from retrieval.errors import IndexDamaged, IndexNotReady
from retrieval.index import tokens
from retrieval.index.checking import is_sound
from retrieval.index.home import Generation, IndexHome, State, settled
from retrieval.index.lexical import LexicalIndex
from retrieval.index.moments import Moments
from retrieval.index.spelling import Vocabulary
from retrieval.index.vectors import VectorIndex
from retrieval.progress import Progress, silent

logger = logging.getLogger(__name__)

#: Changes taken at a time, so that a long catching-up is kept in steps.
_STEP = 500
#: Passages embedded between two looks at the clock and two writes to the archive.
_EMBED_STEP = 32
#: Passages from which on it is worth saying how long embedding them will take.
_ESTIMATE_FROM = 32
#: Passages written to a new generation at a time.
_BUILD_STEP = 5_000
#: Vectors that must find themselves before a stored index is trusted.
_PROBES = 3
#: Vectors that the archive's moments are taken from: more change no digit that matters.
_MOMENTS_SAMPLE = 20_000
#: What every model is asked once, to know it by its answer.
_PROBE = "梯度 gradient 0123 — the quick brown fox"


@dataclass(frozen=True, slots=True)
class OpenIndex:
    """What a search needs, all of one generation."""

    vectors: VectorIndex
    words: LexicalIndex
    embedder: EmbedderRecord
    moments: Moments
    vocabulary: Vocabulary


@dataclass(slots=True)
class _Current:
    generation: Generation
    state: State
    vectors: VectorIndex
    words: LexicalIndex


class Follower:
    """The one owner of an index folder: opens or builds the index and keeps it equal to the log.

    `catch_up` and `rebuild` from one thread at a time; `searching` from any.
    """

    def __init__(
        self, archive: Archive, folder: Path, embedder: Embedder, progress: Progress = silent
    ) -> None:
        self._archive = archive
        self._home = IndexHome(folder)
        self.embedder = embedder
        self._progress = progress
        self._lock = threading.Lock()
        self._current: _Current | None = None
        self._record: EmbedderRecord | None = None
        self._measured: tuple[Moments, Vocabulary] | None = None
        self._share = 0.0
        self._stopping = threading.Event()
        self._distrusted = ""

    def start(self, command: str) -> None:
        """Become the owner. Raises `IndexOwned`."""
        self._home.acquire(command)

    @property
    def is_open(self) -> bool:
        """Whether there is an index that searches can use."""
        return self._current is not None

    @property
    def passages(self) -> int:
        """How many passages the open index holds."""
        return self._current.state.passages if self._current else 0

    @property
    def share(self) -> float:
        """How much of what is wanted is embedded, what was embedded long ago included, 0 to 1."""
        return self._share

    def distrust(self, reason: str) -> None:
        """A search found the index damaged: the next catching up builds it anew."""
        self._distrusted = reason

    def stop(self) -> None:
        """End the work under way at its next step; what was embedded is kept. From any thread."""
        self._stopping.set()

    def close(self) -> None:
        """Close what is open and let the folder go."""
        with self._lock:
            if self._current is not None:
                _close(self._current)
                self._current = None
        self._home.release()

    @contextlib.contextmanager
    def searching(self) -> Iterator[OpenIndex]:
        """The index, held still meanwhile. Raises `IndexNotReady` before it was caught up once."""
        with self._lock:
            if self._current is None or self._record is None or self._measured is None:
                raise IndexNotReady("the index is still being built", progress=self._share)
            current, (moments, vocabulary) = self._current, self._measured
            yield OpenIndex(current.vectors, current.words, self._record, moments, vocabulary)

    def catch_up(self, *, for_search: bool = True) -> int:
        """Make the index equal to the archive; returns how many changes it took in.

        Opens, checks and, where it must, rebuilds it first. With `for_search` False the embedding
        model is left alone unless something has to be embedded.
        """
        if self._current is None:
            self._open()
        elif self._distrusted:
            self._build(f"the stored one {self._distrusted}")
        self._distrusted = ""
        assert self._current is not None
        if self._record is None and (for_search or self._model_differs(self._current.state)):
            record = self._recognise()
            if record.id != self._current.state.embedder_id:
                old = self._current.state
                self._build(
                    "the embedding model changed"
                    f" ({old.model}, {old.dimension} dimensions, to"
                    f" {record.model}, {record.dimension})"
                )
        taken = 0
        while changes := self._archive.changes.since(self._current.state.cursor, _STEP):
            self._follow([change.article_id for change in changes], changes[-1].seq)
            taken += len(changes)
        if for_search and (taken or self._measured is None):
            self._measure()
        return taken

    def rebuild(self, reason: str) -> None:
        """Build the index anew and swap it in; nothing is embedded that the archive has."""
        self._build(reason)
        self._measure()

    def _go_on(self) -> None:
        """Before each step that takes long. Raises `IndexNotReady` when told to stop."""
        if self._stopping.is_set():
            raise IndexNotReady("the work was stopped; the next start goes on from there")

    # --- opening ---------------------------------------------------------------------------

    def _open(self) -> None:
        generation = self._home.current()
        if generation is None:
            self._build("there is none yet")
            return
        try:
            self._current = self._trusted(generation)
        except IndexDamaged as error:
            self._build(f"the stored one {error}")

    def _trusted(self, generation: Generation) -> _Current:
        """Open a stored generation after every check that it passes. Raises `IndexDamaged`."""
        state = generation.load()
        if state.tokens != tokens.VERSION:
            raise IndexDamaged("was made by another tokeniser")
        if state.archive != self._archive.changes.identity():
            raise IndexDamaged("belongs to another archive")
        if state.cursor > self._archive.changes.end():
            raise IndexDamaged("knows changes that the archive does not (a restored backup?)")
        if state.writing:
            raise IndexDamaged("was interrupted while it was written")
        probes, matrix = self._probes(state)
        ids = [probe.id for probe in probes]
        if generation.files() != state.files and not is_sound(
            generation.vectors, state.passages, ids, matrix
        ):
            raise IndexDamaged("is damaged: Chroma does not open or misses vectors")
        words = LexicalIndex.open(generation.words)
        if words.count() != state.passages:
            words.close()
            raise IndexDamaged(f"holds words of {words.count()} passages, not {state.passages}")
        words.check(probes, matrix)
        vectors = VectorIndex.open(generation.vectors)
        try:
            vectors.check(state.passages, ids, matrix)
        except IndexDamaged:
            words.close()
            raise  # the folder may hang: it is left, not closed
        return _Current(generation, state, vectors, words)

    def _probes(self, state: State) -> tuple[list[Excerpt], Matrix]:
        """A few passages that have not changed since, with the vectors the archive keeps."""
        later = {c.article_id for c in self._archive.changes.since(state.cursor, _STEP)}
        known = [own for own in self._archive.articles.ids() if own not in later]
        chosen = known[:: max(1, len(known) // _PROBES)][:_PROBES]
        passages = self._archive.articles.passages(chosen)[:_PROBES]
        stored = self._archive.vectors.load(state.embedder_id, [p.text_hash for p in passages])
        there = [p for p in passages if p.text_hash in stored]
        if not there:
            return [], np.zeros((0, state.dimension), np.float32)
        return [p.excerpt for p in there], np.stack([stored[p.text_hash] for p in there])

    # --- the model -------------------------------------------------------------------------

    def _model_differs(self, state: State) -> bool:
        return state.model != self.embedder.model

    def _recognise(self) -> EmbedderRecord:
        if self._record is None:
            self._go_on()  # loading the model takes seconds
            probe = self.embedder.embed_passages([_PROBE])[0]
            self._record = self._archive.vectors.recognise(
                self.embedder.model,
                self.embedder.query_prompt,
                self.embedder.passage_prompt,
                probe,
            )
        return self._record

    def _vectors_of(self, passages: Sequence[Passage]) -> Matrix:
        """The passages' vectors, shape (n, dimension), embedding those the archive lacks."""
        hashes = [passage.text_hash for passage in passages]
        record = self._record
        known = {} if record is None else self._archive.vectors.load(record.id, hashes)
        if (
            record is None
            and self._current is not None
            and not self._model_differs(self._current.state)
        ):
            known = self._archive.vectors.load(self._current.state.embedder_id, hashes)
        missing = {p.text_hash: p.excerpt.text for p in passages if p.text_hash not in known}
        if missing:
            record = self._recognise()
            known = self._archive.vectors.load(record.id, hashes)
            missing = {h: text for h, text in missing.items() if h not in known}
        done, wanted = 0, max(1, len({*hashes}))
        self._share = 1 - len(missing) / wanted
        self._progress("embedding", 0, len(missing))
        for step in chunked(missing.items(), _EMBED_STEP):
            self._go_on()
            vectors = self.embedder.embed_passages([text for _, text in step])
            fresh = dict(zip((h for h, _ in step), vectors, strict=True))
            assert record is not None
            self._archive.vectors.store(record.id, fresh)
            known.update(fresh)
            done += len(step)
            self._share = 1 - (len(missing) - done) / wanted
            self._progress("embedding", done, len(missing))
        if not passages:
            return np.zeros((0, 0), np.float32)
        return np.stack([known[text_hash] for text_hash in hashes])

    def _measure(self) -> None:
        self._go_on()
        record = self._recognise()
        texts, sample = self._archive.vectors.sample(record.id, _MOMENTS_SAMPLE)
        shares = [tokens.latin_share(text) for text in texts]
        moments = Moments.of(sample, shares, self.passages)
        assert self._current is not None
        vocabulary = self._current.words.vocabulary()
        with self._lock:
            self._measured = moments, vocabulary

    # --- writing ---------------------------------------------------------------------------

    def _follow(self, article_ids: Sequence[str], cursor: int) -> None:
        """Take a step of the log in: replace these articles' passages, then move the cursor."""
        assert self._current is not None
        changed = list(dict.fromkeys(article_ids))
        passages = self._archive.articles.passages(changed)
        matrix = self._vectors_of(passages)
        if self._record is not None and self._record.id != self._current.state.embedder_id:
            self._build("the embedding model changed")
            return
        ids = [passage.excerpt.id for passage in passages]
        kept = set(ids)
        gone = [
            own
            for article_id, most in self._archive.articles.most_excerpts(changed).items()
            for own in (f"{article_id}:{ordinal}" for ordinal in range(most))
            if own not in kept
        ]
        try:
            with self._lock:
                current = self._current
                current.generation.save(replace(current.state, writing=True))
                if gone:
                    current.vectors.delete(gone)
                if ids:
                    current.vectors.upsert(ids, matrix)
                current.words.apply(changed, [passage.excerpt for passage in passages], matrix)
                current.state = settled(
                    current.state,
                    current.generation,
                    cursor=cursor,
                    passages=current.words.count(),
                )
                current.generation.save(current.state)
        except IndexDamaged as error:
            self._build(f"the stored one {error}")

    def _build(self, reason: str) -> None:
        """Build a generation from the archive, complete, then swap it in."""
        started = time.monotonic()
        cursor = self._archive.changes.end()
        passages = self._archive.articles.passages(self._archive.articles.ids())
        record = self._recognise()
        self._go_on()
        stored = self._archive.vectors.load(record.id, [p.text_hash for p in passages])
        lacking = len({p.text_hash for p in passages} - set(stored))
        logger.info(
            "building the index: %s; %d passages, of which %d must be embedded%s",
            reason,
            len(passages),
            lacking,
            self._estimate([p for p in passages if p.text_hash not in stored]),
        )
        matrix = self._vectors_of(passages)
        generation = self._home.begin()
        state = State(
            archive=self._archive.changes.identity(),
            embedder_id=record.id,
            model=record.model,
            dimension=record.dimension,
            query_prompt=record.query_prompt,
            passage_prompt=record.passage_prompt,
        )
        vectors = VectorIndex.create(generation.vectors)
        words = LexicalIndex.create(generation.words)
        for start in range(0, len(passages), _BUILD_STEP):
            step = passages[start : start + _BUILD_STEP]
            vectors.upsert([p.excerpt.id for p in step], matrix[start : start + _BUILD_STEP])
            words.apply([], [p.excerpt for p in step], matrix[start : start + _BUILD_STEP])
            self._progress("indexing", start + len(step), len(passages))
        state = settled(state, generation, cursor=cursor, passages=len(passages))
        generation.save(state)
        with self._lock:
            old, self._current = self._current, _Current(generation, state, vectors, words)
            if old is not None:
                _close(old)
            self._home.adopt(generation)
        # The model before this one keeps its vectors: whoever tried another may come back.
        before = [] if old is None else [old.state.embedder_id]
        self._archive.vectors.tidy(keep=[record.id, *before])
        logger.info("index built in %.1f s", time.monotonic() - started)

    def _estimate(self, passages: Sequence[Passage]) -> str:
        """How long embedding these will take, from a timed sample of them."""
        if len(passages) < _ESTIMATE_FROM:
            return ""
        sample = passages[:: len(passages) // 4][:4]
        started = time.monotonic()
        self._vectors_of(sample)
        self._share = 0.0  # four of many are no part of it yet
        seconds = (time.monotonic() - started) / len(sample) * len(passages)
        return f": about {seconds:.0f} s" if seconds < 120 else f": about {seconds / 60:.0f} min"


def _close(current: _Current) -> None:
    with contextlib.suppress(IndexDamaged):  # it may be closed because it is
        current.words.close()
    current.vectors.close()
    with contextlib.suppress(OSError, IndexDamaged):
        # Chroma may have tidied its files since the last write: these are the sound ones.
        state = current.generation.load()
        if not state.writing:
            current.generation.save(replace(state, files=current.generation.files()))
