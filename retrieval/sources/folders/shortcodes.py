"""What site generators write between the lines of Markdown and HTML: tags and shortcodes.

{{< figure src="x" >}}  {{% note %}}        Hugo
{% include x %}  {{ site.url }}  {: .class}  Jekyll (Liquid, kramdown)
{% asset_img x %}                           Hexo
{{ youtube(id="x") }}                       Zola

Those that hold code become code blocks, those that hold a formula become formulas, those that hold
other text leave it; the rest goes. Nothing is touched inside code and formulas.
"""

from __future__ import annotations

import re
from html import escape

from markdown_it import MarkdownIt
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline

#: Characters a tag may have; the longest in use (a figure with its caption) take a few hundred.
_LONGEST = 2010


def _tag(opening: str, closing: str) -> str:
    """What a tag of this kind looks like: it ends at the first mark that can end it."""
    inside = rf"(?:(?!\n[ \t]*\n|{closing}).){{0,2000}}"
    return f"{opening}{inside}{closing}"


_TAG = re.compile(
    "|".join(
        (
            _tag(r"\{\{<", r">\}\}"),
            _tag(r"\{\{%", r"%\}\}"),
            _tag(r"\{\{/\*", r"\*/\}\}"),
            _tag(r"\{%", r"%\}"),
            _tag(r"\{\{-?\s*(?:site|page|post|layout|include|theme|config)\.", r"\}\}"),
            _tag(r"\{\{\s*\w+\(", r"\)\s*\}\}"),
            _tag(r"\{/\*", r"\*/\}"),
        )
    ),
    re.DOTALL,
)
_ONLY_TAGS = re.compile(rf"(?:(?:{_TAG.pattern})\s*)+|\{{:[^{{}}\n]*\}}|\[\[?toc\]?\]", re.S | re.I)
_OPENING = re.compile(r"(?:\{%-?|\{\{[<%])\s*(\w+)\b([^\n]{0,2000}?)\s*(?:-?%\}|[%>]\}\})")
_CODE = frozenset({"highlight", "codeblock", "code"})
_FORMULA = frozenset({"katex", "math", "latex", "mathjax"})
_SILENT = frozenset({"comment"})
#: How Hugo's own documentation writes a shortcode that is to be shown, not run.
_SHOWN = re.compile(r"\{\{([<%])/\*(.{0,2000}?)\*/([>%])\}\}", re.DOTALL)
_RAW_LINE = re.compile(r"\{%-?\s*raw\s*-?%\}")
_RAW_MARK = re.compile(r"\{%-?[ \t]*(?:end)?raw[ \t]*-?%\}\n?")
_RAW_CODE = re.compile(
    r"\s*\{%-?[ \t]*raw[ \t]*-?%\}\n?((?:(?!\{%-?[ \t]*(?:end)?raw\b).)*)"
    r"\{%-?[ \t]*endraw[ \t]*-?%\}\s*",
    re.DOTALL,
)
_RAW = re.compile(r"\{%-?\s*raw\s*-?%\}(.{0,10000}?)\{%-?\s*endraw\s*-?%\}", re.DOTALL)
_ATTRIBUTES = re.compile(r"[ \t]*\{[#:.][^{}\n]*\}[ \t]*$")
_DESTINATION = re.compile(
    r"(?P<code>(`+)(?!`).+?(?<!`)\2(?!`))"
    r"|\]\([^()\n]{0,500}?(?:\{\{[^{}]{0,500}?\}\}|\{%[^{}]{0,500}?%\})[^()\n]{0,500}\)",
    re.DOTALL,
)
_CODE_OR_TAG = re.compile(
    rf"(?P<code>(`+)(?!`).+?(?<!`)\2(?!`))|(?P<tag>{_TAG.pattern})", re.DOTALL
)
_SPARED = re.compile(
    rf"(?P<code><(pre|code|script|style)\b.*?</\2\s*>)|(?P<tag>{_TAG.pattern})", re.S | re.I
)


def _closing(name: str) -> re.Pattern[str]:
    return re.compile(rf"\{{%-?\s*end{name}\s*-?%\}}|\{{\{{[<%]\s*/\s*{name}\s*[>%]\}}\}}")


_CLOSINGS = {name: _closing(name) for name in _CODE | _FORMULA | _SILENT | {"raw"}}


def shortcodes(parser: MarkdownIt) -> None:
    """Teach a parser of Markdown what stands for nothing, for code or for a formula."""
    alternatives: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    parser.block.ruler.before("fence", "shortcode", _block, alternatives)
    parser.inline.ruler.push("shortcode", _inline)
    parser.core.ruler.before("inline", "shortcode", _before_inline)


def shown(code: str) -> str:
    """Code in which the tags that are to be shown look as a reader sees them: Hugo's between
    comment marks, Jekyll's in code that as a whole stands in `raw`."""
    whole = _RAW_CODE.fullmatch(code)
    return _SHOWN.sub(r"{{\1\2\3}}", whole[1] if whole else code)


def language(arguments: str) -> str:
    """The language among the arguments of a code block, or nothing: `标题 lang:python`."""
    named = re.search(r"""\blang(?:uage)?[:=]\s*["']?([\w+#.-]+)""", arguments)
    if named:
        return named[1]
    first = re.match(r"""\s*["']?([A-Za-z][\w+#.-]*)["']?(?=\s|$)""", arguments)
    return first[1] if first else ""


def without_tags(html: str) -> str:
    """HTML of a generator's site with its tags taken out, code blocks in their place."""
    html = _HIGHLIGHTED.sub(_highlighted, html)
    return _SPARED.sub(lambda found: found["code"] or "", html)


_HIGHLIGHTED = re.compile(
    r"\{%-?\s*(?:highlight|codeblock)\b([^\n]*?)-?%\}\n?(.*?)\{%-?\s*end(?:highlight|codeblock)\s*-?%\}",
    re.DOTALL,
)


def _highlighted(found: re.Match[str]) -> str:
    name, code = escape(language(found[1])), escape(_RAW_MARK.sub("", found[2]))
    return f'<pre><code class="language-{name}">{code}</code></pre>'


def _line(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]].strip()


def _block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A line that holds tags only, or the lines from a tag that opens code to its end."""
    if state.is_code_block(start) or state.env.get("raw"):
        return False
    line = _line(state, start)
    if not line.startswith(("{", "[")):
        return False
    if _RAW_LINE.fullmatch(line):
        return _raw_lines(state, start, end, silent)
    opened = _OPENING.match(line)
    name = opened[1] if opened else ""
    if opened and name in _CLOSINGS and name != "raw":
        last = _last(state, name, start, end, opened.end())
        if last is not None:
            return _held(state, opened, start, last, silent)
    if not _ONLY_TAGS.fullmatch(line) or _RAW.search(line):
        return False
    if not silent:
        state.line = start + 1
    return True


def _raw_lines(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Lines in which nothing is a tag, though they are Markdown as any other."""
    if silent:
        return True
    last = _last(state, "raw", start, end, 0)
    first = len(state.tokens)
    if last is not None and last > start + 1:
        # The lines beyond are hidden from the rules that look ahead, as a list item does.
        beyond, state.lineMax = state.lineMax, last
        state.env["raw"] = True
        state.md.block.tokenize(state, start + 1, last)
        state.env["raw"] = False
        state.lineMax = beyond
    for token in state.tokens[first:]:
        token.meta = {**token.meta, "raw": True}
    state.line = start + 1 if last is None else last + 1
    return True


def _last(state: StateBlock, name: str, start: int, end: int, after: int) -> int | None:
    """The line that closes what `start` opens. What is never closed is looked for only once."""
    unclosed = state.env.setdefault("unclosed", set())
    if name in unclosed:
        return None
    closing = _CLOSINGS[name]
    for number in range(start, end):
        if closing.search(_line(state, number), after if number == start else 0):
            return number
    unclosed.add(name)
    return None


def _held(state: StateBlock, opened: re.Match[str], start: int, last: int, silent: bool) -> bool:
    name, closing = opened[1], _CLOSINGS[opened[1]]
    if last == start:
        line = _line(state, start)
        closed = closing.search(line, opened.end())
        if closed is None or line[closed.end() :].strip():
            return False  # a part of a sentence
        content = line[opened.end() : closed.start()]
    else:
        content = state.getLines(start + 1, last, state.sCount[start], True)
    if name in _FORMULA and re.search(r"\$|\\[(\[]", content):
        return False  # its formulas have their own marks
    if silent:
        return True
    if name not in _SILENT:
        token = state.push("fence" if name in _CODE else "math_block", "code", 0)
        token.block = True
        token.info = language(opened[2]) if name in _CODE else ""
        # In Jekyll code that shows tags stands in `raw` within its block.
        token.content = _RAW_MARK.sub("", content)
        token.map = [start, last + 1]
    state.line = last + 1
    return True


def _inline(state: StateInline, silent: bool) -> bool:
    """A tag within a sentence."""
    if state.src[state.pos] != "{" or "}" not in state.src[state.pos : state.pos + _LONGEST]:
        return False
    if found := _RAW.match(state.src, state.pos, state.posMax):
        if not silent:
            end, state.posMax, state.pos = state.posMax, found.end(1), found.start(1)
            state.env["raw"] = True
            state.md.inline.tokenize(state)
            state.env["raw"] = False
            state.posMax = end
        state.pos = found.end()
        return True
    found = _SHOWN.match(state.src, state.pos, state.posMax)
    if found is None and state.env.get("raw"):
        found = _TAG.match(state.src, state.pos, state.posMax)
    if found:
        if not silent:
            state.push("text", "", 0).content = shown(found[0])
        state.pos = found.end()
        return True
    opened = _OPENING.match(state.src, state.pos, state.posMax)
    if opened and opened[1] in _FORMULA | _CODE:
        closed = _CLOSINGS[opened[1]].search(state.src, opened.end(), state.posMax)
        content = state.src[opened.end() : closed.start()] if closed else "$"
        if closed and "$" not in content:
            if not silent:
                kind = "math_inline" if opened[1] in _FORMULA else "code_inline"
                state.push(kind, "code", 0).content = content
            state.pos = closed.end()
            return True
    found = _TAG.match(state.src, state.pos, state.posMax)
    if found:
        state.pos = found.end()
    return found is not None


def _before_inline(state: StateCore) -> None:
    """Take tags out of where Markdown would not look for them: addresses, headings, raw HTML."""
    for before, token in zip([None, *state.tokens], state.tokens, strict=False):
        if token.type == "html_block" and not token.meta.get("raw"):
            token.content = without_tags(token.content)
        elif token.type == "inline" and token.meta.get("raw"):
            token.content = _CODE_OR_TAG.sub(
                lambda m: m["code"] or f"{{% raw %}}{m['tag']}{{% endraw %}}", token.content
            )
        elif token.type == "inline":
            if "](" in token.content and ("{{" in token.content or "{%" in token.content):
                token.content = _DESTINATION.sub(lambda m: m["code"] or "](#)", token.content)
            if before is not None and before.type == "heading_open":
                token.content = _ATTRIBUTES.sub("", token.content)
