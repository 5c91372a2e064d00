"""Compiled loops are kept between runs of the tests, as an installation keeps them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hovedindgang.planning.compiling import kept_in
from hovedindgang.planning.service import warming
from hovedindgang.planning.simulation.warm_up import WarmUp

KEPT = Path(__file__).parents[4] / "var" / "compiled"


@pytest.fixture(scope="session", autouse=True)
def _loops_are_kept() -> None:
    home = Path(os.environ["HOVEDINDGANG_HOME"])
    KEPT.mkdir(parents=True, exist_ok=True)
    if not (home / "compiled").exists():
        (home / "compiled").symlink_to(KEPT)  # what a test types, and the processes it starts, find them too
    kept_in(home)


@pytest.fixture(autouse=True)
def _plans_begin_with_nothing_waiting(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """But for the tests of how they begin: weeks before each short run are most of what it takes."""
    if "warm_up" not in request.module.__name__:
        monkeypatch.setattr(warming, "warm_up_of", lambda *_plan, **_engine: WarmUp(0, "measured", 0.0))
