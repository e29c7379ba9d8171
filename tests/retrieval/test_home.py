"""The index folder: one owner at a time, generations swapped at one stroke, leftovers swept."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retrieval.errors import IndexDamaged, IndexingError, IndexOwned
from retrieval.index.home import Generation, IndexHome, State, settled

STATE = State(
    archive="0f" * 16,
    embedder_id=3,
    model="intfloat/multilingual-e5-small",
    dimension=384,
    query_prompt="query: ",
    passage_prompt="段落: ",
    cursor=12,
    passages=345,
    writing=True,
    files=(("chroma.sqlite3", 163840), ("a/data_level0.bin", 0)),
)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[IndexHome]:
    home = IndexHome(tmp_path / "deep" / "index")
    home.acquire("archive-bot run")
    yield home
    home.release()


# --- who owns it ---------------------------------------------------------------------------

_OWN_AND_WAIT = textwrap.dedent(
    """
    import sys
    from pathlib import Path
    from retrieval.index.home import IndexHome

    home = IndexHome(Path(sys.argv[1]))
    home.acquire("archive-bot chat")
    print("owned", flush=True)
    sys.stdin.read()
    home.release()
    """
)


@pytest.fixture
def other(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that owns the index until its input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", _OWN_AND_WAIT, str(tmp_path / "index")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "owned\n"
    yield process
    process.kill()
    process.communicate()


def test_a_second_process_is_refused_at_once_and_told_whose_it_is(
    tmp_path: Path, other: subprocess.Popen[str]
) -> None:
    """FAILURES 24"""
    mine = IndexHome(tmp_path / "index")
    started = time.monotonic()
    with pytest.raises(IndexOwned) as raised:
        mine.acquire("archive-bot run")
    assert time.monotonic() - started < 2
    said = str(raised.value)
    assert str(tmp_path / "index") in said
    assert "`archive-bot chat`" in said
    assert f"process {other.pid}" in said
    assert "Stop that one first" in said
    owner = mine.owner()
    assert owner is not None
    assert (owner.command, owner.pid) == ("archive-bot chat", other.pid)
    mine.release()
    assert mine.owner() == owner, "releasing what one has not must not take it from its owner"
    with pytest.raises(IndexOwned):
        mine.acquire("archive-bot run")


@pytest.mark.parametrize("how", ["leaves", "is killed"])
def test_when_the_owner_is_gone_the_index_is_free(
    tmp_path: Path, other: subprocess.Popen[str], how: str
) -> None:
    if how == "leaves":
        other.communicate()
    else:
        os.kill(other.pid, signal.SIGKILL)
        other.wait()
    mine = IndexHome(tmp_path / "index")
    assert mine.owner() is None
    mine.acquire("archive-bot run")
    owner = mine.owner()
    assert owner is not None
    assert owner.pid == os.getpid()
    mine.release()
    assert mine.owner() is None
    assert not (tmp_path / "index" / "owner.json").exists()


def test_two_in_one_process_are_two(home: IndexHome) -> None:
    with pytest.raises(IndexOwned, match="archive-bot run"):
        IndexHome(home.folder).acquire("again")


def test_looking_does_not_take_it_away(home: IndexHome) -> None:
    looking = IndexHome(home.folder)
    for _ in range(3):
        assert looking.owner() is not None
    home.release()
    assert looking.owner() is None
    home.acquire("archive-bot run")


def test_an_owner_that_cannot_be_read_is_another_process(home: IndexHome) -> None:
    (home.folder / "owner.json").write_bytes(b"{\xff")
    with pytest.raises(IndexOwned, match="another process"):
        IndexHome(home.folder).acquire("again")


def test_nobody_owns_a_folder_that_is_not_there(tmp_path: Path) -> None:
    home = IndexHome(tmp_path / "index")
    assert home.owner() is None
    assert home.current() is None
    assert home.peek() is None
    assert not home.folder.exists(), "looking leaves no trace"


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(IndexingError, match="file"):
        IndexHome(tmp_path / "file" / "index").acquire("x")


def test_a_folder_that_cannot_be_written_is_not_owned(tmp_path: Path) -> None:
    """As on a full disk: the lock must not stay with one who could not even sign."""
    folder = tmp_path / "index"
    (folder / "owner.json").mkdir(parents=True)
    with pytest.raises(IndexingError, match="index"):
        IndexHome(folder).acquire("x")
    (folder / "owner.json").rmdir()
    home = IndexHome(folder)
    home.acquire("y")
    home.release()


# --- generations ---------------------------------------------------------------------------


def test_a_generation_is_the_current_one_only_when_it_is_adopted(home: IndexHome) -> None:
    first = home.begin()
    assert home.current() is None
    first.save(STATE)
    home.adopt(first)
    current = home.current()
    assert current is not None
    assert current.folder == first.folder
    assert home.peek() == STATE
    second = home.begin()
    assert second.folder != first.folder
    assert not list(second.folder.iterdir())
    assert home.current().folder == first.folder  # type: ignore[union-attr]
    second.save(replace(STATE, cursor=99))
    home.adopt(second)
    assert home.peek() == replace(STATE, cursor=99)
    assert not first.folder.exists()


def test_what_a_crash_left_behind_is_swept(home: IndexHome) -> None:
    kept = home.begin()
    kept.save(STATE)
    home.adopt(kept)
    for left in ("000009", "000042"):
        (home.folder / left / "vectors").mkdir(parents=True)
        (home.folder / left / "vectors" / "data.bin").write_bytes(b"x")
    for torn in ("current.99.tmp", "owner.json.99.tmp", "000001/state.json.99.tmp"):
        (home.folder / torn).write_text("half")
    mine = home.folder / "notes.txt"
    mine.write_text("somebody's own file")
    new = home.begin()
    assert home.peek() == STATE
    there = {path.name for path in home.folder.iterdir()}
    assert there - {"owner.lock"} == {
        kept.folder.name,
        new.folder.name,
        "current",
        "owner.json",
        "notes.txt",
    }
    new.save(STATE)
    home.adopt(new)
    assert [path.name for path in home.folder.iterdir() if path.is_dir()] == [new.folder.name]


@pytest.mark.parametrize(
    "content", [b"", b"000777", b"../elsewhere", b"\xff\xfe", b"000001/vectors", b"\0", b" \n"]
)
def test_a_pointer_that_leads_nowhere_is_no_generation(home: IndexHome, content: bytes) -> None:
    generation = home.begin()
    generation.save(STATE)
    home.adopt(generation)
    (home.folder / "current").write_bytes(content)
    assert home.current() is None
    assert home.peek() is None
    home.adopt(home.begin())
    assert home.current() is not None


def test_no_number_is_used_twice_while_it_is_current(home: IndexHome) -> None:
    names = []
    for _ in range(4):
        generation = home.begin()
        home.adopt(generation)
        names.append(generation.folder.name)
    assert len(set(names)) == 4
    assert names == sorted(names)


# --- what a generation remembers -----------------------------------------------------------


def test_a_state_comes_back_as_it_was_saved(tmp_path: Path) -> None:
    generation = Generation(tmp_path)
    generation.save(STATE)
    assert generation.load() == STATE
    generation.save(replace(STATE, writing=False, files=()))
    assert generation.load() == replace(STATE, writing=False, files=())


@given(
    st.text(max_size=30),
    st.integers(0, 2**62),
    st.booleans(),
    st.lists(st.tuples(st.text(max_size=9), st.integers(0, 2**40)), max_size=3),
)
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_state_comes_back(
    tmp_path: Path, model: str, cursor: int, writing: bool, files: list[tuple[str, int]]
) -> None:
    state = replace(STATE, model=model, cursor=cursor, writing=writing, files=tuple(files))
    Generation(tmp_path).save(state)
    assert Generation(tmp_path).load() == state


WHOLE = json.dumps(asdict(STATE))


@pytest.mark.parametrize(
    "content",
    [
        None,
        "",
        "\0" * 200,
        WHOLE[:1],
        WHOLE[:40],
        WHOLE[:-1],
        WHOLE[1:],
        "null",
        "3",
        "[]",
        '"state"',
        "{}",
        json.dumps({**asdict(STATE), "files": 7}),
        json.dumps({**asdict(STATE), "files": [["a"]]}),
        json.dumps({**asdict(STATE), "files": [["a", "b"]]}),
        json.dumps({**asdict(STATE), "unknown": 1}),
        json.dumps({**asdict(STATE), "format": 99}),
        json.dumps({key: value for key, value in asdict(STATE).items() if key != "archive"}),
    ],
)
def test_a_torn_state_is_damage(home: IndexHome, content: str | None) -> None:
    generation = home.begin()
    if content is not None:
        (generation.folder / "state.json").write_text(content, encoding="utf-8")
    with pytest.raises(IndexDamaged) as raised:
        generation.load()
    assert str(raised.value)
    home.adopt(generation)
    assert home.peek() is None


def test_what_is_remembered_after_a_write(tmp_path: Path) -> None:
    generation = Generation(tmp_path)
    generation.vectors.mkdir()
    (generation.vectors / "chroma.sqlite3").write_bytes(b"12345")
    (generation.vectors / "deep").mkdir()
    (generation.vectors / "deep" / "data.bin").write_bytes(b"1")
    for passing in ("chroma.sqlite3-wal", "chroma.sqlite3-shm", "chroma.sqlite3-journal"):
        (generation.vectors / passing).write_bytes(b"passing")
    state = settled(STATE, generation, cursor=77, passages=5)
    assert (state.cursor, state.passages, state.writing) == (77, 5, False)
    assert state.files == (("chroma.sqlite3", 5), ("deep/data.bin", 1))
    assert Generation(tmp_path / "nowhere").files() == ()


def test_it_can_be_taken_by_one_thread_and_given_back_by_another(tmp_path: Path) -> None:
    """Loading happens in the background; stopping does not."""
    home = IndexHome(tmp_path / "index")
    thread = threading.Thread(target=home.acquire, args=("archive-bot run",))
    thread.start()
    thread.join()
    with pytest.raises(IndexOwned):
        IndexHome(home.folder).acquire("again")
    home.release()
    again = IndexHome(home.folder)
    again.acquire("again")
    again.release()
