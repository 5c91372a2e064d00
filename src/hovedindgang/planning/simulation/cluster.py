"""Many scenarios, many replications, many hands: this process, others on this machine, or a Dask cluster.

Replication `r` of seed `s` is the same whoever does it (`replications`), so what comes back is put together by number
and is the same however it was shared out, and when a worker dies what it had in hand is done again by another.
"""

from __future__ import annotations

import atexit
import contextlib
import multiprocessing
import os
import pickle  # nosec B403 - only what our own processes send each other
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from functools import lru_cache
from multiprocessing import forkserver, resource_tracker
from multiprocessing.context import BaseContext
from pathlib import Path
from types import TracebackType
from typing import Any

from hovedindgang.planning.compiling import kept_in
from hovedindgang.planning.language import gettext as _
from hovedindgang.planning.lifelines import end_with
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.simulation.preparing import Prepared, prepare
from hovedindgang.planning.simulation.replications import Tally, run_once
from hovedindgang.planning.simulation.scenario import Scenario

PIECES_EACH = 24  # each worker gets so many pieces of work or more: few enough to be cheap, enough to even out
LARGEST = 20  # replications in a piece
PATIENCE = 5.0  # seconds until a cluster that does not answer is not there
LOOKS = 0.1  # seconds between two looks at whether to go on
TRIES = 5  # before it is given up that workers die
LOADED = "hovedindgang.planning.simulation.loaded"  # what each process needs

Found = tuple[int, Tally]  # number of the scenario, and one replication of it


@dataclass(frozen=True, slots=True)
class Piece:
    """Replications `first` to `last` (not included) of scenario number `scenario`."""

    scenario: int
    first: int
    last: int


def pieces_of(scenarios: int, first: int, last: int, workers: int) -> list[Piece]:
    """The work cut so that `workers` can share it evenly: small pieces first, so that there is soon something."""
    most = max(1, min(LARGEST, scenarios * (last - first) // (workers * PIECES_EACH)))
    pieces: list[Piece] = []
    start = first
    while start < last:
        ends = min(last, start + min(most, 1 + len(pieces) // workers))
        pieces += [Piece(one, start, ends) for one in range(scenarios)]
        start = ends
    return pieces


class Here:
    """This process alone, one replication after another."""

    def __init__(self, scenarios: Sequence[Scenario], *, seed: int, jit: bool = True) -> None:
        self._prepared = [prepare(scenario) for scenario in scenarios]
        self._seed, self._jit = seed, jit

    def __enter__(self) -> Here:
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        pass

    def done(self, first: int, last: int, goes_on: Callable[[], bool] = lambda: True) -> Iterator[Found]:
        """Replications `first` to `last` (not included) of every scenario, in any order, until `goes_on` says no.

        Where that is before the first is whole, what there is of it is given.
        """
        begun = first > 0
        for replication in range(first, last):
            for at, prepared in enumerate(self._prepared):
                tally, _state, _network = run_once(
                    prepared, seed=self._seed, replication=replication, jit=self._jit, goes_on=goes_on
                )
                if not tally.stopped or not begun:
                    yield at, tally
                begun = True
                if not goes_on():
                    return


# ----------------------------------------------------------------------------------------- processes on this machine

_given: list[bytes] = []  # in a worker: the scenarios, as they were sent


def _begin(scenarios: list[bytes], home: str | None) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one who waits
    if (parent := multiprocessing.parent_process()) is not None:
        end_with(parent.sentinel)  # who waits for work holds the pipe's other end too, and would wait for ever
    _given[:] = scenarios
    if home:
        kept_in(Path(home))


@lru_cache(maxsize=64)
def _prepared(sent: bytes) -> Prepared:
    scenario: Scenario = pickle.loads(sent)  # noqa: S301  # nosec B301 - sent by our own client
    return prepare(scenario)


def _do(sent: bytes, seed: int, piece: Piece, jit: bool) -> list[Tally]:
    prepared = _prepared(sent)
    return [run_once(prepared, seed=seed, replication=one, jit=jit)[0] for one in range(piece.first, piece.last)]


def _do_given(seed: int, piece: Piece, jit: bool) -> list[Tally]:
    return _do(_given[piece.scenario], seed, piece, jit)


def _begun_from() -> BaseContext:
    """How they are begun: on Linux from one process that has loaded what each of them needs (1.4 s), else anew."""
    if sys.platform != "linux":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([LOADED])
    resource_tracker.ensure_running()  # where it must begin it, it lets Ctrl-C through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # inherited: Ctrl-C is for the one who waits
    try:
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return context


@atexit.register
def _kill_server() -> None:
    """It ends by itself, but loads all it should first, and then puts it away; who reads what we say waits for that."""
    if server := forkserver._forkserver._forkserver_pid:  # type: ignore[attr-defined]
        with contextlib.suppress(ChildProcessError, ProcessLookupError):
            os.waitpid(server, os.WNOHANG)  # whether it is ours: who was forked from us knows of it too
            os.kill(server, signal.SIGKILL)


def _can_begin(context: BaseContext, goes_on: Callable[[], bool]) -> bool:
    """Waits until processes can be begun, and as long as `goes_on` says so: beginning one waits for what is loaded."""

    def begin() -> None:
        with contextlib.suppress(EOFError, OSError):  # the server is no more; the pool will say so, if anybody asks
            context.Process(target=int).start()  # type: ignore[attr-defined]

    # A thread, left alone where nobody waits any more: nothing can end this wait.
    first = threading.Thread(target=begin, daemon=True)
    first.start()
    while first.is_alive() and goes_on():
        first.join(LOOKS)
    return not first.is_alive()


@dataclass
class Processes:
    """`number` processes of this machine; one that dies is replaced."""

    scenarios: Sequence[Scenario]
    seed: int
    number: int
    jit: bool = True
    _pool: ProcessPoolExecutor | None = field(default=None, repr=False)

    def __enter__(self) -> Processes:
        sent = [pickle.dumps(scenario) for scenario in self.scenarios]
        kept = os.environ.get("NUMBA_CACHE_DIR")
        self._context = _begun_from()
        self._start = lambda: ProcessPoolExecutor(
            self.number,
            mp_context=self._context,
            initializer=_begin,
            initargs=(sent, str(Path(kept).parent) if kept else None),
        )
        self._pool = self._start()
        return self

    def __exit__(self, kind: type[BaseException] | None, value: object, trace: TracebackType | None) -> None:
        self._end()

    def _end(self) -> None:
        """Whoever waits no longer, waits for nobody.

        A worker that dies while it answers leaves half an answer in the pipe, and whoever reads it waits for the rest
        as long as anybody could still write: the workers, and this process itself, which never does.
        """
        assert self._pool is not None
        for process in list((self._pool._processes or {}).values()):
            process.kill()
        answers: Any = self._pool._result_queue
        answers._writer.close()
        self._pool.shutdown(wait=False, cancel_futures=True)

    @property
    def pids(self) -> list[int]:
        """Of those at work."""
        return list((self._pool._processes or {}) if self._pool else ())

    def done(self, first: int, last: int, goes_on: Callable[[], bool] = lambda: True) -> Iterator[Found]:
        """As `Here.done`, but for the part of a replication."""
        if not _can_begin(self._context, goes_on):
            return
        left = pieces_of(len(self.scenarios), first, last, self.number)
        for _round in range(TRIES):
            with contextlib.suppress(BrokenProcessPool):
                yield from self._round(left, goes_on)
            if not left or not goes_on():
                return
            self._end()
            self._pool = self._start()
        raise _they_die()

    def _round(self, left: list[Piece], goes_on: Callable[[], bool]) -> Iterator[Found]:
        assert self._pool is not None
        silent = 0
        waiting: dict[Future[list[Tally]], Piece] = {
            self._pool.submit(_do_given, self.seed, piece, self.jit): piece for piece in left
        }
        while waiting and goes_on():
            finished, _rest = wait(waiting, timeout=LOOKS, return_when=FIRST_COMPLETED)
            silent = 0 if finished else silent + 1
            if silent * LOOKS > PATIENCE and any(not one.is_alive() for one in (self._pool._processes or {}).values()):
                raise BrokenProcessPool("dead in the middle of an answer")
            for future in finished:
                piece = waiting.pop(future)
                tallies = future.result()
                left.remove(piece)
                for tally in tallies:
                    yield piece.scenario, tally


def _they_die() -> CannotPlan:
    return CannotPlan(
        _("Arbejderne døde {number} gange, før de blev færdige.").format(number=TRIES),
        cure=_("Se efter, om der er hukommelse nok, og prøv med færre."),
    )


# --------------------------------------------------------------------------------------------------- a Dask cluster


class Cluster:
    """The workers of a Dask cluster at `address`, which must have this house installed, in the same version."""

    def __init__(self, scenarios: Sequence[Scenario], *, seed: int, address: str, jit: bool = True) -> None:
        self._sent = [pickle.dumps(scenario) for scenario in scenarios]
        self._seed, self._address, self._jit = seed, address, jit

    def __enter__(self) -> Cluster:
        # Heavy, and only who has a cluster needs it.
        from distributed import Client
        from distributed.comm.addressing import parse_address, parse_host_port

        try:
            parse_host_port(parse_address(self._address)[1])  # a client of no address is made, and never closes
            # What is found comes straight from who found it; where that cannot be reached, by the scheduler.
            self._client: Any = Client(self._address, timeout=PATIENCE, set_as_default=False, direct_to_workers=True)
        except (OSError, TimeoutError, ValueError) as error:
            raise CannotPlan(
                _("Der svarer ingen Dask-klynge på {address}: {error}.").format(address=self._address, error=error),
                cure=_("Start en med dask scheduler og dask worker, eller brug --processes."),
            ) from None
        return self

    def __exit__(self, *rest: object) -> None:
        self._client.close()

    def done(self, first: int, last: int, goes_on: Callable[[], bool] = lambda: True) -> Iterator[Found]:
        """As `Processes.done`."""
        workers = max(1, len(self._client.scheduler_info(n_workers=-1)["workers"]))
        left = pieces_of(len(self._sent), first, last, workers)
        for _round in range(TRIES):
            yield from self._round(left, goes_on)
            if not left or not goes_on():
                return
        raise _they_die()

    def _round(self, left: list[Piece], goes_on: Callable[[], bool]) -> Iterator[Found]:
        """What is lost with a worker is left, for the next round."""
        from queue import Empty, Queue

        # Each worker has the scenarios before the first piece, and a piece carries its number alone.
        shared = self._client.scatter(self._sent, broadcast=True, hash=False)
        finished: Queue[Any] = Queue()
        waiting = {
            self._client.submit(
                _do, shared[piece.scenario], self._seed, piece, self._jit, pure=False, retries=TRIES
            ): piece
            for piece in left
        }
        for future in waiting:
            future.add_done_callback(finished.put)
        open_ones = len(waiting)
        while open_ones and goes_on():
            try:
                future = finished.get(timeout=LOOKS)
            except Empty:
                continue
            open_ones -= 1
            piece = waiting[future]
            if future.status != "finished":
                if future.status == "error" and not _is_lost(future.exception()):
                    raise future.exception()
                continue
            tallies = future.result()
            left.remove(piece)
            for tally in tallies:
                yield piece.scenario, tally
        if open_ones:
            self._client.cancel(list(waiting))


def _is_lost(error: BaseException) -> bool:
    """Whether a piece failed because the worker that did it, or held what it needs, is no more."""
    return type(error).__module__.startswith(("distributed", "asyncio")) or isinstance(error, OSError)


Team = Here | Processes | Cluster


def team(
    scenarios: Sequence[Scenario], *, seed: int, jit: bool = True, processes: int = 1, address: str | None = None
) -> Team:
    """Who does it: a cluster where an address is given, else so many processes."""
    if address:
        return Cluster(scenarios, seed=seed, address=address, jit=jit)
    if processes > 1:
        return Processes(scenarios, seed, processes, jit)
    return Here(scenarios, seed=seed, jit=jit)
