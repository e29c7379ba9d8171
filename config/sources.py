"""The sources of articles: a union on `kind`.

A new kind is one class here and one entry in `SourceSettings`.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal, get_args

from pydantic import Field, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from config.sections import Section
from config.values import Encoding, FilePath, PageUrl, Title


class Source(Section):
    """What every kind of source has."""

    kind: str
    name: Title = Field(
        min_length=1,
        max_length=64,
        description="The name people see for this source; each source has its own.",
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


# With one entry this is a union of one, which pydantic accepts inside a container: errors already
# read as they will with two.
SourceSettings = Annotated[SnapshotsSource, Field(discriminator="kind")]


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
