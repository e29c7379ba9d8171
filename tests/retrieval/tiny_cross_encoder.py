"""A cross-encoder of one layer, with weights set by hand: it sees only a few marks.

A passage scores high, 0.97, where it bears the one mark that the question bears too, less where
it bears others besides, and 0.02 where it does not. No other text makes a difference, so a test
decides the order by planting marks.
"""

from __future__ import annotations

from pathlib import Path

import torch
from sentence_transformers import CrossEncoder
from transformers import BertConfig, BertForSequenceClassification, BertTokenizer

#: Each is a token by itself, wherever it stands, and no word to any search.
MARKS = "§†‡¶"
#: Tokens of question and passage together; what is beyond is cut.
LONGEST = 512

_SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
#: Half the width: each feature is there twice, with both signs, so that all means are zero.
_FEATURES = 16
#: Where the features stand: marks of the token itself, what kind of token it is, what the whole
#: question and the whole passage bear, and what both do.
_OWN, _QUESTION, _PASSAGE, _BOTH, _IN_QUESTION, _IN_PASSAGE = 0, 4, 5, 6, 8, 12
#: Attention of a token by what it is; e to the power of 12 outweighs any passage's length.
_SHARP = 12.0


def tiny_cross_encoder(folder: Path, labels: int = 1) -> Path:
    """Write the model into a folder, as sentence-transformers saves one; with several labels it
    is a classifier.
    """
    vocabulary = {token: number for number, token in enumerate((*_SPECIAL, *MARKS))}
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=2 * _FEATURES,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=len(MARKS),
        max_position_embeddings=LONGEST,
        hidden_act="relu",
        # Beside it all variances are nothing: layer norm then only scales, and by a known factor.
        layer_norm_eps=1e6,
    )
    config.num_labels = labels
    model = BertForSequenceClassification(config)
    for weights in model.parameters():
        weights.requires_grad_(False).zero_()
    _set(dict(model.named_parameters()), [vocabulary[mark] for mark in MARKS])
    model.save_pretrained(folder)
    BertTokenizer(vocab=vocabulary, model_max_length=LONGEST).save_pretrained(folder)
    CrossEncoder(str(folder), local_files_only=True).save(str(folder))
    return folder


def _set(weights: dict[str, torch.Tensor], tokens: list[int]) -> None:
    """Set those weights that are not zero; `tokens` are the marks' numbers."""
    for name in weights:
        if name.endswith("LayerNorm.weight"):
            weights[name].fill_(1e3)
    marks, layer = range(len(tokens)), "bert.encoder.layer.0"
    for mark, token in zip(marks, tokens, strict=True):
        weights["bert.embeddings.word_embeddings.weight"][token] = _feature(_OWN + mark)
    weights["bert.embeddings.token_type_embeddings.weight"][0] = _feature(_QUESTION)
    weights["bert.embeddings.token_type_embeddings.weight"][1] = _feature(_PASSAGE)

    # One head looks at the question and one at the passage: at marks, if there are any.
    for head, (kind, seen) in enumerate(((_QUESTION, _IN_QUESTION), (_PASSAGE, _IN_PASSAGE))):
        first = head * _FEATURES
        # Attention is divided by the root of a head's width.
        weights[f"{layer}.attention.self.query.bias"][first] = _SHARP * _FEATURES**0.5
        key = weights[f"{layer}.attention.self.key.weight"]
        key[first] = _reads(kind, 2.0)
        for mark in marks:
            key[first] += _reads(_OWN + mark)
            weights[f"{layer}.attention.self.value.weight"][first + mark] = _reads(_OWN + mark)
            weights[f"{layer}.attention.output.dense.weight"][:, first + mark] = _feature(
                seen + mark
            )

    # Only what both bear exceeds the threshold.
    for mark in marks:
        both = _reads(_IN_QUESTION + mark) + _reads(_IN_PASSAGE + mark)
        weights[f"{layer}.intermediate.dense.weight"][mark] = both
        weights[f"{layer}.intermediate.dense.bias"][mark] = -1.1
        weights[f"{layer}.output.dense.weight"][:, mark] = _feature(_BOTH)
    weights["bert.pooler.dense.weight"][0] = _reads(_BOTH, 2.0)
    weights["classifier.weight"][:, 0] = 8.0
    weights["classifier.bias"].fill_(-4.0)


def _feature(place: int) -> torch.Tensor:
    """What writes a feature, shape (2 * _FEATURES,)."""
    both = torch.zeros(2 * _FEATURES)
    both[place], both[place + _FEATURES] = 1.0, -1.0
    return both


def _reads(place: int, weight: float = 1.0) -> torch.Tensor:
    """What reads a feature, shape (2 * _FEATURES,)."""
    return _feature(place) * weight / 2
