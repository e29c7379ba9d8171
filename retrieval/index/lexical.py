"""Words: a tantivy index of passages, ranked by BM25, one writer, searched by any thread."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import tantivy

from retrieval.article import Excerpt
from retrieval.errors import IndexDamaged
from retrieval.index.native import translated
from retrieval.index.tokens import Word, passage_terms

#: Bytes that the writer may fill before it writes a segment; tantivy's least is 15 MB a thread.
_HEAP = 30_000_000
#: Terms of a passage that a check looks up.
_CHECKED_TERMS = 64
#: Terms that the beginning of a word may stand for.
_MOST_COMPLETIONS = 20
#: Shortest word, in characters, that may be the beginning of another.
_SHORTEST_BEGINNING = 3


@dataclass(frozen=True, slots=True)
class WeightedWord:
    """A word of a question with its inverse document frequency over this index."""

    word: Word
    weight: float


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("article", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("terms", stored=True, tokenizer_name="whitespace", index_option="freq")
    return builder.build()


class LexicalIndex:
    """The passages' terms. `apply` from one thread at a time; everything else from any.

    Every method raises `IndexDamaged` where the files are not what tantivy wrote.
    """

    def __init__(self, index: tantivy.Index) -> None:
        self._index = index
        self._schema = index.schema
        self._writer: tantivy.IndexWriter | None = None

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

    def apply(self, remove: Iterable[str], add: Sequence[Excerpt]) -> None:
        """Replace articles: drop all passages of the articles in `remove`, then add passages."""
        with translated("does not take words in"):
            if self._writer is None:
                self._writer = self._index.writer(_HEAP, 1)
            for article_id in remove:
                self._writer.delete_documents_by_term("article", article_id)
            for excerpt in add:
                self._writer.add_document(
                    tantivy.Document(
                        id=excerpt.id,
                        article=excerpt.article_id,
                        terms=" ".join(passage_terms(excerpt.text)),
                    )
                )
            self._writer.commit()
            self._index.reload()

    def close(self) -> None:
        """Finish merges and let the writer's lock go."""
        writer, self._writer = self._writer, None
        if writer is not None:
            with translated("does not finish its merges"):
                writer.wait_merging_threads()

    def count(self) -> int:
        """How many passages there are."""
        return int(self._index.searcher().num_docs)

    def check(self, passages: Sequence[Excerpt]) -> None:
        """Whether these passages are found by their words, with all their terms."""
        for passage in passages:
            wanted = frozenset(passage_terms(passage.text))
            if self.terms([passage.id]) != {passage.id: wanted}:
                raise IndexDamaged(f"has lost the words of {passage.id}")
            words = [Word(term, (frozenset((term,)),)) for term in sorted(wanted)[:_CHECKED_TERMS]]
            if wanted and not self.search(self.weigh(words), 1):
                raise IndexDamaged(f"does not find the words of {passage.id}")

    def weigh(self, words: Sequence[Word]) -> list[WeightedWord]:
        """Each word with its weight, ln(1 + (N - n + 0.5) / (n + 0.5)) (BM25's, Robertson 2009).

        n counts the passages with the word's most common form. A Latin word that stands nowhere
        may be the beginning of words that do: those become forms of it. What tells nothing weighs
        nothing.
        """
        with translated("does not weigh words"):
            return self._weigh(words)

    def _weigh(self, words: Sequence[Word]) -> list[WeightedWord]:
        searcher = self._index.searcher()
        total = searcher.num_docs
        weighed = []
        for word in words:
            frequency = self._frequency(searcher, word)
            if not frequency and len(word.text) >= _SHORTEST_BEGINNING and word.text.isascii():
                ends = searcher.terms_with_prefix("terms", word.text, limit=_MOST_COMPLETIONS)
                word = replace(word, forms=word.forms + tuple(frozenset((e,)) for e, _ in ends))
                frequency = self._frequency(searcher, word)
            frequency = min(frequency, total)  # tantivy counts deleted passages until it merges
            weight = math.log(1 + (total - frequency + 0.5) / (frequency + 0.5))
            weighed.append(WeightedWord(word, weight if word.telling else 0.0))
        return weighed

    @staticmethod
    def _frequency(searcher: tantivy.Searcher, word: Word) -> int:
        return max(
            min(int(searcher.doc_freq("terms", term)) for term in form) for form in word.forms
        )

    def search(self, words: Sequence[WeightedWord], limit: int) -> list[str]:
        """Ids of the passages that BM25 ranks first for any of the words' terms."""
        terms = dict.fromkeys(
            term for weighed in words for form in weighed.word.forms for term in sorted(form)
        )
        if not terms:
            return []
        should = tantivy.Occur.Should
        query = tantivy.Query.boolean_query(
            [
                (should, tantivy.Query.term_query(self._schema, "terms", term, "freq"))
                for term in terms
            ]
        )
        with translated("does not find words"):
            searcher = self._index.searcher()
            found = searcher.search(query, limit).hits
            return [str(searcher.doc(address).get_first("id")) for _, address in found]

    def terms(self, ids: Sequence[str]) -> Mapping[str, frozenset[str]]:
        """The terms of these passages, as far as they are there."""
        if not ids:
            return {}
        query = tantivy.Query.term_set_query(self._schema, "id", list(ids))
        with translated("does not give words back"):
            searcher = self._index.searcher()
            documents = [searcher.doc(a) for _, a in searcher.search(query, len(ids)).hits]
            return {
                str(document.get_first("id")): frozenset(str(document.get_first("terms")).split())
                for document in documents
            }
