"""Whatever happens in whatever order: everyone hears of everything wished for, once."""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter, defaultdict
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.deliveries import LEASE
from tests.bot.bot_api import FakeTelegram, flood, lost_reply
from tests.bot.newsroom import Newsroom
from tests.bot.post import Post

PEOPLE = (1, 2, -3)
GROUP, SUPERGROUP = -3, -100_003
people = st.sampled_from(PEOPLE)


class Announcements(RuleBasedStateMachine):
    """Three chats, known by their first number, and what each must have heard in the end."""

    @initialize()
    def begin(self) -> None:
        self.home = tempfile.TemporaryDirectory()
        self.room = Newsroom(Path(self.home.name))
        self.telegram = FakeTelegram()
        self.wished: dict[int, int] = {}  # the subscription of each chat that has one
        self.paused: set[int] = set()
        self.blocked: set[int] = set()
        self.owed: dict[int, set[int]] = defaultdict(set)
        self.maybe_twice: set[int] = set()  # chats to which an answer was lost
        self.titles: list[str] = []
        self.moved = False

    def teardown(self) -> None:
        if hasattr(self, "room"):
            self.settle()
            for who in PEOPLE:
                self.hears_it_all(who)
            self.room.close()
            self.home.cleanup()

    # --- what people and sources do ---------------------------------------------------------

    def number(self, who: int) -> int:
        return SUPERGROUP if who == GROUP and self.moved else who

    @rule(who=people)
    def subscribe(self, who: int) -> None:
        if who not in self.wished:
            place = self.room.place(self.number(who))
            self.wished[who] = self.room.subscribe(place)

    @rule(who=people)
    def unsubscribe(self, who: int) -> None:
        if who in self.wished:
            self.settle_news()  # what is under way is not of this rule
            self.room.ledger.subscribers.remove([self.wished.pop(who)])
            self.owed[who] &= self.heard(who).keys()

    @rule(who=people)
    def pause_or_resume(self, who: int) -> None:
        if who in self.wished:
            self.settle_news()
            resuming = who in self.paused
            since = self.room.archive.changes.end() if resuming else None
            self.room.place(self.number(who), paused=not resuming, since=since)
            self.paused ^= {who}
            self.owed[who] &= self.heard(who).keys()

    @rule(count=st.sampled_from([1, 1, 2, 7]))
    def publish(self, count: int) -> None:
        first = len(self.room.shelf)
        titles = [f"article {number}" for number in range(first, first + count)]
        self.room.publish(*titles)
        self.titles += titles
        for who in self.wished.keys() - self.paused:
            self.owed[who] |= set(range(first, first + count))

    @precondition(lambda self: self.titles)
    @rule(which=st.integers(0, 99))
    def edit(self, which: int) -> None:
        place = which % len(self.titles)
        old = self.titles[place]
        self.titles[place] = f"{old}+"
        self.room.edit(old, title=f"{old}+")

    @rule(who=people)
    def block(self, who: int) -> None:
        self.blocked.add(who)
        self.telegram.chats[self.number(who)].gone = "blocked" if who > 0 else "kicked"

    @rule(who=people)
    def come_back(self, who: int) -> None:
        self.blocked.discard(who)
        self.telegram.chats[self.number(who)].gone = None
        self.room.ledger.subscribers.awake(self.number(who), self.room.now)

    @precondition(lambda self: not self.moved and GROUP not in self.blocked)
    @rule()
    def become_a_supergroup(self) -> None:
        self.telegram.chats.move(GROUP, SUPERGROUP)
        self.room.place(GROUP)  # known to the ledger, so that it can go along
        self.moved = True
        if GROUP not in self.wished:  # nothing will be sent there that would tell of it
            self.room.ledger.subscribers.move(GROUP, SUPERGROUP)

    # --- what happens to the bot ------------------------------------------------------------

    @rule()
    def work(self) -> None:
        self.deliver()

    @rule(who=people, seconds=st.sampled_from([1, 40_000]))
    def meet_a_limit(self, who: int, seconds: int) -> None:
        self.telegram.fail("sendMessage", flood(seconds), chat_id=self.number(who))
        self.deliver()
        self.forget_faults()

    @rule(who=people)
    def lose_an_answer(self, who: int) -> None:
        self.telegram.fail("sendMessage", lost_reply, chat_id=self.number(who))
        before = len(self.telegram.sent)
        self.deliver()
        if any(sent.chat_id == self.number(who) for sent in self.telegram.sent[before:]):
            self.maybe_twice.add(who)
        self.forget_faults()
        self.deliver(seconds=10)  # the second answer comes, so nothing is ever given up here

    @rule(minutes=st.sampled_from([0, 5, 300]))
    def restart(self, minutes: int) -> None:
        self.room.restart()
        self.room.later(minutes=minutes)

    @rule()
    def die_while_sending(self) -> None:
        """Killed between the note that it is being sent and the request: nothing was sent."""
        self.settle_news()
        claims = self.room.ledger.outbox.claim(self.room.now, "it dies", LEASE, 1)
        for claim in claims:
            ids = [row.id for row in claim.rows]
            if ids and all(row.unknown == 0 for row in claim.rows):
                sending = self.room.ledger.outbox.sending(ids, self.room.now, "it dies", LEASE)
                self.room.ledger.do(sending)
        self.restart(0)
        self.deliver()
        self.deliver(seconds=10)

    # --- and what must hold -----------------------------------------------------------------

    @invariant()
    def nobody_hears_twice_or_unwished(self) -> None:
        if not hasattr(self, "room"):
            return
        for who in PEOPLE:
            heard = self.heard(who)
            assert heard.keys() <= self.owed[who]
            most = 2 if who in self.maybe_twice else 1
            assert all(count <= most for count in heard.values()), (who, heard)
        assert self.telegram.violations == []

    def hears_it_all(self, who: int) -> None:
        assert self.heard(who).keys() == self.owed[who], who

    def heard(self, who: int) -> Counter[int]:
        """How often each article came, by its number in its link."""
        numbers = {who, SUPERGROUP} if who == GROUP else {who}
        return Counter(
            int(link.rpartition("/")[2])
            for sent in self.telegram.sent
            if sent.chat_id in numbers
            for link in sent.links
        )

    def settle_news(self) -> None:
        self.room.notify()
        self.room.later(seconds=2)

    def settle(self) -> None:
        """Everybody is there, no fault is left, and time enough."""
        self.forget_faults()
        for who in PEOPLE:
            self.come_back(who)
        for _ in range(3):
            self.deliver(seconds=50_000)
            for who in PEOPLE:
                self.come_back(who)

    def deliver(self, seconds: float = 1) -> None:
        asyncio.run(Post(self.room, self.telegram).goes_on(seconds=seconds))

    def forget_faults(self) -> None:
        self.telegram._faults_by_chat.clear()


TestEveryOrder = Announcements.TestCase
TestEveryOrder.settings = settings(
    max_examples=12,
    stateful_step_count=14,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
