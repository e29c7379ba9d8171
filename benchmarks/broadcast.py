"""How one article goes out to thousands, and who asks meanwhile.

    python -m benchmarks.broadcast                        10,000 subscribers, 30 a second: 6 minutes
    python -m benchmarks.broadcast --subscribers 2000 --rate 100

The tests' Telegram enforces the three limits strictly (no burst is forgiven): one 429 is one that
the bot's own pace should have spared it. The bot is `archive-bot run`, a process of its own, with
the example archive and the bundled model. Another person asks the same questions before and
meanwhile; each is timed from when it is written to when its answer reaches Telegram.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, insert, select

from benchmarks.questions import ROOT, example
from bot.ledger import Ledger
from bot.ledger.schema import chats, places, subscriptions
from bot.wishes import Wish
from tests.bot.messages import Sent
from tests.campaign.life import Home
from tests.campaign.news import News
from tests.campaign.stock import REAL
from tests.telegram_server import TelegramServer, telegram_server
from tests.web_server import web_server

#: Numbers of the subscribers' chats, and of the people who ask.
_FIRST, _ASKERS = 1_000_000, 9_000_000
#: Seconds for a question's answer, and between two looks at how far the broadcast is.
_PATIENCE, _LOOK = 60.0, 0.05
_CONFIG = """
fetch = {{ allow_private = true, pause = 0 }}
gather = {{ interval = 1 }}
telegram = {{ rate = {rate} }}
sources = [
    {{ kind = "snapshots", name = "example", folder = {pages!r}, page_url = "https://x.example" }},
    {{ kind = "feed", name = "news", url = "{feed}" }},
]
"""


@dataclass(frozen=True)
class Measured:
    """One broadcast. `at` are the seconds of all messages during it, resident memory is in MiB.

    The latencies are seconds, question by question.
    """

    subscribers: int
    rate: int
    arrived: int
    twice: int
    at: tuple[float, ...]
    floods: int
    memory: tuple[float, ...]
    idle: tuple[float, ...]
    meanwhile: tuple[float, ...]
    violations: tuple[str, ...]

    @property
    def seconds(self) -> float:
        """From the first message to the last."""
        return self.at[-1] - self.at[0]

    @property
    def overall(self) -> float:
        """Share of what may arrive in that time; in any second, both its ends counted."""
        return len(self.at) / (self.rate * (self.seconds + 1))

    @property
    def median(self) -> float:
        """The same for each whole second of it."""
        counts = Counter(int(moment - self.at[0]) for moment in self.at)
        whole = [counts[second] / self.rate for second in range(int(self.seconds))]
        return statistics.median(whole) if whole else self.overall

    def lines(self) -> Iterator[str]:
        """What there is to tell."""
        yield (
            f"{self.subscribers} subscribers, {self.rate} a second: {self.arrived} notices arrived"
            f" in {self.seconds:.1f} s, {self.twice} of them twice; {self.floods} times 429"
        )
        yield (
            f"share of the permitted rate: {self.median:.1%} in the median second,"
            f" {self.overall:.1%} overall"
        )
        begin, middle, end = (self.memory[n] for n in (0, len(self.memory) // 2, -1))
        yield (
            f"resident memory: {begin:.0f} MiB before, {middle:.0f} in the middle, {end:.0f} at the"
            f" end, {max(self.memory):.0f} at most"
        )
        for name, times in (("idle", self.idle), ("meanwhile", self.meanwhile)):
            if times:
                yield (
                    f"a question's answer, {name}: median {1e3 * statistics.median(times):.0f} ms,"
                    f" slowest {1e3 * max(times):.0f} ms of {len(times)}"
                )
        yield from self.violations


def seed(connection: Connection, count: int) -> None:
    """So many private chats that want to hear of everything."""
    now = datetime.now(UTC)
    ids = range(_FIRST, _FIRST + count)
    connection.execute(insert(chats), [{"chat_id": chat_id} for chat_id in ids])
    fields = {
        "topic": 0,
        "kind": "private",
        "title": "",
        "language": "en",
        "zone": "UTC",
        "rhythm": "at once",
        "hour": 9,
        "weekday": 0,
        "silent": False,
        "preview": True,
        "paused": False,
        "created_at": now,
    }
    connection.execute(insert(places), [{"chat_id": chat_id, **fields} for chat_id in ids])
    wish = Wish()
    told = {"key": wish.key, "wish": wish.to_json(), "since": 0, "created_at": now}
    made = connection.scalars(select(places.c.id)).all()
    connection.execute(insert(subscriptions), [{"place_id": each, **told} for each in made])


class Broadcast:
    """One run in a folder; `questions` are asked before it and, spread over it, again."""

    def __init__(
        self,
        home: Home,
        news: News,
        server: TelegramServer,
        *,
        subscribers: int,
        rate: int,
        questions: Sequence[str],
    ) -> None:
        self._home = home
        self._news = news
        self._server = server
        self._subscribers = subscribers
        self._rate = rate
        self._questions = questions
        self._askers = _ASKERS

    def run(self) -> Measured:
        """Raises `AssertionError` where the bot does not get so far."""
        self._news.publish(1)
        self._home.say("gather")
        ledger = Ledger.open(f"sqlite:///{self._home.data / 'ledger.sqlite3'}")
        ledger.do(lambda connection: seed(connection, self._subscribers))
        ledger.close()
        self._home.start()
        try:
            self._server.wait_until_polled()
            self._until_ready()
            for question in self._questions:  # once for what is read at the first time
                self._ask(question)
            idle = [self._ask(question) for question in self._questions]
            memory = [self._resident()]
            meanwhile = self._send(memory)
        finally:
            self._home.stop()
        return self._measured(idle, meanwhile, memory)

    def _until_ready(self) -> None:
        deadline = time.monotonic() + 300
        while time.monotonic() < deadline:
            self._ask(self._questions[0] if self._questions else "sqlite")
            if self._last.links or not self._questions:
                return
            time.sleep(1)
        raise AssertionError("the bot never found anything")

    def _ask(self, question: str) -> float:
        """Somebody asks; seconds until the answer reached Telegram."""
        self._begin(question)
        deadline = time.monotonic() + _PATIENCE
        while (seconds := self._answered()) is None:
            assert time.monotonic() < deadline, f"no answer to {question!r}"
            time.sleep(0.02)
        return seconds

    def _begin(self, question: str) -> None:
        # Each time somebody else: nobody's answer waits for the second after the one before.
        self._askers += 1
        self._asked = time.time()
        self._seen = int(self._server.telegram.control("numbers")["sent"])
        self._server.say(question, chat_id=self._askers)

    def _answered(self) -> float | None:
        """Seconds that the answer took, None while there is none."""
        sent = self._server.telegram.sent
        for each in sent[self._seen :]:
            if each.chat_id == self._askers:
                self._last: Sent = each
                return each.at - self._asked
        self._seen = len(sent)
        return None

    def _send(self, memory: list[float]) -> list[float]:
        """The broadcast; the latencies of what was asked meanwhile."""
        self._news.publish(1)
        whole = self._subscribers / self._rate
        moments = [
            whole * (n + 1) / (len(self._questions) + 1) for n in range(len(self._questions))
        ]
        begun: float | None = None
        latencies: list[float] = []
        waiting = False
        deadline = time.monotonic() + 3 * whole + 120
        looked = 0.0
        while self._notices() < self._subscribers or waiting:
            now = time.monotonic()
            assert now < deadline, f"{self._notices()} of {self._subscribers} notices came"
            if begun is None and self._notices():
                begun = now
            if now - looked > 1:
                memory.append(self._resident())
                looked = now
            if waiting and (seconds := self._answered()) is not None:
                latencies.append(seconds)
                waiting = False
            asked = len(latencies)
            if not waiting and begun and asked < len(moments) and now - begun > moments[asked]:
                self._begin(self._questions[asked])
                waiting = True
            time.sleep(_LOOK)
        memory.append(self._resident())
        return latencies

    def _notices(self) -> int:
        return sum(_is_notice(each) for each in self._server.telegram.sent)

    def _resident(self) -> float:
        status = Path(f"/proc/{self._home.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
        return int(line.split()[1]) / 1024

    def _measured(
        self, idle: Sequence[float], meanwhile: Sequence[float], memory: Sequence[float]
    ) -> Measured:
        sent = self._server.telegram.sent
        notices = Counter(each.chat_id for each in sent if _is_notice(each))
        first = min(each.at for each in sent if _is_notice(each))
        last = max(each.at for each in sent if _is_notice(each))
        state = self._server.telegram.state
        return Measured(
            subscribers=self._subscribers,
            rate=self._rate,
            arrived=len(notices),
            twice=sum(count > 1 for count in notices.values()),
            at=tuple(sorted(each.at for each in sent if first <= each.at <= last)),
            floods=state["statuses"].get("429", 0),
            memory=tuple(memory),
            idle=tuple(idle),
            meanwhile=tuple(meanwhile),
            violations=tuple(state["violations"]),
        )


def _is_notice(sent: Sent) -> bool:
    return _FIRST <= sent.chat_id < _ASKERS


def measure(
    folder: Path,
    subscribers: int,
    rate: int,
    questions: Sequence[str],
    code: str = REAL,
    enforced: int | None = None,
) -> Measured:
    """One broadcast in a new folder; `code` is run as the bot.

    The server takes `rate` messages a second, or `enforced`, and the bot knows of `rate`.
    """
    pages = str(ROOT / "examples" / "pages")
    with web_server() as site, telegram_server("--limits", f"{enforced or rate},1,20") as server:
        news = News(site)
        config = _CONFIG.format(rate=rate, pages=pages, feed=news.address)
        home = Home(folder, server.address, config, code)
        broadcast = Broadcast(
            home, news, server, subscribers=subscribers, rate=rate, questions=questions
        )
        return broadcast.run()


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print; 0 where nobody met a 429 and all heard once."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.broadcast",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--subscribers", type=int, default=10_000)
    parser.add_argument("--rate", type=int, default=30, help="messages a second, here and there")
    parser.add_argument("--questions", type=int, default=20)
    chosen = parser.parse_args(argv)
    asked = [question.text for question in example("example", "dev").questions if question.answers]
    step = max(1, len(asked) // max(1, chosen.questions))
    with tempfile.TemporaryDirectory(prefix="broadcast-") as folder:
        measured = measure(
            Path(folder), chosen.subscribers, chosen.rate, asked[::step][: chosen.questions]
        )
    for line in measured.lines():
        print(line)
    wrong = measured.floods or measured.twice or measured.arrived != chosen.subscribers
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
