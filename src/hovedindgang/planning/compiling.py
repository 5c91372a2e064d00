"""Loops written once and built twice: as they stand, and compiled by numba.

`build(make, jit)` calls `make(compile)` with a decorator: numba's for the engine, nothing for the readable reference.
What is compiled is kept under the house's own folder, so that only set-up and the first run after a change wait for it.
numba is loaded here and when it is asked for, never by a web process.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

Made = TypeVar("Made")
Compile = Callable[[Callable[..., Any]], Callable[..., Any]]


def kept_in(home: Path) -> None:
    """Compiled code is kept under `home` from here on. To be said before the first loop is built."""
    os.environ["NUMBA_CACHE_DIR"] = str(home / "compiled")


@cache
def build(make: Callable[[Compile], Made], jit: bool) -> Made:
    """What `make` makes of its functions: compiled where `jit`, else plain Python. Made once for each."""
    if not jit:
        return make(lambda function: function)
    # Heavy (0.5 s to load), and only plans need it.
    from numba import njit

    return make(njit(cache="NUMBA_CACHE_DIR" in os.environ, nogil=True))
