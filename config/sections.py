"""The sections of the settings, each a frozen table with a description for every field."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from config.values import (
    Allowed,
    BaseUrl,
    Code,
    Contact,
    LowerCase,
    Number,
    OptionalText,
    OptionalWholeNumber,
    PageUrl,
    Proxy,
    TimeZone,
    Token,
    WholeNumber,
    WholeNumbers,
)


class Section(BaseModel):
    """A table of settings: frozen, and a name it does not know is an error."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
        str_strip_whitespace=True,
        hide_input_in_errors=True,
    )


class TelegramSettings(Section):
    token: Token = Field(
        default=None,
        description="The bot's token as @BotFather gave it; best kept in the secrets folder.",
    )
    base_url: BaseUrl = Field(
        default=None,
        description="Another Bot API server to talk to, instead of Telegram's own.",
    )
    proxy: Proxy = Field(
        default=None,
        description="The proxy through which Telegram is reached; it may hold a password.",
    )
    webhook_url: PageUrl = Field(
        default=None,
        description="The public address to which Telegram posts updates, such as"
        " `https://bot.example.org/telegram`; not set, the bot asks for them itself.",
    )
    webhook_listen: str = Field(
        default="127.0.0.1",
        min_length=1,
        description="The address on which the bot takes such posts, behind a proxy that speaks"
        " HTTPS.",
    )
    webhook_port: WholeNumber = Field(
        default=8443, ge=1, le=65535, description="The port on which it takes them."
    )
    rate: WholeNumber = Field(
        default=30,
        ge=1,
        le=1000,
        description="How many messages a second the bot may send in all; more than Telegram's 30"
        " takes paid broadcasts.",
    )
    admin_chat: OptionalWholeNumber = Field(
        default=None,
        description="The chat that is told when a source has failed for a day; groups have"
        " negative numbers.",
    )
    admin_language: Literal["en", "zh-Hans", "zh-Hant"] = Field(
        default="en", description="The language that this chat is told in."
    )


class ProfileSettings(Section):
    enabled: bool = Field(
        default=True,
        description="Whether the bot sets its descriptions, its menus of commands and the name"
        " given here when they changed; otherwise all of it stays as @BotFather has it.",
    )
    name: Annotated[OptionalText, Allowed("up to 64 characters")] = Field(
        default=None,
        max_length=64,
        description="The bot's name; not set, it stays as @BotFather has it.",
    )
    about: Annotated[OptionalText, Allowed("up to 120 characters")] = Field(
        default=None,
        max_length=120,
        description="What stands in the bot's profile and beside links to it, in place of its own"
        " words in English and Chinese.",
    )
    description: Annotated[OptionalText, Allowed("up to 512 characters")] = Field(
        default=None,
        max_length=512,
        description="What is shown in a chat with the bot before it is started, in place of its own"
        " words.",
    )


class EmbeddingSettings(Section):
    model: str = Field(
        default="bundled",
        min_length=1,
        description="The embedding model: `bundled`, a hub id, or the path of a model's folder.",
    )
    batch_size: WholeNumber = Field(
        default=16, ge=1, le=1024, description="How many texts are embedded at a time."
    )
    threads: OptionalWholeNumber = Field(
        default=None,
        ge=1,
        le=256,
        description="How many CPU threads embedding and reranking may use; not set leaves it to"
        " the libraries.",
    )


class SearchSettings(Section):
    hits: WholeNumber = Field(
        default=10, ge=1, le=50, description="How many hits an answer has at most."
    )
    candidates: WholeNumber = Field(
        default=50,
        ge=10,
        le=1000,
        description="How many excerpts each index proposes before they are ranked together.",
    )
    threshold: Number = Field(
        default=0.5,
        ge=0,
        le=1,
        description="The confidence below which the bot says that it found nothing relevant.",
    )


class RerankerSettings(Section):
    model: OptionalText = Field(
        default=None,
        description="A cross-encoder that reads the best excerpts again, together with the"
        " question, and orders them: a hub id, or the path of a model's folder.",
    )
    candidates: WholeNumber = Field(
        default=20, ge=2, le=100, description="How many excerpts it reads for a question."
    )


class IndexSettings(Section):
    follow_interval: Number = Field(
        default=2.0,
        ge=0.1,
        le=3600,
        description="How many seconds pass between two looks at the archive's change log.",
    )


class GatherSettings(Section):
    interval: Number = Field(
        default=900,
        ge=1,
        description="How many seconds pass between two looks at a source while the bot runs; a"
        " source may set its own.",
    )


class FetchSettings(Section):
    contact: Contact = Field(
        default=None,
        description="An address or e-mail that stands in the user agent, so that a site's owner"
        " can reach you.",
    )
    proxy: Proxy = Field(
        default=None,
        description="The proxy through which all sources are fetched; it may hold a password.",
    )
    pause: Number = Field(
        default=1,
        ge=0,
        le=600,
        description="How many seconds pass between two requests to one host.",
    )
    timeout: Number = Field(
        default=30,
        ge=1,
        le=600,
        description="How many seconds a server may take to answer a request.",
    )
    largest: WholeNumber = Field(
        default=10,
        ge=1,
        le=512,
        description="How many MiB one page may have after unpacking.",
    )
    allow_private: bool = Field(
        default=False,
        description="Whether sources may be fetched from addresses of private networks.",
    )
    batch: WholeNumber = Field(
        default=50,
        ge=1,
        le=10_000,
        description="How many articles' own pages are fetched between two commits of a source"
        " whose links are followed.",
    )


class LatestSettings(Section):
    limit: WholeNumber = Field(
        default=5, ge=1, le=20, description="How many articles `/latest` shows."
    )


class NotifySettings(Section):
    interval: Number = Field(
        default=1.0,
        ge=0.1,
        le=3600,
        description="How many seconds pass between two looks for articles to announce.",
    )
    burst: WholeNumber = Field(
        default=5,
        ge=1,
        le=1000,
        description="How many new articles are announced one by one; more at once become one"
        " message that lists them.",
    )
    time_zone: TimeZone = Field(
        default="UTC",
        description="The time zone of chats that have chosen none, such as `Asia/Shanghai`.",
    )
    preview: bool = Field(
        default=True,
        description="Whether announcements show a preview of the article's page, where a chat has"
        " not chosen.",
    )
    edit_hours: Number = Field(
        default=48,
        ge=0,
        le=720,
        description="For how many hours an announcement is edited when its article's title or link"
        " changes.",
    )


class PrivacySettings(Section):
    keep_questions: WholeNumber = Field(
        default=0,
        ge=0,
        le=3650,
        description="For how many days the words of a question are stored beside its answer; 0"
        " stores them only with a 👍 or 👎 that somebody gives to it.",
    )


class LimitsSettings(Section):
    person_minute: WholeNumber = Field(
        default=10,
        ge=0,
        le=100_000,
        description="How many questions one person may ask in a minute; 0 is no limit.",
    )
    person_day: WholeNumber = Field(
        default=200,
        ge=0,
        le=1_000_000,
        description="How many questions one person may ask in a day; 0 is no limit.",
    )
    chat_minute: WholeNumber = Field(
        default=30,
        ge=0,
        le=100_000,
        description="How many questions may be asked in one chat in a minute; 0 is no limit.",
    )


class AccessSettings(Section):
    admins: WholeNumbers = Field(
        default=(),
        description="The numbers of the people who look after the bot; they have no limits.",
    )
    mode: Annotated[Literal["public", "listed", "invited"], LowerCase] = Field(
        default="public",
        description="Who may use the bot: everybody, those who are named here, or these and whoever"
        " has the code.",
    )
    people: WholeNumbers = Field(
        default=(),
        description="The numbers of people who may use the bot wherever they are; in mode `listed`"
        " it tells those whom it turns away their own.",
    )
    chats: WholeNumbers = Field(
        default=(),
        description="The numbers of groups where everybody may use it, and of channels that hear"
        " of new articles.",
    )
    code: Code = Field(
        default=None,
        validate_default=True,
        description="The invitation code, which mode `invited` needs: who opens"
        " `t.me/BOT?start=CODE` may use the bot from then on; best kept in the secrets folder.",
    )
    old_codes: bool = Field(
        default=True,
        description="Whether those who came by an earlier code may still use it.",
    )

    @field_validator("code")
    @classmethod
    def _fits_mode(cls, code: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        """A code without its mode would leave open what its owner believes to be closed."""
        mode = info.data.get("mode")  # none where that is wrong itself
        if mode == "invited" and code is None:
            raise PydanticCustomError("at_odds", 'is missing: access.mode is "invited"')
        if mode in ("public", "listed") and code is not None:
            raise PydanticCustomError("at_odds", 'is set, so access.mode must be "invited"')
        return code


class LogSettings(Section):
    level: Annotated[Literal["debug", "info", "warning", "error"], LowerCase] = Field(
        default="info", description="How much is logged; `debug` tells most."
    )
