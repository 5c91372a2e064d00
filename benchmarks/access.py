"""Everybody asks for everything: pairs of the access matrix asked, and answers that tell what they may not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from benchmarks.ground import Ground
from benchmarks.lines import Line

ROOT = Path(__file__).resolve().parent.parent
PAIRS = 100_000
TEST = "tests/access/test_access.py::TestAccess::test_nobody_learns_or_changes_what_is_not_hers"


def measure(ground: Ground) -> list[Line]:
    """The test's own database, empty but for the town: what other measures have filled is nobody's here.

    FULL asks for all pairs there are.
    """
    written = ground.home / "access.json"
    asked = {"ACCESS_PAIRS": str(10**9 if ground.full else PAIRS), "ACCESS_FOUND": str(written)}
    command = [sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:cacheprovider", TEST]
    environment = {**os.environ, **asked, "PYTHONPATH": f"{ROOT}:{os.environ.get('PYTHONPATH', '')}"}
    done = subprocess.run(command, cwd=ROOT, env=environment, check=False)
    if not written.exists():
        raise RuntimeError(f"the matrix was not asked: pytest ended with {done.returncode}")
    found = json.loads(written.read_text(encoding="utf-8"))
    for leak in found["leaks"][:20]:
        ground.say(leak)
    return [
        Line(
            name=f"{found['pairs']:,} × somebody asks for something: answers that tell or change what is not hers",
            measure="access",
            product=len(found["leaks"]),
            unit="leaks",
            goal=0.5,
            goal_is="product",
            beside=found["beside"],
        )
    ]
