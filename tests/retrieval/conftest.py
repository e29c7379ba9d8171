"""Archives to test with: real SQLite files, each test with its own."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from retrieval.archive.opening import Archive

#: Opens a new, empty archive.
NewArchive = Callable[[], Archive]


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty archive, migrated once: a copy of it opens in no time."""
    path = tmp_path_factory.mktemp("migrated") / "archive.sqlite3"
    Archive.open(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def new_archive(migrated: Path, tmp_path: Path) -> Iterator[NewArchive]:
    opened: list[Archive] = []

    def new_archive() -> Archive:
        path = tmp_path / f"archive-{len(opened)}.sqlite3"
        shutil.copyfile(migrated, path)
        opened.append(Archive.open(f"sqlite:///{path}"))
        return opened[-1]

    yield new_archive
    for archive in opened:
        archive.close()


@pytest.fixture
def archive(new_archive: NewArchive) -> Archive:
    return new_archive()
