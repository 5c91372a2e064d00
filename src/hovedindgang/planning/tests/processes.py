"""The same script in several processes, each with another order of its sets."""

from __future__ import annotations

import os
import subprocess
import sys


def told_by_each(script: str) -> set[str]:
    """What it prints, once where all print the same."""
    return {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "4", "5")
    }
