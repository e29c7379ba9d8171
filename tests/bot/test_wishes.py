"""Wishes: what a person types becomes what they meant, and finds the articles that hold it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.wishes import LONGEST, MOST_PARTS, Trouble, Wish, parse_wish, wants
from retrieval.search.phrases import folded, holds

unhurried = settings(deadline=None)
FULL_WIDTH = str.maketrans({code: chr(code + 0xFEE0) for code in range(0x21, 0x7F)})

names = st.text(st.sampled_from("abXY09缓存緩é語言-_ "), min_size=1, max_size=8)
names = names.filter(lambda name: any(map(str.isalnum, name)))
phrases = st.text(st.sampled_from("abXY09缓存緩é語言-_ '.+"), min_size=2, max_size=10).map(
    str.strip
)
phrases = phrases.filter(lambda phrase: any(map(str.isalpha, phrase)))
lists = st.lists(phrases, max_size=3).map(tuple)
wishes = st.builds(
    Wish, st.lists(names, max_size=3).map(tuple), lists, lists, st.text(max_size=9), st.integers(-2, 2)
)  # fmt: skip


def wish(words: str) -> Wish:
    parsed = parse_wish(words)
    assert isinstance(parsed, Wish), parsed
    return parsed


def reason(words: str) -> str:
    parsed = parse_wish(words)
    assert isinstance(parsed, Trouble), parsed
    return parsed.reason


@pytest.mark.parametrize("words", ["", "  \n", "all", "ALL", "everything", "*", "全部", "\u200b"])
def test_nothing_in_particular_is_everything(words: str) -> None:
    assert wish(words) == Wish()
    assert wish(words).everything
    assert wants(wish(words), (), ("Any title", "any text"))


@pytest.mark.parametrize(
    ("words", "tags"),
    [
        ("#LLM", ("LLM",)),
        ("＃LLM", ("LLM",)),
        ("#LLM #RAG", ("LLM", "RAG")),
        ("#LLM,#RAG", ("LLM", "RAG")),
        ("#LLM，#RAG、#Agent", ("LLM", "RAG", "Agent")),
        ("#LLM#RAG", ("LLM", "RAG")),
        ("#大模型#", ("大模型",)),
        ("#大模型# #推理#", ("大模型", "推理")),
        ("#C# #C++ #.NET", ("C#", "C++", ".NET")),
        ("#machine_learning", ("machine_learning",)),
        ("#LLM #llm #ＬＬＭ", ("LLM",)),
        ("#LLM.", ("LLM",)),
        ("tag:LLM", ("LLM",)),
        ("Tag:LLM,RAG", ("LLM", "RAG")),
        ("tag: LLM", ("LLM",)),
        ('tag:"machine learning"', ("machine learning",)),
        ("标签:大模型", ("大模型",)),
        ("標籤：大模型", ("大模型",)),
        ("all #LLM", ("LLM",)),
    ],
)
def test_tags(words: str, tags: tuple[str, ...]) -> None:
    assert wish(words) == Wish(tags=tags)


@pytest.mark.parametrize(
    ("words", "phrases", "excluded"),
    [
        ("transformer 推理", ("transformer", "推理"), ()),
        ("transformer，推理。", ("transformer", "推理"), ()),
        ("transformer, inference", ("transformer", "inference"), ()),
        ("1,000 C++ Node.js", ("1,000", "C++", "Node.js"), ()),
        ("C#入门", ("C#入门",), ()),
        ('"KV cache" -vLLM', ("KV cache",), ("vLLM",)),
        ('"KV cache" -vLLM -"paged attention"', ("KV cache",), ("vLLM", "paged attention")),
        ("“注意力” －广告", ("注意力",), ("广告",)),
        ('"KV cache', ("KV", "cache"), ()),
        ("state-of-the-art", ("state-of-the-art",), ()),
        ("gpt-4 GPT_4 gpt 4", ("gpt-4", "gpt", "4"), ()),
        ("🚀", ("🚀",), ()),
        ("a\x00b\ud800", ("a", "b"), ()),
        ("transformer about attention", ("transformer", "about", "attention"), ()),
        ("all you need", ("all", "you", "need"), ()),
        ("all -vLLM", (), ("vLLM",)),
        ("全部 -广告", (), ("广告",)),
    ],
)
def test_words(words: str, phrases: tuple[str, ...], excluded: tuple[str, ...]) -> None:
    assert wish(words) == Wish(phrases=phrases, excluded=excluded)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("about saving memory", Wish(about="saving memory")),
        ("About: saving memory.", Wish(about="saving memory")),
        ("everything about RAG", Wish(about="RAG")),
        ("all articles about RAG", Wish(about="RAG")),
        ("关于 大模型推理", Wish(about="大模型推理")),
        ("关于大模型推理的文章", Wish(about="大模型推理")),
        ("關於：推理", Wish(about="推理")),
        ("所有关于推理的文章", Wish(about="推理")),
        ("about all of it", Wish(about="all of it")),
        ('about "mixture of experts"', Wish(about="mixture of experts")),
        ("about mixture of experts -vLLM", Wish(about="mixture of experts", excluded=("vLLM",))),
        ("#LLM about RAG", Wish(tags=("LLM",), about="RAG")),
        ("-vLLM about RAG #LLM", Wish(tags=("LLM",), about="RAG", excluded=("vLLM",))),
        ('"KV cache" about memory', Wish(phrases=("KV cache",), about="memory")),
        ('about memory of a "KV cache"', Wish(phrases=("KV cache",), about="memory of a KV cache")),
        ("about-face", Wish(phrases=("about-face",))),
        ('"about memory"', Wish(phrases=("about memory",))),
    ],
)  # fmt: skip
def test_subjects(words: str, expected: Wish) -> None:
    assert wish(words) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("x" * (LONGEST + 1), "wish-too-long"),
        ("a b c d e f g h i j k", "wish-too-many"),
        (" ".join(f"#t{n}" for n in range(MOST_PARTS)) + " about it", "wish-too-many"),
        ("-vLLM", "wish-only-not"),
        ("about", "wish-no-subject"),
        ("关于：", "wish-no-subject"),
        ("about #LLM", "wish-no-subject"),
        ("about ???", "wish-no-subject"),
        ("source:blog", "wish-no-source"),
        ("source: blog", "wish-no-source"),
        ("来源：blog 推理", "wish-no-source"),
        ("about RAG -source:blog", "wish-no-source"),
        ("RAG after:2026", "wish-no-dates"),
        ("RAG 之前:2026年3月", "wish-no-dates"),
        ("RAG after:yesterday", "wish-no-dates"),
        ("-#LLM RAG", "wish-not-tag"),
        ("-tag:LLM RAG", "wish-not-tag"),
        ("vLLM -VLLM", "wish-never"),
        ('"KV cache" -cache', "wish-never"),
        ("-", "wish-nothing-said"),
        ("#", "wish-nothing-said"),
        ("#-", "wish-nothing-said"),
        ("?!。", "wish-nothing-said"),
    ],
)
def test_what_makes_no_sense_is_told(words: str, expected: str) -> None:
    assert reason(words) == expected


def test_trouble_tells_the_limits() -> None:
    assert parse_wish("x" * 9999) == Trouble("wish-too-long", {"most": LONGEST})
    assert parse_wish(" ".join("abcdefghijk")) == Trouble("wish-too-many", {"most": MOST_PARTS})
    assert parse_wish("vLLM -vllm") == Trouble("wish-never", {"word": "vllm"})
    for words in ("@mychannel", "#LLM @频道名", "t.me/mychannel", "https://t.me/my #LLM"):
        assert parse_wish(words) == Trouble("wish-channel-first")
    assert parse_wish('"@property" me@x.org') == Wish(phrases=("@property", "me@x.org"))
    assert wish("x" * LONGEST).phrases == ("x" * LONGEST,)


@settings(unhurried, max_examples=300)
@given(
    st.text(max_size=40)
    | st.lists(
        st.sampled_from(
            ["#", "＃", "tag:", "-", '"', "“", "”", "about ", "关于", " ", ",", "source:", "C#", "后", "all", "x", "\ud800", "\x00", "after:2"]
        ),
        max_size=12,
    ).map("".join)
)  # fmt: skip
def test_whatever_is_typed_is_understood_or_refused(words: str) -> None:
    parsed = parse_wish(words)
    if isinstance(parsed, Trouble):
        return
    assert Wish.from_json(parsed.to_json()) == parsed
    if parsed.everything:  # nobody gets everything who asked for something
        said = words.replace("\x00", " ").replace("\ud800", "").casefold().strip("\u200b\ufeff ")
        assert parse_wish(words) == Wish()
        assert not any(map(str.isalnum, said)) or "all" in said
    parts = [*parsed.tags, *parsed.phrases, *parsed.excluded, *filter(None, [parsed.about])]
    assert len(parts) <= MOST_PARTS
    for part in parts:
        assert part == part.strip() != ""
        assert "\x00" not in part
        part.encode()


@settings(unhurried, max_examples=200)
@given(st.lists(names, max_size=3), lists, st.sampled_from(["", "saving memory", "推理"]))
def test_what_is_written_out_is_read_back(
    tags: list[str], words: tuple[str, ...], about: str
) -> None:
    meant = Wish(tags=tuple(tags), phrases=words, about=about)
    typed = [f'tag:"{tag.strip()}"' for tag in tags] + [f'"{phrase}"' for phrase in words]
    typed += [f"about {about}"] if about else []
    assert wish(" ".join(typed)).key == meant.key


@settings(unhurried, max_examples=200)
@given(wishes)
def test_a_wish_is_kept_as_text(kept: Wish) -> None:
    written = kept.to_json()
    assert written.isascii()
    assert Wish.from_json(written) == kept
    assert hash(Wish.from_json(written)) == hash(kept)


@pytest.mark.parametrize("written", ["", "{", "[]", "null", '{"tags": 5}', '{"colour": "red"}', '{"strictness": 9}', '{"strictness": "much"}'])  # fmt: skip
def test_what_is_no_wish_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="no wish"):
        Wish.from_json(written)


@settings(unhurried, max_examples=200)
@given(wishes, st.randoms(use_true_random=False))
def test_spelling_and_order_make_no_other_wish(one: Wish, random) -> None:
    def stirred(texts: tuple[str, ...]) -> tuple[str, ...]:
        spelled = [random.choice([text.lower(), text.translate(FULL_WIDTH), text.replace("緩", "缓"), text.replace("-", "_")]) for text in texts]  # fmt: skip
        random.shuffle(spelled)
        return (*spelled, *texts)

    other = Wish(
        stirred(one.tags), stirred(one.phrases), stirred(one.excluded), one.about, -one.strictness
    )
    assert other.key == one.key


def test_other_wishes_have_other_keys() -> None:
    keys = [
        wish(words).key
        for words in (
            "",
            "#ab",
            "ab",
            "about ab",
            "all -ab",
            "#ab #cd",
            "ab cd",
            '"ab cd"',
            "#ab cd",
            "#ab -cd",
        )
    ]
    assert len(set(keys)) == len(keys)
    assert all(len(key) == 32 for key in keys)
    assert wish('"KV cache"').key == wish("kv-cache").key
    assert wish("about 緩存").key == wish("关于缓存").key


TITLE = "用 KV-Cache 與量化加速大語言模型推理"
TEXT = "The KV‑cache of a Transformer grows with GPT‑4's context.\n残差\n连接 saves ＧＰＵ memory; port-forwarding is important."


@pytest.mark.parametrize(
    ("words", "whether"),
    [
        ("kvcache", True),
        ('"kv cache"', True),
        ("KV_CACHE", True),
        ("大语言模型", True),
        ("大語言模型 transformer", True),
        ("残差连接", True),
        ("gpu gpt4", True),
        ("port", True),
        ("推理 vllm", False),
        ("important -port", False),
        ("ort", False),
        ("transformers", False),
        ('"transformer cache"', False),
        ('"模型推理 the"', False),  # the title's end and the text's beginning are no phrase
        ("推理 -量化", False),
        ("推理 -vLLM", True),
        ("all -GPT-4", False),
        ("#llm", True),
        ("#rag #LLM", True),
        ("#強化學習", True),
        ("#rag", False),
        ("#Machine_Learning", True),
        ('tag:"machine learning" 推理', True),
        ("#llm -推理", False),
        ("#rag 推理", False),
        ("about something else", True),  # judged by others
        ("about something else -推理", False),
        ("#rag about something", False),
    ],
)
def test_articles_are_wanted(words: str, whether: bool) -> None:
    assert wants(wish(words), ("LLM", "machine learning", "强化学习"), (TITLE, TEXT)) is whether


def test_an_article_without_tags_or_text_may_be_wanted() -> None:
    assert wants(wish("推理"), (), (TITLE, ""))
    assert not wants(wish("#LLM"), (), (TITLE, ""))
    assert not wants(wish("推理"), (), ())


@settings(unhurried, max_examples=300)
@given(lists, lists, st.lists(st.text(st.sampled_from("abXY09缓存緩é語言-_ '.+\n\u00ad"), max_size=30), max_size=2))  # fmt: skip
def test_words_are_found_as_phrases_are(
    wanted: tuple[str, ...], excluded: tuple[str, ...], texts: list[str]
) -> None:
    def stands(phrase: str) -> bool:
        return any(holds(phrase, folded(text)) for text in texts)

    asked = Wish(phrases=wanted, excluded=excluded)
    expected = all(map(stands, wanted)) and not any(map(stands, excluded))
    assert wants(asked, (), texts) is expected


@settings(unhurried, max_examples=100)
@given(phrases, st.sampled_from(["{}", "用{}省", "the {}, as", "\n{}\n"]))
def test_an_article_that_quotes_a_phrase_is_wanted(phrase: str, frame: str) -> None:
    text = frame.format(phrase)
    assert wants(Wish(phrases=(phrase,)), (), ("Title", text)) is holds(phrase, folded(text))
    if not frame[0].isascii() or not phrase[0].isalnum() or frame != "用{}省":
        assert wants(Wish(phrases=(phrase,)), (), ("Title", text))
        assert not wants(Wish(excluded=(phrase,)), (), ("Title", text))
