"""Who shares the machine's cores with a plan."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

ASK = "import hovedindgang.planning.demand, numpy, os; print(len(os.listdir('/proc/self/task')))"


@pytest.mark.skipif(not os.path.isdir("/proc/self/task"), reason="threads are counted where Linux lists them")
def test_a_forecast_takes_one_core_unless_more_are_given_to_it() -> None:
    usual = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    assert subprocess.check_output([sys.executable, "-c", ASK], env=usual, text=True).strip() == "1"
    given = {**usual, "OPENBLAS_NUM_THREADS": "2"}
    assert int(subprocess.check_output([sys.executable, "-c", ASK], env=given, text=True)) <= 2
