"""The sections of the settings, each a frozen table with a description for every field."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from config.values import (
    BaseUrl,
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


class LogSettings(Section):
    level: Annotated[Literal["debug", "info", "warning", "error"], LowerCase] = Field(
        default="info", description="How much is logged; `debug` tells most."
    )
