"""What other simulators answer owes our engine nothing, so it is reckoned once and kept, as compiled loops are.

It is reckoned anew where the file that asks, the libraries or Python are others than those it was kept of.
"""

from __future__ import annotations

import hashlib
import inspect
import os
import sys
import zipfile
from collections.abc import Callable
from functools import cache, wraps
from importlib.metadata import version
from pathlib import Path
from typing import ParamSpec

import numpy as np
from numpy.typing import NDArray

KEPT = Path(__file__).parents[4] / "var" / "tests" / "peers"
Figures = dict[str, NDArray[np.float64]]
P = ParamSpec("P")


def kept(*libraries: str) -> Callable[[Callable[P, Figures]], Callable[P, Figures]]:
    """A function of the file it stands in, these libraries and what it is given; it may ask nothing of the house."""

    def around(reckon: Callable[P, Figures]) -> Callable[P, Figures]:
        file = Path(inspect.getfile(reckon))

        @cache
        @wraps(reckon)
        def told(*given: P.args, **named: P.kwargs) -> Figures:
            of = (reckon.__name__, given, sorted(named.items()), sys.version, [version(one) for one in libraries])
            at = KEPT / f"{hashlib.sha256(file.read_bytes() + repr(of).encode()).hexdigest()}.npz"
            return _read(at) or _written(at, reckon(*given, **named))

        return told

    return around


def _read(at: Path) -> Figures | None:
    try:
        with at.open("rb") as file, np.load(file) as found:
            return {name: found[name] for name in found.files}
    except (OSError, ValueError, zipfile.BadZipFile):
        return None


def _written(at: Path, figures: Figures) -> Figures:
    """Whole or not at all: another process may reckon and write the same."""
    at.parent.mkdir(parents=True, exist_ok=True)
    part = at.with_suffix(f".{os.getpid()}")
    with part.open("wb") as file:
        np.savez(file, **figures)
    part.replace(at)
    return figures
