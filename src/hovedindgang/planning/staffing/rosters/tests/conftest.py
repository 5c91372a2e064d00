from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from hovedindgang.planning.staffing.rosters.document import Employee, Need, Prices, Question, Rules, Shift
from hovedindgang.planning.staffing.rosters.inventing import shrinkage

MONDAY = dt.date(2026, 3, 2)
Make = Callable[..., Question]


@pytest.fixture
def question() -> Make:
    """A week at one counter with two people; what a test is about is given by name."""

    def made(**more: Any) -> Question:
        usual: dict[str, Any] = {
            "title": "Øvelse",
            "starts_on": MONDAY,
            "weeks": 1,
            "centres": {"aabybro": "Aabybro"},
            "groups": {},
            "shifts": (Shift("dag", "aabybro", frozenset(range(5)), 8 * 60, 16 * 60, (720, 750), 30),),
            "needs": tuple(Need("aabybro", MONDAY + dt.timedelta(n), 600, 900, "", 0, 1) for n in range(5)),
            "employees": (Employee("alice", "Alice", 24, ("aabybro",)), Employee("bob", "Bob", 16, ("aabybro",))),
            "shrinkage": tuple(type(one)(one.cause, one.percent, "requirement", one.source) for one in shrinkage()),
            "rules": Rules(tolerance_hours=0),
            "prices": Prices(),
        }
        return Question(**{**usual, **more})

    return made
