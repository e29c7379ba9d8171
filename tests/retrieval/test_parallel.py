"""Work in several threads: in order, bounded, and given up at the first thing that goes wrong."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
import threading

import pytest

from retrieval.parallel import in_parallel


def test_results_come_in_the_order_of_the_items_not_of_their_ends() -> None:
    ended: list[int] = []
    gates = [threading.Event() for _ in range(4)]
    gates[3].set()

    def work(number: int) -> str:
        assert gates[number].wait(20)
        ended.append(number)
        if number:
            gates[number - 1].set()
        return f"result {number}"

    assert in_parallel(work, range(4), 4) == [f"result {number}" for number in range(4)]
    assert ended == [3, 2, 1, 0]


def test_nothing_to_do_is_done_at_once() -> None:
    assert in_parallel(lambda item: item, [], 8) == []


def test_none_is_a_result() -> None:
    assert in_parallel(lambda _: None, [1, 2, 3], 2) == [None, None, None]


def test_equal_items_are_each_worked_on() -> None:
    seen: list[str] = []

    def work(item: str) -> int:
        seen.append(item)
        return len(item)

    assert in_parallel(work, ["a", "a", "a"], 2) == [1] * 3
    assert seen == ["a", "a", "a"]


@pytest.mark.parametrize(("items", "workers", "threads"), [(3, 8, 3), (9, 2, 2), (5, 1, 1)])
def test_no_more_threads_than_workers_nor_than_items(
    items: int, workers: int, threads: int
) -> None:
    together = threading.Barrier(threads)
    names: set[str] = set()
    at_once, most = 0, 0
    lock = threading.Lock()

    def work(number: int) -> int:
        nonlocal at_once, most
        with lock:
            at_once += 1
            most = max(most, at_once)
            names.add(threading.current_thread().name)
        if number < threads:
            together.wait(20)
        with lock:
            at_once -= 1
        return number

    assert in_parallel(work, range(items), workers) == list(range(items))
    assert (most, len(names)) == (threads, threads)


def test_the_first_error_is_raised_and_nothing_more_is_begun() -> None:
    begun: list[int] = []
    both, ends = threading.Barrier(2), threading.Event()

    def work(number: int) -> int:
        begun.append(number)
        both.wait(20)
        if number == 0:
            raise LookupError("the first")
        assert ends.wait(20)  # is not waited for
        return number

    with pytest.raises(LookupError, match="the first"):
        in_parallel(work, range(100), 2)
    ends.set()
    for thread in threading.enumerate():
        if thread.name.startswith("gather-"):
            thread.join(20)
    assert sorted(begun) == [0, 1]


def test_of_several_errors_the_one_that_came_first_is_raised() -> None:
    first = threading.Event()

    def work(number: int) -> int:
        if number == 0:
            assert first.wait(20)
            raise ValueError("the later one")
        try:
            raise KeyError("the earlier one")
        finally:
            threading.Timer(0.2, first.set).start()

    with pytest.raises(KeyError, match="the earlier one"):
        in_parallel(work, [0, 1], 2)


def test_an_exit_in_a_thread_is_raised_by_whoever_waits() -> None:
    def work(_: int) -> int:
        raise SystemExit(3)

    with pytest.raises(SystemExit) as raised:
        in_parallel(work, [1], 1)
    assert raised.value.code == 3


_HANGING = textwrap.dedent(
    """
    import threading
    from retrieval.parallel import in_parallel

    over = threading.Event()

    def hang(number):
        print("hanging in", number, flush=True)
        over.wait()

    try:
        in_parallel(hang, [1, 2], 1)
    except KeyboardInterrupt:
        print("interrupted", flush=True)
    (thread,) = [each for each in threading.enumerate() if each.name.startswith("gather")]
    {then}
    """
)


@pytest.mark.parametrize("then", ["over.set(); thread.join(20)", "pass"])
def test_ctrl_c_is_noticed_while_all_threads_hang_and_begins_nothing_more(then: str) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", _HANGING.format(then=then)],
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "hanging in 1\n"
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=30)
    finally:
        process.kill()
    assert out == "interrupted\n"
    assert process.returncode == 0, "a thread that hangs keeps no process alive"
