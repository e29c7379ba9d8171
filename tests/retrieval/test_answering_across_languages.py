"""Questions in one language over articles in the other, and names in every spelling. All real."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from retrieval.embedding import SentenceEmbedder
from retrieval.index.questions import Origin
from retrieval.search.answer import Answer
from retrieval.search.answering import Answerer
from tests.retrieval.library import covered, keys, stock
from tests.retrieval.shelf import Shelf

Ask = Callable[[str], Answer]


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory, bundled: SentenceEmbedder) -> Iterator[Ask]:
    shelf = Shelf(tmp_path_factory.mktemp("across"), bundled)
    stock(shelf)
    answerer = Answerer(shelf.archive, shelf.follow(), bundled)
    answerer.prepare()
    yield lambda question: answerer.answer([question])[0]
    shelf.close()


@pytest.mark.parametrize(
    ("question", "key", "bridged"),
    [
        ("酵母", "yeast", {"酵母": "yeast"}),
        ("冰川如何塑造山谷", "glacier", {"冰川": "glacier", "山谷": "valley"}),
        ("蜜蜂跳舞", "bees", {"蜜蜂": "honeybe", "跳舞": "danc"}),
        ("器官分割的跳跃连接", "unet", {"器官": "organ", "跳跃": "skip connect"}),
        ("how is a heap sorted", "heap", {"heap": "堆排序", "sort": "堆排序"}),
        ("distributed lock lease", "lock", {"lock": "分布式锁", "leas": "租约"}),
        ("index of a database", "index", {"index": "索引"}),
        ("memory of the kv cache during inference", "kv", {"infer": "推理"}),
    ],
)
def test_a_question_finds_an_article_in_the_other_language(
    ask: Ask, question: str, key: str, bridged: dict[str, str]
) -> None:
    """And the evidence tells which words of it stand there for which of the question."""
    answer = ask(question)
    assert keys(answer)[0] == key
    words = covered(answer)
    for asked, stands in bridged.items():
        assert words[asked].form == stands
        assert words[asked].origin is Origin.DICTIONARY
        assert 0 < words[asked].covered <= words[asked].weight + 1e-9


@pytest.mark.parametrize(
    "question", ["酵母", "蜜蜂跳舞", "how is a heap sorted", "distributed lock lease"]
)
def test_what_the_dictionary_makes_plain_is_an_answer(ask: Ask, question: str) -> None:
    assert ask(question).relevant


def test_the_highlight_is_found_across_languages_too(ask: Ask) -> None:
    hit = ask("who keeps salt in 砖 storehouses").hits[0]
    assert "salt" in hit.highlight
    assert hit.highlight in hit.excerpt


@pytest.mark.parametrize(
    ("spellings", "key"),
    [
        (
            ("KV-cache", "KVcache", "ＫＶ cache", "kv cache", "KVCACHE", "kv_cache", "KV‑Cache"),
            "kv",
        ),
        (("U-Net", "UNet", "unet", "u net", "Ｕ－Ｎｅｔ", "U-NET 的连接"), "unet"),
        (("Lübeck", "Lubeck", "LÜBECK", "Lu\u0308beck", "lubeck's salt"), "luebeck"),
        (("prefetchQueue", "prefetch queue", "prefetch-queue", "PrefetchQueues"), "queue"),
        (("書的目錄", "书的目录", "書的目录", "像書的目錄嗎"), "index"),
        (("分布式锁", "分布式鎖", "分布式鎖的租約", "租约"), "lock"),
        (("sourdough", "Sourdoughs", "sourd", "SOURDOUGH"), "yeast"),
    ],
)
def test_no_spelling_of_a_name_matters(ask: Ask, spellings: tuple[str, ...], key: str) -> None:
    """FAILURES 20."""
    for spelling in spellings:
        answer = ask(spelling)
        assert keys(answer)[0] == key, spelling
        assert answer.relevant, spelling
        evidence = answer.hits[0].evidence
        assert evidence is not None
        assert evidence.coverage > 0.9, spelling
