"""All settings of the bot, and the one way to load them.

places -> origins -> Settings, or one SettingsError that says everything that is wrong
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field, PrivateAttr, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from config.complaints import complaints
from config.environment import from_dotenv, from_environment, from_secrets
from config.errors import SettingsError
from config.fields import DELIMITER, PREFIX
from config.origins import Origin, from_overrides, from_toml
from config.places import config_file, secrets_folder
from config.sections import (
    AccessSettings,
    EmbeddingSettings,
    FetchSettings,
    GatherSettings,
    IndexSettings,
    LatestSettings,
    LimitsSettings,
    LogSettings,
    NotifySettings,
    PrivacySettings,
    ProfileSettings,
    RerankerSettings,
    SearchSettings,
    Section,
    TelegramSettings,
)
from config.sources import SourceSettings, named_apart
from config.values import Allowed, FilePath

__all__ = ["Settings", "SettingsError", "load_file", "load_settings"]


class Settings(BaseSettings):
    """Everything that can be set, frozen.

    Called directly it is a plain value that reads nothing but its arguments; `load_settings`
    is what reads the environment and the files.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter=DELIMITER,
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
    )

    data_dir: FilePath = Field(
        default=Path("data"),
        description="The folder that holds the archive and the indexes; in a file, relative to it.",
    )
    sources: Annotated[
        tuple[SourceSettings, ...],
        AfterValidator(named_apart),
        Allowed("a list of [[sources]] tables, or in the environment a JSON list of objects"),
    ] = Field(default=(), description="Where articles come from.")
    telegram: TelegramSettings = Field(
        default_factory=TelegramSettings, description="How the bot reaches Telegram."
    )
    profile: ProfileSettings = Field(
        default_factory=ProfileSettings, description="What Telegram shows of the bot itself."
    )
    embedding: EmbeddingSettings = Field(
        default_factory=EmbeddingSettings, description="How texts become vectors."
    )
    search: SearchSettings = Field(
        default_factory=SearchSettings, description="How questions are answered."
    )
    reranker: RerankerSettings = Field(
        default_factory=RerankerSettings, description="Whether a second model orders the best."
    )
    index: IndexSettings = Field(
        default_factory=IndexSettings, description="How the indexes follow the archive."
    )
    gather: GatherSettings = Field(
        default_factory=GatherSettings, description="How often sources are looked at."
    )
    fetch: FetchSettings = Field(
        default_factory=FetchSettings, description="How sources on the web are fetched."
    )
    latest: LatestSettings = Field(
        default_factory=LatestSettings, description="What `/latest` shows."
    )
    notify: NotifySettings = Field(
        default_factory=NotifySettings, description="How new articles are announced."
    )
    privacy: PrivacySettings = Field(
        default_factory=PrivacySettings, description="What is stored of people's questions."
    )
    limits: LimitsSettings = Field(
        default_factory=LimitsSettings, description="How much people may ask."
    )
    access: AccessSettings = Field(default_factory=AccessSettings, description="Who may do what.")
    log: LogSettings = Field(default_factory=LogSettings, description="What is logged.")

    # No fields, so that no place but `load_settings` can set them.
    _config_file: Path | None = PrivateAttr(default=None)
    _sources_elsewhere: str | None = PrivateAttr(default=None)

    @property
    def config_file(self) -> Path | None:
        """The TOML file that was read, if any."""
        return self._config_file

    @property
    def sources_elsewhere(self) -> str | None:
        """What gave the sources if not the TOML file, such as a variable; else None."""
        return self._sources_elsewhere

    def secret_values(self) -> tuple[str, ...]:
        """Every secret in the clear, for whoever has to keep them out of the log."""
        return tuple(_secrets(self))

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)


def load_settings(
    config: Path | None = None,
    *,
    environ: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    **overrides: Any,
) -> Settings:
    """Reads, merges and checks the settings.

    `config` is the TOML file the person named on the command line; `overrides` are sections as
    mappings, such as `log={"level": "debug"}`, and win over everything else.

    Raises SettingsError, with a sentence for each wrong setting.
    """
    environ = os.environ if environ is None else environ
    cwd = Path.cwd() if cwd is None else cwd
    named = (from_environment(Settings, environ, cwd), from_dotenv(Settings, cwd))
    origins = [from_overrides(Settings, overrides, cwd), *named]
    if folder := secrets_folder(named, cwd):
        origins.append(from_secrets(Settings, folder, cwd))
    giver = next((origin for origin in origins if origin.holds(("sources",))), None)
    file, place = config_file(config, named, cwd) or (None, "")
    if file:
        origins.append(from_toml(Settings, file, place))

    wrong = [sentence for origin in origins for sentence in origin.unknown]
    settings = None
    try:
        settings = _merged(origins)
    except ValidationError as error:
        wrong.extend(complaints(error, origins, Settings))
    # Outside of the handler: a ValidationError holds the values, and would be chained.
    if wrong or settings is None:
        raise SettingsError("\n".join(wrong))
    settings._config_file = file
    settings._sources_elsewhere = giver.name(("sources",)) if giver else None
    return settings


def load_file(file: Path, place: str) -> Settings:
    """The settings as this TOML file alone has them; `place` is what to call it in a sentence.

    Raises SettingsError like `load_settings`.
    """
    origin = from_toml(Settings, file, place)
    wrong: list[str] = []
    settings = None
    try:
        settings = _merged([origin])
    except ValidationError as error:
        wrong.extend(complaints(error, [origin], Settings))
    if settings is None:  # outside of the handler, as above
        raise SettingsError("\n".join(wrong))
    settings._config_file = file
    return settings


def _merged(origins: Sequence[Origin]) -> Settings:
    """The strongest come first, as pydantic-settings has it."""
    sources = tuple(InitSettingsSource(Settings, dict(origin.values)) for origin in origins)
    return Settings(_build_sources=(sources, {}))


def _secrets(value: Any) -> Iterator[str]:
    if isinstance(value, SecretStr):
        yield value.get_secret_value()
    elif isinstance(value, Settings | Section):
        for _, inner in value:
            yield from _secrets(inner)
    elif isinstance(value, tuple):
        for inner in value:
            yield from _secrets(inner)
