"""A small library to ask: articles in Chinese and in English, dated and tagged, of two sources."""

from __future__ import annotations

from datetime import UTC, datetime

from retrieval.article import Article, Draft
from retrieval.search.answer import Answer, CoveredWord
from tests.retrieval.shelf import NOW, Shelf


def _draft(year: int, month: int, tags: str, title: str, text: str) -> Draft:
    return Draft(
        title=title,
        text=text,
        link=f"https://example.org/{year}/{month}",
        tags=tuple(tags.split()),
        published=datetime(year, month, 1, tzinfo=UTC),
    )


#: What the source `notes` holds.
NOTES = {
    "kv": _draft(
        2026, 3, "推理 GPU", "KV cache 的显存账",
        "自回归推理时,KV-cache 随序列变长而线性增长,很快就比权重还占显存。",
    ),
    "heap": _draft(
        2026, 1, "算法", "堆排序", "堆排序原地完成,最坏情况也是 n log n,但对缓存不友好。"
    ),
    "queue": _draft(
        2025, 9, "GPU", "数据加载", "prefetchQueue 决定数据加载器提前取几批样本,取得太多会挤占内存。"
    ),
    "index": _draft(
        2025, 5, "資料庫", "索引", "索引像書的目錄:查詢時不必整本翻完,寫入時卻要多改一處。"
    ),
    "lock": _draft(
        2024, 2, "分布式", "分布式锁",
        "分布式锁要带租约:持有者宕机之后,锁会自己过期,别人才能继续。",
    ),
}  # fmt: skip
#: What the source `Field Journal` holds.
JOURNAL = {
    "unet": _draft(
        2026, 4, "vision GPU", "U-Net revisited",
        "The U-Net joins every layer of its encoder to the decoder by a skip connection, so that"
        " fine edges of the segmented organ survive.",
    ),
    "luebeck": _draft(
        2026, 2, "history", "Salt and brick",
        "The merchants of Lübeck kept their salt in six brick storehouses on the river Trave.",
    ),
    "yeast": _draft(
        2025, 12, "bread", "A slow loaf",
        "Sourdough rises slowly: wild yeast and lactic bacteria share the flour between them.",
    ),
    "glacier": _draft(
        2025, 3, "geology", "Ice at work",
        "A glacier grinds its valley into a broad trough and leaves a ridge of rubble at its end.",
    ),
    "bees": _draft(
        2024, 7, "insects", "The dance",
        "A honeybee that found nectar dances on the comb, and the angle tells the others where.",
    ),
}  # fmt: skip
LIBRARY = {**NOTES, **JOURNAL}
SOURCES = {"notes": NOTES, "Field Journal": JOURNAL}


def stock(shelf: Shelf) -> None:
    """Take all of them in."""
    for source, drafts in SOURCES.items():
        shelf.archive.articles.commit(source, "feed", list(drafts.values()), NOW)


def key_of(article: Article) -> str:
    """Which of them an article is."""
    return next(key for key, draft in LIBRARY.items() if draft.title == article.title)


def keys(answer: Answer) -> list[str]:
    """Which of them an answer has, best first."""
    return [key_of(hit.article) for hit in answer.hits]


def covered(answer: Answer) -> dict[str, CoveredWord]:
    """What the first hit has of each word of the question."""
    evidence = answer.hits[0].evidence
    assert evidence is not None
    return {word.text: word for word in evidence.words}
