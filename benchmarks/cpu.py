"""CPU time of the server and the database together, and the comparison of two kinds of work by it."""

from __future__ import annotations

import contextlib
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import psutil
import psycopg

Work = Callable[[], None]
_PROCESS_CLOCK = (~0 << 3) | 2  # Linux: the bits of a process's number inverted, and CPUCLOCK_SCHED


def database_server(address: str) -> psutil.Process:
    """The PostgreSQL that `address` names: the parent of the process that answers."""
    with psycopg.connect(address) as connection:
        parent = psutil.Process(connection.info.backend_pid).parent()
    assert parent is not None
    return parent


@dataclass(frozen=True)
class Meter:
    """utime + stime of the web server and of the database, of their living children, and of those that have ended."""

    server: psutil.Process
    database: psutil.Process

    def seconds(self) -> tuple[float, float]:
        """(server, database) since they began."""
        return _of_all(self.server), _of_all(self.database)


def _of_all(root: psutil.Process) -> float:
    return _seconds(root) + sum(_seconds(process) for process in root.children(recursive=True))


def _seconds(process: psutil.Process) -> float:
    """Of one process and of its children that have ended.

    The kernel's own clock of the process (clock_getcpuclockid(3)) counts nanoseconds; what /proc shows has steps of
    10 ms, a tenth of what a block of hellos takes.
    """
    with contextlib.suppress(psutil.NoSuchProcess, OSError):
        used = process.cpu_times()
        return time.clock_gettime(_PROCESS_CLOCK - (process.pid << 3)) + used.children_user + used.children_system
    return 0.0


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one request: CPU, and the time until its answer; medians, in milliseconds."""

    server_ms: float
    database_ms: float
    cpu_ms: float  # of both together
    wall_ms: float
    wall_p95_ms: float


def at_the_pace_of(slower: Work, work: Work, *, tries: int = 40) -> Work:
    """`work` after a pause as long as `slower` takes: what it costs a server that has slept, and whose caches are cold.

    Nothing is promised beside it. It says how much of a ratio is the wait for the disk, and not what is done.
    """
    took = []
    for _ in range(tries):
        began = time.perf_counter()
        slower()
        took.append(time.perf_counter() - began)
    pause = statistics.median(took)

    def paced() -> None:
        time.sleep(pause)
        work()

    return paced


def alternate(meter: Meter, works: dict[str, Sequence[Work]], *, rounds: int, each: int) -> dict[str, Cost]:
    """Do blocks of `each` of every work in turn, `rounds` times, and give the medians of their blocks.

    A name has one work for each client that does it at the same time: one, or several as in a rush hour. The
    machine's mood changes slowly; blocks that stand beside each other share it.
    """
    for clients in works.values():
        _block(clients, max(20, each // 4))
    cpu: dict[str, list[tuple[float, float]]] = {name: [] for name in works}
    wall: dict[str, list[float]] = {name: [] for name in works}
    for number in range(rounds):
        order = list(works.items())
        for name, clients in order if number % 2 else reversed(order):
            before = meter.seconds()
            took = _block(clients, each)
            server, database = (
                (after - start) / len(took) * 1000 for start, after in zip(before, meter.seconds(), strict=True)
            )
            wall[name] += took
            cpu[name].append((server, database))
    return {
        name: Cost(
            statistics.median(server for server, _database in blocks),
            statistics.median(database for _server, database in blocks),
            statistics.median(server + database for server, database in blocks),
            statistics.median(wall[name]),
            statistics.quantiles(wall[name], n=20)[-1],
        )
        for name, blocks in cpu.items()
    }


def _block(clients: Sequence[Work], each: int) -> list[float]:
    """Milliseconds of each of `each` works (or a few less, where the clients cannot share them evenly)."""

    def of(work: Work) -> Iterator[float]:
        for _ in range(each // len(clients)):
            began = time.perf_counter()
            work()
            yield (time.perf_counter() - began) * 1000

    if len(clients) == 1:
        return list(of(clients[0]))
    with ThreadPoolExecutor(len(clients)) as threads:
        return [took for found in threads.map(lambda work: list(of(work)), clients) for took in found]
