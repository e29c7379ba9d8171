"""A title for an article that came without one: its first telling clause."""

from __future__ import annotations

import re

from retrieval.identity import columns
from retrieval.words import pieces

#: Widest title, in columns: forty Chinese characters, about twelve English words.
WIDEST = 80
#: A clause narrower than this tells too little: four Chinese characters, one English word.
NARROWEST = 8

#: Openers that say only where in the text one stands. Compared without case and white space.
GENERIC = frozenset(
    """
    引言 引言与背景 引言和背景 背景 背景与动机 背景和动机 背景介绍 研究背景 研究动机 动机 简介
    介绍 概述 综述 概要 概览 摘要 前言 序言 导言 导读 绪论 总览 总述 模型概述 模型简介 模型介绍
    原理分析 原理 基本概念 写在前面 论文地址 论文链接 论文名称 论文标题 代码地址 代码链接
    项目地址 官方解读博客 一般来说 最近 近年来 目前 首先 簡介 介紹 概覽 導言 導讀 緒論 總覽
    研究動機 動機 論文地址 代碼地址 overview introduction intro background motivation abstract
    summary preface foreword preamble paper code link tldr tl;dr prologue
    """.split()
)

#: How a text marks code and headings; one of the first rank that opens it is its title.
_FENCE = re.compile(r"^ {0,3}`{3,}[^`\s]*[ \t]*(?:\n|\Z)", re.MULTILINE)
_HEADING_MARK = re.compile(r"^#{1,6} +", re.MULTILINE)
_TITLE = re.compile(r"# +(\S[^\n]*)")
_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
#: Bullets, numbering, marks; not the bracket or quotation mark that opens a name.
_LEADING = re.compile(
    r"^(?:[^\w《「『【“\[(（]+|_+|\d{1,2}\s*[.、)．)]\s*(?=\D)|[一二三四五六七八九十]{1,3}\s*[、.．]\s*"
    r"|[(（][一二三四五六七八九十\d]+[)）]\s*)+"
)
_PLACEHOLDER = re.compile(r"\[(?:Math|公式|代码|图片|code|formula|image)\]", re.IGNORECASE)
_CJK = r"\u3400-\u9fff\uf900-\ufaff"
#: Ends of a sentence end a title early; a mere pause only after enough was said.
_END = re.compile(r"[。!?!?;;\n]|\.(?=\s+\S|$)(?<!vs\.)(?<!e\.g\.)(?<!i\.e\.)(?<!etc\.)")
_PAUSE = re.compile(
    rf"(?<!\d),|,(?!\d)|[，、]|[:：](?!\d)|(?<=[{_CJK}])\s+(?=[{_CJK}])|\s+(?=[\U0001f300-\U0001faff])"
)
#: A heading run into the prose: Chinese, a space, and Chinese again. Before a Latin name, a space
#: is how Chinese prose is set and ends nothing.
_HEADING = re.compile(
    rf"(?P<head>(?:[^\s。!?!?;;,，(（]|[(（][^)）]*[)）])*[{_CJK}?？)）][?？]?)\s+(?=[{_CJK}])"
)
_TWICE = re.compile(r"^(?P<word>\S+)\s+(?=(?P=word)(?:\s|$))")
_WORD = r"[^\s:：,，.。|｜—–\-【】\[\]()（）]{1,12}"
#: What ends an opener: a mark, or a space. A Latin word before one in lower case opens a phrase
#: (`Overview of X`), not a text.
_OPENER = re.compile(
    rf"(?:\d{{1,2}}\s+)?(?:[【\[(（]\s*(?P<boxed>{_WORD})\s*[】\])）]|(?P<plain>{_WORD})"
    r"(?:\s*[:：,，。|｜—–]+|\.(?=\s|$)|\s+-+(?=\s)|(?<=[A-Za-z])\s+(?![a-z])|(?<![A-Za-z])\s+|$))"
)


def derive_title(text: str) -> str:
    """The first telling clause of a text: generic openers, links, bullets and numbering skipped.

    Never empty; at most `WIDEST` columns, cut between words and closed by `…` where it was cut.
    """
    text = _FENCE.sub("", text).strip() or text
    title = _TITLE.match(text)
    text = _HEADING_MARK.sub("", text)
    if title and columns(title[1]) >= NARROWEST and title[1].casefold() not in GENERIC:
        return cut_at_word(" ".join(title[1].split()), WIDEST)
    rest = _PLACEHOLDER.sub(" ", _LINK.sub(" ", text)).strip()
    while True:
        bare = _LEADING.sub("", rest)
        opener = _OPENER.match(bare)
        if opener is None or (opener["boxed"] or opener["plain"]).casefold() not in GENERIC:
            break
        rest = bare[opener.end() :]
        if not rest.strip():
            break
    clause = _first_clause(bare or text.strip())
    return cut_at_word(" ".join(clause.split()), WIDEST) or cut_at_word(text.strip(), WIDEST)


def _first_clause(text: str) -> str:
    text = _TWICE.sub("", text)
    heading = _HEADING.match(text)
    if heading and NARROWEST <= columns(heading["head"]) <= WIDEST // 2:
        return heading["head"]
    depth = 0
    for position, char in enumerate(text):
        if char in "(（[【《「":
            depth += 1
        elif char in ")）]】》」":
            depth = max(0, depth - 1)
        said = text[:position]
        if columns(said[: WIDEST + 1]) > WIDEST:
            return text[: WIDEST * 2]
        if depth or columns(said) < NARROWEST:
            continue
        if end := _END.match(text, position):
            return said + (end[0] if end[0] in "?!?!" else "")
        if columns(said) >= 2 * NARROWEST and _PAUSE.match(text, position):
            return said
    return text


def cut_at_word(text: str, widest: int) -> str:
    """The text in at most `widest` columns, cut between words, `…` marking that it was cut."""
    if columns(text) <= widest:
        return text
    kept = ""
    for word in pieces(text[: widest + 1]):
        if columns(kept + word) > widest - 1:
            break
        kept += word
    if not kept:  # one endless word
        kept = text[: (widest - 1) // 2]
    return (kept.rstrip(" ,，、:：;（(【[「《-") or kept) + "…"
