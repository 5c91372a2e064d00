"""An election, a new MitID, a task that is new: they come to the counters, and nobody knows how much."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from hovedindgang.planning.commands import plan as command
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.service.building import scenario_of
from hovedindgang.planning.service.changes import Change, MoreStaff, changed
from hovedindgang.planning.service.reading import Plan
from hovedindgang.planning.service.shocks import NewService, Shock
from hovedindgang.planning.simulation import chance, drawing
from hovedindgang.planning.simulation.keeping import as_data, from_data
from hovedindgang.planning.simulation.preparing import Prepared, prepare
from hovedindgang.planning.tests.towns import jammerbugt, written

ELECTION = Shock("Valg", "2007-01-09", "2007-01-12", 2.0, 1.5, 5.0, channels=("phone",))
CARD = NewService("kort-nyt", "Et nyt kort", "2007-01-15", 5200, 2600, 15600, 20.0)


@cache
def plan() -> Plan:
    """Jammerbugt's, from New Year 2007, of four weeks."""
    return jammerbugt(days=28)


@cache
def after(*changes: Change) -> Prepared:
    return prepare(scenario_of(*changed(plan().model, plan().inputs, changes)))


def factors(prepared: Prepared, replication: int) -> np.ndarray:
    """[F, D] of one replication, as the engine draws them."""
    with np.errstate(over="ignore"):
        return drawing._factors(prepared, chance.mixed(chance.stream_of("run", 1), replication))


def rows(prepared: Prepared, begins: str) -> list[int]:
    return [at for at, key in enumerate(prepared.flows) if key.startswith(begins)]


def test_an_election_is_on_the_telephone_on_its_days_and_nowhere_else() -> None:
    usual, told = factors(after(), 3), factors(after(ELECTION), 3)
    phone, rest = rows(after(), "phone:"), rows(after(), "in_person:")
    assert np.array_equal(told[rest], usual[rest])
    assert np.array_equal(np.delete(told[phone], range(8, 12), axis=1), np.delete(usual[phone], range(8, 12), axis=1))
    times = told[phone, 8:12] / usual[phone, 8:12]
    assert times == pytest.approx(times[0, 0])  # one factor for all of it


def test_who_has_booked_comes_in_person_and_who_serves_herself_digitally() -> None:
    door = dataclasses.replace(ELECTION, channels=("in_person",))
    assert [one for one in ("in_person", "appointment", "assisted", "phone") if door.hits(one, "pas")] == [
        "in_person",
        "appointment",
        "assisted",
    ]
    assert dataclasses.replace(ELECTION, channels=("digital",)).hits("self_service", "pas")
    assert not dataclasses.replace(ELECTION, channels=()).hits("department", "pas")


def test_how_much_it_is_is_drawn_once_a_replication_from_the_range_that_was_stated() -> None:
    """Lopsided as it is: half of the times below two, and up to five times as many."""
    at = rows(after(), "phone:")[0]
    drawn = [factors(after(ELECTION), one)[at, 8] / factors(after(), one)[at, 8] for one in range(1500)]
    assert np.quantile(drawn, [0.025, 0.5, 0.975]) == pytest.approx([1.5, 2.0, 5.0], rel=0.09)


def test_two_elections_are_drawn_each_by_itself() -> None:
    other = dataclasses.replace(ELECTION, name="Omvalg", from_day="2007-01-16", to_day="2007-01-19")
    at = rows(after(), "phone:")[0]
    both = np.array([factors(after(ELECTION, other), one)[at] / factors(after(), one)[at] for one in range(300)])
    assert abs(np.corrcoef(np.log(both[:, 8]), np.log(both[:, 15]))[0, 1]) < 0.2


def test_what_is_new_comes_from_its_day_on_as_often_as_was_said_and_takes_nobody_from_the_others() -> None:
    prepared, usual = after(CARD), after()
    mass = dict(zip(prepared.flows, prepared.network.mass, strict=True))
    new = np.sum([one for key, one in mass.items() if ":kort-nyt" in key], axis=0)
    assert not new[:14].any()
    assert new.sum() == pytest.approx(5200 * 14 / 365, rel=0.06)  # a fortnight without holidays
    for key, one in zip(usual.flows, usual.network.mass, strict=True):
        assert mass[key] == pytest.approx(one), key
    assert {key.split(":")[0] for key in mass if ":kort-nyt" in key} == {"phone", "in_person"}


def test_how_often_what_is_new_comes_is_as_unsure_as_was_said() -> None:
    prepared = after(CARD)
    mine, other = rows(prepared, "phone:kort-nyt")[0], rows(prepared, "phone:flytning")[0]
    drawn = [(found := factors(prepared, one))[mine, 20] / found[other, 20] for one in range(1500)]
    assert np.quantile(drawn, [0.025, 0.5, 0.975]) == pytest.approx([0.5, 1.0, 3.0], rel=0.09)


def test_the_interval_of_the_answer_is_as_much_wider_as_nobody_knows() -> None:
    known = dataclasses.replace(ELECTION, low=2.0, high=2.0)
    at = rows(after(), "phone:")

    def calls(change: Shock) -> np.ndarray:
        prepared = after(change)
        return np.array([(prepared.network.mass * factors(prepared, one))[at].sum() for one in range(200)])

    assert calls(ELECTION).std() > 1.5 * calls(known).std()
    assert np.median(calls(ELECTION)) == pytest.approx(np.median(calls(known)), rel=0.05)


def test_a_run_with_an_election_is_kept_and_comes_back_as_it_was() -> None:
    scenario = after(ELECTION, CARD).scenario
    assert from_data(json.loads(json.dumps(as_data(scenario)))).surges == scenario.surges
    assert len(scenario.surges) == 2


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (dataclasses.replace(ELECTION, from_day="2009-01-01", to_day="2009-01-09"), "uden for den tid"),
        (dataclasses.replace(ELECTION, services=("trolddom",)), "ingen opgave med nøglen trolddom"),
        (dataclasses.replace(ELECTION, services=("pas-ansoegning",), channels=("digital",)), "Ingen kommer"),
        (dataclasses.replace(CARD, from_day="2008-01-01"), "uden for den tid"),
        (dataclasses.replace(CARD, key="flytning"), "allerede en opgave"),
    ],
)
def test_what_would_do_nothing_is_refused_in_words(change: Change, said: str) -> None:
    with pytest.raises(CannotPlan, match=said):
        after(change)


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        (ELECTION, {"low": 3.0}),
        (ELECTION, {"high": 1.0}),
        (ELECTION, {"low": 0.0}),
        (ELECTION, {"factor": float("nan")}),
        (ELECTION, {"from_day": "i morgen"}),
        (ELECTION, {"to_day": "2007-01-01"}),
        (ELECTION, {"channels": ("telefax",)}),
        (ELECTION, {"source": "gættet"}),
        (CARD, {"contacts": 0.0}),
        (CARD, {"channels": ()}),
        (CARD, {"handle_minutes": 0.0}),
        (CARD, {"level": "alt"}),
    ],
)
def test_a_range_that_is_none_is_refused_where_it_is_written(kind: Change, wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        dataclasses.replace(kind, **wrong)  # type: ignore[type-var]


def test_it_is_written_in_a_plan_and_said_in_words(tmp_path: Path) -> None:
    now = written(tmp_path, days=14)
    (tmp_path / "then.toml").write_text(
        'inputs = "plan.toml"\n'
        '[[change]]\nkind = "shock"\nname = "Valg"\nfrom_day = 2007-01-09\nto_day = 2007-01-12\n'
        'factor = 2\nlow = 1.5\nhigh = 5\nchannels = ["phone"]\n'
        '[[change]]\nkind = "new_service"\nkey = "kort-nyt"\nname = "Et nyt kort"\n'
        'from_day = "2007-01-08"\ncontacts = 5200\n'
        "low = 2600\nhigh = 15600\nhandle_minutes = 20\n",
        encoding="utf-8",
    )
    words = ["compare", str(now), str(tmp_path / "then.toml"), "--replications", "2"]
    told = CliRunner().invoke(command, words, env={"HOVEDINDGANG_LANGUAGE": "en"})
    assert told.exit_code == 0, told.stderr
    assert "Valg: from 2007-01-09 to 2007-01-12 2.00 times as many come (between 1.50 and 5.00)" in told.stdout
    assert "New service from 2007-01-08: Et nyt kort, 5,200 contacts a year (between 2,600 and 15,600)" in told.stdout


def test_more_employees_are_there_for_what_is_new_too() -> None:
    scenario = after(CARD, MoreStaff("aabybro", 1)).scenario
    assert any("phone:kort-nyt" in one.levels for one in scenario.employees)
    assert dt.date.fromisoformat(CARD.from_day) > scenario.first_day
