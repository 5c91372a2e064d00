"""A new key for a hundred thousand CPRs while citizens are registered, on each database."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.ground import Ground
from benchmarks.lines import Line
from faults.databases import postgres_database, sqlite_database
from faults.server import ROOT, environment

VALUES = 100_000
GOAL_PER_SECOND = 1_000  # 100,000 citizens in less than two minutes, and nobody waits for it


def measure(ground: Ground) -> list[Line]:
    return [line for name in ("SQLite", "PostgreSQL") for line in _on(name, ground)]


def _on(name: str, ground: Ground) -> list[Line]:
    home = Path(tempfile.mkdtemp(dir=ground.home))
    (home / "static").mkdir()
    with sqlite_database(home) if name == "SQLite" else postgres_database(ground.database) as (address, _ledger):
        asked = {"env": environment(home, address), "cwd": ROOT, "text": True}

        def run(*words: str) -> str:
            done = subprocess.run([sys.executable, "-m", *words], check=True, capture_output=True, **asked)  # type: ignore[call-overload]
            return str(done.stdout)

        run("benchmarks.rotating", "fill", str(VALUES))
        ground.say(f"{name}: {VALUES:,} citizens with a CPR")
        writer = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.rotating", "write"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, **asked,  # type: ignore[call-overload]
        )  # fmt: skip
        assert writer.stdout.readline() == "writing\n"
        run("hovedindgang.site.cli", "keys", "new")
        began = time.monotonic()
        rotated = json.loads(run("hovedindgang.site.cli", "keys", "rotate", "--json"))
        took = time.monotonic() - began
        written = int(writer.communicate()[0])
        found = json.loads(run("benchmarks.rotating", "check", str(VALUES), str(written)))
    ground.say(f"{name}: {rotated['values']:,} values in {took:.1f} s, {written:,} citizens meanwhile; {found}")
    return [
        Line(
            name=f"a new key for {VALUES:,} CPRs while citizens are registered, {name}",
            measure="rotation",
            product=rotated["values"] / took,
            unit="values a second, with starting the command",
            goal=GOAL_PER_SECOND,
            goal_is="product",
            at_least=True,
            beside={"seconds:": round(took, 1), "citizens registered meanwhile:": written},
        ),
        Line(
            name=f"CPRs lost, unreadable or still under the old key after it, {name}",
            measure="rotation",
            product=found["lost"] + found["unreadable"] + found["old"] + len(rotated["unreadable"]) + rotated["left"],
            unit="values",
            goal=0.5,
            goal_is="product",
            beside={f"{what}:": count for what, count in found.items()},
        ),
    ]
