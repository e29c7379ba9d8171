"""The words of a question with every form in which this index may hold them."""

from __future__ import annotations

from retrieval.index.commonness import expected
from retrieval.index.following import OpenIndex
from retrieval.index.questions import Form, Origin, Word, pieces, question_words
from retrieval.search.bridge import bridged
from retrieval.search.dictionary import Dictionary
from retrieval.search.taiwan import Reading, reading

#: What the beginning of a longer word is worth.
_BEGINNING = 0.7


def reading_of(text: str, index: OpenIndex) -> Reading:
    """A question in the words that this index knows, of those that differ from region to region."""
    return reading(text, lambda name: index.words.having(Form(pieces(name))))


def words_of(question: str | Reading, index: OpenIndex, dictionary: Dictionary) -> list[Word]:
    """The words of a question: as they are, mended, as others call them, translated."""
    asked = Reading(question) if isinstance(question, str) else question
    words = [
        word if index.words.stands(word) else _mended(word, index, dictionary)
        for word in question_words(asked.text)
    ]
    return bridged(asked.widened(words), asked.text, dictionary, index.moments.latin)


def _mended(word: Word, index: OpenIndex, dictionary: Dictionary) -> Word:
    """A word that stands nowhere: the beginning of one that does, or one misspelt.

    A number, or a word of the language that the archive just does not have, is neither.
    """
    known = expected((word.text,)) or dictionary.chinese((word.text,))
    if known or not word.text.isascii() or word.text.isdecimal():
        return word
    ends = index.words.completions(word.text)
    if ends:
        return word.also(
            *(Form(frozenset((end,)), Origin.BEGINNING, _BEGINNING, end) for end in ends)
        )
    near = index.vocabulary.near(word.text, surface=word.surface)
    return word.also(
        *(Form(frozenset((term,)), Origin.SPELLING, credit, term) for term, credit in near)
    )
