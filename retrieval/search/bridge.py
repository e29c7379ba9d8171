"""Forms of a question's words in the other language, so that coverage reaches across.

A word counts as covered, for a part, where a translation of it stands. What a translation is
worth falls with its rank among the entry's meanings; single characters and single words out of
longer definitions are weak evidence. The figures were tuned on the development halves of
`benchmarks/golden`; see benchmarks/README.md.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from retrieval.index.questions import Form, Origin, Word, pieces
from retrieval.index.tokens import ASKING, latin_terms, normalise
from retrieval.search.dictionary import LONGEST_PHRASE, Dictionary, Sense

#: A translation's credit: less by this for each meaning that the entry tells before, to a floor.
_FALLING, _LEAST = 0.2, 0.4
#: Of that, what a translation of one Chinese character keeps,
_SINGLE = 0.7
#: what one word out of a definition of several keeps,
_OUT_OF_DEFINITION = 0.4
#: and what the meaning of a character of an unknown word keeps.
_OUT_OF_WORD = 0.3
#: Shortest English term out of a definition that tells anything.
_SHORTEST = 3
#: Longest term of the field, in characters.
_LONGEST_TERM = 8
_HAN = re.compile("[\u3400-\u9fff]+")
#: Share of a language in the archive from which on its words count in full as translations: in an
#: archive of one language, what little there is of the other is names, and chance.
_AT_HOME = 0.2
#: Chinese words that an unknown word's characters are looked up for, at most this long.
_LONGEST_UNKNOWN = 4


def bridged(words: Sequence[Word], text: str, dictionary: Dictionary, latin: float) -> list[Word]:
    """The words of a question, with what the dictionary tells of them as further forms.

    `text` is the question: its phrases of two and three English words are looked up too. `latin`
    is the archive's Latin share, 0 to 1.
    """
    chinese, english = min(1.0, (1 - latin) / _AT_HOME), min(1.0, latin / _AT_HOME)
    by_text: dict[str, list[Form]] = defaultdict(list)
    for phrase, sense in _english_phrases(text, dictionary):
        (word,) = sense.words
        form = Form(pieces(word), Origin.DICTIONARY, chinese * _credit(sense, word), word)
        for term in phrase:
            by_text[term].append(form)
    for name, sense in _special_terms(text, dictionary):
        form = Form(frozenset(sense.words), Origin.DICTIONARY, english, " ".join(sense.words))
        for asked in words:
            if asked.text in name and (
                asked.text == name or len(sense.words) > 1 or not dictionary.english(asked.text)
            ):  # one English word for the whole is none for each of its parts
                by_text[asked.text].append(form)
    for asked in words:
        if not asked.text.isascii():
            by_text[asked.text].extend(
                replace(form, credit=english * form.credit)
                for form in _into_english(asked, dictionary)
            )
    return [asked.also(*by_text.get(asked.text, ())) for asked in words]


def _english_phrases(text: str, dictionary: Dictionary) -> Iterator[tuple[tuple[str, ...], Sense]]:
    terms = latin_terms(text)
    for length in range(LONGEST_PHRASE, 0, -1):
        for start in range(len(terms) - length + 1):
            phrase = tuple(terms[start : start + length])
            for sense in dictionary.chinese(phrase):
                yield phrase, sense


def _special_terms(text: str, dictionary: Dictionary) -> Iterator[tuple[str, Sense]]:
    """The field's terms in a question, wherever jieba would cut them."""
    for run in _HAN.finditer(normalise(text)):
        for start in range(len(run[0]) - 1):
            for end in range(start + 2, min(len(run[0]), start + _LONGEST_TERM) + 1):
                if dictionary.special(run[0][start:end]):
                    for sense in dictionary.english(run[0][start:end]):
                        yield run[0][start:end], sense


def _into_english(asked: Word, dictionary: Dictionary) -> Iterator[Form]:
    senses = dictionary.english(asked.text)
    for sense in senses:
        credit = _credit(sense)
        if len(sense.words) <= LONGEST_PHRASE:
            yield Form(frozenset(sense.words), Origin.DICTIONARY, credit, " ".join(sense.words))
        if len(sense.words) > 1:
            for word in sense.words:
                if len(word) >= _SHORTEST and word not in ASKING:
                    yield Form(
                        frozenset((word,)), Origin.DICTIONARY, credit * _OUT_OF_DEFINITION, word
                    )
    if not senses and asked.share == 1 and 1 < len(asked.text) <= _LONGEST_UNKNOWN:
        for char in asked.text:
            for sense in dictionary.english(char):
                if sense.rank <= 1 and len(sense.words) == 1:
                    yield Form(
                        frozenset(sense.words),
                        Origin.DICTIONARY,
                        _credit(sense) * _OUT_OF_WORD,
                        sense.words[0],
                    )


def _credit(sense: Sense, chinese: str = "") -> float:
    credit = max(_LEAST, 1 - _FALLING * sense.rank)
    return credit * _SINGLE if len(chinese) == 1 else credit
