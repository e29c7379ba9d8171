"""Blocks of code on a page -> their lines, exactly, between fences.

Highlighters wrap lines in spans, end them by `<br>`, by rows of a table or by blocks, and put
their numbers beside them; none of this is code.
"""

from __future__ import annotations

import re

from lxml import etree

from retrieval.html.markup import Element, classes, is_unread

_NUMBERS = frozenset(
    """
    gutter linenos lineno linenumber line-number line-numbers-rows linenodiv lnt ln rouge-gutter
    line-numbers-wrapper hljs-ln-numbers blob-num pre-numbering code-lineno crayon-nums
    """.split()
)
#: Where numbers stand when they stand beside the code and not in it.
_NUMBERS_BESIDE = frozenset("td th pre div ul ol".split())
_UNSELECTABLE = re.compile(r"user-select\s*:\s*none", re.IGNORECASE)
_LINES = frozenset("div p li tr section article ol ul table".split())
#: White space between these is the markup's, not the code's.
_SKELETON = frozenset("table thead tbody tr ol ul".split())

_TOLD = re.compile(r"^(?:(?:language|lang|highlight-source)-|brush:)(.+)$", re.IGNORECASE)
_NAME = re.compile(r"^[A-Za-z0-9+#._-]{1,20}$")
#: What highlighters call code of no language, and classes of theirs that name none.
_NO_LANGUAGE = frozenset(
    """
    text txt plain plaintext plain-text none nohighlight no-highlight fallback default auto
    highlight code source sourcecode numberlines notranslate wrap hljs wp-block-code
    """.split()
)
#: Elements between a block of code and the one that tells its language: a figure of Hexo holds
#: a table, its body, a row and a cell.
_FARTHEST = 6


def is_code_block(element: Element) -> bool:
    """Whether the element is a block of code (or of anything set as typed)."""
    return element.tag in ("pre", "listing", "xmp", "plaintext") or (
        element.tag == "div" and "syntaxhighlighter" in classes(element)
    )


def is_beside_code(element: Element) -> bool:
    """Whether the element only numbers, or names the language of, the code it stands beside."""
    names = classes(element)
    if element.tag in _NUMBERS_BESIDE and not _NUMBERS.isdisjoint(names):
        return element.tag in ("td", "th", "pre") or names != ["gutter"]
    if element.tag == "span" and names == ["lang"]:
        parent = element.getparent()
        return parent is not None and any(_TOLD.match(name) for name in classes(parent))
    return False


def fenced(block: Element) -> str:
    """The code between fences longer than any in it; empty where there is no code."""
    code = _code(block).strip("\n")
    if not code.strip():
        return ""
    longest = max((len(run) for run in re.findall(r"`{3,}", code)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{_language(block)}\n{code.rstrip()}\n{fence}"


def _code(block: Element) -> str:
    lines = _LINES | {"code"} if len(block.findall("code")) > 1 else _LINES  # WeChat's
    said: list[str] = []
    starts: list[int] = []
    last = ""

    def say(text: str | None, holder: Element) -> None:
        nonlocal last
        if text and not (holder.tag in _SKELETON and not text.strip()):
            said.append(text)
            last = text[-1]

    walk = etree.iterwalk(block, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        if event == "start":
            if element is not block and (is_unread(element) or _is_number(element)):
                walk.skip_subtree()
                starts.append(-1)
                continue
            if element.tag in lines and said and last != "\n":
                say("\n", block)
            starts.append(len(said))
            if element.tag == "br":
                say("\n", block)
            say(element.text, element)
            continue
        if event == "end":
            start = starts.pop()
            ends_line = element.tag in lines and element.tag not in _SKELETON - {"tr"}
            if start >= 0 and ends_line and (last != "\n" or start == len(said)):
                say("\n", block)
        if element is not block:
            say(element.tail, element.getparent())
    return "".join(said).replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ")


def _is_number(element: Element) -> bool:
    return (
        not _NUMBERS.isdisjoint(classes(element))
        or _UNSELECTABLE.search(element.get("style") or "") is not None
    )


def _language(block: Element) -> str:
    """As the block's own class or attribute tells, its code's, or what stands around it."""
    inner = next((child for child in block.iterchildren("code")), None)
    for element in (block, inner):
        if element is None:
            continue
        for name in ("data-lang", "data-language", "data-enlighter-language", "lang"):
            if language := _named(element.get(name)):
                return language
        if language := _in_classes(classes(element)):
            return language
    around = block.getparent()
    for distance in range(_FARTHEST):
        if around is None:
            break
        names = classes(around)
        highlights = any("highlight" in name for name in names)
        if (distance == 0 or highlights) and (language := _in_classes(names)):
            return language
        if around.tag == "figure" and "highlight" in names:
            return next(filter(None, map(_named, names)), "")
        around = around.getparent()
    own = classes(block)
    return next(filter(None, map(_named, own[1:])), "") if own[:1] == ["sourceCode"] else ""


def _in_classes(names: list[str]) -> str:
    for position, name in enumerate(names):
        if told := _TOLD.match(name):
            return _named(told[1])
        if name == "brush:":
            return _named(next(iter(names[position + 1 :]), None))
        if name.startswith("highlight-"):
            return _named(name.removeprefix("highlight-"))
    return ""


def _named(name: str | None) -> str:
    name = (name or "").strip(" ;").lower()
    return name if _NAME.match(name) and name not in _NO_LANGUAGE else ""
