"""HTML -> a light tree of elements, of bounded depth and size, that CSS selectors find into."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from html import escape

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from retrieval.errors import SourceError
from retrieval.identity import columns

#: Elements one inside the other. Browsers stop at 512; a parser's time grows with the square.
DEEPEST = 512
#: Elements of one page. A listing has some thousands; a million would fill the memory.
MOST_ELEMENTS = 200_000

_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
#: Elements that end where the next one begins, so that they never nest by being left open.
_OPEN_ENDED = frozenset(
    "html head body p li dt dd tr td th tbody thead tfoot option optgroup rb rt rp colgroup".split()
)
_FOREIGN = frozenset({"svg", "math"})
#: What ends a drawing or a formula where it begins inside one (HTML's "breakout" elements).
_BREAKS_OUT = frozenset(
    "annotation-xml b big blockquote body center code dd desc div dl dt em foreignobject h1 h2 h3 "
    "h4 h5 h6 head i li listing menu nobr ol p pre ruby s small span strike strong sub sup table "
    "title tt u ul var".split()
)
_RAW = frozenset({"script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"})
_UNSEEN = frozenset("head noscript script select style template textarea title".split())
#: Elements that do not part words: `<b>L</b>LM` reads `LLM`.
INLINE = frozenset(
    "a abbr b bdi bdo cite code data del dfn em font i ins kbd label mark math q ruby s samp small "
    "span strong sub sup time u var wbr".split()
)
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)(?:[^<>]*?(/)>)?", re.ASCII)
_TOKEN = re.compile(r"[^a-zA-Z0-9]+|(?<=[a-z0-9])(?=[A-Z])")


@dataclass(eq=False, slots=True, repr=False)
class Element:
    """One element; `start` to `end` are its place and that of its last descendant, counted from 0.

    `classes` are its class names, `words` all that its class names and its id are made of, in
    lower case: `post-title` gives `post` and `title`.
    """

    tag: str
    attributes: dict[str, str]
    parent: Element | None
    start: int
    end: int = 0
    children: list[Element | str] = field(default_factory=list)
    classes: tuple[str, ...] = ()
    words: frozenset[str] = frozenset()

    @property
    def elements(self) -> list[Element]:
        return [child for child in self.children if isinstance(child, Element)]

    def ancestors(self) -> Iterator[Element]:
        """The element itself, then what it stands in, outwards."""
        element: Element | None = self
        while element is not None:
            yield element
            element = element.parent

    def holds(self, other: Element) -> bool:
        """Whether another element is this one or stands in it."""
        return self.start <= other.start <= self.end

    def text(self, without: Collection[Element] = ()) -> str:
        """What a reader sees, on one line, without some of the elements in it."""
        parts: list[str] = []
        waiting: list[Element | str] = [self]
        while waiting:
            node = waiting.pop()
            if isinstance(node, str):
                parts.append(node)
            elif node.tag not in _UNSEEN and node not in without:
                parting = [] if node.tag in INLINE else [" "]
                waiting.extend([*parting, *reversed(node.children), *parting])
        return " ".join("".join(parts).split())

    def html(self, without: Collection[Element] = ()) -> str:
        """The element as HTML, without some of the elements in it."""
        parts: list[str] = []
        waiting: list[tuple[Element | str, bool]] = [(self, True)]
        while waiting:
            node, escaped = waiting.pop()
            if isinstance(node, str):
                parts.append(escape(node, quote=False) if escaped else node)
            elif node not in without:
                named = "".join(f' {k}="{escape(v)}"' for k, v in node.attributes.items())
                parts.append(f"<{node.tag}{named}>")
                if node.tag not in _VOID:
                    plain = node.tag not in ("script", "style")
                    waiting.append((f"</{node.tag}>", False))
                    waiting.extend((child, plain) for child in reversed(node.children))
        return "".join(parts)

    def inner_html(self, without: Collection[Element] = ()) -> str:
        """What stands in the element as HTML: what `html` gives, but for its own tags."""
        return "".join(
            escape(child, quote=False) if isinstance(child, str) else child.html(without)
            for child in self.children
        )


class Document:
    """A page as a tree; `elements` stand in document order, `root` first."""

    def __init__(self, html: str) -> None:
        """Raises `SourceError`, which lacks the address, where a page nests or holds too much."""
        if too_deep(html):
            raise SourceError(f"nests more than {DEEPEST} elements, which no listing page does")
        self._parser = LexborHTMLParser(html)
        self._of_node: dict[int, Element] = {}
        self.elements: list[Element] = []
        self._grow()
        self._widths = self._summed_widths()

    @property
    def root(self) -> Element:
        return self.elements[0]

    def select(self, selector: str) -> list[Element]:
        """The elements that a CSS selector matches. Raises `ValueError` where it is none."""
        try:
            found = self._parser.css(selector)
        except (SelectolaxError, ValueError) as error:
            raise ValueError(f"{selector!r} is no CSS selector") from error
        matched = {node.mem_id for node in found}
        elements = [self._of_node[node] for node in matched if node in self._of_node]
        return sorted(elements, key=lambda element: element.start)

    def within(self, outer: Element) -> list[Element]:
        """An element and all that stand in it."""
        return self.elements[outer.start : outer.end + 1]

    def width(self, start: int, end: int) -> int:
        """The columns of all that a reader sees from one element's start to another's end."""
        return self._widths[end + 1] - self._widths[start]

    def _summed_widths(self) -> list[int]:
        sums = [0]
        unseen = -1  # the end of the outermost unseen element that is open
        for element in self.elements:
            if element.tag in _UNSEEN:
                unseen = max(unseen, element.end)
            own = 0
            if element.start > unseen:
                texts = (child for child in element.children if isinstance(child, str))
                own = sum(columns(" ".join(text.split())) for text in texts)
            sums.append(sums[-1] + own)
        return sums

    def _grow(self) -> None:
        root = self._parser.root
        if root is None:
            self.elements.append(Element("html", {}, None, 0))
            return
        waiting: list[tuple[LexborNode, Element | None, int]] = [(root, None, 0)]
        while waiting:
            node, parent, depth = waiting.pop()
            if node.is_text_node:
                if parent is not None:
                    parent.children.append(node.text_content or "")
                continue
            if not node.is_element_node or depth > DEEPEST:
                continue
            if len(self.elements) == MOST_ELEMENTS:
                raise SourceError(f"holds more than {MOST_ELEMENTS} elements, too many for a list")
            element = self._element(node, parent)
            children = []
            child = node.child
            while child is not None:
                children.append((child, element, depth + 1))
                child = child.next
            waiting.extend(reversed(children))
        for element in reversed(self.elements):
            element.end = max(element.end, element.start)
            if element.parent is not None:
                element.parent.end = max(element.parent.end, element.end)

    def _element(self, node: LexborNode, parent: Element | None) -> Element:
        attributes = {name: value or "" for name, value in node.attributes.items()}
        classes = tuple(dict.fromkeys(attributes.get("class", "").split()))
        named = (*classes, attributes.get("id", ""))
        words = frozenset(word.lower() for name in named for word in _TOKEN.split(name) if word)
        element = Element(
            tag=(node.tag or "").lower(),
            attributes=attributes,
            parent=parent,
            start=len(self.elements),
            classes=classes,
            words=words,
        )
        self.elements.append(element)
        self._of_node[node.mem_id] = element
        if parent is not None:
            parent.children.append(element)
        return element


def too_deep(html: str) -> bool:
    """Whether elements are left open one inside the other beyond all use; a guess from above.

    A parser takes seconds for what nests ten thousand deep, so this is asked before.
    """
    lower = html.lower()
    open_of: dict[str, int] = {}
    never_closed: set[str] = set()
    depth = position = 0
    foreign = False
    while (found := _TAG.search(lower, position)) is not None:
        position = found.end()
        name = found[2]
        if found[1]:
            if open_of.get(name):
                open_of[name] -= 1
                depth -= 1
            foreign = foreign and name not in _FOREIGN
            continue
        if name in _RAW and name not in never_closed:
            end = lower.find(f"</{name}", position)
            if end >= 0:
                position = end
                continue
            never_closed.add(name)
        if name in _RAW and not foreign:
            return False  # it swallows the rest of the page
        if name in _BREAKS_OUT:
            foreign = False
        if name in _VOID or name in _OPEN_ENDED or (foreign and found[3]):
            continue
        foreign = foreign or (name in _FOREIGN and not found[3])
        open_of[name] = open_of.get(name, 0) + 1
        depth += 1
        if depth > DEEPEST:
            return True
    return False
