"""Rows a second through the two imports, on both databases, each in an empty house of its own.

As a program (`python -m benchmarks.importing`) it measures the database that its environment names.
"""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from benchmarks.ground import Ground
from benchmarks.lines import Line
from faults.databases import postgres_database, sqlite_database
from faults.server import PRODUCT, ROOT, environment

if TYPE_CHECKING:
    from hovedindgang.contacts.bulk import BulkContact

NOTED, RECORDS = 30_000, 100_000
GOALS = {"PostgreSQL": 20_000, "SQLite": 5_000}


def measure(ground: Ground) -> list[Line]:
    lines = []
    for name, goal in GOALS.items():
        ground.say(f"importing on {name}")
        home = Path(tempfile.mkdtemp(dir=ground.home))
        made = sqlite_database(home) if name == "SQLite" else postgres_database(ground.database)
        with made as (address, _ledger):
            found = _in_a_process_of_its_own(home, address)
        lines += [
            Line(
                name=f"{what}, {name}",
                measure="import",
                product=found[key]["rows_per_second"],
                unit="rows a second",
                goal=goal,
                goal_is="product",
                at_least=True,
                beside=found[key]["beside"],
            )
            for key, what in (("contacts", "contacts imported"), ("records", "a register's file read in"))
            if key in found
        ]
    return lines


def _in_a_process_of_its_own(home: Path, address: str) -> dict[str, dict[str, object]]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.importing"],
        env=environment(home, address, DJANGO_SETTINGS_MODULE=PRODUCT),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])
    found: dict[str, dict[str, object]] = json.loads(done.stdout.splitlines()[-1])
    return found


def measured_here() -> dict[str, Any]:
    from benchmarks.filling import Stock

    stock = Stock(lambda _step: None)
    stock.furnish(scale=0.01, citizens=5_000)
    rows = stock.year(0.9)
    found = _imported(rows)
    noted = next(stock.copies(NOTED))
    found["beside"]["every contact with a note of 15 words, rows a second:"] = round(
        _imported(noted)["rows_per_second"]
    )
    return {
        "contacts": found,
        "records": _records(),
    }  # fmt: skip


def _imported(rows: list[BulkContact]) -> dict[str, Any]:
    """One row is what one line of a file says: a contact with its enquiries, persons and note."""
    from hovedindgang.contacts.actions import import_contacts
    from hovedindgang.kernel.actors import SYSTEM

    began = time.perf_counter()
    import_contacts(rows=rows, actor=SYSTEM, source_name="measure")
    took = time.perf_counter() - began
    return {
        "rows_per_second": len(rows) / took,
        "beside": {
            "contacts:": len(rows),
            "enquiries:": sum(len(row.enquiries) for row in rows),
            "notes:": sum(bool(row.note) for row in rows),
            "rows written by COPY, a second:": round(_written(rows) / took),
            "seconds:": round(took, 1),
        },
    }


def _written(rows: list[BulkContact]) -> int:
    """Rows of the tables: contacts, enquiries, persons, notes, handovers, signposts."""
    return sum(
        1
        + bool(row.note)
        + sum(1 + len(one.for_whom) + bool(one.handover) + bool(one.signpost_how) for one in row.enquiries)
        for row in rows
    )


def _records() -> dict[str, object]:
    """A FrontDesk file of invented tickets, read in by the deed that `hovedindgang import` calls."""
    from hovedindgang.kernel.actors import SYSTEM
    from hovedindgang.registers.actions import import_file
    from hovedindgang.registers.mapping import Mapping
    from hovedindgang.registers.rules import FileKind

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "frontdesk.csv"
        _write_tickets(path)
        began = time.perf_counter()
        done = import_file(path=path, kind=FileKind.FRONTDESK, mapping=Mapping(), actor=SYSTEM)
        took = time.perf_counter() - began
    assert done.added == RECORDS, done
    return {
        "rows_per_second": RECORDS / took,
        "beside": {"one row:": "a ticket of FrontDesk, read from CSV and checked", "seconds:": round(took, 1)},
    }


def _write_tickets(path: Path) -> None:
    chance, at = Random("tickets"), dt.datetime(2026, 1, 5, 9, 0)
    with path.open("w", encoding="utf-8") as file:
        file.write(
            "TicketId;OfficeName;QueueName;CreatedDateTime;CalledDateTime;EndedDateTime;CounterName;EmployeeId\n"
        )
        for number in range(RECORDS):
            at += dt.timedelta(seconds=chance.randrange(5, 120))
            called = at + dt.timedelta(seconds=chance.randrange(5, 900))
            ended = called + dt.timedelta(seconds=chance.randrange(60, 1200))
            file.write(f"{number};Aabybro;Pas;{at:%Y-%m-%d %H:%M:%S};{called:%Y-%m-%d %H:%M:%S};"
                       f"{ended:%Y-%m-%d %H:%M:%S};Skranke {number % 9};{number % 11}\n")  # fmt: skip


if __name__ == "__main__":
    from hovedindgang.site.setup import django_ready

    django_ready()
    print(json.dumps(measured_here()))
