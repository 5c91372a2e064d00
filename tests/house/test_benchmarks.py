"""What a benchmark runs of the suite may take longer than a test of `make test`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from benchmarks.suite import asked_at_length

from house.tree import ROOT

pytestmark = pytest.mark.once

ENDS_NOTHING = "def test_asks(pytestconfig):\n    assert float(pytestconfig.getini('faulthandler_timeout')) == 0\n"


def passes(command: list[str], file: Path) -> bool:
    with_the_house = [*command, "-c", str(ROOT / "pyproject.toml"), "--noconftest", "-p", "no:django", str(file)]
    return subprocess.run(with_the_house, cwd=ROOT, capture_output=True, check=False).returncode == 0


def test_a_test_that_a_benchmark_lets_go_on_for_an_hour_is_not_ended_as_one_that_hangs(tmp_path: Path) -> None:
    file = tmp_path / "test_asks.py"
    file.write_text(ENDS_NOTHING, encoding="utf-8")
    assert passes(asked_at_length(), file)
    assert not passes([sys.executable, "-m", "pytest", "-q"], file)  # in the suite a test that hangs is ended
