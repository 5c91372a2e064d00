"""Whoever asked is killed outright: the processes that worked for her end at once, and eat no core for nobody."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Sequence

import pytest

ASKS = """
import sys, time, threading
from hovedindgang.planning.integer_asking import _Solver
solver = _Solver(sys.argv[1])
{more}
print(solver._process.pid, flush=True)
threading.Event().wait()
"""
WORKS = """
solver.ask({{"alone": {alone}}})
assert next(solver.lines(time.monotonic() + 60)) == {{"begun": True}}
"""
FORKS = """
import os
if not (forked := os.fork()):
    os.closerange(0, 3)
    threading.Event().wait()  # holds what its parent held: the other end of every pipe
print(forked)
"""
WORKERS = """
import sys, threading
from concurrent.futures import ProcessPoolExecutor
from hovedindgang.planning.simulation.cluster import _begin, _begun_from
from hovedindgang.planning.tests.stubborn import work
if __name__ == "__main__":
    pool = ProcessPoolExecutor(2, mp_context=_begun_from(), initializer=_begin, initargs=([], None))
    pool.submit(work, {"alone": True})
    pool.submit(abs, 1)
    pids = list(pool._processes)
    sys.stdout.write(f"{pids[0]} {pids[1]}\\n")  # in one write: a worker writes there too
    sys.stdout.flush()
    threading.Event().wait()
"""


def left(script: str, *arguments: str, begun: bool = True, numbers: int = 1) -> list[int]:
    """The processes that `script` names, as handles, when the one who began them has been killed outright.

    `begun`: as soon as they are named; else one of them must have said that it is at work.
    """
    pids: list[int] = []
    with subprocess.Popen([sys.executable, "-c", script, *arguments], stdout=subprocess.PIPE, bufsize=0) as asker:
        assert asker.stdout is not None
        try:
            while len(pids) < numbers or not begun:
                line = asker.stdout.readline() if select.select([asker.stdout], [], [], 60)[0] else b""
                assert line, f"said no more after {pids}"
                if line.startswith(b"{"):
                    begun = True
                else:
                    pids += map(int, line.split())
            return [os.pidfd_open(pid) for pid in pids]
        finally:
            asker.kill()


def all_end(handles: Sequence[int], within: float = 20.0) -> bool:
    """Whether all have ended; told by the kernel when it is so, not looked for now and then."""
    try:
        return all(bool(select.select([handle], [], [], within)[0]) for handle in handles)
    finally:
        for handle in handles:
            if not select.select([handle], [], [], 0)[0]:
                signal.pidfd_send_signal(handle, signal.SIGKILL)
            os.close(handle)


@pytest.mark.parametrize("alone", [False, True], ids=["python", "c"])
def test_a_solver_at_work_ends_when_the_one_who_asked_is_killed(alone: bool) -> None:
    """In Python's hands and in those of a library that lets no thread run, which only the kernel can end."""
    assert all_end(left(ASKS.format(more=WORKS.format(alone=alone)), "tests.stubborn"))


def test_a_solver_ends_though_another_has_come_to_hold_its_lifeline() -> None:
    """A fork of the one who asked lives on with every pipe; the solver sees that its parent is another."""
    forked, solver = left(ASKS.format(more=WORKS.format(alone=False) + FORKS), "tests.stubborn", numbers=2)
    assert all_end([solver])
    assert not all_end([forked], within=0)


@pytest.mark.parametrize("module", ["integer_child", "integer_relaxed"])
def test_a_solver_that_nobody_waits_for_any_more_ends_before_it_is_asked(module: str) -> None:
    assert all_end(left(ASKS.format(more=""), module))


def test_processes_that_simulate_end_when_the_one_who_began_them_is_killed() -> None:
    """Who works, and who waits for work: that one holds the other end of the pipe it waits at."""
    assert all_end(left(WORKERS, begun=False, numbers=2))
