"""A look at a doubtful Chroma folder from a process that may crash: `python -m` this.

Arguments: the folder, the count that belongs there, an .npz file with `ids` and `vectors` that it
must find. Exit status 0: sound. Anything else (also a crash or a hang): damaged.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from retrieval.errors import IndexDamaged
from retrieval.index.vectors import Matrix, VectorIndex

#: Seconds for opening, replaying what Chroma had not written yet, and a few queries.
_PATIENCE = 120.0


def is_sound(folder: Path, count: int, ids: Sequence[str], vectors: Matrix) -> bool:
    """Whether another process could open the folder and find these vectors in it."""
    with tempfile.TemporaryDirectory() as scratch:
        expected = Path(scratch) / "expected.npz"
        np.savez(expected, ids=np.array(list(ids), dtype=np.str_), vectors=vectors)
        command = [sys.executable, "-m", __name__, str(folder), str(count), str(expected)]
        try:
            done = subprocess.run(
                command,
                capture_output=True,
                timeout=_PATIENCE,
                check=False,
                stdin=subprocess.DEVNULL,
            )
        except subprocess.TimeoutExpired:
            return False
    return done.returncode == 0


def main(argv: Sequence[str]) -> int:
    """Check one folder."""
    folder, count, expected = argv
    with np.load(expected) as stored:
        ids, vectors = [str(own) for own in stored["ids"]], stored["vectors"]
    try:
        index = VectorIndex.open(Path(folder))
        index.check(int(count), ids, vectors)
        index.close()
    except IndexDamaged as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
