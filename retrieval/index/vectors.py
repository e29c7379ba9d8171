"""Vectors: one Chroma collection in a folder of its own. Ids and vectors only, always our own.

Chroma is a cache here. Its native code may crash the process, hang, or lose rows when its folder
was left half-written (chroma-core/chroma #7238, #7678, #7040), so a folder is only ever opened in
this process after `retrieval.index.home` has reason to trust it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import IndexDamaged
from retrieval.index.native import translated

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.collection_configuration import CreateHNSWConfiguration
    from chromadb.api.models.Collection import Collection

logger = logging.getLogger(__name__)

T = TypeVar("T")
Matrix = NDArray[np.float32]

COLLECTION = "excerpts"
#: Rows in one call; Chroma's own limit (`get_max_batch_size`) is a little above.
_BATCH = 5_000
#: Chroma's HNSW settings. ef_search is fixed at creation: 0.99 of the true 50 nearest of 100,000
#: are found with 400, 0.90 with the default of 100.
_HNSW: CreateHNSWConfiguration = {
    "space": "cosine",
    "ef_search": 400,
    "ef_construction": 200,
    "max_neighbors": 16,
}
#: Seconds that Chroma may take to open a folder and answer; a damaged one may never.
_PATIENCE = 60.0


class VectorIndex:
    """The passages' vectors. Close it before its folder is deleted or opened elsewhere."""

    def __init__(self, client: Client, collection: Collection) -> None:
        self._client = client
        self._collection = collection

    @classmethod
    def create(cls, folder: Path) -> VectorIndex:
        """A new, empty collection in a folder that must not hold one yet."""
        folder.mkdir(parents=True)
        client = _connect(folder)
        collection = client.create_collection(
            COLLECTION, configuration={"hnsw": _HNSW}, embedding_function=None
        )
        return cls(client, collection)

    @classmethod
    def open(cls, folder: Path) -> VectorIndex:
        """The collection in this folder. Raises `IndexDamaged`, also when nothing ever answers."""

        def connect() -> VectorIndex:
            client = _connect(folder)
            return cls(client, client.get_collection(COLLECTION, embedding_function=None))

        return _patiently(connect, f"the vectors in {folder} do not open")

    def upsert(self, ids: Sequence[str], vectors: Matrix) -> None:
        """Add or replace; vectors of shape (len(ids), dimension). Raises `IndexDamaged`."""
        with translated("does not take vectors in"):
            self._upsert(ids, vectors)

    def _upsert(self, ids: Sequence[str], vectors: Matrix) -> None:
        for start in range(0, len(ids), _BATCH):
            self._collection.upsert(
                ids=list(ids[start : start + _BATCH]), embeddings=vectors[start : start + _BATCH]
            )

    def delete(self, ids: Sequence[str]) -> None:
        """Delete; ids that are not there are no error. Raises `IndexDamaged`."""
        with translated("does not delete vectors"):
            for start in range(0, len(ids), _BATCH):
                self._collection.delete(ids=list(ids[start : start + _BATCH]))

    def count(self) -> int:
        """How many vectors there are."""
        return int(self._collection.count())

    def ids(self) -> Iterator[str]:
        """All ids."""
        for start in range(0, self.count(), _BATCH):
            yield from self._collection.get(limit=_BATCH, offset=start, include=[])["ids"]

    def nearest(self, vector: NDArray[np.float32], limit: int) -> list[str]:
        """Ids of the vectors nearest by cosine, nearest first; `vector` of shape (dimension,).

        Raises `IndexDamaged`.
        """
        with translated("does not answer"):
            found = self._collection.query(
                query_embeddings=vector[np.newaxis, :], n_results=limit, include=[]
            )
        return list(found["ids"][0])

    def vectors(self, ids: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """The vectors of these ids that are there, shape (dimension,) each.

        Raises `IndexDamaged`.
        """
        if not ids:
            return {}
        with translated("does not give vectors back"):
            found = self._collection.get(ids=list(ids), include=["embeddings"])
        return dict(zip(found["ids"], np.asarray(found["embeddings"], np.float32), strict=True))

    def check(self, count: int, ids: Sequence[str], vectors: Matrix) -> None:
        """Whether it counts what it should and finds these vectors themselves.

        Raises `IndexDamaged`, also when it does not answer in time.
        """

        def query() -> None:
            if self.count() != count:
                raise IndexDamaged(f"holds {self.count()} vectors where {count} belong")
            for own, vector in zip(ids, vectors, strict=True):
                # Equal passages have equal vectors: some other may stand first, but not above.
                found = self._collection.query(
                    query_embeddings=vector[np.newaxis, :],
                    n_results=1,
                    include=["distances"],
                )
                distances = found["distances"]
                if not found["ids"][0] or distances is None or distances[0][0] > 1e-2:
                    raise IndexDamaged(f"does not find the vector of {own}")

        _patiently(query, "the vectors do not answer")

    def close(self) -> None:
        """Let go of the folder."""
        self._client.close()


def _connect(folder: Path) -> Client:
    # Chroma takes a second to import: not before it is needed.
    import chromadb
    from chromadb.config import Settings

    client = chromadb.PersistentClient(
        str(folder), settings=Settings(anonymized_telemetry=False, allow_reset=False)
    )
    return cast("Client", client)  # typed as an interface without `close`


def _patiently(work: Callable[[], T], complaint: str) -> T:
    """Run in a thread that is left behind if it does not return in time. Raises `IndexDamaged`."""
    results: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:  # Chroma's panics derive from BaseException
            errors.append(error)

    thread = threading.Thread(target=run, name="chroma", daemon=True)
    thread.start()
    thread.join(_PATIENCE)
    if thread.is_alive():
        raise IndexDamaged(f"{complaint}: no answer within {_PATIENCE:.0f} s")
    if errors:
        if isinstance(errors[0], IndexDamaged):
            raise errors[0]
        raise IndexDamaged(f"{complaint}: {errors[0]}") from errors[0]
    return results[0]
