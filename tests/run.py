"""The whole suite: on SQLite, on a real PostgreSQL, then the journeys in a browser; each in two processes.

    python tests/run.py [--no-skips] [--only sqlite|postgres|browser] [--processes N] [pytest's own arguments]

The last line is the sum: ``N passed, N failed, N skipped``. What could not run is counted as skipped and said
aloud; with --no-skips it is a failure. HOVEDINDGANG_TEST_POSTGRES=system takes Debian's PostgreSQL.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from hovedindgang.look.tests.browser import NAMES
from with_postgres import NoPostgres, postgres

ROOT = Path(__file__).resolve().parent.parent
REPORTS = ROOT / "var" / "tests"
NOT_IN_A_BROWSER = ["-m", "not browser"]
# These rooms can import no Django (the floors hold it), so one suite says all there is to say, as with `once`; each is
# tested by itself without it.
WITHOUT_A_DATABASE = ("src/hovedindgang/planning", "src/hovedindgang/servicemodel")


@dataclass
class Count:
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


@dataclass
class Suite:
    """One run of pytest; its words go to a file, for `_worth_reading`."""

    name: str
    process: subprocess.Popen[bytes]
    started: float

    @property
    def log(self) -> Path:
        return REPORTS / f"{self.name}.log"

    @property
    def report(self) -> Path:
        return REPORTS / f"{self.name}.xml"

    def finish(self) -> Count:
        """Wait, say what pytest said, and count. A suite that broke down counts as one failure."""
        code = self.process.wait()
        text = self.log.read_text(encoding="utf-8", errors="replace")
        print(
            f"\n=== {self.name} ({time.monotonic() - self.started:.0f} s)\n{_worth_reading(text, whole=code != 0)}",
            flush=True,
        )
        count = _counted(self.report) if self.report.exists() else Count()
        return count if code in {0, 5} or count.failed else count + Count(failed=1)


def _worth_reading(text: str, *, whole: bool) -> str:
    """All of a failed run; of a good one the skips and pytest's own line of counts."""
    lines = text.strip().splitlines()
    return "\n".join(lines if whole else [line for line in lines[:-1] if line.startswith("SKIPPED")] + lines[-1:])


def by_itself(arguments: list[str]) -> list[str]:
    """For pytest, where nothing but one of those rooms is asked for: no Django, and none of the house's fixtures."""
    paths = [ROOT / at for one in arguments if (ROOT / (at := one.partition("::")[0])).exists()]
    alone = [room for room in WITHOUT_A_DATABASE if paths and all(path.is_relative_to(ROOT / room) for path in paths)]
    return [option for room in alone for option in ("-p", "no:django", f"--confcutdir={room}")]


def _counted(report: Path) -> Count:
    suite = ElementTree.parse(report).getroot().find("testsuite")
    assert suite is not None
    total, skipped = int(suite.get("tests", 0)), int(suite.get("skipped", 0))
    failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
    return Count(passed=total - failed - skipped, failed=failed, skipped=skipped)


def start(name: str, arguments: list[str], **environment: str) -> Suite:
    REPORTS.mkdir(parents=True, exist_ok=True)
    (REPORTS / f"{name}.xml").unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", "-q", "--color=no", f"--junitxml={REPORTS / f'{name}.xml'}"]
    # Of two processes, each begins with a half of the files and then takes over from the other.
    command += ["--dist=worksteal", "-o", f"cache_dir={REPORTS / f'{name}.cache'}", *by_itself(arguments), *arguments]
    # Some hundred processes are started, and each would read all sources anew where none may keep what it compiled.
    environment |= {"PYTHONDONTWRITEBYTECODE": ""}
    with (REPORTS / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT, env={**os.environ, **environment}
        )
    return Suite(name, process, time.monotonic())


def on_both_databases(chosen: set[str], arguments: list[str], *, processes: int) -> Count:
    """SQLite, then PostgreSQL. Side by side, the shorter one's processor would idle until the longer one is done.

    Each process has a PostgreSQL of its own: a server tells what has settled by all that goes on in it.
    """
    total = Count()
    if "sqlite" in chosen:
        with _ended(start("sqlite", arguments, HOVEDINDGANG_DATABASE="")) as suite:
            total += suite.finish()
    if "postgres" in chosen:
        there = [*arguments, *(f"--ignore={room}" for room in WITHOUT_A_DATABASE)]
        system = os.environ.get("HOVEDINDGANG_TEST_POSTGRES") == "system"
        try:
            with ExitStack() as stack:
                servers = [stack.enter_context(postgres(system=system)) for _process in range(max(1, processes))]
                known = {"HOVEDINDGANG_DATABASE": servers[0], "SERVERS_OF_THE_TESTS": " ".join(servers)}
                total += stack.enter_context(_ended(start("postgres", there, **known))).finish()
        except NoPostgres as error:
            print(f"\n=== postgres\n{error}", flush=True)
            total += Count(failed=1)
    return total


@contextmanager
def _ended(suite: Suite) -> Iterator[Suite]:
    """However we leave, pytest is not left running."""
    try:
        yield suite
    finally:
        if suite.process.poll() is None:
            suite.process.terminate()
            suite.process.wait()


def in_a_browser(arguments: list[str]) -> Count:
    """The journeys, or a loud word on how many were left out."""
    if chromium() is None:
        left_out = _collected(["-m", "browser", *arguments])
        print(
            f"\n!!! NO CHROMIUM: {left_out} journeys in a browser were NOT run."
            "\n!!! Install it (Debian: apt-get install chromium-headless-shell) or name it in HOVEDINDGANG_CHROMIUM.",
            flush=True,
        )
        return Count(skipped=left_out)
    with _ended(start("browser", ["-m", "browser", *arguments], HOVEDINDGANG_CHROMIUM=chromium() or "")) as suite:
        return suite.finish()


def chromium() -> str | None:
    """The browser's program: HOVEDINDGANG_CHROMIUM, else the first of the usual names."""
    named = os.environ.get("HOVEDINDGANG_CHROMIUM")
    return shutil.which(named) if named else next(filter(None, map(shutil.which, NAMES)), None)


def _collected(arguments: list[str]) -> int:
    asked = [sys.executable, "-m", "pytest", "--collect-only", "-q", "--color=no", *arguments, "-n0"]
    text = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False).stdout
    found = re.search(r"(\d+)(?:/\d+)? tests? collected", text)
    return int(found.group(1)) if found else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--no-skips", action="store_true", help="anything left out is a failure")
    parser.add_argument("--only", choices=["sqlite", "postgres", "browser"], help="one of the three")
    parser.add_argument("--processes", type=int, default=2, help="how many at a time; 2 unless said")
    asked, arguments = parser.parse_known_args()
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))  # so that what we started ends too
    chosen = {asked.only} if asked.only else {"sqlite", "postgres", "browser"}
    arguments = [f"-n{asked.processes}", *arguments]
    total = Count()
    if chosen & {"sqlite", "postgres"}:
        total += on_both_databases(chosen, [*NOT_IN_A_BROWSER, *arguments], processes=asked.processes)
    if "browser" in chosen:
        total += in_a_browser(arguments)
    if asked.no_skips and total.skipped:
        print(f"\n{total.skipped} left out, and --no-skips was asked for.")
    print(f"\n{total}")
    return 1 if total.failed or (asked.no_skips and total.skipped) or not total.passed else 0


if __name__ == "__main__":
    sys.exit(main())
