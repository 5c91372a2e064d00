"""The API called with what its own contract allows and forbids: answers of 500, answers that break the contract, and
callers let through who may not."""

from __future__ import annotations

import json
import os
import subprocess
from collections import Counter
from pathlib import Path

from benchmarks.ground import Ground
from benchmarks.lines import Line
from benchmarks.suite import asked_at_length

ROOT = Path(__file__).resolve().parent.parent
CALLS = int(os.environ.get("FUZZ_CALLS", 500))  # of each operation


def measure(ground: Ground) -> list[Line]:
    """On both databases, each made for it. Every operation is called by a system that may, without a token, with one
    of a system that was let out, and with every scope but the one that is needed; beside that, two faults of ours are
    put in, and must be found."""
    return [_called(ground, name, database) for name, database in (("PostgreSQL", ground.database), ("SQLite", ""))]


def _called(ground: Ground, name: str, database: str) -> Line:
    written = ground.home / f"fuzz-{name}.jsonl"
    asked = {"FUZZ_CALLS": str(CALLS), "FUZZ_FOUND": str(written), "HOVEDINDGANG_DATABASE": database}
    environment = {**os.environ, **asked, "PYTHONPATH": f"{ROOT}:{os.environ.get('PYTHONPATH', '')}"}
    if not database:
        del environment["HOVEDINDGANG_DATABASE"]
    command = asked_at_length("tests/fuzz/test_api.py")
    code = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
    if not written.exists():
        raise RuntimeError(f"the API was not called: pytest ended with {code}")
    rows = [json.loads(line) for line in written.read_text(encoding="utf-8").splitlines()]
    operations = [row for row in rows if row["operation"]]
    caught = [row["caught"] for row in rows if not row["operation"]]
    wrong = [said for row in operations for said in row["wrong"]]
    for said in wrong[:20]:
        ground.say(said)
    if code and not wrong and all(caught):
        raise RuntimeError(f"not everything was called: pytest ended with {code}")
    statuses = sum((Counter(row["statuses"]) for row in operations), Counter[str]())
    return Line(
        name=f"{sum(row['calls'] for row in operations):,} calls made from the API's contract, {name}: answers of 500, "
        "answers that break the contract, callers let through who may not",
        measure="fuzz",
        product=len(wrong) + caught.count(False),
        unit="faults",
        goal=0.5,
        goal_is="product",
        beside={
            "operations:": len(operations),
            "fewest calls of one:": min(row["calls"] for row in operations),
            "let through who may not:": sum(row["through"] for row in operations),
            "answers by status:": ", ".join(f"{status} × {statuses[status]:,}" for status in sorted(statuses)),
            "faults of ours put in, found:": f"{caught.count(True)} of {len(caught)}",
        },
    )
