"""Formulas on a page -> TeX: what KaTeX, MathJax, MathML and pictures of formulas were made of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, unquote_plus, urlsplit

from retrieval.html.markup import Element, classes
from retrieval.html.mathml import tex_of_mathml

_TEX_ATTRIBUTES = ("data-latex", "data-tex", "data-formula", "data-math", "latex")
#: What a typesetter leaves around a formula, its source somewhere inside.
_TYPESET = frozenset("katex mwe-math-element ztext-math".split())
_MATHJAX_2 = frozenset(
    "MathJax MathJax_Display MathJax_SVG MathJax_SVG_Display MathJax_CHTML mjx-chtml".split()
)
_PICTURE = re.compile(r"(?:^|[\s_-])(?:math|latex|tex|eeimg|formula|katex|mathjax)", re.IGNORECASE)
#: Services that draw the formula that their address holds.
_DRAWN = re.compile(r"latex|codecogs|equation\?tex=|[?&]tex=|math\?math=|cht=tx|upmath", re.I)
_SIZES = re.compile(r"^\s*(?:\\(?:inline|dpi\s*\{\d*\}|bg_\w+|fn_\w+|large|small|tiny|huge)\s*)+")
_DELIMITED = re.compile(r"^(?:\$\$(.*)\$\$|\$(.*)\$|\\\[(.*)\\\]|\\\((.*)\\\))$", re.DOTALL)
_CDATA = re.compile(r"^\s*%?\s*<!\[CDATA\[|%?\s*\]\]>\s*$")
#: Characters. No formula is longer; a longer attribute is something else.
_LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula's TeX without its dollars; `display` if it stands on a line of its own."""

    tex: str
    display: bool = False

    def __str__(self) -> str:
        return f"$${self.tex}$$" if self.display else f"${self.tex}$"


def is_typeset(element: Element) -> bool:
    """Whether the source of a formula is sought in this whole element."""
    return element.tag in ("mjx-container", "math") or not (_TYPESET | _MATHJAX_2).isdisjoint(
        classes(element)
    )


def formula_of(element: Element) -> Formula | None:
    """The formula that this element shows, with all that is in it; None where it shows none.

    An empty `tex` tells that the element repeats what is said elsewhere.
    """
    tag = element.tag
    if tag == "script":
        return _script(element)
    if tag == "img":
        return _picture(element)
    if tag == "math":
        return _mathml(element)
    if tag == "mjx-container":
        return _mathjax_3(element)
    names = classes(element)
    if not names:
        return None
    if "MathJax_Preview" in names:
        return Formula("")
    if not _MATHJAX_2.isdisjoint(names):
        return _mathjax_2(element)
    if not _TYPESET.isdisjoint(names):
        return _typeset(element, names)
    if "katex-error" in names:
        return _formula("".join(element.itertext()))
    if "math" in names and tag in ("span", "div") and len(element) == 0:
        return _bare(element, names)
    return None


def _formula(tex: str | None, display: bool = False) -> Formula | None:
    """Nothing for what is empty; delimiters that came along are taken off and heeded."""
    tex = (tex or "").strip()
    if not tex or len(tex) > _LONGEST:
        return None
    if delimited := _DELIMITED.match(tex):
        display = display or delimited.lastindex in (1, 3)
        tex = (delimited[delimited.lastindex or 0]).strip()
    if tex.endswith("\\\\"):  # how Zhihu marks a formula on a line of its own
        tex, display = tex[:-2].strip(), True
    lines = [line.strip() for line in tex.splitlines() if line.strip()]
    tex = "\n".join(lines) if display else " ".join(lines)
    return Formula(tex, display) if tex else None


def _attribute(element: Element) -> str | None:
    return next((tex for name in _TEX_ATTRIBUTES if (tex := element.get(name))), None)


def _script(script: Element) -> Formula | None:
    kind = (script.get("type") or "").lower()
    if not kind.startswith("math/tex"):
        return None
    return _formula(_CDATA.sub("", script.text or ""), "mode=display" in kind.replace(" ", ""))


def _mathml(math: Element) -> Formula | None:
    display = math.get("display") == "block" or math.get("mode") == "display"
    said = next(
        (
            "".join(annotation.itertext())
            for annotation in math.iter("annotation")
            if "tex" in (annotation.get("encoding") or "").lower()
        ),
        None,
    )
    tex = said or math.get("alttext") or _attribute(math) or tex_of_mathml(math)
    return _formula(_undisplayed(tex), display)


def _undisplayed(tex: str) -> str:
    """Wikipedia wraps every formula it has in a group that sets its style, WordPress begins so."""
    tex = tex.strip()
    if tex.startswith(r"{\displaystyle") and tex.endswith("}"):
        return tex.removeprefix(r"{\displaystyle")[:-1].strip()
    return tex.removeprefix(r"\displaystyle ").strip()


def _first_math(element: Element) -> Formula | None:
    return next((found for math in element.iter("math") if (found := _mathml(math))), None)


def _mathjax_3(container: Element) -> Formula | None:
    display = container.get("display") in ("true", "block")
    tex = _attribute(container) or next(
        (tex for each in container.iter("mjx-math") if (tex := _attribute(each))), None
    )
    found = _formula(tex, display) or _first_math(container)
    return Formula(found.tex, found.display or display) if found else None


def _mathjax_2(rendered: Element) -> Formula | None:
    following = rendered.getnext()
    if following is not None and following.tag == "script" and _script(following):
        return Formula("")  # the script that comes next is what was rendered
    return _first_math(rendered)


def _typeset(element: Element, names: list[str]) -> Formula | None:
    parent = element.getparent()
    display = "katex-display" in names or (
        parent is not None and "katex-display" in classes(parent)
    )
    if tex := _attribute(element):
        return _formula(tex, display)
    found = _first_math(element) or next(
        (found for each in element.iter("img", "script") if (found := formula_of(each))), None
    )
    return Formula(found.tex, found.display or display) if found else None


def _bare(element: Element, names: list[str]) -> Formula | None:
    """Pandoc's and others' spans that a script was to typeset."""
    text = (element.text or "").strip()
    if text.startswith(("\\(", "\\[", "$")):
        return None  # as good as it can be: stays in the text as it is
    return _formula(text, element.tag == "div" or "display" in names)


def _picture(image: Element) -> Formula | None:
    source = image.get("src") or image.get("data-src") or ""
    named = _PICTURE.search(image.get("class") or "") is not None
    eeimg = image.get("eeimg") or image.get("data-eeimg")
    if not (named or eeimg or _attribute(image) or _DRAWN.search(source[:200])):
        return None
    alt = image.get("alt") or ""
    if alt.strip().strip("[]") in ("公式", "formula", "image", "图片", "equation", "latex"):
        alt = ""
    tex = _attribute(image) or _drawn(source) or alt
    display = eeimg == "2" or "display" in (image.get("class") or "")
    return _formula(_undisplayed(_SIZES.sub("", tex)), display)


def _drawn(source: str) -> str | None:
    """The formula that the address of its picture holds, if it does."""
    if len(source) > _LONGEST or not _DRAWN.search(source[:200]):
        return None
    try:
        parts = urlsplit(source)
    except ValueError:
        return None
    if "codecogs" in parts.netloc:
        return unquote(parts.query.replace("&space;", " ")) or None
    if "upmath" in parts.netloc:
        return unquote(parts.path.rpartition("/")[2]) or None
    query = dict(parse_qsl(parts.query, separator="&"))
    if (
        tex := next((query[k] for k in ("tex", "latex", "math", "chl") if k in query), None)
    ) is None:
        return None
    return unquote_plus(tex) if "%5C" in tex else tex
