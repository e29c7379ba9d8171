"""The bot killed again and again while articles go out through faults: did all arrive, once?

a feed in slices -> `archive-bot run`, a process -> SIGKILL x n -> the tests' Telegram -> judgement
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.ledger import Ledger
from bot.ledger.records import Place
from tests.campaign.evidence import OLD, Evidence, place_of
from tests.campaign.judgement import Pair, Verdict, judge
from tests.campaign.life import Home
from tests.campaign.news import News
from tests.campaign.readers import MOVED, MOVING, OWNER, Reader, readers
from tests.campaign.stock import REAL
from tests.telegram_server import TelegramServer, Told
from tests.web_server import Site

#: Nothing is held up but by the limits of each chat, and a listing never stands for what is sent.
_CONFIG = """
fetch = {{ allow_private = true, pause = 0 }}
index = {{ follow_interval = 0.2 }}
gather = {{ interval = 1 }}
telegram = {{ rate = 1000 }}
notify = {{ burst = 1000, interval = 0.2 }}
sources = [{{ kind = "feed", name = "news", url = "{feed}" }}]
"""
#: Every kind of fault, each as likely.
FAULTS: tuple[Told, ...] = (
    {"kind": "flood", "seconds": 1},
    {"kind": "flood", "seconds": 3},
    "blocked",
    "bad markup",
    "5xx before",
    "5xx after",
    "reset before",
    "reset after",
    "lost",
    "truncated",
    "without result",
    {"kind": "slow", "seconds": 2},
)
#: Seconds for anything that must come to pass without a kill.
PATIENCE = 120.0
#: When to kill, in seconds at the most: after the start, or after the first message of a life. The
#: first ones go to all at once, and who is killed among them again and again gives all of them up.
_SPANS = {"any time": 8.0, "first sends": 0.5, "sends": 5.0, "later sends": 12.0}
#: Seconds in which a bot that has something to send has begun to, on a busy machine too.
_LONGEST_START = 60.0


@dataclass
class Outcome:
    """What a campaign found."""

    verdict: Verdict = field(default_factory=Verdict)
    kills: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    retried: int = 0
    edits: int = 0
    seconds: float = 0.0

    @property
    def differences(self) -> list[str]:
        return self.verdict.differences

    @property
    def told(self) -> str:
        """All of it in one line."""
        verdict = self.verdict
        at = ", ".join(f"{count} {when}" for when, count in self.kills.most_common())
        faults = ", ".join(f"{count} {kind}" for kind, count in self.faults.most_common())
        return (
            f"{sum(self.kills.values())} kills ({at}), {sum(self.faults.values())} faults"
            f" ({faults}): of {verdict.pairs} pairs {verdict.arrived} arrived, {verdict.twice} of"
            f" them twice ({verdict.lost_replies} replies were lost, {verdict.cut} sends cut by a"
            f" kill); {verdict.dead} were given up and came when sent again;"
            f" {self.edits} notices edited; {self.seconds:.0f} s"
        )


class Campaign:
    """`kills` kills while `articles` come out in as many slices, a share of the sends failing."""

    def __init__(
        self,
        site: Site,
        server: TelegramServer,
        home: Path,
        *,
        articles: int,
        kills: int,
        seed: int,
        share: float = 0.05,
        code: str = REAL,
        topics: bool = True,
        say: Callable[[str], object] = lambda _: None,
    ) -> None:
        self._server = server
        self._news = News(site)
        self._home = Home(home, server.address, _CONFIG.format(feed=self._news.address), code)
        self._evidence = Evidence(self._home, server.telegram, self._news)
        self._chance = random.Random(seed)
        self._seed = seed
        self._share = share
        self._slices = [articles * (n + 1) // kills - articles * n // kills for n in range(kills)]
        self._readers = readers(topics=topics)
        self._say = say
        self._blocking: set[int] = set()
        self._cut: set[Pair] = set()
        self._late_from = 0
        self._half_past = False
        self._told_back: dict[int, float] = {}
        self._morning = float("inf")
        self.outcome = Outcome()

    def run(self, seconds: float) -> Outcome:
        """Everything, in at most about so many seconds; differences are collected, not raised."""
        started = time.monotonic()
        deadline = started + seconds
        try:
            self._subscribe()
            self._fail(self._share)
            for number, count in enumerate(self._slices):
                if time.monotonic() > deadline:
                    self._differ(f"the time was up after {number} kills")
                    break
                self._news.publish(count)
                self._retitle(count)
                self._happen(number / len(self._slices))
                self._live_and_die()
            self._settle(deadline)
            self._retry(self._judge())
            self._end()
        finally:
            if self._home.lives:
                self._home.kill()
        self.outcome.seconds = time.monotonic() - started
        return self.outcome

    def _differ(self, what: str) -> None:
        self._say(what)
        self.outcome.verdict.differences.append(what)

    def _subscribe(self) -> None:
        """A bot that nobody kills yet: there are articles, then people who subscribe."""
        self._news.publish(OLD)
        self._home.start()
        self._until(lambda: self._home.articles() == OLD, "the first gather")
        now = datetime.now(UTC)
        quiet = f"{now - timedelta(hours=1):%H:%M}-{now + timedelta(hours=5):%H:%M}"
        count = said = 0
        for reader in self._readers:
            if reader.kind != "late":
                one = [words.replace("{quiet}", quiet) for words in reader.says]
                replace(reader, says=tuple(one)).subscribe(self._server)
                count += sum(words.startswith("/subscribe") for words in one)
                said += len(one)
        self._until(lambda: self._home.subscriptions() == count, "everybody's subscription")
        self._until(lambda: len(self._server.telegram.sent) >= said, "an answer to everybody")
        self._evidence.begin()
        self._say(f"{len(self._readers)} readers, {count} subscriptions")

    def _fail(self, share: float) -> None:
        self._server.telegram.control(
            "chance",
            share=share,
            kinds=FAULTS,
            methods=["sendMessage", "editMessageText"],
            seed=self._seed,
        )

    def _retitle(self, count: int) -> None:
        """Some of what came out not long ago, whether it was announced yet or not."""
        recent = range(max(OLD, len(self._news.items) - 3 * count), len(self._news.items))
        self._news.retitle(self._chance.sample(recent, max(1, count // 10)))

    def _happen(self, share: float) -> None:
        """What people do once this share of the slices was there."""
        for reader in self._readers:
            match reader.kind:
                case "blocks" if 0.2 <= share < 0.5 and reader.chat_id not in self._blocking:
                    self._blocking.add(reader.chat_id)
                    self._server.chat(reader.chat_id, "private", gone="blocked")
                    self._server.membership(reader.chat, "member", "kicked")
                case "blocks" if share >= 0.5 and reader.chat_id in self._blocking:
                    self._blocking.discard(reader.chat_id)
                    self._server.chat(reader.chat_id, "private", gone=None)
                    self._return(reader.chat_id, "private")
                case "digest" if share >= 0.5 and not self._half_past:
                    # More than a hundred links are more than Telegram takes in one message.
                    self._half_past = True
                    self._hour_comes(reader)
                case "moves" if share >= 0.4:
                    self._server.telegram.control("move", old=MOVING, new=MOVED)
                case "quiet" if share >= 0.6 and self._morning == float("inf"):
                    self._morning = time.time()
                    self._end_quiet(reader)
                case "late" if share >= 0.75 and not self._late_from:
                    self._subscribe_late(reader)

    def _end_quiet(self, reader: Reader) -> None:
        self._server.say("/settings quiet off", chat=reader.chat, person_id=reader.chat_id)

    def _subscribe_late(self, reader: Reader) -> None:
        """What was published by then is no news to who comes late."""
        self._home.start()
        self._late_from = len(self._news.items)
        self._until(lambda: self._home.articles() == self._late_from, "all that was published")
        before = self._home.subscriptions()
        reader.subscribe(self._server)
        self._until(lambda: self._home.subscriptions() > before, "the late subscription")

    def _live_and_die(self) -> None:
        """One life, ended at any moment, or some time after it has begun to send."""
        aim = self._chance.choice(list(_SPANS))
        span = self._chance.random() * _SPANS[aim]
        before = self._sent()
        if not self._home.lives:
            self._home.start()
        started = time.monotonic()
        if self._chance.random() < 0.3:
            self._server.telegram.control("repeat")
        while (
            aim != "any time"
            and self._sent() <= before
            and time.monotonic() < started + _LONGEST_START
        ):
            self._wait(0.02)
        self._wait(span)
        self._home.kill()
        lived = time.monotonic() - started
        cut = self._note_cut()
        at = "while sending" if cut else "between sends" if self._sent() > before else "before any"
        self.outcome.kills[at] += 1
        number = sum(self.outcome.kills.values())
        self._say(
            f"kill {number}/{len(self._slices)} after {lived:.1f} s, {at}: {cut} being sent,"
            f" {self._sent() - before} sent, {self._sent()} in all"
        )

    def _wait(self, seconds: float) -> None:
        """Wait; meanwhile people whom the bot takes for gone write to it."""
        until = time.monotonic() + seconds
        while True:
            for chat_id, kind in self._asleep():
                now = time.monotonic()
                if chat_id not in self._blocking and now - self._told_back.get(chat_id, 0) > 3:
                    self._told_back[chat_id] = now
                    self._return(chat_id, kind)
            if time.monotonic() >= until:
                return
            time.sleep(min(0.05, max(0.0, until - time.monotonic())))

    def _asleep(self) -> list[tuple[int, str]]:
        try:
            return self._home.asleep()
        except Exception:  # no ledger yet, or locked just now: asked again soon
            return []

    def _return(self, chat_id: int, kind: str) -> None:
        """Someone whom a fault made seem gone is here all the same."""
        if kind == "private":
            chat = {"id": chat_id, "type": kind, "first_name": "x"}
            self._server.say("/start", chat=chat, person_id=chat_id)
            return
        chat = {"id": chat_id, "type": kind, "title": "x"}
        admin = "administrator" if kind == "channel" else "member"
        self._server.membership(chat, "left", admin, person_id=OWNER)

    def _note_cut(self) -> int:
        """The pairs whose sending the kill has cut short."""
        cut = {
            (place_of(chat, topic), number)
            for chat, topic, link, state in self._home.rows()
            if state == "sending"
            for number in self._news.numbers(link, ())
        }
        self._cut |= cut
        return len(cut)

    def _settle(self, deadline: float) -> None:
        """A last life, until everything is sent that is due, and the digest's hour has come."""
        self._home.start()
        self._until(lambda: self._home.articles() == len(self._news.items), "all articles")
        # The lives before were too short for the model to read what came out in them.
        self._until(lambda: not self._home.states()["behind"], "the notifier", 900)
        for reader in self._readers:
            if reader.kind == "digest":
                self._hour_comes(reader)
            elif reader.kind == "quiet":  # a kill may have cost the first time's answer
                self._end_quiet(reader)
        last: dict[str, int] = {}

        def settled() -> bool:
            nonlocal last
            last = self._home.states()
            # An edit whose answer was lost is made once more a minute later.
            return not any(last.get(each) for each in ("behind", "edits", "waiting", "sending"))

        self._until(settled, "an empty outbox", deadline - time.monotonic())
        self._say(f"settled: {last}")
        self._fail(0)

    def _hour_comes(self, reader: Reader) -> None:
        """What waits for the hour of a digest is due now."""
        ledger = Ledger.open(f"sqlite:///{self._home.data / 'ledger.sqlite3'}")
        try:
            place = ledger.subscribers.place(*reader.place)
            assert place is not None

            def now(_: Place, moment: datetime) -> datetime:
                return moment

            ledger.subscribers.set(place.id, datetime.now(UTC), due=now, hour=place.hour)
        finally:
            ledger.close()

    def _judge(self) -> Mapping[Pair, int]:
        """Everything but the dead letters' return; the dead letters."""
        differences, dead = self.outcome.differences, self._evidence.dead()
        self.outcome.verdict = judge(
            self._evidence.wished(self._readers, self._late_from),
            self._evidence.attempts(),
            self._cut,
            dead,
            {reader.place: reader.name for reader in self._readers},
            [r.place for r in self._readers if r.kind != "digest" and r.hears is not None],
        )
        self.outcome.verdict.differences[:0] = differences
        for reader in self._readers:
            if reader.hears is None and not self._evidence.wished([reader], 0)[reader.place]:
                self._differ(f"no article was found for {reader.name}")
        state = self._server.telegram.state
        self.outcome.faults = Counter(state["faults"])
        self.outcome.edits = state["edits"]
        for violation in state["violations"]:
            self._differ(f"a request broke a rule: {violation}")
        by_kind = {reader.kind: reader for reader in self._readers}
        silent, quiet = by_kind["silent"].chat_id, by_kind["quiet"].chat_id
        for difference in (
            *self._evidence.loud(silent),
            *self._evidence.too_early(quiet, self._morning),
            *self._evidence.old_titles(dead),
        ):
            self._differ(difference)
        return dead

    def _retry(self, dead: Collection[Pair]) -> None:
        """Dead letters that somebody sends again arrive."""
        if not dead:
            return
        before = Counter(self._evidence.arrived())
        self._home.say("deliveries", "--retry", "all")

        def done() -> bool:
            states = self._home.states()
            return not (states.get("waiting") or states.get("sending"))

        self._until(done, "the dead letters' return", 900)
        after = Counter(self._evidence.arrived())
        for pair in dead:
            if after[pair] != before[pair] + 1:
                self._differ(f"a dead letter was sent again and did not come once: {pair}")
        self.outcome.retried = len(dead)

    def _end(self) -> None:
        status = self._home.stop()
        if status != 0:
            self._differ(f"told to stop, the bot ended with {status}")
        text = self._home.log.read_text(encoding="utf-8", errors="replace")
        if "Traceback" in text:
            where = text.index("Traceback")
            self._differ(f"the log has a traceback: {text[max(0, where - 300) : where + 1500]}")

    def _sent(self) -> int:
        return int(self._server.telegram.control("numbers")["sent"])

    def _until(self, true: Callable[[], Any], what: str, seconds: float = PATIENCE) -> None:
        """Wait for it. Raises `AssertionError`: without it nothing could be judged."""
        deadline = time.monotonic() + max(seconds, 1)
        while not true():
            assert self._home.lives, f"the bot ended by itself: {self._last_words()}"
            assert time.monotonic() < deadline, (
                f"{what} never came: {self._home.unsent()} {self._last_words()}"
            )
            self._wait(0.1)

    def _last_words(self) -> str:
        return self._home.log.read_text(encoding="utf-8", errors="replace")[-2000:]
