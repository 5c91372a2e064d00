"""What learning does to the two indicators on its way: the service simulated with what everybody knows by each date."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from hovedindgang.planning.commands import plan as command
from hovedindgang.planning.courses.along import (
    competence_in,
    dates_of,
    points_of,
    scenarios_along,
    tied,
)
from hovedindgang.planning.courses.document import Centre, Course, Enrolment, Goal, Learner, Plan, Training
from hovedindgang.planning.courses.drawing import draw
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.service.ground import ground_of
from hovedindgang.planning.service.inputs import Inputs
from hovedindgang.planning.service.reading import read_plan
from hovedindgang.planning.simulation.outcome import Results
from hovedindgang.planning.simulation.preparing import prepare
from hovedindgang.planning.simulation.replications import tallies
from hovedindgang.servicemodel.document import ServiceModel

MONDAY = dt.date(2007, 1, 1)
INPUTS = Path(__file__).resolve().parents[4] / "models" / "planning" / "jammerbugt-2006.toml"


@cache
def service() -> tuple[ServiceModel, Inputs]:
    """Jammerbugt's, two weeks of it."""
    read = read_plan(INPUTS)
    return read.model, dataclasses.replace(read.inputs, days=14)


def everything() -> tuple[str, ...]:
    return tuple(ground_of(*service()).services)


def training(services: tuple[str, ...], people: dict[str, str], **more: Any) -> Training:
    return Training(
        title="Øvelse",
        starts_on=MONDAY,
        weeks=52,
        services=services,
        goals=(Goal("all", 100, MONDAY + dt.timedelta(weeks=30)),),
        courses={"alt": Course("alt", "Alt", frozenset(services), 5, capacity=50)},
        learners=tuple(Learner(key, key.capitalize(), centre) for key, centre in people.items()),
        centres={centre: Centre(centre, centre, 9) for centre in people.values()},
        **more,
    )


def learned(asked: Training, week: int) -> Plan:
    return Plan(tuple(Enrolment(one.key, "alt", week) for one in asked.learners), 0.0, 0.0, "proved", 0.0, 1)


def test_when_everybody_learns_everything_more_is_solved_in_one_contact_and_not_before_it_counts() -> None:
    staff = service()[1].staff.teams
    people = {f"{team.key}{at}": team.centre for team in staff for at in range(team.number)}
    asked = training(everything(), people)
    plan, tie = learned(asked, 20), tied(asked, *service())
    dates = dates_of(asked, plan)
    scenarios, which = scenarios_along(asked, plan, tie, *service(), weeks=[week for week, _why in dates])
    assert len(scenarios) == 2
    assert next(week for (week, _why), at in zip(dates, which, strict=True) if at == 1) == 21
    results = [Results(prepare(one), 1, tuple(tallies(one, seed=1, replications=4))) for one in scenarios]
    points = points_of(asked, plan, dates, which, results)
    before, after = points[0], points[-1]
    assert (before.known, after.known) == (0, 100)
    assert before.first_contact_change is not None
    assert before.first_contact_change.value == before.first_contact_change.high == 0
    assert after.first_contact_change is not None
    assert after.first_contact_change.low > 2  # a trainee's four in five, in one contact
    assert after.resolved.value >= after.first_contact.value
    drawing = draw(asked, plan, points)
    assert f"{after.first_contact.value:.1f}".replace(".", ",") in drawing


def test_who_has_not_learned_it_is_under_training_or_does_not_take_it_and_a_specialist_stays_one() -> None:
    asked = training(("flytning", "boligstoette"), {"anna": "aabybro"})
    model, inputs = service()
    teams = tuple(dataclasses.replace(one, specialist_in=("flytning",)) for one in inputs.staff.teams)
    inputs = dataclasses.replace(inputs, staff=dataclasses.replace(inputs.staff, teams=teams))
    plan, tie = learned(asked, 3), tied(asked, model, inputs)

    def hers(week: int, **more: str) -> dict[str, str]:
        return dict(competence_in(asked, plan, tie, week, inputs, **more).levels["aabybro-1"])

    assert hers(0) == {"flytning": "trainee", "boligstoette": "trainee"}
    assert hers(0, unknown="none") == {"flytning": "none", "boligstoette": "none"}
    assert hers(4) == {"flytning": "specialist", "boligstoette": "generalist"}
    assert tie.others[0] == "aabybro-2"
    assert "folkepension" in tie.apart


def test_the_dates_are_the_start_each_quarter_each_goal_and_when_the_last_course_counts() -> None:
    asked = training(("flytning",), {"anna": "aabybro"})
    found = [(asked.monday(week), why) for week, why in dates_of(asked, learned(asked, 40))]
    assert [on for on, _why in found] == [
        dt.date(2007, 1, 1),
        dt.date(2007, 4, 2),
        dt.date(2007, 7, 2),
        dt.date(2007, 7, 30),
        dt.date(2007, 10, 15),
    ]
    assert found[0][1] == ("før",)
    assert any("100 %" in text for _on, why in found for text in why)
    assert found[-1][1] == ("alle kurser virker",)


@pytest.mark.parametrize(
    ("services", "people", "more", "says"),
    [
        (("pas",), {"anna": "aabybro"}, {}, "Planen har ikke opgaverne: pas"),
        (("pas",), {"anna": "aabybro"}, {"services_in_plan": {"pas": ("pas-nyt",)}}, "ikke opgaverne: pas"),
        (("flytning",), {"anna": "nordby"}, {}, "ingen medarbejder i nordby til Anna"),
        (("flytning",), {f"anna{at}": "brovst" for at in range(4)}, {}, "ingen medarbejder i brovst til Anna3"),
        (("flytning",), {"anna": "brovst"}, {"employees_in_plan": {"anna": "brovst-9"}}, "brovst-9 er ingen"),
    ],
)
def test_what_is_in_the_one_and_not_in_the_other_is_said(
    services: tuple[str, ...], people: dict[str, str], more: dict[str, Any], says: str
) -> None:
    with pytest.raises(CannotPlan, match=says):
        tied(training(services, people, **more), *service())


QUESTION = """
starts_on = 2007-01-01
through = 2007-06-30
services = ["flyt"]
[in_plan.services]
flyt = ["flytning", "sundhedskort"]
[in_plan.employees]
anna = "brovst-2"
[goals.all]
share_percent = 100
by = 2007-06-01
[centres.brovst]
[courses.alt]
teaches = ["flyt"]
days = 2
[employees.anna]
centre = "brovst"
"""


def test_the_command_prints_both_indicators_along_the_plan(tmp_path: Path) -> None:
    (tmp_path / "kurser.toml").write_text(QUESTION, encoding="utf-8")
    asked = ["courses", str(tmp_path / "kurser.toml"), "--in", str(INPUTS), "--days", "7", "--replications", "2"]
    drawn = tmp_path / "plan.svg"
    answer = CliRunner().invoke(command, [*asked, "--seconds", "3", "--svg", str(drawn), "--json"])
    assert answer.exit_code == 0, answer.output
    found = json.loads(answer.stdout)["in_plan"]
    assert found["employees_in_plan"] == {"anna": "brovst-2"}
    first, *_, last = found["indicators"]
    assert (first["known_percent"], last["known_percent"]) == (0, 100)
    assert {"value", "low", "high"} == set(last["first_contact_resolution_change"])
    assert "under oplæring" in found["assumed"][0]
    assert "løst i Borgerservice" in drawn.read_text(encoding="utf-8")


def test_a_plan_that_does_not_fit_is_refused_before_anything_is_looked_for(tmp_path: Path) -> None:
    (tmp_path / "kurser.toml").write_text(QUESTION.replace('"brovst-2"', '"brovst-7"'), encoding="utf-8")
    answer = CliRunner().invoke(command, ["courses", str(tmp_path / "kurser.toml"), "--in", str(INPUTS), "--json"])
    assert answer.exit_code == 1
    assert json.loads(answer.stdout)["where"] == ["in_plan.employees.anna"]
