"""Faults by the thousand while contacts are registered and deliveries run: processes are killed, PostgreSQL stops,
disks are full and fail.

Nothing acknowledged is lost, nothing is there twice or half, no receipt is false, and each delivery is done once or
left to a person. For each kind of fault the same check must find out what was broken in the product on purpose.
"""

from __future__ import annotations

import contextlib
import resource
import sqlite3
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from benchmarks.ground import Ground
from benchmarks.lines import Line
from faults import points
from faults.broken import BETWEEN
from faults.checker import Ledger
from faults.databases import postgres_database, sqlite_database
from faults.house import WarmHouse, sealed
from faults.kills import kill_while_registering
from faults.outside import (
    failing_disk_of_postgres,
    failing_disk_of_sqlite,
    full_disks,
    immediate_stops,
    small_disk,
)
from faults.own_postgres import own_postgres
from faults.server import Furnished, Server, furnish
from faults.trials import Caught, Faults, Trial, found_out, kills, tried

KILLS = 1000  # on each database; of single processes that are forked anew, and
COLD = 6  # of these, of the whole house as `hovedindgang serve` starts it
STOPS = 200  # of PostgreSQL
FULL_DISKS = 50  # on both databases together
IO_POINTS = 100  # likewise
AT_ONCE = 3  # kinds of fault, each with a house of its own: a kill is mostly waiting
AT_A_TIME = 330  # faults after which all is checked
CITIZENS = 300
SMALL_DISK, SMALL_DISK_OF_POSTGRES = 64, 256  # megabytes
# A log in small pieces needs room for a new one often.
SMALL_LOG = ("min_wal_size=2MB", "max_wal_size=16MB")
SMALL_LOG_PIECES = ("--wal-segsize=1",)
# What is acknowledged lies in memory for up to this long, and is lost by a stop.
FORGETFUL = ("synchronous_commit=off", "wal_writer_delay=10000")
# Each broken variant, by what it must be found out, and the points at which a kill shows it (none: any moment).
BROKEN_BY_KILLS: dict[str, tuple[str, tuple[str, ...]]] = {
    "receipt_before_commit": ("lost", ()),
    "event_in_its_own_transaction": ("half_written", ()),
    "a_new_key_for_each_try": ("doubled", ("committed, not answered",)),
    "marked_before_it_is_told": ("undelivered", ("marked, not committed",)),
    "told_and_marked_apart": ("delivered_twice", (BETWEEN,)),
    "sent_again_blindly": ("delivered_twice", ("journal sent, not noted",)),
}
KILLS_OF_A_BROKEN_ONE = 3  # in each of a few rounds


@dataclass
class Kind:
    """One kind of fault on one database: how often it was to be, what came of it, and the variants it found out."""

    name: str
    wanted: int
    trial: Trial = field(default_factory=Trial)
    caught: list[Caught] = field(default_factory=list)
    variants: int = 0
    beside: dict[str, object] = field(default_factory=dict)
    broke_down: str = ""
    took: float = 0.0

    def lines(self) -> list[Line]:
        trial = self.trial
        wrong = [*trial.wrong, *([self.broke_down] if self.broke_down else [])]
        return [
            Line(
                name=f"{trial.faults:,} × {self.name}: lost, doubled, half or falsely acknowledged, delivered not once",
                measure="kills",
                product=len(wrong),
                unit="wrong",
                goal=0.5,
                goal_is="product",
                beside={
                    "found:": str(trial),
                    "at:": ", ".join(f"{place} {number}" for place, number in sorted(trial.done.items())),
                    "minutes:": round(self.took / 60, 1),
                    **self.beside,
                    **({"wrong:": "; ".join(wrong[:5])} if wrong else {}),
                },
            ),
            Line(
                name=f"{self.name}: how many there were",
                measure="kills",
                product=trial.faults,
                unit="faults",
                goal=self.wanted,
                goal_is="product",
                at_least=True,
                beside={"NOT RUN:": self.broke_down} if self.broke_down else {},
            ),
            Line(
                name=f"{self.name}: broken variants that the same check finds out",
                measure="kills",
                product=sum(one.caught for one in self.caught),
                unit="variants",
                goal=self.variants,
                goal_is="product",
                at_least=True,
                beside={f"{one.variant}:": str(one) for one in self.caught},
            ),
        ]


def measure(ground: Ground) -> list[Line]:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # PostgreSQL aborts where it may not go on; no cores of it
    with ThreadPoolExecutor(AT_ONCE) as pool:
        kinds = [kind.result() for kind in [pool.submit(_kind, ground, *kind) for kind in KINDS]]
    return [line for kind in kinds for line in kind.lines()]


def _kind(ground: Ground, name: str, wanted: int, variants: int, bring_about: Callable[[Ground, Kind], None]) -> Kind:
    """One that breaks down, or cannot be done on this machine, says so, and the others are done all the same."""
    kind, began = Kind(name, wanted, variants=variants), time.monotonic()
    ground.say(f"{name} ...")
    try:
        bring_about(ground, kind)
    except Exception as error:
        traceback.print_exc()
        kind.broke_down = f"{type(error).__name__}: {error}"[:300]
        ground.say(f"NOT ALL RUN: {name}: {kind.broke_down}")
    kind.took = time.monotonic() - began
    ground.say(f"{name}: {kind.trial.faults} of {wanted} in {kind.took:.0f} s: {kind.trial}")
    for wrong in kind.trial.wrong[:10]:
        ground.say(f"  WRONG: {wrong}")
    for one in kind.caught:
        ground.say(f"  {one.variant}: {one}")
    return kind


def _telling(ground: Ground, name: str, every: int, before: int = 0) -> Callable[[int], None]:
    def told(done: int) -> None:
        if done and done % every == 0:
            ground.say(f"{name}: {before + done}")

    return told


@dataclass
class Place:
    """A furnished database, and where its house keeps its files."""

    home: Path
    address: str
    ledger: Ledger
    furnished: Furnished

    @contextmanager
    def house(self, variant: str = "") -> Iterator[WarmHouse]:
        with WarmHouse(home=self.home, database=self.address, variant=variant) as house:
            yield house

    def find_out(self, kind: Kind, variant: str, by: str, faults: Callable[[WarmHouse], Faults]) -> None:
        with self.house(variant) as house:
            kind.caught.append(found_out(house, self.ledger, self.furnished, faults(house), variant=variant, kind=by))


def _placed(ground: Ground, address: str, ledger: Ledger, home: Path | None = None) -> Place:
    home = home or Path(tempfile.mkdtemp(dir=ground.home))
    return Place(home, address, ledger, furnish(home, address, citizens=CITIZENS))


# -------------------------------------------------------------------------------------------------------------- kills


def _kills_on_sqlite(ground: Ground, kind: Kind) -> None:
    home = Path(tempfile.mkdtemp(dir=ground.home))
    with sqlite_database(home) as (address, ledger):
        _kills(ground, kind, _placed(ground, address, ledger, home))


def _kills_on_postgres(ground: Ground, kind: Kind) -> None:
    with postgres_database(ground.database) as (address, ledger):
        _kills(ground, kind, _placed(ground, address, ledger))


def _kills(ground: Ground, kind: Kind, place: Place) -> None:
    _cold(kind, place)
    with place.house() as house:
        while (done := kind.trial.faults) < kind.wanted:
            number = min(AT_A_TIME, kind.wanted - done)
            faults = kills(house, number, Random(f"{kind.name} {done}"), told=_telling(ground, kind.name, 25, done))
            kind.trial += tried(house, place.ledger, place.furnished, faults, seed=f"{kind.name} {done}")
        kind.beside["sealed events verify:"] = sealed(house)
    for variant, (by, at) in BROKEN_BY_KILLS.items():
        how = {"at": at, "named": 1.0} if at else {"named": 0.0}
        chance = Random(variant)
        place.find_out(
            kind,
            variant,
            by,
            lambda house, how=how, chance=chance: kills(  # type: ignore[misc]
                house, KILLS_OF_A_BROKEN_ONE, chance, **how
            ),
        )


def _cold(kind: Kind, place: Place) -> None:
    """The whole house at once, as it is served; each third kill takes one process of it, and it must mend itself."""
    if not (number := min(COLD, kind.wanted)):
        return
    with Server(home=place.home, database=place.address) as server:
        run = kill_while_registering(
            server, place.ledger, place.furnished, kills=number, seed=kind.name, receipts_between=3
        )
    trial = Trial(Counter({"the whole house": number}), run.findings, run.retried, refused=run.refused)
    trial.unsettled = 0 if run.drained else place.ledger.waiting_deliveries()
    kind.trial += trial


# ------------------------------------------------------------------------------------------- what comes from outside


def _stops(ground: Ground, kind: Kind) -> None:
    with own_postgres() as server:
        place = _placed(ground, server.address, Ledger(server.address))
        with place.house() as house:
            told = _telling(ground, kind.name, 20)
            faults = immediate_stops(server, kind.wanted, Random(kind.name), told=told)
            kind.trial += tried(house, place.ledger, place.furnished, faults, seed=kind.name)
            kind.beside["sealed events verify:"] = sealed(house)
    with own_postgres(*FORGETFUL) as server:
        place = _placed(ground, server.address, Ledger(server.address))
        server.checkpoint()  # what the house is furnished with is not forgotten
        chance = Random("forgetful")
        with place.house() as house:
            kind.caught.append(
                found_out(
                    house,
                    place.ledger,
                    place.furnished,
                    immediate_stops(server, 2, chance),
                    variant="synchronous_commit=off",
                    kind="lost",
                )
            )


ANSWERED = "answered_though_it_failed"


def _full_on_sqlite(ground: Ground, kind: Kind) -> None:
    with small_disk(SMALL_DISK) as disk:
        file = disk.folder / "database.sqlite3"
        place = _placed(ground, f"sqlite:///{file}", Ledger(file))
        chance, told = Random(kind.name), _telling(ground, kind.name, 5)
        with place.house() as house:
            faults = full_disks(disk, kind.wanted, chance, told=told)
            kind.trial += tried(house, place.ledger, place.furnished, faults, seed=kind.name)
            kind.beside["sealed events verify:"] = sealed(house)
        place.find_out(kind, ANSWERED, "lost", lambda _house: full_disks(disk, 1, chance))


def _full_on_postgres(ground: Ground, kind: Kind) -> None:
    with (
        small_disk(SMALL_DISK_OF_POSTGRES) as disk,
        own_postgres(*SMALL_LOG, place=disk.folder, initdb=SMALL_LOG_PIECES) as server,
    ):
        place = _placed(ground, server.address, Ledger(server.address))
        chance, told = Random(kind.name), _telling(ground, kind.name, 5)
        with place.house() as house:
            faults = full_disks(disk, kind.wanted, chance, server=server, told=told)
            kind.trial += tried(house, place.ledger, place.furnished, faults, seed=kind.name)
            kind.beside["sealed events verify:"] = sealed(house)
        place.find_out(kind, ANSWERED, "lost", lambda _house: full_disks(disk, 1, chance, server=server))


def _failing_on_sqlite(ground: Ground, kind: Kind) -> None:
    home = Path(tempfile.mkdtemp(dir=ground.home))
    file = home / "hovedindgang.sqlite3"
    place = _placed(ground, "", Ledger(file), home)
    chance, told = Random(kind.name), _telling(ground, kind.name, 10)
    with place.house() as house:
        faults = failing_disk_of_sqlite(house, file, kind.wanted, chance, told=told)
        kind.trial += tried(house, place.ledger, place.furnished, faults, seed=kind.name)
        kind.beside["sealed events verify:"] = sealed(house)
    place.find_out(kind, ANSWERED, "lost", lambda house: failing_disk_of_sqlite(house, file, 3, chance))
    home = Path(tempfile.mkdtemp(dir=ground.home))
    bare = home / "hovedindgang.sqlite3"
    place = _placed(ground, "", Ledger(bare), home)
    with contextlib.closing(sqlite3.connect(bare)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")  # else the file itself says that it has a journal
    place.find_out(kind, "no_journal", "half_written", lambda house: failing_disk_of_sqlite(house, bare, 3, chance))


def _failing_on_postgres(ground: Ground, kind: Kind) -> None:
    with own_postgres() as server:
        place = _placed(ground, server.address, Ledger(server.address))
        chance, told = Random(kind.name), _telling(ground, kind.name, 10)
        with place.house() as house:
            faults = failing_disk_of_postgres(server, kind.wanted, chance, told=told)
            kind.trial += tried(house, place.ledger, place.furnished, faults, seed=kind.name)
            kind.beside["sealed events verify:"] = sealed(house)
        place.find_out(kind, ANSWERED, "lost", lambda _house: failing_disk_of_postgres(server, 3, chance))


# Name, how many, how many broken variants, and what brings it about.
KINDS: list[tuple[str, int, int, Callable[[Ground, Kind], None]]] = [
    ("kill -9 of web and worker, SQLite", KILLS, len(BROKEN_BY_KILLS), _kills_on_sqlite),
    ("kill -9 of web and worker, PostgreSQL", KILLS, len(BROKEN_BY_KILLS), _kills_on_postgres),
    ("immediate stop of PostgreSQL", STOPS, 1, _stops),
    ("full disk, SQLite", FULL_DISKS // 2, 1, _full_on_sqlite),
    ("full disk, PostgreSQL", FULL_DISKS // 2, 1, _full_on_postgres),
    ("EIO or ENOSPC, SQLite", IO_POINTS // 2, 2, _failing_on_sqlite),
    ("EIO or ENOSPC, PostgreSQL", IO_POINTS // 2, 1, _failing_on_postgres),
]
assert {place for _by, at in BROKEN_BY_KILLS.values() for place in at} <= {*points.WEB, *points.WORKER, BETWEEN}
