"""The vectors themselves, kept in SQL so that an index can be rebuilt without embedding again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import delete, exists, insert, select

from retrieval.archive.chunks import chunked
from retrieval.archive.connect import Database
from retrieval.archive.schema import embedders, excerpts, vectors

Matrix = NDArray[np.float32]

_STORED = np.dtype("<f2")

#: Cosine between two answers of one model to the probe. Threads and processors shift the last
#: bits (1 - cosine below 1e-5); two models, even two versions of one, are far apart (below 0.99).
SAME_MODEL = 0.999


@dataclass(frozen=True, slots=True)
class EmbedderRecord:
    """An embedding model as it answered; `id` names its vectors."""

    id: int
    model: str
    dimension: int
    query_prompt: str
    passage_prompt: str


class VectorStore:
    """Reads and writes vectors. Every method raises `ArchiveError` and is thread-safe."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def recognise(
        self, model: str, query_prompt: str, passage_prompt: str, probe: NDArray[np.float32]
    ) -> EmbedderRecord:
        """The record of the model that answers so, made if there is none yet.

        `probe` is its L2-normalised vector of a fixed sentence, shape (dimension,): weights that
        were exchanged under the same name are another model.
        """
        same = {
            "model": model,
            "dimension": len(probe),
            "query_prompt": query_prompt,
            "passage_prompt": passage_prompt,
        }

        def record(key: int) -> EmbedderRecord:
            return EmbedderRecord(key, model, len(probe), query_prompt, passage_prompt)

        with self._database.write() as connection:
            for row in connection.execute(select(embedders).filter_by(**same)):
                stored = np.frombuffer(row.probe, dtype="<f4")
                if float(stored @ probe) >= SAME_MODEL:
                    return record(row.id)
            fresh = insert(embedders).values(**same, probe=probe.astype("<f4").tobytes())
            return record(connection.execute(fresh.returning(embedders.c.id)).scalar_one())

    def load(self, embedder_id: int, hashes: Iterable[str]) -> dict[str, Matrix]:
        """The stored vectors among these, float32, shape (dimension,) each."""
        found: dict[str, Matrix] = {}
        query = select(vectors.c.text_hash, vectors.c.vector).where(
            vectors.c.embedder_id == embedder_id
        )
        with self._database.read() as connection:
            for chunk in chunked(dict.fromkeys(hashes)):
                for row in connection.execute(query.where(vectors.c.text_hash.in_(chunk))):
                    found[row.text_hash] = np.frombuffer(row.vector, dtype=_STORED).astype(
                        np.float32
                    )
        return found

    def sample(self, embedder_id: int, limit: int) -> tuple[list[str], Matrix]:
        """At most `limit` passages that are there, at random: texts, vectors (n, dimension).

        The same ones each time, as long as the passages are: hashes order them.
        """
        query = (
            select(excerpts.c.text, vectors.c.vector)
            .join(excerpts, excerpts.c.text_hash == vectors.c.text_hash)
            .where(vectors.c.embedder_id == embedder_id)
            .order_by(vectors.c.text_hash)
            .limit(limit)
        )
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        if not rows:
            return [], np.zeros((0, 0), np.float32)
        matrix = np.stack([np.frombuffer(row.vector, dtype=_STORED) for row in rows])
        return [row.text for row in rows], matrix.astype(np.float32)

    def store(self, embedder_id: int, matrix: Mapping[str, Matrix]) -> None:
        """Keep vectors by the hash of their text; those there already stay as they are."""
        with self._database.write() as connection:
            there: set[str] = set()
            for chunk in chunked(matrix):
                query = select(vectors.c.text_hash).where(vectors.c.embedder_id == embedder_id)
                there.update(connection.scalars(query.where(vectors.c.text_hash.in_(chunk))))
            rows = [
                {
                    "embedder_id": embedder_id,
                    "text_hash": text_hash,
                    "vector": vector.astype(_STORED).tobytes(),
                }
                for text_hash, vector in matrix.items()
                if text_hash not in there
            ]
            if rows:
                connection.execute(insert(vectors), rows)

    def tidy(self, keep: Sequence[int]) -> int:
        """Delete the vectors of all embedders but these, and of texts that are no more.

        Returns how many.
        """
        # Not NOT IN: PostgreSQL reads the whole list again for each vector once it outgrows
        # work_mem, 4 MB unless set; this is one look into an index on either database.
        there = exists().where(excerpts.c.text_hash == vectors.c.text_hash)
        with self._database.write() as connection:
            gone = connection.execute(
                delete(vectors).where(vectors.c.embedder_id.not_in(keep) | ~there)
            ).rowcount
            connection.execute(delete(embedders).where(embedders.c.id.not_in(keep)))
        return int(gone)
