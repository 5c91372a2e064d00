"""A room that knows no Django is tested by itself without it: sooner, and nothing of the house can come along."""

from __future__ import annotations

import subprocess
import sys

import pytest

from run import ROOT, WITHOUT_A_DATABASE, by_itself

pytestmark = pytest.mark.once

PLANNING, SERVICEMODEL = WITHOUT_A_DATABASE
COLLECT = """
import sys, pytest
ended = pytest.main(["--collect-only", "-qq", "-n0", "-p", "no:cacheprovider", *sys.argv[1:]])
print(int(ended), "django" in sys.modules)
"""


@pytest.mark.parametrize(
    ("asked", "alone"),
    [
        ([PLANNING], PLANNING),
        (["-k", "forecast", f"{PLANNING}/queues", f"{PLANNING}/tests/test_maps.py::test_any"], PLANNING),
        ([f"{SERVICEMODEL}/tests"], SERVICEMODEL),
        ([PLANNING, SERVICEMODEL], None),
        ([PLANNING, "src/hovedindgang/scenarios"], None),
        (["src/hovedindgang"], None),
        (["-k", "forecast"], None),
        ([], None),
    ],
)
def test_only_where_nothing_else_is_asked_for_the_house_stays_at_home(asked: list[str], alone: str | None) -> None:
    assert by_itself(asked) == (["-p", "no:django", f"--confcutdir={alone}"] if alone else [])


@pytest.mark.parametrize("room", WITHOUT_A_DATABASE)
def test_every_test_of_such_a_room_is_found_though_there_is_no_django(room: str) -> None:
    asked = [sys.executable, "-c", COLLECT, *by_itself([room]), room]
    found = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    assert found[-1] == "0 False", "\n".join(found[-30:])
