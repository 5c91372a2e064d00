"""A PostgreSQL of one's own, with fsync as in production, that is begun and stopped with `pg_ctl`."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg

from with_postgres import ALWAYS, NAME, _as, _create, _owner, _reachable, _run, _wheel

# Before it recovers, it makes sure that all its files are on the disk: by one call instead of one for each file.
QUICK = ("recovery_init_sync_method=syncfs",)


class OwnPostgres:
    """`address` names it. Its data lie in `place`, which may be a disk of its own; its log and socket do not."""

    def __init__(self, folder: Path, place: Path, settings: Sequence[str], initdb: Sequence[str]) -> None:
        self.owner = _owner()
        self.folder, self.data = folder, place / "data"
        for one in (folder, place):
            if self.owner:
                shutil.chown(one, user=self.owner)
        self.binaries = _reachable(_wheel(), owner=self.owner, folder=folder)
        self.settings = [*ALWAYS, f"unix_socket_directories={folder}", "shared_buffers=64MB", *QUICK, *settings]
        self.address = f"postgres://{NAME}@{quote(str(folder), safe='')}/{NAME}"
        _create(self.binaries, place, owner=self.owner, more=initdb)
        self.start()
        _run([self.binaries / "createdb", "-h", folder, "-U", NAME, NAME], owner=self.owner)

    def start(self) -> None:
        options = " ".join(f"-c {line}" for line in self.settings)
        self._control("-w", "-t", "60", "-l", self.folder / "log", "-o", options, "start")

    def stop(self, how: str) -> None:
        self._control("-w", "-m", how, "stop")

    def runs(self) -> bool:
        command = [self.binaries / "pg_ctl", "-D", self.data, "status"]
        return subprocess.run(command, check=False, capture_output=True, cwd="/", **_as(self.owner)).returncode == 0

    def processes(self, *kinds: str) -> list[int]:
        """The processes of these kinds (`pg_stat_activity.backend_type`), but for the one that is asked."""
        with psycopg.connect(self.address, autocommit=True) as connection:
            rows = connection.execute(
                "SELECT pid FROM pg_stat_activity WHERE backend_type = ANY(%s) AND pid <> pg_backend_pid()", [[*kinds]]
            )
            return [row[0] for row in rows.fetchall()]

    def analyze(self) -> None:
        """An installation has statistics. This one is minutes old, and by what a crash makes PostgreSQL forget, its
        autovacuum does not know that there is anything to look at: days are then counted by a plan for empty tables.
        """
        with psycopg.connect(self.address, autocommit=True) as connection:
            connection.execute("ANALYZE")

    def checkpoint(self) -> None:
        """Ask for one; it may fail, and the server with it."""
        with contextlib.suppress(psycopg.Error), psycopg.connect(self.address, autocommit=True) as connection:
            connection.execute("CHECKPOINT")

    def _control(self, *what: str | Path) -> None:
        with (self.folder / "pg_ctl").open("wb") as said:  # the server would keep a pipe open
            done = subprocess.run(
                [self.binaries / "pg_ctl", "-D", self.data, *what],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                cwd="/",
                check=False,
                **_as(self.owner),
            )
        if done.returncode:
            log = (self.folder / "log").read_text(errors="replace")[-2000:]
            raise RuntimeError(f"pg_ctl {what[-1]}:\n{(self.folder / 'pg_ctl').read_text(errors='replace')}\n{log}")


@contextmanager
def own_postgres(*settings: str, place: Path | None = None, initdb: Sequence[str] = ()) -> Iterator[OwnPostgres]:
    """It is stopped and forgotten whatever happens."""
    folder = Path(tempfile.mkdtemp(prefix="hovedindgang-own-pg-"))
    where = place or folder / "disk"
    where.mkdir(exist_ok=True)
    try:
        if _owner():
            shutil.chown(folder, user=_owner())
        server = OwnPostgres(folder, where, settings, initdb)
        try:
            yield server
        finally:
            with contextlib.suppress(RuntimeError):
                server.stop("immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
