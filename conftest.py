"""Fixtures that every room's tests may use."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from django.conf import settings

from hovedindgang.kernel.clock import DENMARK, now, standing_at


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test marked for one database is not collected on the other; nothing is skipped in silence elsewhere."""
    here = "sqlite" if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3") else "postgres"
    other = {"sqlite": "postgres", "postgres": "sqlite"}[here]
    items[:] = [item for item in items if item.get_closest_marker(other) is None]


class Clock:
    """The clock of one test: it stands where the test puts it, and moves when the test says so."""

    def __init__(self) -> None:
        self._stack = ExitStack()

    def stand(self, at: dt.datetime) -> None:
        """From now on `kernel.clock.now()` is `at` (aware)."""
        self._stack.enter_context(standing_at(at))

    def go(self, **how_long: float) -> None:
        """Let time pass: `clock.go(minutes=5)`."""
        self.stand(now() + dt.timedelta(**how_long))

    def release(self) -> None:
        self._stack.close()


@pytest.fixture
def clock() -> Iterator[Clock]:
    """A clock that stands at a Wednesday morning, 2026-03-11 10:00 in Denmark, until the test moves it."""
    made = Clock()
    made.stand(dt.datetime(2026, 3, 11, 10, 0, tzinfo=DENMARK))
    yield made
    made.release()
