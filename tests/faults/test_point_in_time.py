"""The operators' page on going back to a minute: its commands are run as they stand, and what was deleted is back."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from with_postgres import ALWAYS, NAME, NoPostgres, _as, _create, _debian, _owner, _reachable

pytestmark = pytest.mark.sqlite  # it has a server of its own; once is enough
PAGE = Path(__file__).resolve().parents[2] / "docs" / "guide" / "point-in-time.md"


def commands(kind: str) -> list[str]:
    """The page's blocks of shell that are called so, in their order."""
    return re.findall(rf"^```sh {kind}\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


class Server:
    """A PostgreSQL that belongs to this test, with the page's folders in a place of its own."""

    def __init__(self, binaries: Path, folder: Path, owner: str | None) -> None:
        self.binaries, self.folder, self.owner = binaries, folder, owner
        self.settings = {
            "BIN": str(binaries),
            "DATA": str(folder / "data"),
            "ARCHIVE": str(folder / "archive"),
            "BASE": str(folder / "base"),
            "PGHOST": str(folder),
            "PGUSER": NAME,
            "PGDATABASE": "postgres",
        }

    def run(self, block: str, **more: str) -> None:
        with (self.folder / "said").open("wb") as said:  # a server that is started would keep a pipe open
            done = subprocess.run(
                ["bash", "-euo", "pipefail", "-c", block],
                env={"PATH": os.environ["PATH"], "LC_ALL": "C", **self.settings, **more},
                cwd=self.folder,
                stdout=said,
                stderr=subprocess.STDOUT,
                check=False,
                timeout=120,
                **_as(self.owner),
            )
        assert done.returncode == 0, f"{block}\n{(self.folder / 'said').read_text(errors='replace')}"

    def connect(self) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(host=str(self.folder), user=NAME, dbname="postgres", autocommit=True)


@pytest.fixture
def server() -> Iterator[Server]:
    """One begun with `pg_ctl`, as an operator's is; both are ended whatever happens.

    Debian's, the oldest that is promised: `pg_basebackup` of the wheel does not run.
    """
    try:
        programs = _debian()
    except NoPostgres as error:
        pytest.skip(f"GOING BACK TO A MINUTE WAS NOT TRIED: {error}")
    folder, owner = Path(tempfile.mkdtemp(prefix="hovedindgang-pitr-")), _owner()
    if owner:
        shutil.chown(folder, user=owner)
    made = Server(_reachable(programs, owner=owner, folder=folder), folder, owner)
    try:
        _create(made.binaries, folder, owner=owner)
        ours = [*ALWAYS, f"unix_socket_directories={folder}"]
        lines = "".join(f"{name} = '{value}'\n" for name, value in (one.split("=", 1) for one in ours))
        with (folder / "data" / "postgresql.conf").open("a") as conf:
            conf.write(lines)
        made.run('"$BIN/pg_ctl" -D "$DATA" -w start')
        yield made
    finally:
        for data in ("data", "data.recovered"):
            stop = [made.binaries / "pg_ctl", "-D", folder / data, "-m", "immediate", "stop"]
            subprocess.run(stop, check=False, capture_output=True, cwd="/", **_as(owner))
        shutil.rmtree(folder, ignore_errors=True)


def test_a_row_deleted_at_one_minute_past_is_there_when_we_go_back_to_twelve(server: Server) -> None:
    once, every_night = commands("run")
    (go_back,) = commands("restore")
    server.run(once)
    with server.connect() as database:
        database.execute("CREATE TABLE contact (note text)")
        database.execute("INSERT INTO contact VALUES ('kept since yesterday')")
    server.run(every_night)
    with server.connect() as database:
        database.execute("INSERT INTO contact VALUES ('written before twelve')")
        found = database.execute("SELECT clock_timestamp()::text").fetchone()
        assert found is not None
        twelve = str(found[0])
        while database.execute(
            "SELECT clock_timestamp() < %s::timestamptz + interval '50 ms'", [twelve]
        ).fetchone() == (True,):
            time.sleep(0.01)
        database.execute("DELETE FROM contact")
        database.execute("INSERT INTO contact VALUES ('written after')")
        database.execute("SELECT pg_switch_wal()")  # as archive_timeout does within a minute
    server.run(go_back, TO_WHEN=twelve)
    with server.connect() as database:
        wait_until_open(database)
        notes = {row[0] for row in database.execute("SELECT note FROM contact")}
    assert notes == {"kept since yesterday", "written before twelve"}


def wait_until_open(database: psycopg.Connection[tuple[object, ...]]) -> None:
    for _attempt in range(600):
        if database.execute("SELECT pg_is_in_recovery()").fetchone() == (False,):
            return
        time.sleep(0.05)
    raise AssertionError("PostgreSQL is still recovering")


def test_the_page_says_where_its_folders_are_before_it_uses_them() -> None:
    (settings,) = commands("settings")
    named = set(re.findall(r"^([A-Z]+)=", settings, re.MULTILINE))
    used = {name for block in [*commands("run"), *commands("restore")] for name in re.findall(r"\$\{?([A-Z_]+)", block)}
    assert used - named == {"TO_WHEN"}
