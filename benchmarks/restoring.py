"""A restore drill: everything backed up while the house is in use, put on an empty machine, and compared row by row."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.ground import LARGE, Ground
from benchmarks.lines import Line
from faults.databases import postgres_database

SMALL_SHARE = 0.5  # of the demonstration's year: about fifty thousand contacts, on SQLite
MINUTES = 15  # how long a municipality may be without its front door


def measure(ground: Ground, *, contacts: int = LARGE, share: float = SMALL_SHARE) -> list[Line]:
    return [*_on_postgres(ground, contacts), *_on_sqlite(ground, share)]


def _on_postgres(ground: Ground, contacts: int) -> list[Line]:
    ground.filled(contacts)
    taken, file = _backed_up(ground, ground.home, ground.database)
    with postgres_database(ground.database) as (address, _ledger):
        restored = _restored(ground, ground.home, address, file)
        again, _file = _backed_up(ground, ground.home, address)
    file.unlink()
    return _lines("PostgreSQL", ground.stored, taken, restored, again)


def _on_sqlite(ground: Ground, share: float) -> list[Line]:
    home, empty = ground.home / "small", ground.home / "empty"
    for folder in (home, empty):
        folder.mkdir()
    ground.say("inventing a house on SQLite")
    _hovedindgang(home, "", "demo", "--fill-only", "--scale", str(share))
    taken, file = _backed_up(ground, home, "")
    (home / "keys").rename(empty / "keys")  # as whoever kept them does
    restored = _restored(ground, empty, "", file)
    again, _file = _backed_up(ground, empty, "")
    size = next(table["rows"] for table in _manifest(file)["tables"] if table["name"] == "contacts_contact")
    return [*_lines("SQLite", size, taken, restored, again), _broken(ground, empty, file)]


def _hovedindgang(home: Path, database: str, *words: str) -> subprocess.CompletedProcess[str]:
    """The command as whoever runs the house gives it, in a process of its own."""
    environment = {**os.environ, "HOVEDINDGANG_HOME": str(home), "HOVEDINDGANG_DATABASE": database}
    command = [sys.executable, "-m", "hovedindgang.site.cli", *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def _said(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    if done.returncode:
        raise RuntimeError(done.stderr)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def _backed_up(ground: Ground, home: Path, database: str) -> tuple[dict[str, Any], Path]:
    file = ground.home / f"{os.urandom(4).hex()}.backup"
    told = _said(_hovedindgang(home, database, "backup", str(file), "--json"))
    told["hashes"] = {table["name"]: table["sha256"] for table in _manifest(file)["tables"]}
    ground.say(f"{told['rows']:,} rows backed up in {told['seconds']} s, {told['bytes'] / 1e6:.0f} MB")
    return told, file


def _restored(ground: Ground, home: Path, database: str, file: Path) -> dict[str, Any]:
    told = _said(_hovedindgang(home, database, "restore", str(file), "--json"))
    ground.say(f"restored and compared in {told['seconds']} s")
    return told


def _manifest(file: Path) -> dict[str, Any]:
    with zipfile.ZipFile(file) as archive:
        read: dict[str, Any] = json.loads(archive.read("manifest.json"))
    return read


def _lines(
    name: str, contacts: int, taken: dict[str, Any], restored: dict[str, Any], again: dict[str, Any]
) -> list[Line]:
    # The log of events is longer by the restore's own; what was in it is compared by the restore.
    differ = [table for table, found in taken["hashes"].items() if again["hashes"][table] != found]
    return [
        Line(
            name=f"restore drill at {contacts:,} contacts, {name}: an empty database, until every row is compared",
            measure="restore",
            product=restored["seconds"] / 60,
            unit="minutes",
            goal=MINUTES,
            goal_is="product",
            beside={
                "rows:": f"{restored['rows']:,}",
                "backup taken in": f"{taken['seconds'] / 60:.2f} minutes, {taken['bytes'] / 1e6:.0f} MB",
                "CPRs opened:": f"{restored['cprs_opened']} of {restored['cprs_tried']}",
            },
        ),
        Line(
            name=f"tables of another content after the drill, {name} (but the log, which tells of the drill)",
            measure="restore",
            product=len(set(differ) - {"kernel_event"}) + (restored["cprs_opened"] < restored["cprs_tried"]),
            unit="tables",
            goal=0.5,
            goal_is="product",
            beside={"compared:": f"{len(taken['hashes'])} tables by SHA-256"},
        ),
    ]


def _broken(ground: Ground, home: Path, file: Path) -> Line:
    """An archive in which something is another: each is said to be damaged, by `restore --check` as by `restore`."""
    caught = {what: _is_caught(home, change(file)) for what, change in BROKEN.items()}
    ground.say(f"caught: {caught}")
    return Line(
        name="changes in a backup that are caught before anything is restored from it",
        measure="restore",
        product=sum(caught.values()),
        unit="changes",
        goal=len(BROKEN),
        goal_is="product",
        at_least=True,
        beside={f"{what}:": "caught" if found else "NOT caught" for what, found in caught.items()},
    )


def _is_caught(home: Path, file: Path) -> bool:
    return _hovedindgang(home, "", "restore", str(file), "--check").returncode == 1


def _a_letter_of_a_row(rows: bytes) -> bytes:
    at = rows.index(b"\n", len(rows) // 2) - 1
    return rows[:at] + (b"2" if rows[at : at + 1] != b"2" else b"3") + rows[at + 1 :]


def _packed_anew(change: Callable[[bytes], bytes]) -> Callable[[Path], Path]:
    """Changed by someone who knows how: every checksum of the zip fits."""

    def changed(file: Path) -> Path:
        other = file.with_suffix(".changed")
        with zipfile.ZipFile(file) as old, zipfile.ZipFile(other, "w", zipfile.ZIP_DEFLATED) as new:
            for name in old.namelist():
                held = old.read(name)
                new.writestr(name, change(held) if name == "tables/contacts_note.rows" else held)
            new.comment = old.comment
        return other

    return changed


def _one_byte(file: Path) -> Path:
    other = file.with_suffix(".changed")
    held = bytearray(file.read_bytes())
    held[len(held) // 2] ^= 1
    other.write_bytes(held)
    return other


def _cut_short(file: Path) -> Path:
    other = file.with_suffix(".changed")
    other.write_bytes(file.read_bytes()[:-1])
    return other


BROKEN: dict[str, Callable[[Path], Path]] = {
    "one letter of one row": _packed_anew(_a_letter_of_a_row),
    "one row less": _packed_anew(lambda rows: rows[rows.index(b"\n") + 1 :]),
    "one byte of the file": _one_byte,
    "the last byte gone": _cut_short,
}
