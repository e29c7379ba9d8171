"""The campaign itself: gathers killed at moments spread over all that they do, then the checks."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from retrieval.archive.opening import Archive
from retrieval.embedding import Embedder
from retrieval.index.following import Follower
from retrieval.index.home import IndexHome
from retrieval.search.answering import Answerer
from tests.campaign.feed import Feed
from tests.campaign.stock import REAL, Committed, Folder, committed
from tests.command import Done
from tests.web_server import Site

#: Seconds that one gather may take before it counts as hanging.
PATIENCE = 900.0
#: Tries to meet a gather at the moment meant for it, before it counts as over too soon.
_TRIES = 4


Aim = Literal["evenly", "committed", "building", "writing"]


@dataclass(frozen=True)
class Moment:
    """When to kill: a share of the whole time, of the time after the commit, or at a phase.

    At a phase, `share` is of a second.
    """

    aim: Aim
    share: float


def moments(kills: int, chance: random.Random) -> list[Moment]:
    """Half of them evenly over the whole, in any order, then the others, where more is at stake."""
    even = kills - kills // 2
    evenly = [Moment("evenly", (n + chance.random()) / even) for n in range(even)]
    aims: tuple[Aim, ...] = ("committed", "writing", "building", "committed", "writing")
    aimed = []
    for n in range(kills // 2):
        aim = aims[n % len(aims)]
        aimed.append(Moment(aim, chance.random() if aim == "committed" else chance.random() / 10))
    chance.shuffle(evenly)
    chance.shuffle(aimed)
    return evenly + aimed


@dataclass(frozen=True)
class Kill:
    """A gather that was killed after so many seconds, and what it was doing."""

    moment: Moment
    seconds: float
    phase: str
    held: int

    def __str__(self) -> str:
        return (
            f"killed after {self.seconds:.2f} s, {self.phase} (aimed: {self.moment.aim}); the"
            f" archive holds {self.held} articles"
        )


@dataclass
class Outcome:
    """What a campaign found; it went well where there are no `differences`."""

    whole: float = 0.0
    commit: float = 0.0
    kills: list[Kill] = field(default_factory=list)
    rebuilt: list[str] = field(default_factory=list)
    too_soon: int = 0
    articles: int = 0
    passages: int = 0
    asked: int = 0
    differences: list[str] = field(default_factory=list)

    @property
    def phases(self) -> Counter[str]:
        """At what the kills fell."""
        return Counter(kill.phase for kill in self.kills)


class Campaign:
    """`kills` gathers killed, then one that is not, over a feed of `articles` that changes."""

    def __init__(
        self,
        site: Site,
        home: Path,
        *,
        articles: int,
        kills: int,
        seed: int,
        sample: int,
        code: str = REAL,
        say: Callable[[str], object] = lambda _: None,
    ) -> None:
        self._chance = random.Random(seed)
        self._site = site
        self._feed = Feed(site, articles)
        self._articles = articles
        self._moments = moments(kills, self._chance)
        self._sample = sample
        self._measured = Folder(home / "measured", self._feed.address, code)
        self._folder = Folder(home / "killed", self._feed.address, code)
        self._say = say
        self._held: dict[str, str] = {}
        self._first: set[str] = set()
        self._before = Committed()
        self._leftovers: frozenset[tuple[str, int]] = frozenset()
        self.outcome = Outcome()

    def run(self, embedder: Embedder, seconds: float) -> Outcome:
        """Everything, in at most about so many seconds; differences are collected, not raised."""
        deadline = time.monotonic() + seconds
        self.measure()
        for number, moment in enumerate(self._moments, 1):
            if time.monotonic() > deadline:
                self._differ(f"the time was up after {number - 1} of {len(self._moments)} kills")
                break
            self._interrupt(moment)
            if self._chance.random() < 0.7:
                self.change()
        self.finish()
        self.check(embedder)
        return self.outcome

    def measure(self) -> None:
        """How long a gather takes that nobody interrupts, and up to its commit."""
        started = time.monotonic()
        process = self._measured.gather()
        while process.poll() is None and not self._measured.readings():
            time.sleep(0.01)
        self.outcome.commit = time.monotonic() - started
        done = self._measured.desk.finish(process, timeout=PATIENCE)
        self.outcome.whole = time.monotonic() - started
        if done.status != 0:
            self._differ(f"the measured gather failed: {done.err}")
        self._after = self.outcome.whole - self.outcome.commit
        self._whole = self.outcome.whole
        self._say(
            f"uninterrupted: {self.outcome.whole:.1f} s, the commit after {self.outcome.commit:.1f}"
        )

    def change(self) -> None:
        """Something happens to the feed between two gathers."""
        part = max(1, self._articles // 100)
        self._feed.change(self._chance, new=2 * part, edited=part, dropped=max(1, part // 2))

    def finish(self) -> None:
        """One gather to its end, and another one, which must find nothing to do."""
        for wanted in ("completes", "finds nothing to do"):
            done = self._folder.desk.finish(self._folder.gather(), timeout=PATIENCE)
            rebuilt = self._hear(done.err)
            if rebuilt and "nothing" in wanted:
                self._differ(
                    f"a gather to its end left an index that had to be built anew: {rebuilt}"
                )
            if done.status != 0:
                self._differ(f"the gather that {wanted} ended with {done.status}: {done.err}")
            elif "nothing" in wanted and (done.json["new"], done.json["changed"]) != (0, 0):
                self._differ(f"a gather of what was gathered before made {done.out.strip()}")
        self._held.update(self._feed.texts)
        now = committed(self._folder.data)
        self._compare(now, self._held)
        for link, kinds in now.kinds.items():
            wanted_kind = "baseline" if link in self._first else "new"
            if [kind for kind in kinds if kind in ("baseline", "new")] != [wanted_kind]:
                self._differ(f"the log says of {link}: {kinds}, not once {wanted_kind}")
        self._say(f"gathered to the end: {len(now.texts)} articles, {now.end} changes")

    def check(self, embedder: Embedder) -> None:
        """The index equals the archive, as the gather left it; articles are found by their text."""
        left = self._folder.state()
        generation = IndexHome(self._folder.index).current()
        archive = Archive.open(f"sqlite:///{self._folder.data / 'archive.sqlite3'}")
        follower = Follower(archive, self._folder.index, embedder)
        try:
            follower.start("campaign")
            if left is None or left.writing or left.cursor != archive.changes.end():
                self._differ(f"the index was not left complete: {left}")
            if follower.catch_up() != 0:
                self._differ("the index lacked changes")
            now = IndexHome(self._folder.index).current()
            if generation is None or now is None or generation.folder != now.folder:
                self._differ("the index that the gather left was not trusted, but built anew")
            passages = archive.articles.passages(archive.articles.ids())
            self._compare_index(follower, {p.excerpt.id: p.excerpt.text for p in passages})
            self._ask(Answerer(archive, follower, embedder))
        finally:
            follower.close()
            archive.close()
        self.outcome.articles, self.outcome.passages = len(self._held), len(passages)

    def _compare_index(self, follower: Follower, passages: Mapping[str, str]) -> None:
        ids = set(passages)
        with follower.searching() as index:
            vectors = list(index.vectors.ids())
            if len(vectors) != len(ids) or set(vectors) != ids:
                self._differ(f"Chroma holds {_apart(set(vectors), ids)}, {len(vectors)} in all")
            words = set(index.words.sketches(sorted(ids), index.embedder.dimension).ids)
            if words != ids or index.words.count() != len(ids):
                self._differ(f"tantivy holds {_apart(words, ids)}, {index.words.count()} in all")

    def _ask(self, answerer: Answerer) -> None:
        sample = self._chance.sample(sorted(self._held), min(self._sample, len(self._held)))
        for link, answer in zip(
            sample, answerer.answer([self._held[link] for link in sample]), strict=True
        ):
            found = answer.hits[0].article.link if answer.hits else None
            if found != link:
                self._differ(f"asked with the text of {link}, {found} was found first")
        self.outcome.asked = len(sample)

    # --- killing ---------------------------------------------------------------------------

    def _interrupt(self, moment: Moment) -> None:
        for _ in range(_TRIES):
            self._site.forget()
            if moment.aim == "building":  # an index may be thrown away: all is in the archive
                shutil.rmtree(self._folder.index, ignore_errors=True)
            self._leftovers = self._folder.unfinished()
            started = time.monotonic()
            process = self._folder.gather()
            try:
                met = self._wait(process, moment, started)
            finally:
                _kill(process)
            done = Done(process.returncode, *process.communicate(timeout=60))
            seconds = time.monotonic() - started
            self._hear(done.err)
            killed = done.status == -signal.SIGKILL
            if not killed and done.status != 0:
                self._differ(f"a gather ended by itself with {done.status}: {done.err}")
            before, now = self._before, self._take_stock()
            if met and killed:
                kill = Kill(moment, seconds, self._phase(before, now), len(now.texts))
                self.outcome.kills.append(kill)
                self._say(f"{len(self.outcome.kills)}/{len(self._moments)}: {kill}")
                return
            # It was over too soon: the next one gets something to do, and is met earlier.
            self.outcome.too_soon += 1
            self._whole = min(self._whole, seconds)
            self._after = min(0.7 * self._after, max(0.0, seconds - self.outcome.commit))
            self.change()
        self._differ(f"no gather could be met {moment.aim} at {moment.share:.2f}")

    def _wait(self, process: subprocess.Popen[str], moment: Moment, started: float) -> bool:
        """Until the moment has come (True) or the process is over."""
        deadline = started + PATIENCE
        sign: Callable[[], bool] | None = {
            "evenly": None,
            "committed": lambda: self._folder.readings() > self._before.readings,
            "building": self._is_building,
            "writing": self._folder.is_writing,
        }[moment.aim]
        if moment.aim == "writing" and self._folder.is_writing():
            sign = self._is_building  # left so by an earlier kill: it is built anew
        while sign is not None and not sign():
            if process.poll() is not None or time.monotonic() > deadline:
                return False
            time.sleep(0.002)
        seen = started if sign is None else time.monotonic()
        span = {"evenly": self._whole, "committed": self._after}.get(moment.aim, 1.0)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, seen + moment.share * span - time.monotonic()))
            return False
        return True

    def _is_building(self) -> bool:
        """Whether this very gather is: what an earlier one left unfinished does not count."""
        return bool(self._folder.unfinished() - self._leftovers)

    def _take_stock(self) -> Committed:
        """What is committed now is what was before, or all of what the feed holds besides."""
        now = committed(self._folder.data)
        whole = {**self._held, **self._feed.texts}
        if now.texts != self._held:
            if not self._held:
                self._first = set(whole)
            self._held = whole
        self._compare(now, self._held)
        self._before = now
        return now

    def _phase(self, before: Committed, now: Committed) -> str:
        """What the killed process was doing, by what it left behind."""
        if not self._site.requests:
            return "starting"
        if now.readings == before.readings:
            return "reading"
        if self._is_building():
            return "building the index"
        state = self._folder.state()
        if state is not None and state.writing:
            return "writing the index"
        if state is not None and state.cursor == now.end:
            return "finishing"
        return "embedding" if now.vectors > before.vectors else "loading the model"

    # --- telling ---------------------------------------------------------------------------

    def _compare(self, now: Committed, wanted: Mapping[str, str]) -> None:
        for fault in now.faults:
            self._differ(fault)
        if set(now.texts) != set(wanted):
            self._differ(f"the archive holds {_apart(set(now.texts), set(wanted))}")
        other = [link for link, text in now.texts.items() if wanted.get(link, text) != text]
        if other:
            self._differ(f"{len(other)} articles have another text, such as {other[0]}")

    def _hear(self, err: str) -> list[str]:
        """Why the index was built anew, as the log tells it; tracebacks are never right."""
        told = (line.partition("building the index: ")[2] for line in err.splitlines())
        rebuilt = [why.partition(";")[0] for why in told if why and "there is none yet" not in why]
        self.outcome.rebuilt.extend(rebuilt)
        if "Traceback" in err:
            self._differ(f"a gather stumbled: {err}")
        return rebuilt

    def _differ(self, what: str) -> None:
        self.outcome.differences.append(what)
        self._say(f"DIFFERENCE: {what}")


def _apart(found: set[str], wanted: set[str]) -> str:
    return f"{len(found - wanted)} that do not belong there and lacks {len(wanted - found)}"


def _kill(process: subprocess.Popen[str]) -> None:
    """The process and whatever it started."""
    if process.poll() is None:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:  # it does not lead its group yet
            process.kill()
    process.wait(60)
