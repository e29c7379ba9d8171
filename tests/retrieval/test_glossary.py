"""What texts introduce as the same thing, in sentences made for it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.index.glossary import MOST_PAIRS, introductions, key, pairs
from retrieval.index.names import LONGEST


@pytest.mark.parametrize(
    ("text", "one", "other"),
    [
        ("一致性哈希(Consistent Hashing)把键放到环上。", "一致性哈希", "Consistent Hashing"),
        ("为此我们使用权重衰减（Weight Decay）。", "权重衰减", "Weight Decay"),
        ("这种做法叫做知识蒸馏(knowledge distillation)。", "知识蒸馏", "knowledge distillation"),
        ("请求先进入优先队列 (priority queue) 等待。", "优先队列", "priority queue"),
        ("表里存的是倒排索引(inverted index)。", "倒排索引", "inverted index"),
        ("解码时用束搜索(beam search)。", "束搜索", "beam search"),
        ("这里用温度采样(temperature sampling)。", "温度采样", "temperature sampling"),
        (
            "常用探索与利用(exploration and exploitation)。",
            "探索与利用",
            "exploration and exploitation",
        ),
        ("训练一个端到端(end-to-end)的网络。", "端到端", "end-to-end"),
        (
            "自动微分(automatic differentiation)不是数值微分。",
            "自动微分",
            "automatic differentiation",
        ),
        ("这样的“惊群效应”(thundering herd)很常见。", "惊群效应", "thundering herd"),
        ("卷积神经网络(CNN)看局部。", "卷积神经网络", "CNN"),
        ("提出者是约翰·霍普菲尔德(John Hopfield)。", "约翰·霍普菲尔德", "John Hopfield"),
        ("使用權重衰減(Weight Decay)。", "权重衰减", "Weight Decay"),
        ("解码靠依赖注入(Dependency Injection)。", "依赖注入", "Dependency Injection"),
        ("为此保证最终一致性(Eventual Consistency)。", "最终一致性", "Eventual Consistency"),
        ("接着做后训练(post-training)。", "后训练", "post-training"),
        ("后训练(post-training)很重要。", "后训练", "post-training"),
        ("内核写的是页缓冲区(Page Buffer)。", "页缓冲区", "Page Buffer"),
        (
            "写成偏微分方程(Partial Differential Equation)。",
            "偏微分方程",
            "Partial Differential Equation",
        ),
        ("最新的大型语言模型(LLMs)会推理。", "大型语言模型", "LLMs"),
        ("隔离级别为可重复读(repeatable read)。", "可重复读", "repeatable read"),
        (
            "它用滑动窗口注意力(Sliding Window Attention)。",
            "滑动窗口注意力",
            "Sliding Window Attention",
        ),
        ("这里就自增计数(Counter)。", "计数", "Counter"),
    ],
)
def test_a_chinese_name_begins_where_it_begins(text: str, one: str, other: str) -> None:
    assert introductions(text) == [(one, other)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Write-ahead logging (WAL) survives a crash.", ("Write-ahead logging", "WAL")),
        (
            "Then we sort with Rotary Position Embedding (RoPE).",
            ("Rotary Position Embedding", "RoPE"),
        ),
        ("A QoS (quality of service) class", ("QoS", "quality of service")),
        (
            "Graph search by HNSW (Hierarchical Navigable Small World)",
            ("HNSW", "Hierarchical Navigable Small World"),
        ),
        ("以 SSM(State Space Models)为骨架", ("SSM", "State Space Models")),
        ("KV (key-value) pairs", ("KV", "key-value")),
        ("We keep small language models (SLMs) at hand.", ("small language models", "SLMs")),
        ("AAP stands for adaptive average pooling.", ("AAP", "adaptive average pooling")),
        ("Breadth-first search, also known as BFS, visits", ("Breadth-first search", "BFS")),
        ("AAP (adaptive average pooling layer) 在最后", ("AAP", "adaptive average pooling")),
    ],
)
def test_a_short_form_and_what_it_stands_for(text: str, expected: tuple[str, str]) -> None:
    assert introductions(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "It was shown at the meeting (ACL) in May.",
        "The scheduler (Linux) preempts.",
        "The hash join (RRF) is not one.",
        "Random walks (PPR Graph Index) differ.",
    ],
)
def test_letters_that_do_not_fit_tell_nothing(text: str) -> None:
    assert introductions(text) == []


def test_a_latin_name_before_chinese() -> None:
    assert introductions("It fills the bloom filter (布隆过滤器) again.") == [
        ("bloom filter", "布隆过滤器")
    ]
    assert introductions("先做 Downsampling(下采样),再卷积") == [("Downsampling", "下采样")]


def test_every_name_in_a_bracket_means_every_other() -> None:
    assert introductions("评价用 AP(Average Precision,平均精度)。") == [
        ("AP", "Average Precision"),
        ("AP", "平均精度"),
        ("Average Precision", "平均精度"),
    ]
    assert introductions("检索增强生成(英文:Retrieval-Augmented Generation,简称 RAG)") == [
        ("检索增强生成", "Retrieval-Augmented Generation"),
        ("检索增强生成", "RAG"),
        ("Retrieval-Augmented Generation", "RAG"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("布隆过滤器(又称布隆筛)省内存。", [("布隆过滤器", "布隆筛")]),
        ("写时复制，又称写入时复制，推迟拷贝。", [("写时复制", "写入时复制")]),
        ("近端策略优化,简称 PPO,是一种算法。", [("近端策略优化", "PPO")]),
        (
            "土豆，俗称马铃薯、洋芋，耐寒。",
            [("土豆", "马铃薯"), ("土豆", "洋芋"), ("马铃薯", "洋芋")],
        ),
    ],
)
def test_a_text_may_say_it_outright(text: str, expected: list[tuple[str, str]]) -> None:
    assert introductions(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "切成固定大小的块(例如 16 个)",
        "这项工作(2023)",
        "具体做法(见下文)",
        "项目主页(https://example.org/a)",
        "样本太少(n=3)",
        "前人已有研究(Smith et al., 2020)",
        "延迟很低(ms)",
        "占用内存(GB)",
        "左边的图(left)",
        "调用函数(do_it)",
        "向量数据库(Milvus)",
        "网络结构(如图)",
        "Redis(推荐)",
        "Tokyo(日本)",
        "执行任务(控制单元)",
        "动作识别(键盘输入、鼠标点击、拖拽等)",
        "广州俗称麻鹰，很常见。",
        "这一步由四位乐师负责，又称四大件。",
        "直接相加(sum,不是拼接)",
        "数据在循环中(loop)",
        "第 3 层(layer)",
        "经典的维度的诅咒(curse of dimensionality)",
        "BP算法(Backpropagation)",
        "空的()和（）",
        "先做向量化(vectorization)",  # jieba sees `向 量化`
        "随后才复制(CopyonWrite)",
        "麦可杰克森(Michael Jackson)",
        "才搜索(Search)",
    ],
)
def test_asides_name_nothing(text: str) -> None:
    assert introductions(text) == []


def test_keys_meet_across_spellings() -> None:
    assert key("Gradient Checkpointing") == key("ＧＲＡＤＩＥＮＴ-checkpointing")
    assert key("權重衰減") == key("权重衰减") == "权重衰减"
    assert key("(、)") == ""


def test_pairs_are_of_keys_and_once() -> None:
    text = "权重衰减(Weight Decay),又见權重衰減（weight decay）。Weight decays (权重衰减)"
    assert pairs(text) == [("权重衰减", key("Weight Decay"))]


@pytest.mark.parametrize(
    "text",
    [
        "(" * 100_000,
        "(" * 50_000 + "RRF" + ")" * 50_000,
        "梯度(" * 50_000,
        "x(ab)" * 50_000,
        "又称" * 50_000,
        "“又称" * 50_000,
        "甲乙丙丁" * 30_000 + "(Name)",
        "word " * 30_000 + "(WWWWWWWWWW)",
        ("a" * 60 + " ") * 5_000 + "(" + "a" * 100_000,
        "a-" * 60_000 + "(A)",
        "(" + "即" * 100 + ")" + "(即" * 50_000,
        "\ud800(\x00)(\ud800)",
    ],
)
def test_hostile_texts_are_read_to_their_end(text: str) -> None:
    assert introductions(text) == []


def test_a_text_full_of_introductions_is_bounded() -> None:
    letters = [f"{a}{b}" for a in "BCDFGHKLMN" for b in "bcdfghklmnprstvwxyz"]
    text = "。".join(f"权重衰减({a}{b}a Decay)" for a in letters for b in letters[:5])
    assert len(introductions(text)) == MOST_PAIRS


_FRAGMENTS = st.sampled_from(
    """
    ( )   （ ） , 、 ; 。 又称 也就是 即 为 “ ” 《 》 · - & 例如 权重衰减 搜索 才 复制 先 用 后 训练 可 的
    一种 第一 依赖 注入 使用 Weight Decay weight decay WD RoPE GPT2 key-value KeyValue 3 教授 麦可
    """.split(" ")  # so that a space and a line's end are among them
)


@settings(deadline=None, max_examples=1_000)
@given(st.lists(_FRAGMENTS, max_size=12).map("".join) | st.text(max_size=100))
def test_whatever_the_text_names_are_names(text: str) -> None:
    found = introductions(text)
    assert len(set(found)) == len(found)
    for one, other in found:
        assert one != other
        assert 2 <= min(len(one), len(other)) <= max(len(one), len(other)) <= LONGEST
        assert not set("()()\n,") & set(one + other)
    for pair in pairs(text):
        assert all(pair)
        assert pair[::-1] not in pairs(text)
