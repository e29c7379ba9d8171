"""Terms of computing and machine learning, Chinese and English, that CC-CEDICT lacks.

`terms.tsv` is this project's own: a term a line, Chinese, a tab, English phrases, usual one first.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources


def terms() -> Iterator[tuple[str, list[str]]]:
    """Each Chinese term with its English phrases."""
    text = resources.files(__package__).joinpath("terms.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            chinese, _, english = line.partition("\t")
            yield chinese, english.split("; ")
