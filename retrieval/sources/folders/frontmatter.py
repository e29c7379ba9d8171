"""What an article's file says of it above its text: front matter -> fields, and the text below.

---            YAML: Hugo, Jekyll, Hexo (which may leave the first line out)
+++            TOML: Hugo, Zola
{ ... }        JSON: Hugo
;;;            JSON without its braces: Hexo
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import yaml

from retrieval.dates import parse_moment
from retrieval.errors import SourceError
from retrieval.sources.folders.files import sound

#: Characters. Front matter is a few lines; this keeps a parser from being fed a book.
LARGEST = 64 * 1024
#: Values of YAML after its aliases are written out; without it nine lines can mean a billion.
MOST_VALUES = 10_000

#: Names that begin front matter rather than a text with a line below it.
_FIRST_NAMES = frozenset(
    "title date draft layout tags categories author description slug url permalink published"
    " updated lastmod id".split()
)
_NAMED = re.compile(r"""["']?([A-Za-z]+)["']?\s*[:=](?:\s|$)""")
_MARK = re.compile(r"(-{3,}|\+{3}|;{3,})[ \t]*")
_JSON = re.compile(r'\{\s*["}]')
_AT_LINE = re.compile(r"at line (\d+)")
_SEPARATOR = re.compile(r"[,，、]")
_ADDRESSES = ("url", "permalink", "path", "canonicalurl", "canonical")
_WORD_SETTINGS = frozenset({"pretty", "date", "ordinal", "none", "weekdate"})


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What is known of an article before its text is read; what was not said is None or empty.

    `address` is an http address or a path of the site; `left_out` says that the author does not
    show the article: a draft, unpublished, or behind a password.
    """

    title: str | None = None
    published: datetime | None = None
    updated: datetime | None = None
    tags: tuple[str, ...] = ()
    address: str | None = None
    slug: str | None = None
    guid: str | None = None
    summary: str | None = None
    left_out: bool = False


def split(text: str, *, spaced_tags: bool = False) -> tuple[FrontMatter | None, str]:
    """The front matter of a file, None where it has none, and the text below it.

    With `spaced_tags` a string of tags without commas is separated by spaces, as Jekyll does.
    Raises `SourceError` with the line, without the file.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    above = len(text) - len(text.lstrip("\n \t"))
    start, skipped = text[above:], text.count("\n", 0, above)
    if _JSON.match(start):
        values, body = _json_object(start, skipped)
        return fields(values, spaced_tags=spaced_tags), body
    first, _, rest = start.partition("\n")
    opened = _MARK.fullmatch(first)
    mark = opened[1] if opened else ""
    if opened:
        found = _until(rest, (mark, "...") if mark[0] == "-" else (mark,))
        if found is None and not _begins_named(rest):
            return None, text
    else:
        found = _until(start, ("---", ";;;")) if _begins_named(start) else None
        if found is None:
            return None, text
        mark = found[2]
    if found is None:
        reason = f"the front matter that `{mark}` opens never ends; close it with a line `{mark}`"
        raise SourceError(f"{reason} within {LARGEST >> 10} KiB", line=skipped + 1)
    block, body, _ = found
    parse = _PARSERS[mark[0]]
    parsed = _guarded(parse, block, skipped + (1 if opened else 0))
    if parsed is None:
        return FrontMatter(), body
    if not isinstance(parsed, dict):
        return None, text  # lines between two rules, not front matter
    return fields(parsed, spaced_tags=spaced_tags), body


def _begins_named(text: str) -> bool:
    named = _NAMED.match(text.lstrip())
    return named is not None and named[1].lower() in _FIRST_NAMES


def _until(text: str, marks: tuple[str, ...]) -> tuple[str, str, str] | None:
    """What stands above the first line that is one of the marks, what below, and which mark."""
    position = 0
    while position <= min(len(text), LARGEST):
        end = text.find("\n", position)
        end = len(text) if end < 0 else end
        line = text[position:end].rstrip()
        if line in marks:
            return text[:position], text[end + 1 :], line
        position = end + 1
    return None


def _guarded(parse: Callable[[str], Any], block: str, above: int) -> Any:
    """Parse, with every failure told as a `SourceError` whose line counts from the file's top."""
    try:
        return parse(block)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said, line = error.problem or error.context, mark.line + 1 if mark else 1
    except json.JSONDecodeError as error:
        said, line = error.msg, error.lineno
    except tomllib.TOMLDecodeError as error:
        at = _AT_LINE.search(str(error))
        said, line = (
            str(error).split(" (at ")[0],
            int(at[1]) if at else 1 + block.rstrip().count("\n"),
        )
    except RecursionError:
        said, line = "it is nested too deeply", 1
    except (yaml.YAMLError, ValueError, TypeError, AttributeError, ArithmeticError) as error:
        said, line = " ".join(str(error).split()) or type(error).__name__, 1
    reason = f"the front matter cannot be read ({said}); mend it"
    raise SourceError(reason, line=above + line) from None


def _json_object(text: str, above: int) -> tuple[Mapping[str, Any], str]:
    def parse(block: str) -> Any:
        return json.JSONDecoder().raw_decode(block)

    values, end = _guarded(parse, text[:LARGEST], above)
    return values, text[end:].lstrip("\n")


class _Loader(yaml.SafeLoader):  # type: ignore[misc]  # PyYAML ships no types
    """Safe YAML in which only dates, merges and nothing mean more than their text: a tag `no`,
    a title `1.10` and an id `007` stay as they were written."""


_MEANT = {f"tag:yaml.org,2002:{name}" for name in ("timestamp", "merge", "null")}
_Loader.yaml_implicit_resolvers = {
    first: [(tag, written) for tag, written in resolvers if tag in _MEANT]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _timestamp(loader: Any, node: Any) -> Any:
    """The date, or the text where the calendar has no such day."""
    try:
        return loader.construct_yaml_timestamp(node)
    except (ValueError, OverflowError, AttributeError):
        return str(node.value)


_Loader.add_constructor("tag:yaml.org,2002:timestamp", _timestamp)


def _yaml(block: str) -> Any:
    # Hexo takes tabs for indentation, which YAML itself refuses.
    untabbed = re.sub(r"^\t+", lambda tabs: "  " * len(tabs[0]), block, flags=re.MULTILINE)
    loader = _Loader(untabbed)
    try:
        node = loader.get_single_node()
        if node is None:
            return None
        if _values(node, {}) > MOST_VALUES:
            raise ValueError(f"its aliases mean more than {MOST_VALUES:,} values")
        return loader.construct_document(node)
    finally:
        loader.dispose()


def _values(node: Any, known: dict[int, int]) -> int:
    """How many values a node of YAML means, each alias counted as what it stands for."""
    if id(node) not in known:
        known[id(node)] = MOST_VALUES + 1  # what an alias of itself means
        inner = node.value if isinstance(node.value, list) else ()
        parts = (part for item in inner for part in (item if isinstance(item, tuple) else (item,)))
        known[id(node)] = min(1 + sum(_values(part, known) for part in parts), MOST_VALUES + 1)
    return known[id(node)]


def _braceless(block: str) -> Any:
    return json.loads("{" + block.rstrip().rstrip(",") + "}")


_PARSERS: dict[str, Callable[[str], Any]] = {"-": _yaml, "+": tomllib.loads, ";": _braceless}


def fields(values: Mapping[Any, Any], *, spaced_tags: bool = False) -> FrontMatter:
    """The fields that the generators write, whatever the case of their names.

    What they keep for the site's own fields (`extra` of Zola, `params` of Hugo) is asked last.
    """
    said: dict[str, Any] = {}
    own = [values[name] for name in ("extra", "params") if isinstance(values.get(name), Mapping)]
    for group in (values, *own):
        for name, value in group.items():
            said.setdefault(re.sub(r"[-_]", "", str(name)).lower(), value)
    return FrontMatter(
        title=_first_text(said, "title"),
        published=_first_moment(said, "date", "publishdate", "published", "created"),
        updated=_first_moment(said, "updated", "lastmod", "modified", "lastmodifiedat"),
        tags=_tags(said, spaced_tags),
        address=_address(said),
        slug=(_first_text(said, "slug") or "").strip("/") or None,
        guid=_first_text(said, "guid", "uuid", "id"),
        summary=_first_text(said, "summary", "description"),
        left_out=_is(said.get("draft"), "true", "yes", "on")
        or _is(said.get("published"), "false", "no", "off")
        or _text(said.get("password")) is not None,
    )


def _is(value: object, *words: str) -> bool:
    return isinstance(value, str | bool) and str(value).strip().lower() in words


def _text(value: object) -> str | None:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return " ".join(sound(str(value)).split()) or None
    return None


def _first_text(said: Mapping[str, Any], *names: str) -> str | None:
    return next((text for name in names if (text := _text(said.get(name)))), None)


def _first_moment(said: Mapping[str, Any], *names: str) -> datetime | None:
    return next((at for name in names if (at := _moment(said.get(name)))), None)


def _moment(value: object) -> datetime | None:
    """A date of any kind as a moment, naive ones taken as UTC; None where it tells none."""
    if isinstance(value, datetime):
        try:
            return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
        except OverflowError:
            return None
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    text = _text(value)
    return parse_moment(text) if text else None


def _address(said: Mapping[str, Any]) -> str | None:
    """An address of its own wins over a path; a word that names a style of addresses is none."""
    texts = {name: text for name in _ADDRESSES if (text := _text(said.get(name)))}
    for text in texts.values():
        if re.match(r"https?://", text, re.IGNORECASE):
            return text
    path = texts.get("url") or texts.get("permalink")
    if path and path not in _WORD_SETTINGS:
        return path
    return f"{texts['path'].rstrip('/')}/" if "path" in texts else None  # Zola's


def _tags(said: Mapping[str, Any], spaced: bool) -> tuple[str, ...]:
    taxonomies = said.get("taxonomies")
    lists = [said.get(name) for name in ("tags", "tag", "categories", "category", "keywords")]
    lists += taxonomies.values() if isinstance(taxonomies, Mapping) else [taxonomies]
    once: dict[str, str] = {}
    for given in lists:
        for tag in _flat(given, spaced):
            once.setdefault(tag.casefold(), tag)
    return tuple(once.values())


def _flat(given: Any, spaced: bool) -> Iterator[str]:
    """The tags of a list of any depth, or of a string that holds several."""
    if isinstance(given, str):
        parts = _SEPARATOR.split(given)
        given = given.split() if spaced and len(parts) == 1 else parts
    waiting = [given]
    while waiting:
        item = waiting.pop()
        if isinstance(item, list):
            waiting.extend(reversed(item))
        elif text := _text(item):
            yield text
