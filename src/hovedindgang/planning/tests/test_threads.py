"""Who shares the machine's cores with a plan."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

LINUX_LISTS_THEM = "/proc/self/task"
ASK = f"import hovedindgang.planning, numpy, scipy.linalg, os; print(len(os.listdir('{LINUX_LISTS_THEM}')))"


@pytest.mark.skipif(not os.path.isdir(LINUX_LISTS_THEM), reason="threads are counted where Linux lists them")
def test_a_forecast_takes_one_core_unless_it_is_given_more() -> None:
    usual = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}

    def threads(**given: str) -> int:
        return int(subprocess.check_output([sys.executable, "-c", ASK], env={**usual, **given}, text=True))

    assert threads() == 1
    if (os.cpu_count() or 1) > 1:
        assert threads(OPENBLAS_NUM_THREADS="2") > 1
