"""Compiles every loop of planning, so that nobody's first question waits: `python -m hovedindgang.planning.warm`.

What is compiled is kept under the house's own folder (HOVEDINDGANG_HOME, else `var`), apart for each state of the
sources. A minute the first time, a second when there is nothing to do.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hovedindgang.planning.compiling import kept_in


def warm(progress: Callable[[str], Any]) -> None:
    """Every loop compiled, or found compiled. `progress` is told of each before it begins."""
    # Heavy (numba), and nobody who only imports this module needs it.
    from hovedindgang.planning.simulation import replications
    from hovedindgang.planning.siting import medians

    replications.warm(progress)
    progress("siting")
    medians.warm()


if __name__ == "__main__":
    kept_in(Path(os.environ.get("HOVEDINDGANG_HOME", "var")))
    began = time.monotonic()
    warm(lambda what: print(f"Compiling {what} (up to half a minute the first time) ...", flush=True))
    print(f"Compiled in {time.monotonic() - began:.0f} s.")
