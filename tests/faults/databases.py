"""A database that exists as long as a run of kills does, on either kind of server."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from faults.checker import Ledger


@contextmanager
def sqlite_database(home: Path) -> Iterator[tuple[str, Ledger]]:
    """The address to start the server with, and the ledger to check it by: a file in `home`."""
    yield "", Ledger(home / "hovedindgang.sqlite3")


@contextmanager
def postgres_database(server: str, *, template: str = "template1") -> Iterator[tuple[str, Ledger]]:
    """The same in a new database beside the one that `server` (postgres://...) names; dropped afterwards.

    It begins as a copy of `template`.
    """
    name = f"faults_{secrets.token_hex(4)}"
    with psycopg.connect(server, autocommit=True) as connection:
        made = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        connection.execute(made.format(sql.Identifier(name), sql.Identifier(template)))
        try:
            address = f"{server.rpartition('/')[0]}/{name}"
            yield address, Ledger(address)
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
