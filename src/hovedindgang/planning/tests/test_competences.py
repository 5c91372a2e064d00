"""Who takes what: known employee by employee, and assumed of the others."""

from __future__ import annotations

import dataclasses
from functools import cache
from pathlib import Path

import pytest

from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.service.building import scenario_of
from hovedindgang.planning.service.changes import Generalists, changed
from hovedindgang.planning.service.competences import CompetenceMatrix, anonymous
from hovedindgang.planning.service.reading import Plan, read_plan
from hovedindgang.planning.simulation.preparing import prepare
from hovedindgang.planning.simulation.scenario import Scenario
from hovedindgang.servicemodel.document import SourceKind

ROOT = Path(__file__).resolve().parents[4]
INPUTS = ROOT / "models" / "planning" / "jammerbugt-2006.toml"
MATRIX = """
[staff.competence]
source = "kompetencer"
otherwise = "none"
[staff.competence.employees.aabybro-1]
specialist = ["boligstoette"]
generalist = ["flytning", "sundhedskort"]
trainee = ["folkepension"]
none = ["vielse"]
"""


@cache
def plan() -> Plan:
    read = read_plan(INPUTS)
    return dataclasses.replace(read, inputs=dataclasses.replace(read.inputs, days=14))


def knowing(competence: CompetenceMatrix, *changes: Generalists) -> Scenario:
    staff = dataclasses.replace(plan().inputs.staff, competence=competence)
    return scenario_of(*changed(plan().model, dataclasses.replace(plan().inputs, staff=staff), changes))


def of(scenario: Scenario, key: str) -> dict[str, str]:
    (one,) = [one for one in scenario.employees if one.key == key]
    return {line.split(":")[1]: level for line, level in one.levels.items() if "returned" not in line}


def written(tmp_path: Path, matrix: str) -> Path:
    text = INPUTS.read_text(encoding="utf-8")
    text = text.replace('"../jammerbugt-2006.toml"', f'"{ROOT / "models" / "jammerbugt-2006.toml"}"')
    text = text.replace("[sources]", '[sources]\nkompetencer = { kind = "measured", reference = "samtaler i maj" }', 1)
    file = tmp_path / "plan.toml"
    file.write_text(text + matrix, encoding="utf-8")
    return file


def test_who_is_known_takes_what_she_can_and_nothing_else(tmp_path: Path) -> None:
    read = read_plan(written(tmp_path, MATRIX))
    competence = read.inputs.staff.competence
    assert competence is not None
    assert (competence.kind, competence.reference) == (SourceKind.MEASURED, "samtaler i maj")
    scenario = scenario_of(read.model, dataclasses.replace(read.inputs, days=14))
    assert of(scenario, "aabybro-1") == {
        "boligstoette": "specialist",
        "flytning": "generalist",
        "sundhedskort": "generalist",
        "folkepension": "trainee",
    }
    usual = scenario_of(plan().model, plan().inputs)
    assert of(scenario, "aabybro-2") == of(usual, "aabybro-2")
    assert scenario.assumed["staff.competence"].startswith("15 medarbejdere")
    assert usual.assumed["staff.competence"].startswith("16 medarbejdere")


def test_what_is_not_said_of_her_is_as_her_team_is_assumed_unless_the_matrix_says_else() -> None:
    usual = of(scenario_of(plan().model, plan().inputs), "aabybro-1")
    some = of(knowing(CompetenceMatrix({"aabybro-1": {"vielse": "none"}}, "skøn")), "aabybro-1")
    assert some == {service: level for service, level in usual.items() if service != "vielse"}


def test_where_everybody_is_known_nothing_of_it_is_assumed() -> None:
    services = dict.fromkeys(plan().model.services, "generalist")
    teams = {one.key: [services] * one.number for one in plan().inputs.staff.teams}
    scenario = knowing(anonymous(teams, reference="registreret"))
    assert "staff.competence" not in scenario.assumed
    assert set(of(scenario, "brovst-3").values()) == {"generalist"}


def test_a_counter_where_nobody_takes_a_service_says_so_before_it_is_run() -> None:
    nobody = {f"brovst-{at}": {"flytning": "none"} for at in (1, 2, 3)}
    with pytest.raises(CannotPlan) as problem:
        prepare(knowing(CompetenceMatrix(nobody, "skøn")))
    assert len(problem.value.where) == 1
    assert "Brovst" in problem.value.where[0]
    assert "Flytning" in problem.value.where[0]


def test_who_is_taught_keeps_what_she_knew_and_learns_first_what_she_is_learning() -> None:
    known = {"boligstoette": "specialist", "folkepension": "trainee", "vielse": "none"}
    competence = CompetenceMatrix({"aabybro-1": known}, "skøn", otherwise="none")
    taught = of(knowing(competence, Generalists(2 / 88, "aabybro")), "aabybro-1")
    assert taught == {"boligstoette": "specialist", "folkepension": "generalist"}
    more = of(knowing(competence, Generalists(0.5)), "aabybro-1")
    asked_for = {flow.service for flow in knowing(competence).flows.values() if flow.service}
    assert len(more) == pytest.approx(len(asked_for) / 2, abs=1)
    assert taught.items() <= more.items()


def test_nobody_is_named_and_the_order_tells_nobody() -> None:
    anna, bo = {"pas-ansoegning": "generalist"}, {"flytning": "generalist"}
    one = anonymous({"brovst": [anna, bo]}, reference="registreret")
    assert one == anonymous({"brovst": [bo, anna]}, reference="registreret")
    assert set(one.levels) == {"brovst-1", "brovst-2"}


@pytest.mark.parametrize(
    ("wrong", "right", "says"),
    [
        ("aabybro-1]", "aabybro-9]", "employees.aabybro-9 er ingen medarbejder"),
        ('"flytning", ', '"cykler", ', "kendes ikke i modellen: cykler"),
        ('"flytning", ', '"boligstoette", ', "nævner boligstoette, som har et niveau"),
        ("trainee =", "elev =", "aabybro-1.elev kendes ikke"),
        ('otherwise = "none"', 'otherwise = "ukendt"', "otherwise kendes ikke"),
        ('source = "kompetencer"', 'source = "hun selv"', "competence.source er ingen kilde"),
    ],
)
def test_a_mistake_in_the_matrix_is_said_with_its_place(tmp_path: Path, wrong: str, right: str, says: str) -> None:
    assert wrong in MATRIX
    with pytest.raises(CannotPlan) as problem:
        read_plan(written(tmp_path, MATRIX.replace(wrong, right, 1)))
    assert says in str(problem.value) + problem.value.cure
