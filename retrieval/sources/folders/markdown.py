"""Markdown as blogs write it -> its title and its text: Markdown -> HTML -> text.

Everything goes through HTML, so that an article has the same text whether it came from a feed, a
page or a file. Formulas are taken out of Markdown's sight first: `$a_b^*$` has no emphasis.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter
from markdown_it.token import Token
from mdit_py_plugins.amsmath import amsmath_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin

from retrieval.html.readable import text_of
from retrieval.identity import folded
from retrieval.sources.folders.shortcodes import language, shortcodes, shown

#: Characters. No formula is longer; without a limit every bracket would be looked for to the end.
LONGEST_FORMULA = 10_000
_BRACKETS = {"(": (")", "math_inline"), "[": ("]", "math_inline_double")}
_OPENING = re.compile(r"(\\{1,2})([(\[])")
_MODULE = re.compile(r"(?:import\s.*['\"]|import\s*\{|export\s)")


def read_markdown(
    source: str, *, title: str | None = None, components: bool = False
) -> tuple[str | None, str]:
    """The title of an article in Markdown and its text, in the form that `Draft.text` has.

    A title that is known keeps its heading out of the text; where none is, the first heading of
    the first level is the title, unless nothing else is said. `components` is for MDX: its imports
    and exports are no text.
    """
    parser = _parser()
    env: dict[str, Any] = {"components": components}
    tokens = parser.parse(source, env)
    heading = _heading(tokens)
    if heading is not None:
        said = _plain(tokens[heading + 1].children or [])
        repeated = heading == 0 and title is not None and folded(said) == folded(title)
        rest = tokens[:heading] + tokens[heading + 3 :]
        if title is None or repeated:
            title = title or said or None
            tokens = rest or tokens
    return title, text_of(parser.renderer.render(tokens, parser.options, env))


def _heading(tokens: Sequence[Token]) -> int | None:
    places = (
        place
        for place, token in enumerate(tokens)
        if token.type == "heading_open" and token.tag == "h1" and token.level == 0
    )
    return next(places, None)


def _plain(children: Sequence[Token]) -> str:
    parts = []
    for token in children:
        if token.type in ("text", "code_inline"):
            parts.append(token.content)
        elif token.type.startswith("math_inline"):
            parts.append(f"${token.content}$")
        elif token.type.endswith("break"):
            parts.append(" ")
    return " ".join("".join(parts).split())


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    footnote_plugin(parser)
    dollarmath_plugin(parser, allow_space=False, allow_digits=False, double_inline=True)
    amsmath_plugin(parser)
    parser.inline.ruler.at("emphasis", _emphasis)
    parser.inline.ruler.before("escape", "bracket_math", _bracket_math)
    alternatives: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    parser.block.ruler.before("fence", "bracket_math", _bracket_math_block, alternatives)
    parser.block.ruler.before("paragraph", "module", _module_lines)
    parser.core.ruler.after("inline", "wide_breaks", _drop_wide_breaks)
    shortcodes(parser)
    parser.add_render_rule("math_inline", _render_inline)
    parser.add_render_rule("math_inline_double", _render_display)
    for name in ("math_block", "math_block_label", "amsmath"):
        parser.add_render_rule(name, _render_block)
    parser.add_render_rule("fence", _render_fence)
    parser.add_render_rule("code_inline", _render_code)
    parser.add_render_rule("footnote_anchor", _render_nothing)
    return parser


def _emphasis(state: StateInline, silent: bool) -> bool:
    """Marks of emphasis, also where Chinese puts them: CommonMark takes the second `**` of
    `**重点：**后面` for text, because punctuation stands before it and no space behind it."""
    marker = state.src[state.pos]
    if silent or marker not in "*_":
        return False
    scanned = state.scanDelims(state.pos, marker == "*")
    opens, closes = scanned.can_open, scanned.can_close
    end = state.pos + scanned.length
    before = state.src[state.pos - 1 : state.pos] or " "
    after = state.src[end : min(end + 1, state.posMax)] or " "
    if marker == "*" and (_wide(before) or _wide(after)):
        opens, closes = not after.isspace(), not before.isspace()
    for _ in range(scanned.length):
        state.push("text", "", 0).content = marker
        place = len(state.tokens) - 1
        state.delimiters.append(Delimiter(ord(marker), scanned.length, place, -1, opens, closes))
    state.pos = end
    return True


def _bracket_math(state: StateInline, silent: bool) -> bool:
    r"""`\(a\)` and `\[a\]`, also with the backslash doubled, as plain Markdown asks for it."""
    opened = _OPENING.match(state.src, state.pos, state.posMax)
    if opened is None:
        return False
    closing, kind = _BRACKETS[opened[2]]
    start, furthest = opened.end(), min(state.posMax, opened.end() + LONGEST_FORMULA)
    end = state.src.find(f"{opened[1]}{closing}", start, furthest)
    tex = state.src[start:end]
    if end < 0 or not tex.strip() or opened[0] in tex:
        return False
    if not silent:
        state.push(kind, "math", 0).content = tex
    state.pos = end + len(opened[0])
    return True


def _bracket_math_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    r"""Lines from one that begins with `\[` to the first that ends with `\]`."""
    if state.is_code_block(start):
        return False
    first = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]].strip()
    opening = "\\\\[" if first.startswith("\\\\[") else "\\["
    if not first.startswith(opening):
        return False
    closing = opening.replace("[", "]")
    for last in range(start, end):
        line = state.src[state.bMarks[last] : state.eMarks[last]].strip()
        begun_again = opening in (line if last > start else line.removeprefix(opening))
        if not line or begun_again or closing in line.removesuffix(closing):
            return False
        if line.endswith(closing) and (last > start or line != opening):
            if not silent:
                lines = state.getLines(start, last + 1, state.blkIndent, False).strip()
                token = state.push("math_block", "math", 0)
                token.block = True
                token.content = lines.removeprefix(opening).removesuffix(closing)
                state.line = last + 1
            return True
    return False


def _module_lines(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """The paragraph of imports and exports that MDX begins with."""
    if silent or state.level or not state.env.get("components"):
        return False
    if not _MODULE.match(state.src, state.bMarks[start] + state.tShift[start]):
        return False
    last = start
    while last < end and not state.isEmpty(last):
        last += 1
    state.line = last
    return True


def _drop_wide_breaks(state: StateCore) -> None:
    """Chinese and Japanese know no spaces: a line of the file that ends between two of their
    characters would otherwise leave one in the middle of a word."""
    for token in state.tokens:
        children = token.children or []
        if not any(child.type == "softbreak" for child in children):
            continue
        following = ""
        kept: list[Token] = []
        ends = [""]
        for child in children:
            ends.append(child.content[-1:] or ends[-1])
        for place in range(len(children) - 1, -1, -1):
            child = children[place]
            if child.type == "softbreak" and _wide(ends[place]) and _wide(following):
                continue
            kept.append(child)
            following = " " if child.type.endswith("break") else child.content[:1] or following
        token.children = kept[::-1]


def _wide(char: str) -> bool:
    return (
        char != ""
        and unicodedata.east_asian_width(char) in "WF"
        and not unicodedata.name(char, "").startswith(("HANGUL", "HALFWIDTH HANGUL"))
    )


def _render_inline(_: Any, tokens: Sequence[Token], place: int, *__: Any) -> str:
    return f"${escapeHtml(_tex(tokens[place]))}$"


def _render_display(_: Any, tokens: Sequence[Token], place: int, *__: Any) -> str:
    return f"$${escapeHtml(_tex(tokens[place]))}$$"


def _render_block(_: Any, tokens: Sequence[Token], place: int, *__: Any) -> str:
    return f"<p>$${escapeHtml(_tex(tokens[place]))}$$</p>\n"


def _tex(token: Token) -> str:
    tex = token.content.strip()
    ticked = len(tex) > 2 and tex.startswith("`") and tex.endswith("`")
    return tex[1:-1].strip() if ticked else tex  # GitHub and GitLab: $`a`$


def _render_fence(_: Any, tokens: Sequence[Token], place: int, *__: Any) -> str:
    token = tokens[place]
    # ```python {hl_lines=[1]}, ```{.python}, ```{r}, ```js title
    name = language(re.sub(r"[{},]|^\s*\.", " ", token.info.replace("{.", " ")))
    if name == "math":
        return _render_block(_, tokens, place)
    told = f' class="language-{escapeHtml(name)}"' if name else ""
    return f"<pre><code{told}>{escapeHtml(shown(token.content))}</code></pre>\n"


def _render_code(_: Any, tokens: Sequence[Token], place: int, *__: Any) -> str:
    return f"<code>{escapeHtml(shown(tokens[place].content))}</code>"


def _render_nothing(*_: Any) -> str:
    return ""
