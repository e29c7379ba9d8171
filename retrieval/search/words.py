"""The words of a question with every form in which this index may hold them."""

from __future__ import annotations

from retrieval.index.following import OpenIndex
from retrieval.index.questions import Form, Origin, Word, question_words
from retrieval.search.bridge import bridged
from retrieval.search.dictionary import Dictionary


def words_of(text: str, index: OpenIndex, dictionary: Dictionary) -> list[Word]:
    """The words of a question: as they are, completed, translated.

    A Latin word that stands nowhere may be the beginning of words that do.
    """
    words = question_words(text)
    return bridged(
        [word if index.words.stands(word) else _completed(word, index) for word in words],
        text,
        dictionary,
        index.moments.latin,
    )


def _completed(word: Word, index: OpenIndex) -> Word:
    ends = index.words.completions(word.text)
    return word.also(*(Form(frozenset((end,)), Origin.BEGINNING, text=end) for end in ends))
