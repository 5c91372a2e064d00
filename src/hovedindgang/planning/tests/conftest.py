"""Compiled loops are kept between runs of the tests, as an installation keeps them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hovedindgang.planning.compiling import kept_in

KEPT = Path(__file__).parents[4] / "var" / "compiled"


@pytest.fixture(scope="session", autouse=True)
def _loops_are_kept() -> None:
    home = Path(os.environ["HOVEDINDGANG_HOME"])
    KEPT.mkdir(parents=True, exist_ok=True)
    if not (home / "compiled").exists():
        (home / "compiled").symlink_to(KEPT)  # what a test types, and the processes it starts, find them too
    kept_in(home)
