"""Processes that solve for `integer`: begun when they are needed, and asked again while they are warm.

To load OR-Tools takes longer than to solve most small programs, and whoever looks for the earliest date, or for what
one more employee is worth, asks many times. So a process that has answered to the end waits half a minute for the next
question; one that was left in the middle of its work is ended. One whose asker was killed ends by itself (`lifelines`).
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import queue
import select
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

from hovedindgang.planning.language import gettext as _
from hovedindgang.planning.lifelines import end_with
from hovedindgang.planning.problems import CannotPlan

WARM = 30.0  # seconds that an idle process is asked again
IDLE = 2 * WARM  # seconds until it ends by itself: later, so that it never ends while it is being asked


class Lines(Protocol):
    """What a process says until it is done; with `wait`, None each time it said nothing for so long."""

    def __call__(self, until: float, *, wait: float | None = None) -> Iterator[dict[str, Any] | None]: ...


class _Solver:
    """One process, asked one thing at a time. It has a session of its own: Ctrl-C reaches only whoever waits."""

    def __init__(self, module: str) -> None:
        self.module, self.idle_since = module, 0.0
        theirs, self._lifeline = os.pipe()
        self._process = subprocess.Popen(
            [sys.executable, "-m", f"hovedindgang.planning.{module}", str(theirs)],
            pass_fds=[theirs],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        os.close(theirs)
        self._heard: queue.Queue[str | None] = queue.Queue()
        self._threads = [threading.Thread(target=self._listen, daemon=True)]
        self._threads[0].start()
        self._over = self._ended = False

    def ask(self, ask: Mapping[str, object]) -> None:
        self._over = self._ended = False
        # Aside, as a process that does not listen must not keep the one who asks.
        self._threads[1:] = [threading.Thread(target=self._tell, args=(ask,), daemon=True)]
        self._threads[1].start()

    def lines(self, until: float, *, wait: float | None = None) -> Iterator[dict[str, Any] | None]:
        while time.monotonic() < until:
            try:
                heard = self._heard.get(timeout=0.2 if wait is None else wait)
            except queue.Empty:
                if wait is not None:
                    yield None
                continue
            if heard is None:
                self._process.wait()
                raise self._broken()
            line = json.loads(heard)
            if "over" in line:
                self._over = True
                return
            self._ended |= "ended" in line
            yield line

    def is_done(self) -> bool:
        """Whether it has answered to the end, or does so at once. Who heard enough may not have heard the last word."""
        if not self._over:
            with contextlib.suppress(CannotPlan):
                for _line in self.lines(time.monotonic() + (1.0 if self._ended else 0.2)):
                    pass
        return self._over

    def is_warm(self) -> bool:
        return self._process.poll() is None and time.monotonic() - self.idle_since < WARM

    def end(self) -> None:
        os.close(self._lifeline)
        self._process.kill()
        self._process.wait()
        for thread in self._threads:
            thread.join(timeout=1)
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            with contextlib.suppress(OSError):
                if pipe is not None:
                    pipe.close()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        with contextlib.suppress(ValueError):  # the pipe was closed while we listened
            for line in self._process.stdout:
                self._heard.put(line)
        self._heard.put(None)

    def _tell(self, ask: Mapping[str, object]) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(OSError, ValueError):  # a process that died says so by its silence
            self._process.stdin.write(json.dumps(ask) + "\n")
            self._process.stdin.flush()

    def _broken(self) -> CannotPlan:
        said = "" if self._process.stderr is None else self._process.stderr.read().strip()
        return CannotPlan(
            _("Løseren gik i stykker, før den var færdig."),
            cure=_("Prøv igen med en mindre plan; bliver det ved, så giv linjen nedenfor videre."),
            where=(said.splitlines()[-1] if said else f"exit {self._process.returncode}",),
        )


_idle: list[_Solver] = []
os.register_at_fork(after_in_child=_idle.clear)  # they answer the one who began them


@contextlib.contextmanager
def asking(ask: Mapping[str, object], module: str) -> Iterator[Lines]:
    """A process that is asked; what it says, line by line, until it is done or the limit is past."""
    solver = _warm_one(module) or _Solver(module)
    kept = False
    try:
        solver.ask(ask)
        yield solver.lines
        kept = solver.is_done()
    finally:
        if kept:
            solver.idle_since = time.monotonic()
            _idle.append(solver)
        else:
            solver.end()


def _warm_one(module: str) -> _Solver | None:
    """The idle process of that module, if one is warm; those that are cold are ended."""
    found = None
    for solver in list(_idle):
        with contextlib.suppress(ValueError):  # another thread was first
            if not solver.is_warm():
                _idle.remove(solver)
                solver.end()
            elif found is None and solver.module == module:
                _idle.remove(solver)
                found = solver
    return found


@atexit.register
def _end_all() -> None:
    while _idle:
        _idle.pop().end()


def answer_asked(answer: Callable[[dict[str, Any]], None]) -> None:
    """The other end: answers one question after the other, until nobody asks. `answer` says lines of its own."""
    end_with(*map(int, sys.argv[1:2]), watched=sys.stdin.fileno())
    while select.select([sys.stdin], [], [], IDLE)[0]:
        asked = sys.stdin.readline()
        if not asked:
            return
        answer(json.loads(asked))
        print(json.dumps({"over": True}), flush=True)
