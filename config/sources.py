"""The sources of articles: a union on `kind`.

A new kind is one class here and one entry in `SourceSettings`.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal, get_args

from pydantic import Field, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from config.sections import Section
from config.values import (
    Address,
    BaseUrl,
    Encoding,
    FilePath,
    OptionalEncoding,
    OptionalNumber,
    OptionalText,
    PagePattern,
    PageUrl,
    Proxy,
    Texts,
    Title,
    WholeNumber,
)


class Source(Section):
    """What every kind of source has."""

    kind: str
    name: Title = Field(
        min_length=1,
        max_length=64,
        description="The name people see for this source; each source has its own.",
    )
    interval: OptionalNumber = Field(
        default=None,
        ge=1,
        description="How many seconds pass between two looks at this source while the bot runs;"
        " not set leaves it to `gather.interval`.",
    )


class WebSource(Source):
    """What every kind of source on the web has."""

    url: Address = Field(description="The address of the source.")
    proxy: Proxy = Field(
        default=None,
        description="The proxy through which this source is fetched, instead of `fetch.proxy`; it"
        " may hold a password.",
    )
    allow_private: bool = Field(
        default=False,
        description="Whether this source may be fetched from addresses of private networks.",
    )
    encoding: OptionalEncoding = Field(
        default=None,
        description="The encoding of its pages, where what they say of it themselves is wrong.",
    )


class FeedSource(WebSource):
    kind: Literal["feed"] = Field(description="A feed: RSS, Atom or JSON Feed.")
    follow: bool = Field(
        default=False,
        description="Whether each link is followed and the whole article taken in, where the feed"
        " carries excerpts only.",
    )
    pages: WholeNumber = Field(
        default=1,
        ge=1,
        le=100,
        description="How many pages of the feed are read, where it names a next one.",
    )


class ListingSource(WebSource):
    kind: Literal["listing"] = Field(
        description="An HTML page that lists articles, each in a card of its own."
    )
    follow: bool = Field(
        default=False,
        description="Whether each link is followed and the whole article taken in.",
    )
    pages: WholeNumber = Field(
        default=10, ge=1, le=1000, description="How many pages of the listing are read at most."
    )
    page_pattern: PagePattern = Field(
        default=None,
        description="The address of a further page, with `{page}` for its number; not set leaves"
        " it to the page's own link to the next one.",
    )
    first_page: WholeNumber = Field(
        default=2,
        ge=0,
        description="The number that `{page}` begins with, after the page at `url` itself.",
    )
    next: OptionalText = Field(
        default=None, description="The CSS selector of the link to the next page."
    )
    filters: Texts = Field(
        default=(),
        description="Queries such as `tag=linux`, each a listing of its own at the same address.",
    )
    card: OptionalText = Field(
        default=None,
        description="The CSS selector of one article's card; not set finds the cards by itself.",
    )
    title: OptionalText = Field(
        default=None, description="The CSS selector of the title inside of a card."
    )
    link: OptionalText = Field(
        default=None, description="The CSS selector of the link inside of a card."
    )
    date: OptionalText = Field(
        default=None, description="The CSS selector of the date inside of a card."
    )
    tags: OptionalText = Field(
        default=None, description="The CSS selector of each tag inside of a card."
    )
    excerpt: OptionalText = Field(
        default=None, description="The CSS selector of the excerpt inside of a card."
    )


class SitemapSource(WebSource):
    kind: Literal["sitemap"] = Field(
        description="A sitemap, or an index of some; each article is fetched from its own address."
    )
    include: OptionalText = Field(
        default=None,
        description="Shell patterns, parted by spaces, of the articles' addresses: `/posts/*` for"
        " the path, `https://...` for the whole; not set leaves out what is clearly no article.",
    )
    exclude: OptionalText = Field(
        default=None, description="Shell patterns, likewise, of addresses that are left out."
    )
    limit: WholeNumber = Field(
        default=5000, ge=1, le=50_000, description="How many addresses are taken in at most."
    )


class FolderSource(Source):
    kind: Literal["folder"] = Field(
        description="A folder of articles in Markdown or HTML, as site generators read it."
    )
    folder: FilePath = Field(
        description="The folder that holds the articles; in a file, relative to that file."
    )
    pattern: str = Field(
        default="**/*",
        min_length=1,
        description="Which files of the folder are read, as a shell pattern.",
    )
    base_url: BaseUrl = Field(
        default=None, description="The address of the site, to link the articles to."
    )
    permalink: OptionalText = Field(
        default=None, description="How the site forms an article's address below `base_url`."
    )
    encoding: OptionalEncoding = Field(
        default=None, description="The encoding of the files, where it cannot be guessed."
    )


class TelegramSource(Source):
    kind: Literal["telegram"] = Field(
        description="A Telegram channel, exported as JSON by Telegram Desktop."
    )
    file: FilePath = Field(
        description="The exported `result.json`; in a file, relative to that file."
    )
    channel: OptionalText = Field(
        default=None, description="The channel's public name, to link the posts to."
    )


class SnapshotsSource(Source):
    kind: Literal["snapshots"] = Field(
        description="A folder of snapshots, each the text of one listing page."
    )
    folder: FilePath = Field(
        description="The folder that holds the snapshots; in a file, relative to that file."
    )
    page_url: PageUrl = Field(
        default=None,
        description="The address of the page the snapshots were taken of, to link articles to.",
    )
    heading: str = Field(
        default="LATEST UPDATES",
        min_length=1,
        description="The line of a snapshot after which its list of articles begins.",
    )
    encoding: Encoding = Field(default="utf-8", description="The encoding of the snapshots.")
    pattern: str = Field(
        default="*.txt",
        min_length=1,
        description="Which files of the folder are snapshots, as a shell pattern.",
    )


SourceSettings = Annotated[
    FeedSource | ListingSource | SitemapSource | FolderSource | TelegramSource | SnapshotsSource,
    Field(discriminator="kind"),
]


def source_kinds() -> Mapping[str, type[Source]]:
    """The class of each kind, by the word that `kind` holds."""
    union = get_args(SourceSettings)[0]
    return {
        word: kind
        for kind in get_args(union) or (union,)
        for word in get_args(kind.model_fields["kind"].annotation)
    }


def named_apart(sources: Sequence[Source]) -> Sequence[Source]:
    """Refuses a name given twice, also in another case: people could not tell the two apart.

    Raises ValidationError, with one entry for each repeated name.
    """
    first: dict[str, int] = {}
    repeated: list[InitErrorDetails] = []
    for position, source in enumerate(sources):
        earlier = first.setdefault(source.name.casefold(), position)
        if earlier != position:
            reason = PydanticCustomError(
                "repeated_name",
                "another name than that of sources[{earlier}], whatever the case",
                {"earlier": earlier},
            )
            at = (position, source.kind, "name")
            repeated.append(InitErrorDetails(type=reason, loc=at, input=source.name))
    if repeated:
        raise ValidationError.from_exception_data("sources", repeated)
    return sources
