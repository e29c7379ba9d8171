"""Archives to test with: real SQLite files, each test with its own."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from retrieval.archive.opening import Archive
from retrieval.web.http import Web
from tests.retrieval.site_gathered import Blog, client
from tests.web_server import Site, web_server

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


@pytest.fixture(scope="session")
def web() -> Iterator[Web]:
    """A client that may reach this machine."""
    web = client()
    yield web
    web.close()


@pytest.fixture(scope="session")
def common_site() -> Iterator[Site]:
    with web_server() as site:
        yield site


@pytest.fixture
def site(common_site: Site) -> Site:
    """A web server; what earlier tests had asked of it is forgotten."""
    common_site.forget()
    return common_site


@pytest.fixture
def blog(archive: Archive, site: Site, web: Web) -> Blog:
    """A feed at `/blog.xml` and an archive that gathers it."""
    return Blog(archive, site, web)
