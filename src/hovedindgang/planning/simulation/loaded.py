"""What every process that plays replications needs, loaded by being imported: others are then forked from who has it.

Where nothing is kept of what is compiled, only numba itself is loaded: compiling is for those who say that they do it.
"""

from __future__ import annotations

import os

import numba  # noqa: F401
import numpy as np

from hovedindgang.planning.compiling import built, is_cold
from hovedindgang.planning.simulation import cluster  # noqa: F401

LOOP, CHANCE = "hovedindgang.planning.simulation.loop", "hovedindgang.planning.simulation.chance"

if "NUMBA_CACHE_DIR" in os.environ and not is_cold(LOOP) and not is_cold(CHANCE):
    built(LOOP, jit=True)
    built(CHANCE, jit=True).normals(np.uint64(0), 1)  # what numba knows of numpy is loaded with the first call
