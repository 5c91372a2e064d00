"""Everybody asks for everything: pairs of the access matrix asked, and answers that tell what they may not."""

from __future__ import annotations

import json
import os
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks.ground import Ground
from benchmarks.lines import Line
from benchmarks.suite import asked_at_length

ROOT = Path(__file__).resolve().parent.parent
PAIRS = 100_000
TEST = "tests/access/test_access.py::TestEverybody::test_nobody_learns_or_changes_what_is_not_hers"
PARTS = int(os.environ.get("ACCESS_PARTS", os.cpu_count() or 1))


def measure(ground: Ground) -> list[Line]:
    """Databases of its own, empty but for the town: what other measures have filled is nobody's here.

    Each processor asks its part of the pairs, on SQLite: a house is furnished in a file in seconds, and the suite asks
    both databases. FULL asks for all pairs there are.
    """
    pairs = 10**9 if ground.full else PAIRS
    parts = [_part(ground.home / f"access-{number}.json", f"{number}/{PARTS}", pairs) for number in range(PARTS)]
    found = [_found(path, running) for path, running in parts]
    leaks = [leak for one in found for leak in one["leaks"]]
    for leak in leaks[:40]:
        ground.say(leak)
    done = sum((Counter(one["done"]) for one in found), Counter[str]())
    asked = sum(one["pairs"] for one in found)
    return [
        Line(
            name=f"{asked:,} × somebody asks for something: answers that tell or change what is not hers",
            measure="access",
            product=len(leaks),
            unit="leaks",
            goal=0.5,
            goal_is="product",
            beside={
                "people and systems:": found[0]["viewers"],
                "things planted:": found[0]["things"],
                "things held against answers:": sum(one["judged"] for one in found),
                "pairs there are:": found[0]["there_are"],
                "deeds done by who may:": done.total(),
                "kinds of deed among them:": len(done),
                "minutes of CPU:": round(sum(one["cpu_minutes"] for one in found), 1),
            },
        )
    ]


def _part(written: Path, part: str, pairs: int) -> tuple[Path, subprocess.Popen[bytes]]:
    asked = {"ACCESS_PAIRS": str(pairs), "ACCESS_FOUND": str(written), "ACCESS_PART": part}
    environment = {**os.environ, **asked, "PYTHONPATH": f"{ROOT}:{os.environ.get('PYTHONPATH', '')}"}
    environment.pop("HOVEDINDGANG_DATABASE", None)
    return written, subprocess.Popen(asked_at_length("-s", TEST), cwd=ROOT, env=environment)


def _found(written: Path, running: subprocess.Popen[bytes]) -> dict[str, Any]:
    code = running.wait()
    if not written.exists():
        raise RuntimeError(f"the matrix was not asked: pytest ended with {code}")
    found: dict[str, Any] = json.loads(written.read_text(encoding="utf-8"))
    return found
