"""The archive this was made for: five saved pages, which are not part of the project."""

from __future__ import annotations

import shutil
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from tests.command import ROOT, Desk

PAGES = ROOT.parent / "shared" / "archive"

pytestmark = pytest.mark.skipif(
    not PAGES.is_dir(), reason=f"the owner's saved pages are not here ({PAGES})"
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    folder = tmp_path_factory.mktemp("shared")
    shutil.copytree(PAGES, folder / "pages")
    desk = Desk(folder, Path("pages"))
    assert desk.run("gather", "--json").json["new"] == 37
    return desk


def lines_of(page: Path) -> list[str]:
    body = page.read_text(encoding="utf-8").split("LATEST UPDATES\n")[1].splitlines()
    return [line for line in body if not line.replace(" ", "").isdecimal()]


def test_thirty_seven_articles_once(desk: Desk) -> None:
    assert sum(len(lines_of(page)) for page in PAGES.glob("*.txt")) == 59
    again = desk.run("gather", "--json").json
    assert again == {"new": 0, "changed": 0, "unchanged": 37, "withdrawn": 0, "failed": 0}


def test_latest_is_consistent_with_every_page(desk: Desk) -> None:
    articles = desk.run("latest", "--limit", "50", "--json").json["articles"]
    place = {article["excerpt"]: number for number, article in enumerate(articles)}
    assert len(place) == 37
    for page in PAGES.glob("*.txt"):
        for above, below in combinations(lines_of(page), 2):
            assert place[above] < place[below]


@pytest.fixture(scope="module")
def answers(desk: Desk) -> dict[str, Any]:
    import json

    asked = [question for question, _ in FOUND] + DECLINED
    done = desk.run("ask", "--batch", "-", stdin="\n".join(asked))
    return {a["question"]: a for a in map(json.loads, done.out.splitlines())}


FOUND = [
    ("激活函数从感知机到大模型的演变", "最近,似乎现在每个大型语言模型"),
    ("把激活值丢掉重新计算来省显存", "梯度检查点(Gradient Checkpointing)"),
    ("Kimi-VL 的视觉编码器是什么", "模型概述 KimiVL"),
    ("只看截图就能操作界面的智能体", "UITARS 简介"),
    ("how does FlashAttention tile the softmax", "引言与背景 FlashAttention"),
    ("threads versus processes in Java", "进程 一个在内存中运行的应用程序"),
    ("AdamW 和 Adam 有什么区别", "AdamW目前是"),
    ("kimi vl", "模型概述 KimiVL"),
    ("ＫｉｍｉＶＬ", "模型概述 KimiVL"),
    ("two-stream 網絡", "Classification,Detection"),
    ("reduce-scatter", "分布式深度学习里的通信"),
    ("UI-TARS", "UITARS 简介"),
]
DECLINED = [
    "北京烤鸭哪家好吃",
    "Excel 数据透视表怎么做",
    "how to train for a marathon",
    "asdf qwer zxcv hjkl",
    "今天天气怎么样",
    "best pizza recipe",
]


@pytest.mark.parametrize(("question", "opening"), FOUND)
def test_the_right_excerpt_is_first(answers: dict[str, Any], question: str, opening: str) -> None:
    answer = answers[question]
    assert answer["hits"][0]["excerpt"].startswith(opening)
    assert answer["relevant"] is True
    assert answer["hits"][0]["highlight"] in answer["hits"][0]["excerpt"]


@pytest.mark.parametrize("question", DECLINED)
def test_what_it_has_nothing_on_is_declined(answers: dict[str, Any], question: str) -> None:
    """FAILURES 19."""
    assert answers[question]["relevant"] is False
