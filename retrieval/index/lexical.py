"""Words: a tantivy index of passages, ranked by BM25, one writer, searched by any thread."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import tantivy
from numpy.typing import NDArray

from retrieval.article import Excerpt
from retrieval.errors import IndexDamaged
from retrieval.index.commonness import expected, rarity
from retrieval.index.native import translated
from retrieval.index.questions import Form, Origin, Word
from retrieval.index.sketch import Sketches, sketch
from retrieval.index.spelling import Vocabulary
from retrieval.index.tokens import latin_share, passage_terms

#: Bytes that the writer may fill before it writes a segment; tantivy's least is 15 MB a thread.
_HEAP = 30_000_000
#: Terms of a passage that a check looks up.
_CHECKED_TERMS = 64
#: Terms of a vocabulary, the most frequent.
_MOST_TERMS = 2_000_000
#: Terms that the beginning of a word may stand for.
_MOST_COMPLETIONS = 20
#: Terms whose counts are remembered: the same translations are weighed again and again; 5 MB.
_MOST_COUNTS = 50_000
#: Shortest word, in characters, that may be the beginning of another.
_SHORTEST_BEGINNING = 4
#: What a pair of characters that no passage has keeps of its share: it is hardly ever a word.
_NOWHERE = 2 / 3
#: Forms of a word, the most telling, that are searched for: a translation stands among many.
_SEARCHED_FORMS = 6


@dataclass(frozen=True, slots=True)
class WeightedForm:
    """A form with what covering it is worth: its credit times its rarity in this index."""

    form: Form
    value: float


@dataclass(frozen=True, slots=True)
class WeightedWord:
    """A word of a question with the forms of it that this index holds, most telling first.

    `weight` is the most that a passage can have of it: the value of its best form, or, where no
    passage has any, its `rarity`, which is what the word itself would be worth.
    """

    word: Word
    forms: tuple[WeightedForm, ...]
    weight: float
    rarity: float


def _weighted(word: Word, counted: Sequence[tuple[Form, int]], passages: int) -> WeightedWord:
    """A word of which so many passages have each form."""
    own = max((count for form, count in counted if form.origin is Origin.ITSELF), default=0)
    full = rarity(passages, own, expected((word.text,)))
    forms = []
    for form, count in counted:
        if count:
            value = full
            if form.origin is not Origin.ITSELF:
                value = min(full, rarity(passages, count, expected(form.terms)))
            forms.append(WeightedForm(form, form.credit * value))
    forms.sort(key=lambda form: -form.value)
    if not forms and word.share < 1:
        word = replace(word, share=word.share * _NOWHERE)
    if not word.telling:
        return WeightedWord(word, tuple(forms), 0.0, 0.0)
    return WeightedWord(word, tuple(forms), forms[0].value if forms else full, full)


def terms_of(excerpt: Excerpt) -> list[str]:
    """What a passage is found by: its words and those of its article's title."""
    if excerpt.title in excerpt.text:
        return passage_terms(excerpt.text)
    return passage_terms(f"{excerpt.title}\n{excerpt.text}")


def sketches_of(stored: Mapping[str, bytes], dimension: int) -> Sketches:
    """The sketches that an index gave by their ids, read. Raises `IndexDamaged`."""
    with translated("does not give passages back"):
        return Sketches.of(sorted(stored.items()), dimension)


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("article", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("terms", tokenizer_name="whitespace", index_option="freq")
    builder.add_bytes_field("sketch", stored=True, indexed=False)
    return builder.build()


class LexicalIndex:
    """The passages' terms. `apply` from one thread at a time; everything else from any.

    Every method raises `IndexDamaged` where the files are not what tantivy wrote.
    """

    def __init__(self, index: tantivy.Index) -> None:
        self._index = index
        self._schema = index.schema
        self._writer: tantivy.IndexWriter | None = None
        self._counts: dict[str, int] = {}  # in how many passages a term stands, as asked lately

    @classmethod
    def create(cls, folder: Path) -> LexicalIndex:
        """A new, empty index in a folder that must not hold one yet."""
        folder.mkdir(parents=True)
        return cls(tantivy.Index(_schema(), path=str(folder), reuse=False))

    @classmethod
    def open(cls, folder: Path) -> LexicalIndex:
        """The index in this folder. Raises `IndexDamaged`."""
        with translated("does not open its words"):
            return cls(tantivy.Index.open(str(folder)))

    def apply(
        self, remove: Iterable[str], add: Sequence[Excerpt], vectors: NDArray[np.float32]
    ) -> None:
        """Replace articles: drop all passages of the articles in `remove`, then add passages.

        `vectors` are those of the passages, shape (len(add), dimension).
        """
        with translated("does not take words in"):
            if self._writer is None:
                self._writer = self._index.writer(_HEAP, 1)
            for article_id in remove:
                self._writer.delete_documents_by_term("article", article_id)
            for excerpt, vector in zip(add, vectors, strict=True):
                terms = terms_of(excerpt)
                self._writer.add_document(
                    tantivy.Document(
                        id=excerpt.id,
                        article=excerpt.article_id,
                        terms=" ".join(terms),
                        sketch=sketch(excerpt.text, terms, latin_share(excerpt.text), vector),
                    )
                )
            self._writer.commit()
            self._index.reload()
            self._counts = {}

    def close(self) -> None:
        """Finish merges and let the writer's lock go."""
        writer, self._writer = self._writer, None
        if writer is not None:
            with translated("does not finish its merges"):
                writer.wait_merging_threads()

    def count(self) -> int:
        """How many passages there are."""
        return int(self._index.searcher().num_docs)

    def check(self, passages: Sequence[Excerpt], vectors: NDArray[np.float32]) -> None:
        """Whether these passages are found by their words, with all their terms and vectors."""
        for passage, vector in zip(passages, vectors, strict=True):
            terms = terms_of(passage)
            stored = self._sketch(passage.id)
            if stored != sketch(passage.text, terms, latin_share(passage.text), vector):
                raise IndexDamaged(f"has lost the words of {passage.id}")
            some = [Word(term, (Form(frozenset((term,))),)) for term in sorted(set(terms))][
                :_CHECKED_TERMS
            ]
            if some and not self.search(self.weigh(some), 1):
                raise IndexDamaged(f"does not find the words of {passage.id}")

    def weigh(self, words: Sequence[Word]) -> list[WeightedWord]:
        """Each word with the forms that some passage has, and what each is worth here.

        That is its credit times its rarity (see `commonness`), told by its rarest term; a form
        that is not the word itself is worth no more than the word would be. What only asks is
        worth nothing.
        """
        with translated("does not weigh words"):
            total = self.count()
            having = self._having()
            return [
                _weighted(word, [(form, min(total, having(form))) for form in word.forms], total)
                for word in words
            ]

    def rarest(self) -> float:
        """The weight of a word that stands nowhere, neither here nor in the language at large."""
        return rarity(self.count(), 0, 0.0)

    def stands(self, word: Word) -> bool:
        """Whether any passage has the word as the question spells it."""
        with translated("does not look words up"):
            having = self._having()
            return any(having(form) for form in word.forms if form.origin is Origin.ITSELF)

    def having(self, form: Form) -> int:
        """How many passages have the rarest term of a form."""
        with translated("does not look words up"):
            return self._having()(form)

    def _having(self) -> Callable[[Form], int]:
        """How many passages have a form's rarest term; deleted ones count until tantivy merges."""
        # Taken before the searcher: counts of one that is replaced meanwhile are thrown away.
        counts = self._counts
        searcher = self._index.searcher()
        if len(counts) > _MOST_COUNTS:
            counts.clear()

        def count(term: str) -> int:
            if (known := counts.get(term)) is None:
                known = counts[term] = int(searcher.doc_freq("terms", term))
            return known

        return lambda form: min(map(count, form.terms))

    def completions(self, beginning: str) -> list[str]:
        """Terms that begin so, none for a beginning too short to tell."""
        if len(beginning) < _SHORTEST_BEGINNING or not beginning.isascii():
            return []
        with translated("does not complete words"):
            searcher = self._index.searcher()
            ends = searcher.terms_with_prefix("terms", beginning, limit=_MOST_COMPLETIONS)
            return [term for term, _ in ends]

    def vocabulary(self) -> Vocabulary:
        """The Latin terms of this index, to find words by that are spelt nearly so."""
        with translated("does not tell its terms"):
            searcher = self._index.searcher()
            terms = searcher.terms_with_prefix("terms", "", limit=_MOST_TERMS)
            return Vocabulary(terms, passages=searcher.num_docs)

    def search(
        self, words: Sequence[WeightedWord], limit: int, articles: Sequence[str] | None = None
    ) -> dict[str, bytes]:
        """The passages that BM25 ranks first for any of the words' best forms, with their sketches.

        With `articles`, of those articles only.
        """
        should = tantivy.Occur.Should
        clauses: dict[str, float] = {}
        for weighed in words:
            for valued in weighed.forms[:_SEARCHED_FORMS]:
                for term in valued.form.terms:
                    clauses[term] = max(clauses.get(term, 0.0), valued.form.credit)
        if not clauses and articles is None:
            return {}
        query = tantivy.Query.boolean_query([(should, self._term(*c)) for c in clauses.items()])
        if articles is not None:
            allowed = tantivy.Query.term_set_query(self._schema, "article", list(articles))
            must = tantivy.Occur.Must
            within = tantivy.Query.const_score_query(allowed, 0.0)
            query = tantivy.Query.boolean_query(
                [(must, within), *((should, self._term(*c)) for c in clauses.items())]
            )
        return self._stored(query, limit)

    def holding(self, words: Sequence[Word], limit: int) -> dict[str, bytes]:
        """Passages that hold each of these words in any of its forms, with their sketches."""
        must, should = tantivy.Occur.Must, tantivy.Occur.Should

        def form(terms: Iterable[str]) -> tantivy.Query:
            return tantivy.Query.boolean_query([(must, self._term(t, 1.0)) for t in terms])

        clauses = [
            (must, tantivy.Query.boolean_query([(should, form(f.terms)) for f in word.forms]))
            for word in words
        ]
        return self._stored(tantivy.Query.boolean_query(clauses), limit) if clauses else {}

    def _term(self, term: str, boost: float) -> tantivy.Query:
        query = tantivy.Query.term_query(self._schema, "terms", term, "freq")
        return query if boost == 1 else tantivy.Query.boost_query(query, boost)

    def _stored(self, query: tantivy.Query, limit: int) -> dict[str, bytes]:
        """The ids and sketches of the passages that a query finds, best first."""
        with translated("does not find words"):
            searcher = self._index.searcher()
            found = searcher.search(query, limit, count=False).hits
            documents = [searcher.doc(address) for _, address in found]
            return {str(d.get_first("id")): bytes(d.get_first("sketch") or b"") for d in documents}

    def read(self, ids: Sequence[str]) -> dict[str, bytes]:
        """The sketches of these passages, as far as they are there."""
        if not ids:
            return {}
        # Sooner than one query for the set of them.
        named = [tantivy.Query.term_query(self._schema, "id", own, "basic") for own in ids]
        should = tantivy.Occur.Should
        return self._stored(tantivy.Query.boolean_query([(should, one) for one in named]), len(ids))

    def sketches(self, ids: Sequence[str], dimension: int) -> Sketches:
        """What scoring needs of these passages, as far as they are there."""
        return sketches_of(self.read(ids), dimension)

    def _sketch(self, own: str) -> bytes | None:
        with translated("does not give passages back"):
            searcher = self._index.searcher()
            query = tantivy.Query.term_query(self._schema, "id", own, "basic")
            hits = searcher.search(query, 1, count=False).hits
            return searcher.doc(hits[0][1]).get_first("sketch") if hits else None
