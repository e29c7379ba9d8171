"""Evidence as a person reads it on a terminal, and as fields."""

from __future__ import annotations

from dataclasses import asdict, replace

from bot.explaining import _SIGNALS, explained_fields, explanation
from retrieval.identity import columns
from retrieval.index.questions import Origin
from retrieval.search.answer import CoveredWord, Hit
from tests.bot.fakes import answer, article, evidence, hit, newest

PASSAGE = "He dances with dancers to a KVCache and prefetchQueue; 检查点, bloom-filters and Müller's salt."


def of(*words: CoveredWord, excerpt: str = PASSAGE) -> Hit:
    return hit(article(title="Reservoirs"), excerpt, "", told=evidence(*words))


def rows(hit: Hit, question: str = "?") -> dict[str, list[str]]:
    """The table of words: what stands in the columns behind each."""
    lines = explanation(question, hit)
    table = lines[lines.index("") + 2 :]
    return {name: rest.split() for name, rest in (line.split(maxsplit=1) for line in table)}


def how(word: CoveredWord, question: str) -> str:
    """What the table says of one word in a passage."""
    ((_, (_, _, *told)),) = rows(of(word), question).items()
    return " ".join(told)


def test_everything_that_is_known_is_told() -> None:
    shown = explanation("检查点", hit())
    assert shown[:6] == [
        "confidence  0.900  an answer",
        "score       0.900  what the next four give, each by its weight",
        "cosine      0.871  place 1 by meaning; +0.012 for its language is left out",
        "coverage    0.740  place 2 by words",
        "verbatim    0.500  of the question stands there word for word",
        "opening     0.310  of it stands in the title and the first words",
    ]
    assert "lead        0.031  of its score above the next article's" in shown
    assert shown[-3:] == [
        "",
        "word     share  covered  in the passage",
        "检查点  100.0%    74.0%  itself",
    ]
    assert set(_SIGNALS) == set(asdict(evidence().signals))
    assert not any(line.startswith("reranker") for line in shown)


def test_a_rerankers_score_and_a_half_that_did_not_find_it() -> None:
    told = replace(evidence(), reranked=0.25, dense_rank=None, lexical_rank=None, language=0.0)
    shown = explanation("?", replace(hit(), evidence=told, relevant=False))
    assert "confidence  0.900  not an answer" in shown
    assert "reranker    0.250  has the last word on the order" in shown
    assert "cosine      0.871  not put forward by meaning" in shown
    assert "coverage    0.740  not put forward by words" in shown


def test_words_stand_as_they_are_written_not_as_the_index_cuts_them() -> None:
    words = {
        "dancing": ("danc", "danc", Origin.ITSELF, "itself: dances"),
        "cache": ("cach", "cach", Origin.ITSELF, "itself: KVCache"),
        "bloomfilters": ("bloomfilt", "bloomfilt", Origin.ITSELF, "itself: bloom-filters"),
        "MULLERS": ("muller", "muller", Origin.ITSELF, "itself: Müller"),
        "Bloom": ("bloom", "bloom", Origin.ITSELF, "itself"),
        "prefetch": ("prefetch", "prefetchqueu", Origin.BEGINNING, "beginning of prefetchQueue"),
        "dansers": ("danser", "dancer", Origin.SPELLING, "spelling of dancers"),
        "布隆过滤器": ("布隆过滤器", "bloom filter", Origin.DICTIONARY, "dictionary: bloom filters"),
        "checkpoint": ("checkpoint", "检查点", Origin.DICTIONARY, "dictionary: 检查点"),
        "水库": ("水库", "reservoir", Origin.DICTIONARY, "dictionary: Reservoirs"),
    }  # fmt: skip
    for asked, (term, form, origin, shown) in words.items():
        covered = CoveredWord(term, 1.0, 0.5, form, origin)
        assert list(rows(of(covered), asked)) == [asked]
        assert how(covered, asked) == shown


def test_a_term_of_which_nothing_tells_the_word_is_marked_and_the_mark_is_told() -> None:
    shown = explanation(
        "dancing", of(CoveredWord("danc", 1.0, 0.5, "walk", Origin.DICTIONARY), excerpt="舞")
    )
    assert shown[-2:] == [
        "dancing  100.0%    50.0%  dictionary: walk*",
        "* as the index has it, its ending cut off",
    ]


def test_words_that_are_not_there_and_words_that_tell_nothing() -> None:
    assert how(CoveredWord("水库", 0.4, 0.0), "水库") == "-"
    assert how(CoveredWord("水库", 0.0, 0.0), "水库") == "- (tells nothing in this archive)"


def test_columns_stand_below_each_other_whatever_the_script() -> None:
    words = (
        CoveredWord("布隆过滤器", 0.651, 0.651, "布隆过滤器", Origin.ITSELF),
        CoveredWord("llm", 0.099, 0.0),
        CoveredWord("显存", 0.25, 0.05, "memori", Origin.DICTIONARY),
    )
    lines = explanation("布隆过滤器 LLM 显存", of(*words))
    table = lines[lines.index("") + 1 :][:4]
    ends = {columns(line[: line.index("%") + 1]) for line in table[1:]}
    assert ends == {columns(table[0][: table[0].index("share") + len("share")])}
    assert len({columns(line[: line.rindex("  ") + 2]) for line in table}) == 1


def test_of_a_long_question_the_heaviest_words_are_shown() -> None:
    words = [CoveredWord(f"字{n}", 0.01 + n / 10_000, 0.0) for n in range(60)]
    lines = explanation("?", of(*words))
    assert lines[-1] == "and 36 more of less weight"
    assert lines[-2].startswith("字59")
    assert not any(line.startswith("字35 ") for line in lines)


def test_as_fields() -> None:
    word = CoveredWord("danc", 0.6, 0.3, "dancer", Origin.SPELLING)
    missing = CoveredWord("水库", 0.4, 0.0)
    found = explained_fields(answer(of(word, missing), newest(), question="dancing"))
    told = found["hits"][0]["evidence"]
    assert list(told) == [
        "confidence", "relevant", "cosine", "language", "dense_rank", "coverage", "lexical_rank",
        "verbatim", "opening", "reranked", "signals", "words",
    ]  # fmt: skip
    assert (told["relevant"], told["dense_rank"], told["reranked"]) == (True, 1, None)
    assert told["signals"]["lead"] == 0.031
    assert told["words"] == [
        {
            "word": "dancing",
            "weight": 0.6,
            "covered": 0.3,
            "form": "dancers",
            "origin": "spelling",
        },
        {"word": "水库", "weight": 0.4, "covered": 0.0, "form": None, "origin": None},
    ]
    assert found["hits"][1]["evidence"] is None


def test_what_only_filters_found_needs_no_more_words() -> None:
    assert explanation("tag:x", newest()) == ["nothing was asked but filters, which it passes"]


def test_a_question_without_words() -> None:
    bare = replace(evidence(), words=())
    assert explanation("?", replace(hit(), evidence=bare))[-1] == (
        "the question has no words to look for"
    )
