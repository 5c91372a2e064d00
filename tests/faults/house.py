"""A house whose processes are forked warm, so that a thousand of them can be killed within minutes.

The web server is gunicorn with the product's own command, and `--preload`; the worker is forked by `faults.zygote`.
Both run the product with `faults.killing_settings`. What the worker journalises goes to a case system of ours, which
remembers what it was asked to make.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random

import psutil

from faults.server import ROOT, SECONDS_TO_START, Server, environment, free_port
from hovedindgang.integrations.tests import case_fake
from with_postgres import _die_with_parent

SETTINGS = "faults.killing_settings"


class WarmHouse(Server):
    """Use as a context manager. `killed` counts the processes that were killed, by how."""

    def __init__(self, *, home: Path, database: str, variant: str = "", **extra: str) -> None:
        self.port = free_port()
        self.log = home / f"server{'-' + variant if variant else ''}.log"
        self.points = Path(tempfile.mkdtemp(prefix="points-", dir=home))
        self.cases = case_fake.Fake()
        address, self._close_cases = case_fake.serving(self.cases)
        self.environment = environment(
            home,
            database,
            DJANGO_SETTINGS_MODULE=SETTINGS,
            FAULTS_POINTS=str(self.points),
            FAULTS_VARIANT=variant,
            HOVEDINDGANG_CASES="sbsys",
            HOVEDINDGANG_CASES_ADDRESS=address,
            **extra,
        )
        self.process: psutil.Popen | None = None
        self.worker: psutil.Popen | None = None
        self.on_sqlite = not database.startswith("postgres")

    def __enter__(self) -> WarmHouse:
        try:
            self.start()
        except BaseException:
            self._close_cases()
            raise
        return self

    def __exit__(self, *_reason: object) -> None:
        self.kill()
        self._close_cases()

    def start(self, *, page: str = "/api/v1/openapi.json") -> float:
        """Until the web server answers and the first worker is forked: a fault before that would hit what the house is
        made of, and no process of the product. The page that is waited for needs neither the database nor files of
        style."""
        began = time.monotonic()
        web = [
            *(sys.executable, "-m", "gunicorn", "faults.wsgi:application", "--preload"),
            *("--bind", f"127.0.0.1:{self.port}", "--workers", "1" if self.on_sqlite else "2", "--threads", "8"),
            *("--worker-class", "gthread", "--log-level", "critical", "--timeout", "60"),
        ]
        with self.log.open("ab") as log:
            how = {"env": self.environment, "cwd": ROOT, "stdout": log, "stderr": log, "start_new_session": True}
            how["preexec_fn"] = _die_with_parent
            self.process = psutil.Popen(web, **how)
            self.worker = psutil.Popen([sys.executable, "-m", "faults.zygote"], **how)
        while not (self.workers() and self.answers(page)):
            ended = self.process.poll() is not None or self.worker.poll() is not None
            if ended or time.monotonic() - began > SECONDS_TO_START:
                self.kill()
                raise RuntimeError(f"The house did not come up:\n{self.log.read_text(errors='replace')[-4000:]}")
            time.sleep(0.02)
        return time.monotonic() - began

    def kill(self) -> None:
        for parent in (self.process, self.worker):
            if parent is None:
                continue
            victims = [parent.pid, *_children(parent.pid)]
            for pid in victims:
                _kill(pid)
            parent.wait()
        self.process = self.worker = None

    def web_processes(self) -> list[int]:
        return _children(self.process.pid) if self.process else []

    def workers(self) -> list[int]:
        return _children(self.worker.pid) if self.worker else []

    def kill_at_random(self, chance: Random) -> int:
        """kill -9 of a web process, of the worker, or of all of them at once. Gives how many processes that was."""
        web, worker = self.web_processes(), self.workers()
        one = [chance.choice(web)] if web else []
        victims = chance.choices([one, worker, web + worker], weights=[4, 4, 1])[0]
        return sum(_kill(pid) for pid in victims)

    def kill_at(self, point: str, *, within_seconds: float) -> bool:
        """Whether a process came to the point in time, and killed itself there."""
        told = self.points / point
        told.touch()
        give_up_at = time.monotonic() + within_seconds
        while told.exists():
            if time.monotonic() > give_up_at:
                with contextlib.suppress(FileNotFoundError):
                    told.unlink()
                    return False
            time.sleep(0.004)
        return True


def _children(pid: int) -> list[int]:
    with contextlib.suppress(OSError):
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def _kill(pid: int) -> bool:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
        return True
    return False


def sealed(house: WarmHouse) -> str:
    """What `hovedindgang audit verify` says at last; the house may be running."""
    command = [sys.executable, "-m", "hovedindgang.site.cli", "audit", "verify"]
    done = subprocess.run(command, env=house.environment, cwd=ROOT, capture_output=True, text=True, check=False)
    return "yes" if done.returncode == 0 else f"no: {(done.stdout + done.stderr).strip()[-300:]}"
