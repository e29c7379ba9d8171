"""What a misspelt word of a question is taken for, and what is left alone."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from retrieval.index.spelling import LARGE, LONG, LONGEST, SHORTEST, Vocabulary, letters
from retrieval.index.tokens import passage_terms, term_of
from retrieval.search.dictionary import Dictionary
from retrieval.sources.snapshot import SnapshotReader
from tests.conftest import EXAMPLE

#: Words as articles have them; the index has their terms.
WORDS = """
    fsync Reciprocal fusion AdamW Argon2id transformer checkpointing quantization vision connected
    model optimizer rwlock bisect commits kappa judge Connectionist Classification throttled goodput
    PyTorch Medusa attention probability similarity dependency long gate into gpt3 llama2 int8
    """.split()


def vocabulary(words: list[str], passages: int = 0) -> Vocabulary:
    return Vocabulary(Counter(map(term_of, words)).items(), passages)


def near(vocabulary: Vocabulary, word: str, limit: int = 3) -> list[str]:
    return [term for term, _ in vocabulary.near(term_of(word), limit, word)]


WHOLE = vocabulary(WORDS)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("fsnyc", "fsync"),
        ("Reciprical", "reciprocal"),
        ("fusoin", "fusion"),
        ("AdmaW", "adamw"),
        ("Agron2id", "argon2id"),
        ("transfomer", "transformer"),
        ("Meudsa", "medusa"),
        ("visoin", "vision"),
        ("conected", "connected"),
        ("modle", "model"),
        ("optimzer", "optimizer"),
        ("rwlcok", "rwlock"),
        ("bisct", "bisect"),
        ("comits", "commits"),
        ("kapa", "kappa"),
        ("jugde", "judge"),
        ("Conectionist", "connectionist"),
        ("throtled", "throttled"),
        ("Godoput", "goodput"),
        ("PyTroch", "pytorch"),
        ("lama2", "llama2"),
        # the stemmer leaves an ending on, or takes another one off
        ("checkponting", "checkpointing"),
        ("checkpointign", "checkpointing"),
        ("quantizaton", "quantization"),
        ("Clasification", "classification"),
        ("attentoin", "attention"),
        ("probabilty", "probability"),
        ("similarty", "similarity"),
        ("dependecy", "dependency"),
        # the first letter, in a long word
        ("heckpoint", "checkpointing"),
        ("vonnectionist", "connectionist"),
        # two errors, in a long word
        ("Conectionost", "connectionist"),
        ("chekcpont", "checkpointing"),
    ],
)
def test_a_typing_error_leads_to_the_word_that_was_meant(typed: str, meant: str) -> None:
    assert near(WHOLE, typed)[:1] == [term_of(meant)]


@pytest.mark.parametrize(
    "word",
    [
        "gpt4",  # another model, and so few letters
        "llama3",
        "llama",
        "llama22",
        "int4",
        "argon2di2",
        "fs",
        "fsy",  # too short
        "kong",  # not long: the first letter is another
        "gite",  # not gate: a wrong letter among four
        "vsn",
        "weather",
        "banana",
        "keyboard",
        "",
        "三",
        "fusion的",
        "x" * 10_000,
        "2026",
    ],
)
def test_another_word_is_left_alone(word: str) -> None:
    assert near(WHOLE, word) == []


def test_without_the_word_as_typed_its_term_is_compared() -> None:
    assert [term for term, _ in WHOLE.near("fsnyc")] == ["fsync"]
    assert WHOLE.near("quantizaton") == []  # only the whole word tells: quantiz is far away


def test_fewer_errors_come_first_then_the_same_first_letter_then_the_more_frequent() -> None:
    terms = [("master", 3), ("mister", 9), ("muster", 9), ("mustering", 50)]
    found = Vocabulary(terms).near("mster", 5)
    assert [term for term, _ in found] == ["mister", "muster", "master"]
    long = Vocabulary([("atransformer", 90), ("transformers", 2), ("transformxx", 90)])
    assert [term for term, _ in long.near("transformer", 5)] == ["transformers", "atransformer"]
    assert [term for term, _ in long.near("transformer", 1)] == ["transformers"]
    assert long.near("transformer", 0) == []


def test_credit_falls_with_errors_over_letters() -> None:
    def credit(word: str, term: str) -> float:
        ((found, credit),) = Vocabulary([(term, 1)]).near(word)
        assert found == term
        return credit

    assert credit("abcdefgh", "abcdefgx") == pytest.approx(0.9)
    assert credit("abcdefgh", "abcdefxx") == pytest.approx(0.8)
    assert credit("abdc", "abcd") == pytest.approx(0.8)
    assert credit("xbcdefgh", "abcdefgh") < 0.9


def test_in_a_large_archive_a_word_of_one_passage_is_a_typing_error_itself() -> None:
    terms = [("checkpiont", 1), ("checkpoint", 2)]
    assert [t for t, _ in Vocabulary(terms, LARGE).near("checkpiot")] == ["checkpiont"]
    assert [t for t, _ in Vocabulary(terms, LARGE + 1).near("checkpiot")] == ["checkpoint"]


def test_a_word_that_is_known_is_no_typing_error() -> None:
    terms = [(term_of("string"), 5)]
    assert near(Vocabulary(terms), "strong") == ["string"]
    assert near(Vocabulary(terms, known={"strong"}.__contains__), "strong") == []
    assert near(Vocabulary(terms, known={"strong"}.__contains__), "strng") == ["string"]


def test_what_is_no_latin_word_is_no_target() -> None:
    terms = ["编辑器", "naïveté", "émigré", "état1", "12345678", "a_bcdef", "abc", "abc1", "x" * 70]
    some = Vocabulary([*((term, 5) for term in terms), ("nothing", 0)])
    for word in ("naivete", "emigre", "etat1", "12345679", "a_bcdeg", "abcd", "x" * 69, "nothin"):
        assert some.near(word) == []
    assert Vocabulary([]).near("anything") == []


EVERYDAY = """
    apple banana breakfast brother bridge butter candle carpet castle cheese chicken chocolate
    church cinema climate coffee concert cookie cotton cousin daughter dentist dinner doctor dragon
    driver elephant evening family farmer father festival fishing flower football forest friend
    garden guitar hammer holiday honey hospital hotel husband island jacket kitchen lawyer lemon
    library machine market marriage medicine minister monkey morning mother mountain music neighbour
    novel ocean office onion orange painter palace parent pepper picture planet police potato
    president prison queen rabbit restaurant river sailor salad school season shoulder silver sister
    soldier spring station stomach student sugar summer teacher theatre ticket tiger tomato
    tourist travel uncle village violin wallet weather wedding window winter woman yellow
    """.split()


@pytest.fixture(scope="module")
def example() -> tuple[Vocabulary, frozenset[str]]:
    """The vocabulary of the example archive, its terms, CC-CEDICT's English as known words."""
    drafts = SnapshotReader("pages", EXAMPLE / "pages").read().drafts
    terms = Counter(term for draft in drafts for term in set(passage_terms(draft.text)))
    dictionary = Dictionary()
    known = Vocabulary(terms.items(), len(drafts), lambda term: bool(dictionary.chinese((term,))))
    return known, frozenset(terms)


def test_everyday_words_that_the_archive_lacks_are_absent_not_misspelt(
    example: tuple[Vocabulary, frozenset[str]],
) -> None:
    vocabulary, terms = example
    absent = [word for word in EVERYDAY if term_of(word) not in terms]
    assert len(absent) > 100
    assert {word: found for word in absent if (found := near(vocabulary, word))} == {}


def test_typing_errors_in_technical_words_of_the_archive_are_found(
    example: tuple[Vocabulary, frozenset[str]],
) -> None:
    vocabulary, _ = example
    words = "fsnyc Reciprical fusoin Agron2id checkponting quantizaton jugde PyTroch bisct comits"
    found = [near(vocabulary, word)[:1] for word in words.split()]
    meant = (
        "fsync reciprocal fusion argon2id checkpointing quantization judge pytorch bisect commit"
    )
    assert found == [[term_of(word)] for word in meant.split()]


# --- whatever is asked -----------------------------------------------------------------------

_latin = st.text(st.sampled_from("abcdeinost2"), min_size=1, max_size=14)
_any = st.text(max_size=40)


@given(st.lists(st.tuples(_latin | _any, st.integers(0, 5))), _latin | _any, st.integers(-1, 5))
@settings(deadline=None)
def test_nothing_is_raised_and_the_word_itself_is_never_the_answer(
    terms: list[tuple[str, int]], word: str, limit: int
) -> None:
    own = term_of(word)
    found = Vocabulary([*terms, (own, 3), (word, 3)]).near(own, limit, word)
    assert len(found) <= max(0, limit)
    assert len({term for term, _ in found}) == len(found)
    for term, credit in found:
        assert term not in (own, word)
        assert 0 < credit < 1


@given(st.lists(_latin, max_size=40), _latin)
@settings(deadline=None, max_examples=300)
def test_no_answer_is_further_away_than_is_allowed(words: list[str], word: str) -> None:
    found = Vocabulary((term, 1) for term in words).near(word, 100)
    allowed = 2 if letters(word) >= LONG else 1
    for term, _ in found:
        assert OSA.distance(word, term) <= allowed
        assert [c for c in term if c.isdigit()] == [c for c in word if c.isdigit()]
    if LONG <= letters(word) <= LONGEST:  # and nothing as near is missed
        one_away = {t for t in words if OSA.distance(word, t) == 1 and letters(t) >= SHORTEST}
        same = {t for t in one_away if [*filter(str.isdigit, t)] == [*filter(str.isdigit, word)]}
        assert same <= {term for term, _ in found}


@given(st.data())
@settings(deadline=None)
def test_one_error_anywhere_but_at_the_beginning_is_seen_through(data: st.DataObject) -> None:
    meant = data.draw(st.sampled_from([word.lower() for word in WORDS if letters(word) > SHORTEST]))
    place = data.draw(st.integers(1, len(meant) - 1))
    letter = data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz"))
    before, after = meant[:place], meant[place:]
    typed = data.draw(
        st.sampled_from(
            [before + letter + after, before + letter + after[1:], before + after[1:]]
            + [before + after[1] + after[0] + after[2:] for _ in after[1:2]]
        )
    )
    digits = [*filter(str.isdigit, typed)] == [*filter(str.isdigit, meant)]
    if term_of(typed) != term_of(meant) and digits and letters(typed) > SHORTEST:
        assert term_of(meant) in near(WHOLE, typed, 5)


def test_any_thread_may_ask() -> None:
    typed = ["fsnyc", "fusoin", "quantizaton", "Conectionist", "weather", "Conectionost"] * 50
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda word: near(WHOLE, word), typed)) == [
            near(WHOLE, word) for word in typed
        ]
