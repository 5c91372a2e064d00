"""Faults that come from outside the house: PostgreSQL stops at once, the disk is full, the disk fails."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import psycopg

from faults.broken import THANKED_ALL_THE_SAME
from faults.clients import Clients
from faults.house import WarmHouse
from faults.own_postgres import OwnPostgres
from faults.trials import Faults

SECONDS_TO_BE_FELT = 15.0
Told = Callable[[int], None]


class NotPossible(Exception):
    """This machine does not let us bring the fault about; the message says what is missing."""


def _quiet(_done: int) -> None:
    pass


# ---------------------------------------------------------------------------------------------------- immediate stops


def immediate_stops(server: OwnPostgres, number: int, chance: Random, *, told: Told = _quiet) -> Faults:
    """`pg_ctl stop -m immediate`, as a power cut is to PostgreSQL, and start again; each after some receipts."""

    def faults(clients: Clients) -> Counter[str]:
        for stops in range(1, number + 1):
            clients.forget_receipts_so_far()
            clients.wait_for_receipts(chance.randint(1, 4))
            time.sleep(chance.uniform(0, 0.1))
            server.stop("immediate")
            server.start()
            told(stops)
        server.analyze()
        return Counter({"immediate stops": number})

    return faults


# ---------------------------------------------------------------------------------------------------------- full disk


class SmallDisk:
    """A file system of its own, in a file: `folder` is where it is mounted."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.ballast = folder, folder / "ballast"

    def fill(self, leaving: int) -> None:
        """Leave so many bytes, or none."""
        free = os.statvfs(self.folder)
        size = max(0, free.f_bavail * free.f_frsize - leaving)
        with self.ballast.open("wb") as file:
            for less in range(40):  # what the file system itself needs to write it down is not in its figures
                with contextlib.suppress(OSError):
                    os.posix_fallocate(file.fileno(), 0, max(1, size - less * 4096))
                    break

    def free(self) -> None:
        """Freed blocks can be had again when the file system has noted it."""
        with self.ballast.open("r+b") as file:
            file.truncate(0)
            os.fsync(file.fileno())


@contextmanager
def small_disk(megabytes: int) -> Iterator[SmallDisk]:
    """Raises NotPossible where nothing may be mounted."""
    place = Path(tempfile.mkdtemp(prefix="hovedindgang-disk-"))
    image, folder = place / "image", place / "disk"
    folder.mkdir()
    place.chmod(0o755)
    try:
        with image.open("wb") as file:
            file.truncate(megabytes * 1024 * 1024)
        try:
            for command in (["mkfs.ext4", "-q", "-F", "-m", "0", image], ["mount", "-o", "loop", image, folder]):
                subprocess.run(command, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError) as error:
            raise NotPossible(f"no disk of {megabytes} MB can be made and mounted here: {error}") from error
        try:
            yield SmallDisk(folder)
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def full_disks(
    disk: SmallDisk, number: int, chance: Random, *, server: OwnPostgres | None = None, told: Told = _quiet
) -> Faults:
    """The disk is filled until a client is told that nothing can be stored, and freed again.

    PostgreSQL (`server`) may stop over it, and not start while there is no room; then it is started as an operator
    would, once there is. A filling that nobody notices in time does not count.
    """

    def faults(clients: Clients) -> Counter[str]:
        done: Counter[str] = Counter()
        for _attempt in range(number * 2):
            if done["full disks"] == number:
                break
            clients.forget_receipts_so_far()
            clients.wait_for_receipts(chance.randint(1, 6))
            before = _troubles(clients)
            disk.fill(leaving=chance.choice([0, 0, 8, 40, 200, 1000]) * 1024)
            felt = _until(lambda before=before: _troubles(clients) > before, SECONDS_TO_BE_FELT)
            time.sleep(chance.uniform(0, 0.4))
            disk.free()
            if server is not None:
                _stand_up_again(server)
            done["full disks"] += felt
            told(done["full disks"])
        if server is not None:
            server.analyze()
        return +done

    return faults


def _troubles(clients: Clients) -> int:
    """How often clients were told that nothing can be stored, or should have been."""
    thanked = sum(sent.contact_id == THANKED_ALL_THE_SAME for sent in clients.sent)
    return clients.unavailable + len(clients.unclear) + thanked


def _until(happened: Callable[[], bool], seconds: float) -> bool:
    give_up_at = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > give_up_at:
            return False
        time.sleep(0.01)
    return True


def _stand_up_again(server: OwnPostgres) -> None:
    """PostgreSQL recovers by itself from what it stopped for, or has ended and is started."""
    for _attempt in range(300):
        if not server.runs():
            with contextlib.suppress(RuntimeError):
                server.start()
        with contextlib.suppress(psycopg.Error), psycopg.connect(server.address, connect_timeout=5):
            return
        time.sleep(0.1)
    raise RuntimeError("PostgreSQL does not come up again")


# ------------------------------------------------------------------------------------------------------ failing disk


@contextmanager
def injecting(pids: list[int], calls: str, error: str, when: str, files: list[Path]) -> Iterator[Callable[[], bool]]:
    """Within the block these system calls of the processes fail, at the `when`th; gives whether one has failed yet."""
    if shutil.which("strace") is None:
        raise NotPossible("there is no strace here")
    with tempfile.TemporaryDirectory(prefix="hovedindgang-strace-") as place:
        log = Path(place) / "log"
        command = ["strace", "-f", "-o", str(log), "-e", f"trace={calls}"]
        command += ["-e", f"inject={calls}:error={error}:when={when}"]
        command += [part for file in files for part in ("-P", str(file))]
        command += [part for pid in pids for part in ("-p", str(pid))]
        strace = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True)
        attached = [Path(f"/proc/{pid}/status") for pid in pids]
        _until(lambda: all("TracerPid:\t0\n" not in _read(status) for status in attached), 5)
        try:
            yield lambda: log.exists() and "(INJECTED)" in log.read_text(errors="replace")
        finally:
            strace.terminate()
            said = strace.communicate(timeout=30)[1].decode(errors="replace")
        if "not permitted" in said:
            raise NotPossible(f"strace may not look into other processes here: {said[-200:]}")


def _read(file: Path) -> str:
    """Nothing, where the process has ended."""
    with contextlib.suppress(OSError):
        return file.read_text()
    return ""


def failing_disk_of_sqlite(house: WarmHouse, file: Path, number: int, chance: Random, *, told: Told = _quiet) -> Faults:
    """Writing or syncing the database's files fails in a web process, now and then in the worker."""

    def point() -> tuple[list[int], str, Callable[[], None], list[Path]]:
        pids = house.workers() if chance.random() < 0.25 else house.web_processes()
        files = [file, file.with_name(f"{file.name}-wal"), file.with_name(f"{file.name}-journal")]
        return pids, chance.choice(["pwrite64", "pwrite64", "fdatasync,fsync"]), lambda: None, files

    return _failing(point, number, chance, lambda: None, told)


def failing_disk_of_postgres(server: OwnPostgres, number: int, chance: Random, *, told: Told = _quiet) -> Faults:
    """The same in PostgreSQL's processes: those that serve us write its log, others its tables (`CHECKPOINT`)."""

    def point() -> tuple[list[int], str, Callable[[], None], list[Path]]:
        calls = chance.choice(["pwrite64,pwritev,fallocate", "fdatasync,fsync"])
        if chance.random() < 0.4:
            return server.processes("checkpointer", "walwriter", "background writer"), calls, server.checkpoint, []
        return server.processes("client backend"), calls, lambda: None, []

    failing = _failing(point, number, chance, lambda: _stand_up_again(server), told)

    def faults(clients: Clients) -> Counter[str]:
        done = failing(clients)
        server.analyze()
        return done

    return faults


def _failing(
    point: Callable[[], tuple[list[int], str, Callable[[], None], list[Path]]],
    number: int,
    chance: Random,
    mend: Callable[[], None],
    told: Told,
) -> Faults:
    def faults(clients: Clients) -> Counter[str]:
        done: Counter[str] = Counter()
        for _attempt in range(number * 3):
            if done.total() == number:
                break
            clients.forget_receipts_so_far()
            clients.wait_for_receipts(chance.randint(1, 6))
            pids, calls, poke, files = point()
            error, nth = chance.choice(["EIO", "ENOSPC"]), chance.choice([1, 1, 2, 3, 5, 8, 13])
            for_good = chance.random() < 0.4
            if not pids:
                continue
            with injecting(pids, calls, error, f"{nth}{'+' if for_good else ''}", files) as failed:
                poke()
                hit = _until(failed, 5)
                time.sleep(chance.uniform(0, 0.3))
            mend()
            if hit:
                done[f"{error} at {calls.split(',')[0]}, {'from then on' if for_good else 'once'}"] += 1
                told(done.total())
        return +done

    return faults
