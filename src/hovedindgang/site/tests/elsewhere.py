"""Other databases than the one a test stands in: empty, of either kind, and gone when the test ends."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.db import connection, connections
from django.db.utils import load_backend


@contextmanager
def standing_in(settings: dict[str, object]) -> Iterator[None]:
    """Within the block, the house's database is this one."""
    home = connections["default"]
    there = load_backend(str(settings["ENGINE"])).DatabaseWrapper(settings, "default")
    connections["default"] = there
    try:
        yield
    finally:
        there.close()
        connections["default"] = home


@contextmanager
def empty_database(
    folder: Path, *, kind: str | None = None, copied_from: dict[str, object] | None = None
) -> Iterator[dict[str, object]]:
    """The settings of a new database, of the same kind as the test's or "sqlite"; or a copy of another one."""
    here = connection.settings_dict
    if (kind or connection.vendor) == "sqlite":
        path = folder / f"{secrets.token_hex(4)}.sqlite3"
        if copied_from:
            shutil.copy(str(copied_from["NAME"]), path)
        setup = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA foreign_keys=ON;"
        options = {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": setup}
        yield {**here, "ENGINE": "django.db.backends.sqlite3", "NAME": str(path), "OPTIONS": options}
        return
    name = f"elsewhere_{secrets.token_hex(4)}"
    known = {"host": here["HOST"], "user": here["USER"], "password": here["PASSWORD"], "port": here["PORT"]}
    with psycopg.connect(dbname="postgres", autocommit=True, **{k: v for k, v in known.items() if v}) as server:
        server.execute(f"CREATE DATABASE {name}" + (f" TEMPLATE {copied_from['NAME']}" if copied_from else ""))
        try:
            yield {**here, "NAME": name}
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")
