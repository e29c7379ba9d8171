"""Who wants to hear of what, and what became of each announcement: a database of its own.

subscribers (places, wishes) -> the notifier -> outbox (rows, cursor) -> the deliverer -> outcomes
"""

from __future__ import annotations

from typing import TypeVar

from sqlalchemy.engine import URL

from bot.errors import LedgerError
from bot.ledger.answers import Answers
from bot.ledger.bulletins import Bulletins
from bot.ledger.feedback import Feedback
from bot.ledger.forgetting import Forgotten, forgetting_chat, forgetting_person
from bot.ledger.languages import ChosenLanguages
from bot.ledger.notes import Notes
from bot.ledger.outbox import Outbox, Work
from bot.ledger.people import People
from bot.ledger.schema import HEAD, VERSIONS
from bot.ledger.seen import SeenUpdates
from bot.ledger.shared import SharedQuestions
from bot.ledger.subscribers import Subscribers
from bot.ledger.threads import Threads
from retrieval.database import Database, Kind

__all__ = [
    "Answers",
    "Bulletins",
    "ChosenLanguages",
    "Feedback",
    "Forgotten",
    "Ledger",
    "Notes",
    "Outbox",
    "People",
    "SeenUpdates",
    "SharedQuestions",
    "Subscribers",
    "Threads",
    "Work",
]

T = TypeVar("T")

LEDGER = Kind(
    name="ledger",
    package="bot.ledger",
    head=HEAD,
    versions=VERSIONS,
    lock=7238147237,
    error=LedgerError,
    # A send that is forgotten is repeated: its commit waits for the disk.
    lasting=True,
)


class Ledger:
    """The stores over one database. Thread-safe; close when done."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.subscribers = Subscribers(database)
        self.outbox = Outbox(database)
        self.threads = Threads(database)
        self.seen = SeenUpdates(database)
        self.answers = Answers(database)
        self.feedback = Feedback(database)
        self.people = People(database)
        self.languages = ChosenLanguages(database)
        self.notes = Notes(database)
        self.shared = SharedQuestions(database)
        self.bulletins = Bulletins(database)

    @classmethod
    def open(cls, url: str | URL) -> Ledger:
        """Open the database at an SQLAlchemy URL and bring it up to date. Raises `LedgerError`."""
        return cls(Database.open(url, LEDGER))

    def do(self, work: Work[T]) -> T:
        """Do one thing in a transaction of its own. Raises `LedgerError`, and what `work` does."""
        with self.database.write() as connection:
            return work(connection)

    def forgetting(self, number: int) -> Work[Forgotten]:
        """Delete at once all that is kept of a person, or of a group or channel (negative)."""
        return forgetting_person(number) if number > 0 else forgetting_chat(number)

    def close(self) -> None:
        """Give the database back."""
        self.database.close()
