"""A folder of articles in Markdown and HTML, as site generators and browsers leave them.

files -> front matter, text -> drafts, newest first
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path

from retrieval.article import Draft
from retrieval.dates import parse_moment
from retrieval.errors import SourceError, UnreadableSource
from retrieval.html.readable import readable, text_of
from retrieval.sources.folders.files import bytes_of, natural, sound, text_in
from retrieval.sources.folders.frontmatter import FrontMatter, split
from retrieval.sources.folders.permalink import (
    DEFAULT,
    Place,
    beneath,
    checked,
    encoded,
    is_absolute,
    link_by_address,
    link_by_pattern,
    link_path,
)
from retrieval.sources.reading import Fetch, Reading

#: Bytes. An article is a few thousand; a saved page with its pictures inside takes megabytes.
LARGEST_FILE = 16 * 1024 * 1024
MOST_FILES = 20_000

MARKDOWN = frozenset({".md", ".markdown", ".mdx", ".mdown", ".mkd"})
HTML = frozenset({".html", ".htm"})

#: What generators keep beside the articles: drafts, templates, and the site they made of both.
_NOT_ARTICLES = frozenset({"node_modules", "_drafts", "_site", "_layouts", "_includes"})
#: The same, where a file beside them says that this folder is a whole site.
_NOT_ARTICLES_OF_A_SITE = frozenset(
    {"archetypes", "layouts", "public", "resources", "scaffolds", "templates", "themes"}
)
_SITE_FILES = ("hugo.toml", "hugo.yaml", "hugo.json", "config.toml", "config.yaml", "_config.yml")
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(\S+)\s*-->", re.IGNORECASE)
_BODY = re.compile(r"<body\b[^>]*>(.*?)(?:</body\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_PAGE = re.compile(r"<(?:html|body|head)\b", re.IGNORECASE)
_EARLIEST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class FolderReader:
    """Reads a folder of articles, one a file. Any unreadable file fails the whole reading.

    `pattern` narrows which files, as paths below the folder. `base_url` is where the site is
    read, `permalink` how it names its pages, such as `{year}/{month}/{slug}/`.
    """

    name: str
    folder: Path
    pattern: str = "**/*"
    base_url: str | None = None
    permalink: str | None = None
    encoding: str | None = None
    kind: str = "folder"

    def read(self, fetch: Fetch) -> Reading:
        """Read every file; nothing is fetched.

        Raises `UnreadableSource`, which names each unreadable file, with its line where known.
        """
        try:
            checked(self.permalink or DEFAULT)
            if self.base_url is not None and not is_absolute(self.base_url):
                reason = f"`base_url` {self.base_url} is no address; write it as https://…"
                raise SourceError(reason)
            files = articles_below(self.folder, self.pattern)
        except SourceError as error:
            raise UnreadableSource(self.name, [error]) from error
        drafts: list[Draft] = []
        problems: list[SourceError] = []
        for file, path in files:
            try:
                draft = self._draft(file, path)
            except SourceError as error:
                problems.append(SourceError(error.reason, file=file, line=error.line))
            else:
                drafts += [draft] if draft else []
        if problems:
            raise UnreadableSource(self.name, problems)
        # Sorting is stable and the files came in their natural order.
        drafts.sort(key=lambda draft: draft.published or _EARLIEST, reverse=True)
        return Reading(drafts=tuple(drafts))

    def _draft(self, file: Path, path: str) -> Draft | None:
        """The article in a file, or None where there is none to be shown."""
        ending = file.suffix.lower()
        data = bytes_of(file, LARGEST_FILE)
        source = sound(text_in(data, self.encoding, html=ending in HTML))
        # Jekyll separates a string of tags by spaces, Hexo, which has `_posts` too, does not.
        jekyll = "_posts/" in path and Place(path).dated is not None
        front, body = split(source, spaced_tags=jekyll)
        said = front or FrontMatter()
        if said.left_out:
            return None
        dated = Place(path).dated
        published = said.published or (parse_moment(dated) if dated else None)
        place = Place(path, slug=said.slug, title=said.title, published=published)
        parse = _html if ending in HTML else _markdown
        return parse(self, body, place, front, published)

    def link(self, place: Place, address: str | None, pattern: str | None) -> str | None:
        """Where the article is read: what its front matter says, else what the pattern makes."""
        if address and (link := link_by_address(self.base_url, address, place)):
            return link
        if self.base_url is None or pattern is None:
            return None
        return link_by_pattern(self.base_url, pattern, place)


def _markdown(
    reader: FolderReader,
    body: str,
    place: Place,
    front: FrontMatter | None,
    published: datetime | None,
) -> Draft | None:
    from retrieval.sources.folders.markdown import read_markdown

    said = front or FrontMatter()
    components = place.path.lower().endswith(".mdx")
    title, text = read_markdown(body, title=said.title, components=components)
    text = text or said.summary or ""
    if not text.strip():
        return None
    named = Place(place.path, slug=said.slug, title=title, published=published)
    link = reader.link(named, said.address, reader.permalink or DEFAULT)
    return Draft(
        text=text,
        title=title,
        link=link,
        published=published,
        tags=said.tags,
        guid=said.guid or (None if link else place.path),
        updated=said.updated,
    )


def _html(
    reader: FolderReader,
    body: str,
    place: Place,
    front: FrontMatter | None,
    published: datetime | None,
) -> Draft | None:
    said = front or FrontMatter()
    if front is not None:
        from retrieval.sources.folders.shortcodes import without_tags

        body = without_tags(body)
    saved = _SAVED_FROM.search(body[:4096])
    saved_from = saved[1] if saved and is_absolute(saved[1]) else None
    path_link = beneath(reader.base_url, _page_path(place)) if reader.base_url else None
    # The body of a page with front matter is what a template goes around: all of it is article.
    fragment = front is not None and not _PAGE.search(body)
    article = None if fragment else readable(body, saved_from or path_link or "")
    inner = _BODY.search(body)
    text = article.text if article else text_of(inner[1] if inner else body)
    text = text.strip() or said.summary or ""
    if not text:
        return None
    canonical = article.link if article and article.link and is_absolute(article.link) else None
    pattern = reader.permalink if front is not None else None
    named = reader.link(place, said.address, None)
    patterned = reader.link(place, None, pattern)
    link = named or canonical or saved_from or patterned or path_link
    return Draft(
        text=text,
        title=said.title or (article.title if article else None),
        link=encoded(link) if link else None,
        published=published or (article.published if article else None),
        tags=said.tags or (article.tags if article else ()),
        guid=said.guid or (None if link else place.path),
        updated=said.updated,
    )


def _page_path(place: Place) -> str:
    """A page is read under its own name, `index.html` under that of its folder."""
    shown = place.shown_path
    index = Path(place.path).stem.lower() == "index"
    ending = ("/" if shown else "") if index else Path(place.path).suffix
    return link_path(f"{shown}{ending}")


def articles_below(folder: Path, pattern: str) -> list[tuple[Path, str]]:
    """The files that may hold an article, with their paths below the folder, in natural order.

    Hidden ones, drafts, templates, and links that leave the folder are passed by; a file that is
    linked to twice is taken once. Raises `SourceError` where there is none or too many.
    """
    if not folder.is_dir():
        reason = "there is no such folder; set `folder` of this source to where the articles are"
        raise SourceError(reason, file=folder)
    wanted = pattern.split("/")
    if not pattern or pattern.startswith("/") or ".." in wanted:
        reason = f"`pattern` {pattern!r} is none for files of a folder; write it like posts/*.md"
        raise SourceError(reason, file=folder)
    found = [
        (folder / path, path)
        for path in _files_below(folder)
        if _matches(path.split("/"), wanted)
        and os.path.splitext(path)[1].lower() in MARKDOWN | HTML
        and not re.match(r"_index\.", path.rpartition("/")[2])
    ]
    if not found:
        reason = f"no Markdown or HTML file matches {pattern}; put articles here or set `pattern`"
        raise SourceError(reason, file=folder)
    if len(found) > MOST_FILES:
        reason = f"{len(found):,} files, and {MOST_FILES:,} is the most; narrow `pattern`"
        raise SourceError(reason, file=folder)
    return sorted(found, key=lambda each: (natural(each[1]), each[1]))


def _files_below(folder: Path) -> list[str]:
    root = folder.resolve()
    site = any((folder / name).is_file() for name in _SITE_FILES)
    files: dict[Path, str] = {}
    folders: dict[Path, str] = {root: ""}
    waiting = [root]
    links: list[tuple[Path, str]] = []
    while waiting or links:
        if not waiting:  # what links lead to is looked at last: the file itself gives the path
            link, path = links.pop()
            _follow(link, path, root, files, folders, waiting)
            continue
        here = waiting.pop()
        above = folders[here]
        names = _names(here)
        for name in names:
            path = f"{above}{name}"
            if _passed_by(name, names, site and not above):
                continue
            file = here / name
            if file.is_symlink():
                links.append((file, path))
            elif file.is_dir():
                folders[file] = f"{path}/"
                waiting.append(file)
            elif file.is_file():
                files[file] = path
    return list(files.values())


def _names(folder: Path) -> Sequence[str]:
    try:
        return sorted(os.listdir(folder), reverse=True)
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror or error}", file=folder) from error


def _passed_by(name: str, beside: Sequence[str], site: bool) -> bool:
    if name.startswith(".") or name in _NOT_ARTICLES:
        return True
    if site and name in _NOT_ARTICLES_OF_A_SITE:
        return True
    # What a browser saves beside page.html: frames and advertisements, in page_files.
    page = name.removesuffix("_files")
    return page != name and (f"{page}.html" in beside or f"{page}.htm" in beside)


def _follow(
    link: Path,
    path: str,
    root: Path,
    files: dict[Path, str],
    folders: dict[Path, str],
    waiting: list[Path],
) -> None:
    try:
        target = link.resolve(strict=True)
    except (OSError, RuntimeError):  # it leads nowhere, or to itself
        return
    if not target.is_relative_to(root):
        return
    if target.is_dir() and target not in folders:
        folders[target] = f"{path}/"
        waiting.append(target)
    elif target.is_file():
        files.setdefault(target, path)


def _matches(parts: Sequence[str], pattern: Sequence[str]) -> bool:
    """Whether a path matches a pattern in which `**` stands for any number of folders."""
    reached = {0}  # how many parts of the path the pattern so far may have taken
    for wanted in pattern:
        if wanted == "**":
            reached = set(range(min(reached), len(parts) + 1)) if reached else set()
        else:
            reached = {
                taken + 1
                for taken in reached
                if taken < len(parts) and fnmatchcase(parts[taken], wanted)
            }
    return len(parts) in reached
