"""A source tried: read for real, with what its first articles look like and what is amiss.

source -> its reader -> drafts -> three of them as people will see them, and advice
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from retrieval.article import Draft
from retrieval.errors import SourceError
from retrieval.identity import columns
from retrieval.sources.reading import Fetch, Page, Reader, Reading
from retrieval.titles import derive_title
from retrieval.visiting import Client
from retrieval.web.decoding import decoded

#: Articles that are shown, and fetched whole where their links are followed.
SHOWN = 3
#: Columns. A feed whose articles are mostly shorter carries excerpts.
EXCERPT = 600

#: The setting that gives articles their links, by kind of source.
_LINKED_BY = {
    "folder": "base_url",
    "telegram": "channel",
    "snapshots": "page_url",
    "listing": "link",
}


@dataclass(frozen=True, slots=True)
class Sample:
    """One article as it would be taken in; `problem` is why its whole text could not be had."""

    title: str
    link: str | None
    published: datetime | None
    tags: tuple[str, ...]
    text: str
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Trial:
    """What one reading brought: how many articles, the first of them, and advice if any."""

    articles: int
    samples: tuple[Sample, ...]
    advice: tuple[str, ...]


def tried(reader: Reader, fetch: Fetch, *, follows: bool) -> Trial:
    """Read the whole source once. Raises `SourceError` where nothing can be read."""
    reading = reader.read(fetch)
    drafts = list(reading.drafts)
    samples = [_sample(draft, fetch, follows=follows) for draft in drafts[:SHOWN]]
    if samples and follows and all(sample.problem for sample in samples):
        raise SourceError(f"none of the first articles can be read: {samples[0].problem}")
    advice = _advice(reader.kind, reading, follows=follows)
    return Trial(len(drafts), tuple(samples), tuple(advice))


def remembering(client: Client) -> Fetch:
    """Fetches for the few pages of one command, asking for none twice.

    An address that was looked at without asking robots.txt is asked for again once that matters.
    """
    pages: dict[tuple[str, bool], Page] = {}

    def remembered(url: str, *, crawled: bool = True, older: bool = False) -> Page:
        known = pages.get((url, True)) or pages.get((url, crawled))
        if known is None:
            answer = client.get(url, crawled=crawled)
            known = Page(answer.url, answer.body, answer.media_type, answer.charset)
            pages[url, crawled] = known
        return known

    return remembered


def _sample(draft: Draft, fetch: Fetch, *, follows: bool) -> Sample:
    text, title, published, tags = draft.text, draft.title, draft.published, draft.tags
    problem = None
    if follows and draft.link:
        from retrieval.html.readable import readable

        try:
            page = fetch(draft.link)
            found = readable(decoded(page.body, page.charset, "html"), page.url)
        except SourceError as error:
            problem = str(error)
        else:
            if found is None:
                problem = f"{draft.link} holds no article that can be told from the page around it"
            else:
                text, title = found.text, title or found.title
                published, tags = published or found.published, tags or found.tags
    title = title or (derive_title(text) if text.strip() else None) or draft.link or ""
    return Sample(title, draft.link, published or draft.updated, tags, text, problem)


def _advice(kind: str, reading: Reading, *, follows: bool) -> Iterator[str]:
    drafts: Sequence[Draft] = reading.drafts
    if not drafts:
        yield "it holds no article at the moment"
        return
    if not any(draft.link for draft in drafts) and kind in _LINKED_BY:
        yield f"the articles have no links; set `{_LINKED_BY[kind]}` of this source"
    if kind == "listing" and not any(draft.published for draft in drafts):
        yield "the articles have no dates; set `date` of this source if the page shows them"
    if kind in ("feed", "listing") and not follows and all(draft.link for draft in drafts):
        usual = median(columns(draft.text) for draft in drafts)
        if usual < EXCERPT:
            yield (
                "it carries excerpts only; with `follow = true` (--follow) the whole articles are"
                " taken in"
            )
