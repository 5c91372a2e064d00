"""`hovedindgang plan staff`, as it is typed."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from hovedindgang.planning.commands import plan
from hovedindgang.planning.simulation.replications import run_once
from hovedindgang.planning.staffing import trying, worth
from hovedindgang.planning.tests.test_stopping import after
from hovedindgang.planning.tests.towns import written

SHORT = ("--days", "7", "--replications", "2", "--tries", "5")


def answered(folder: Path, *words: str) -> Any:
    town = written(folder, days=7)
    done = CliRunner().invoke(plan, ["staff", str(town), *SHORT, *words, "--json"], env={"HOVEDINDGANG_LANGUAGE": "en"})
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_the_answer_says_of_each_promise_whether_it_is_kept_and_by_whom_that_was_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of what one more is worth the first two are enough here: each of the others takes as long."""
    every = worth._candidates
    monkeypatch.setattr(worth, "_candidates", lambda *given: islice(every(*given), 2))
    data = answered(
        tmp_path, "--answer-within", "phone=5:50", "--answer-within", "phone=20:75", "--worth", "--seconds", "20"
    )
    assert set(data["promises"]) == {"phone<=5:50", "phone<=20:75"}
    for one in data["promises"].values():
        surely = one["kept"] == "surely"
        assert not surely or one["served_in_time"]["low"] >= one["promised"]
    assert data["verified_replications"] >= 10
    assert data["surely_kept"] is all(one["kept"] == "surely" for one in data["promises"].values())
    assert data["gap"] == pytest.approx(data["kr_per_year"] / data["bound"]["kr_per_year"] - 1)
    assert data["gap"] >= 0
    first = data["one_more"][0]
    assert first["kind"] == "employee"
    assert set(first["figures"]) >= {"wait_phone_minutes", "not_served", "first_contact_resolution"}
    assert first["kr_per_year"]["low"] <= first["kr_per_year"]["value"]


def test_stopped_soon_it_gives_what_the_plan_itself_has_and_no_bound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trying, "run_once", after(6, run_once))
    data = answered(tmp_path, "--answer-within", "phone=5:50")
    assert data["teams"] == {"aabybro": 5, "pandrup": 4, "fjerritslev": 4, "brovst": 3}
    assert (data["interrupted"], data["gap"], data["bound"]["kr_per_year"]) == (True, None, None)
    assert data["promises"]["phone"]["kept"] is None
