"""What the ledger holds: places, what they wish, and what is to be delivered to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from bot.wishes import Wish
from retrieval.article import require_aware

#: Outcomes that nobody knows after which a delivery is given up: sent at most once more.
MOST_UNKNOWN = 2


class Rhythm(Enum):
    """When a place hears of new articles."""

    AT_ONCE = "at once"
    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True)
class ChatFacts:
    """What Telegram says of a chat. `kind` is private, group, supergroup or channel."""

    chat_id: int
    kind: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where notices go: a chat, or one topic of a forum, `topic` being 0 where there is none.

    `zone` is an IANA name. A digest comes at `hour` (0 to 23) of that zone, a weekly one on
    `weekday` (0 is Monday). From `quiet_from` to before `quiet_to`, minutes since midnight there,
    nothing is sent; both None where it never is quiet. Nothing is made for a `paused` place, and
    nothing sent to one that is `asleep`, which says why: Telegram said that it hears nothing.
    `called` is how commands name a channel, such as `@night_reads`; nobody keeps it.
    """

    id: int
    chat_id: int
    topic: int
    kind: str
    title: str
    language: str
    zone: str
    rhythm: Rhythm = Rhythm.AT_ONCE
    hour: int = 9
    weekday: int = 0
    quiet_from: int | None = None
    quiet_to: int | None = None
    silent: bool = False
    preview: bool = True
    paused: bool = False
    asleep: str | None = None
    asleep_since: datetime | None = None
    called: str = ""

    @property
    def is_private(self) -> bool:
        return self.kind == "private"


@dataclass(frozen=True, slots=True)
class Subscription:
    """One wish of a place; `since` is the number of the newest change when it was made."""

    id: int
    place_id: int
    wish: Wish
    since: int


class State(Enum):
    """Where a delivery stands."""

    WAITING = "waiting"  # until it is due
    SENDING = "sending"  # the request may have been written
    SENT = "sent"
    DEAD = "dead"  # given up, listed, and to be sent again by hand
    STOPPED = "stopped"  # nobody wishes it any more
    WITHDRAWN = "withdrawn"  # the article is no more


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """An article for a place, and the subscriptions that wish it; `score` is 0 to 1."""

    place_id: int
    article_id: str
    reasons: tuple[int, ...]
    score: float
    due_at: datetime

    def __post_init__(self) -> None:
        require_aware(self.due_at, "NewDelivery.due_at")


@dataclass(frozen=True, slots=True)
class Delivery:
    """One row of the outbox. `article_id` may name a bulletin instead (`bulletin_of`).

    `unknown` counts sends whose outcome nobody knows. `message_id` is the notice that was sent, and
    `shown` a digest of the title and link that it shows; both None for a part of a listing.
    """

    id: int
    place_id: int
    article_id: str
    reasons: tuple[int, ...]
    score: float
    state: State
    due_at: datetime
    created_at: datetime
    unknown: int = 0
    plain: bool = False  # Telegram refused its looks: it is sent as plain text
    message_id: int | None = None
    shown: str | None = None
    sent_at: datetime | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """An article that looks otherwise now: notices that show another digest are to be edited."""

    article_id: str
    shown: str


#: What stands before the number of a bulletin where else the id of an article does, which has no
#: such sign in it.
TOLD = "bulletin:"


def told_id(bulletin_id: int) -> str:
    """What names a bulletin in the outbox."""
    return f"{TOLD}{bulletin_id}"


def bulletin_of(told: str) -> int | None:
    """The number of the bulletin that a row of the outbox tells; None where it tells an article."""
    number = told.removeprefix(TOLD)
    return int(number) if number != told and number.isdecimal() else None


@dataclass(frozen=True, slots=True)
class Bulletin:
    """What the owner tells all who are subscribed, as Telegram's HTML.

    A draft until `told_at`; `places` is how many were to hear it then.
    """

    id: int
    html: str
    made_at: datetime
    told_at: datetime | None = None
    places: int | None = None


@dataclass(frozen=True, slots=True)
class Spread:
    """How far a bulletin has come: at how many places it arrived, waits, and was given up.

    It waits at places that sleep, too. `stopped` are those that do not wish to hear it any more.
    """

    sent: int = 0
    waiting: int = 0
    dead: int = 0
    stopped: int = 0


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A delivery that was given up, with the place it was for."""

    delivery: Delivery
    place: Place


@dataclass(frozen=True, slots=True)
class Claim:
    """A chat that this process may send to until `until`, one of its places and what is due there.

    `rows` are waiting, oldest first; `edits` are sent notices whose article looks otherwise now.
    """

    place: Place
    rows: tuple[Delivery, ...]
    edits: tuple[Delivery, ...]
    until: datetime


@dataclass(frozen=True, slots=True)
class Recovered:
    """What a process that ended without a word had left in the middle of sending."""

    again: int = 0
    dead: int = 0
