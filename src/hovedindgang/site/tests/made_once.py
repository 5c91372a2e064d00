"""A database with every table in it is made once for all test processes, and copied.

Making one takes many seconds, and each process of a run, on each database, needs one; so does whoever runs a single
test. SQLite's is kept from run to run in `var/tests`, under a name that tells of every line that could make it
another; PostgreSQL's lives as long as the server that a run has to itself.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import django

HOUSE = Path(__file__).resolve().parents[2]
KEPT = HOUSE.parents[1] / "var" / "tests" / "tables"


def copied_from_now_on() -> None:
    """Django's making of a test database starts from the copy; `migrate` then finds nothing to do."""
    from django.db.backends.postgresql.creation import DatabaseCreation as Postgres
    from django.db.backends.sqlite3.creation import DatabaseCreation as SQLite

    sqlite: Any = SQLite
    postgres: Any = Postgres
    emptied, created = sqlite._create_test_db, postgres._create_test_db

    def copy_file(self: Any, *args: Any, **kwargs: Any) -> str:
        name: str = emptied(self, *args, **kwargs)
        shutil.copyfile(sqlite_tables(), name)
        return name

    def copy_database(self: Any, *args: Any, **kwargs: Any) -> str:
        self.connection.settings_dict["TEST"]["TEMPLATE"] = postgres_tables()
        name: str = created(self, *args, **kwargs)
        return name

    sqlite._create_test_db = copy_file
    postgres._create_test_db = copy_database


def sqlite_tables() -> Path:
    """A file of SQLite with every table and no row of anybody's. It is copied, never opened."""
    kept = KEPT / f"{_what_makes_it()}.sqlite3"
    with _one_at_a_time():
        if not kept.exists():
            for old in KEPT.glob("*.sqlite3"):
                old.unlink()
            with tempfile.TemporaryDirectory(dir=KEPT) as home:
                _migrate(HOVEDINDGANG_HOME=home, HOVEDINDGANG_DATABASE="")
                (made,) = Path(home).glob("*.sqlite3")
                made.replace(kept)
    return kept


def postgres_tables() -> str:
    """The name of a database with the same on the server that the tests stand on."""
    from django.db import connection

    creation: Any = connection.creation
    name, half_made = f"hovedindgang_tables_{_what_makes_it()}", "hovedindgang_tables_half_made"
    server = hashlib.sha256(str(connection.settings_dict["HOST"]).encode()).hexdigest()[:16]
    with _one_at_a_time(server), creation._nodb_cursor() as cursor:
        if not creation._database_exists(cursor, name):
            cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, 'hovedindgang_tables_')")
            for (old,) in cursor.fetchall():
                cursor.execute(f"DROP DATABASE {old}")
            cursor.execute(f"CREATE DATABASE {half_made}")
            address = os.environ["HOVEDINDGANG_DATABASE"].rpartition("/")[0]
            _migrate(HOVEDINDGANG_DATABASE=f"{address}/{half_made}")
            cursor.execute(f"ALTER DATABASE {half_made} RENAME TO {name}")
    return name


def tables() -> dict[str, object]:
    """The NAME of what holds them, of the kind the tests stand on: for whoever makes a copy of his own."""
    from django.db import connection

    return {"NAME": sqlite_tables() if connection.vendor == "sqlite" else postgres_tables()}


@contextmanager
def _one_at_a_time(where: str = "here") -> Iterator[None]:
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / f"{where}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@cache
def _what_makes_it() -> str:
    """A digest of the house's own code and Django's version: tables come from migrations, and they from everywhere."""
    read = hashlib.sha256(django.__version__.encode())
    for file in sorted(HOUSE.rglob("*.py")):
        if "tests" not in file.parts:
            read.update(str(file.relative_to(HOUSE)).encode() + file.read_bytes())
    return read.hexdigest()[:16]


# Half of the time of Django's migrations goes to asking fields anew how they were made, for each of some hundred states
# of the models, and to looking for garbage. Here a field says it once, and nothing is looked for.
MIGRATING = """
import gc
gc.disable()
from django.core.management import execute_from_command_line
from django.db.models import Field
def clone(self):
    if "said" not in self.__dict__:
        self.said = self.deconstruct()
    return self.__class__(*self.said[2], **self.said[3])
Field.clone = clone
execute_from_command_line(["django", "migrate", "--run-syncdb", "--verbosity", "0"])
"""


def _migrate(**environment: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", MIGRATING],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "hovedindgang.site.settings", **environment},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"no tables could be made: {done.stderr}")
