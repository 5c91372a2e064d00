"""One house with its server: `hovedindgang serve` on a free port, in processes that can be killed outright."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import psutil

ROOT = Path(__file__).resolve().parent.parent.parent
PRODUCT = "hovedindgang.site.settings"
SECONDS_TO_START = 60.0


class Server:
    """The product as it is served, over `database`, with its files in `home`.

    `settings` names another settings module (a broken variant of the product); `extra` are more settings from the
    environment. Use as a context manager: whatever happens, no process is left.
    """

    def __init__(self, *, home: Path, database: str, settings: str = PRODUCT, **extra: str) -> None:
        self.port = free_port()
        self.log = home / "server.log"
        self.environment = environment(home, database, DJANGO_SETTINGS_MODULE=settings, **extra)
        self.process: psutil.Popen | None = None

    def __enter__(self) -> Server:
        self.start()
        return self

    def __exit__(self, *_reason: object) -> None:
        self.kill()

    def start(self, *, page: str = "/konto/login/") -> float:
        """Start, and give the seconds until `page` was answered. Raises RuntimeError with the log when it is not."""
        began = time.monotonic()
        command = [sys.executable, "-m", "hovedindgang.site.cli", "serve", "--port", str(self.port)]
        with self.log.open("ab") as log:
            self.process = psutil.Popen(
                command, env=self.environment, cwd=ROOT, stdout=log, stderr=log, start_new_session=True
            )
        while not self.answers(page):
            if self.process.poll() is not None or time.monotonic() - began > SECONDS_TO_START:
                self.kill()
                raise RuntimeError(f"The server did not come up:\n{self.log.read_text(errors='replace')[-4000:]}")
            time.sleep(0.02)
        return time.monotonic() - began

    def answers(self, page: str) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        with contextlib.closing(connection), contextlib.suppress(OSError, http.client.HTTPException):
            connection.request("GET", page)
            return connection.getresponse().status < 500
        return False

    def processes(self) -> list[psutil.Process]:
        """The command itself first, then everything it started."""
        if self.process is None:
            return []
        with contextlib.suppress(psutil.NoSuchProcess):
            return [self.process, *self.process.children(recursive=True)]
        return []

    def kill(self) -> None:
        """kill -9 of all of it at once, the parent first so that it restarts nobody."""
        found = self.processes()
        for process in found:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGKILL)
        psutil.wait_procs(found, timeout=20)
        if self.process is not None:
            self.process.wait()
            self.process = None

    def kill_one(self, chance: Random) -> None:
        """kill -9 of one process that works (a web process, the worker); the house must replace it by itself."""
        found = [process for process in self.processes()[1:] if not process.children()]
        if found:
            with contextlib.suppress(psutil.NoSuchProcess):
                chance.choice(found).send_signal(signal.SIGKILL)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def environment(home: Path, database: str, **more: str) -> dict[str, str]:
    """What a process of the house is started with; `database` empty: SQLite in `home`."""
    path = os.pathsep.join([str(ROOT / "tests"), str(ROOT / "src"), str(ROOT)])
    return {
        **os.environ,
        "PYTHONPATH": path,
        "PYTHONUNBUFFERED": "1",
        "HOVEDINDGANG_HOME": str(home),
        "HOVEDINDGANG_DATABASE": database,
        "HOVEDINDGANG_LANGUAGE": "da",
        **{f"HOVEDINDGANG_MOST_{what}": "0" for what in ("LOOK_UPS", "FORMS", "API_READINGS", "API_CALLS")},
        **more,
    }


def furnish(home: Path, database: str, *, citizens: int) -> Furnished:
    """Tables, a policy in force, one client of the API and some citizens, made by a process of its own."""
    (home / "static").mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-m", "faults.furnishing", str(citizens)],
        env=environment(home, database, DJANGO_SETTINGS_MODULE=PRODUCT),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"The house could not be furnished:\n{done.stdout}{done.stderr}"[-4000:])
    said = json.loads(done.stdout.splitlines()[-1])
    return Furnished(said["token"], said["citizens"])


class Furnished:
    """What a client needs to know to register contacts: its token, and citizens' row numbers."""

    def __init__(self, token: str, citizens: list[int]) -> None:
        self.token = token
        self.citizens = citizens
