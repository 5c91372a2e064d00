"""What people do, in any order, beside a plain model of the house; on both, and all rows compared."""

from __future__ import annotations

import json
import os
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from benchmarks.ground import Ground
from benchmarks.lines import Line
from benchmarks.suite import asked_at_length

ROOT = Path(__file__).resolve().parent.parent
STEPS, SEED = 20_000, "2041"  # on each database; STATEFUL_STEPS and STATEFUL_SEED ask for others
TEST = "tests/stateful/test_stateful.py"
NAMES = ("SQLite", "PostgreSQL")


def measure(ground: Ground) -> list[Line]:
    """Both at once. What has been played is written down as it goes, so that a run that is stopped is not lost."""
    seed = os.environ.get("STATEFUL_SEED", SEED)
    playing = {name: _started(ground, name, seed) for name in NAMES}
    for name, process in playing.items():
        process.wait()
        ground.say(f"{name}: pytest ended with {process.returncode}")
    found = {name: _read(_folder(ground, name)) for name in NAMES}
    return [*(_line(ground, name, found[name], seed) for name in NAMES), _agree(ground, found), *_broken(ground)]


def _folder(ground: Ground, name: str) -> Path:
    return ground.home / f"stateful-{name}"


def _asked(ground: Ground, name: str, *chosen: str, **more: str) -> subprocess.Popen[bytes]:
    command = asked_at_length("-n0", TEST, *chosen)
    database = {"HOVEDINDGANG_DATABASE": "" if name == "SQLite" else ground.database}
    path = {"PYTHONPATH": f"{ROOT}:{os.environ.get('PYTHONPATH', '')}"}
    return subprocess.Popen(command, cwd=ROOT, env={**os.environ, **database, **path, **more})


def _started(ground: Ground, name: str, seed: str) -> subprocess.Popen[bytes]:
    folder = _folder(ground, name)
    folder.mkdir()
    steps = os.environ.get("STATEFUL_STEPS", str(STEPS))
    more = {"STATEFUL_FOLDER": str(folder), "STATEFUL_SEED": seed, "STATEFUL_STEPS": steps}
    return _asked(ground, name, "-k", "history_after", **more)


def _read(folder: Path) -> list[dict[str, Any]]:
    lines = (folder / "found.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def _line(ground: Ground, name: str, histories: list[dict[str, Any]], seed: str) -> Line:
    faults = [one["fault"] for one in histories if one["fault"]]
    for fault in faults:
        ground.say(f"{name}: {fault}")
    ends: Counter[str] = Counter()
    for one in histories:
        for of_deed in one["ends"].values():
            ends.update(of_deed)
    steps = ends.total()
    return Line(
        name=f"{steps:,} deeds in any order, {name}: where the house is not as the plain model says",
        measure="stateful",
        product=len(faults) + (0 if steps >= STEPS else 1),
        unit="faults, one for too few deeds",
        goal=0.5,
        goal_is="product",
        beside={
            "seed:": seed,
            "histories, each from an empty house:": len(histories),
            "done:": ends["done"],
            "refused, as they must:": ends["refused"],
            "kept out, as they must:": ends["no access"],
            "seconds:": round(sum(one["seconds"] for one in histories)),
            **({"found:": "; ".join(fault[:200] for fault in faults[:3])} if faults else {}),
        },
    )


def _agree(ground: Ground, found: dict[str, list[dict[str, Any]]]) -> Line:
    by_number = [{one["history"]: one for one in found[name] if not one["fault"]} for name in NAMES]
    both = sorted(by_number[0].keys() & by_number[1].keys())
    differ = [number for number in both if by_number[0][number]["sha256"] != by_number[1][number]["sha256"]]
    for number in differ[:3]:
        ground.say(f"history {number} differs: {_first_difference(ground, number)}")
    return Line(
        name="histories after which the two databases do not hold the same rows",
        measure="stateful",
        product=len(differ),
        unit="histories",
        goal=0.5,
        goal_is="product",
        beside={
            "compared:": len(both),
            "rows, on each:": f"{sum(by_number[0][number]['rows'] for number in both):,}",
            **({"differ:": ", ".join(map(str, differ[:10]))} if differ else {}),
        },
    )


def _first_difference(ground: Ground, number: int) -> str:
    texts = [(_folder(ground, name) / f"{number}.txt").read_text(encoding="utf-8").splitlines() for name in NAMES]
    return next((f"{one[:300]} | {other[:300]}" for one, other in zip(*texts, strict=False) if one != other), "length")


def _broken(ground: Ground) -> list[Line]:
    """Promises that are broken on purpose: each must be found within its short run, on each database."""
    found = {name: _caught(ground, name) for name in NAMES}
    return [
        Line(
            name=f"promises broken on purpose, and found, {name}",
            measure="stateful",
            product=len(passed),
            unit="promises",
            goal=of,
            goal_is="product",
            at_least=True,
            beside={"not found:": ", ".join(missed) or "none"},
        )
        for name, (passed, missed, of) in found.items()
    ]


def _caught(ground: Ground, name: str) -> tuple[list[str], list[str], int]:
    written = ground.home / f"broken-{name}.xml"
    _asked(ground, name, "-k", "on_purpose", f"--junitxml={written}").wait()
    cases = list(ElementTree.parse(written).getroot().iter("testcase"))
    missed = [str(case.get("name")) for case in cases if len(case)]
    return [str(case.get("name")) for case in cases if not len(case)], missed, len(cases)
