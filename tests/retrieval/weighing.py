"""Words of a question as an index would weigh them, with weights that a test chooses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from retrieval.index.lexical import WeightedForm, WeightedWord
from retrieval.index.questions import Form, Word, question_words


def weighed(word: Word, weight: float = 1.0, nowhere: float | None = None) -> WeightedWord:
    """A word all of whose forms stand somewhere, its own worth `weight`, others by their credit.

    With `nowhere`, none does, and that is what the word is worth.
    """
    if nowhere is not None:
        return WeightedWord(word, (), nowhere, rarity=nowhere)
    forms = [WeightedForm(form, form.credit * weight) for form in word.forms]
    forms.sort(key=lambda form: -form.value)
    if not word.telling:
        return WeightedWord(word, tuple(forms), 0.0, rarity=0.0)
    return WeightedWord(word, tuple(forms), forms[0].value, rarity=weight)


def made(weight: float, *forms: str, falling: float = 1.0, share: float = 1.0) -> WeightedWord:
    """A word with these forms, each the terms of it joined by `+`, each worth so much of the last.

    Without any form it stands nowhere.
    """
    terms = [frozenset(form.split("+")) for form in forms]
    credited = [Form(own, credit=falling**place) for place, own in enumerate(terms)]
    word = Word(forms[0] if forms else "?", tuple(credited), share=share)
    return weighed(word, weight, None if forms else weight)


def question(text: str, weights: Mapping[str, float] | None = None) -> Sequence[WeightedWord]:
    """The words of a question, each worth 1 but for those named."""
    return [weighed(word, (weights or {}).get(word.text, 1.0)) for word in question_words(text)]
