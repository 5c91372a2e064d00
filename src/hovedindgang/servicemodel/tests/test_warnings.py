"""What is allowed in a model but worth a second look; a model with warnings can be used."""

from __future__ import annotations

import pytest

from hovedindgang.servicemodel.loading import examine
from hovedindgang.servicemodel.problems import Severity
from hovedindgang.servicemodel.tests.small import spoiled

SAME_HOURS = 'same_hours_as_departments = { value = true, source = "paper" }\n\n[municipality]'
JOBCENTER = 'answer_working_days = { value = 5, source = "paper" }'


def warnings(*changes: tuple[str, str]) -> list[str]:
    model, problems = examine(spoiled(*changes), name="small.toml")
    assert model is not None
    assert {problem.severity for problem in problems} <= {Severity.WARNING}
    return [problem.wrong for problem in problems]


def test_a_centre_with_other_hours_than_the_departments_is_told_in_words() -> None:
    week = 'hours = { in_person = { tue = ["10:00-14:00"], thu = ["10:00-16:00"] } }'
    told = warnings(("[municipality]", SAME_HOURS), (JOBCENTER, f'{JOBCENTER}\nhours_source = "paper"\n{week}'))
    assert (
        "Skoven har ikke samme åbningstid som Jobcenter (personlig henvendelse): torsdag 10:00-17:00 mod 10:00-16:00."
        in told
    )
    assert len(told) == 2  # Havnen differs too


def test_centres_may_differ_where_the_policy_does_not_say_the_same_hours() -> None:
    hours = f'{JOBCENTER}\nhours_source = "paper"\nhours = {{ in_person = {{ tue = ["10:00-14:00"] }} }}'
    assert warnings((JOBCENTER, hours)) == []


def test_same_hours_cannot_be_judged_while_the_departments_have_none() -> None:
    (told,) = warnings(("[municipality]", SAME_HOURS))
    assert told.startswith("Fagforvaltningernes åbningstider står ikke i modellen")


def test_a_goal_without_a_number_is_noticed() -> None:
    (told,) = warnings(('target_percent = { value = 75, source = "paper" }', ""))
    assert told == "Målet har intet tal, så ingen kan sige, om det er nået."


def test_a_goal_that_nothing_measures_yet_is_noticed() -> None:
    (told,) = warnings(('indicator = "resolved_in_house"', 'indicator = "satisfaction"'))
    assert told == 'Nøgletallet "satisfaction" måles ikke endnu.'


@pytest.mark.parametrize("service", ["pas", "flytning", "nemid"])
def test_a_service_that_no_centre_carries_is_noticed(service: str) -> None:
    others = [key for key in ("pas", "flytning", "nemid", "mitid") if key != service]
    listed = ", ".join(f'"{key}"' for key in others)
    (told,) = warnings(('services = ["pas", "flytning", "nemid", "mitid"]', f"services = [{listed}]"))
    assert told == "Ingen centre har opgaven i deres opgaveportefølje."


def test_two_entries_that_say_different_levels_for_the_same_are_noticed() -> None:
    second = '[[portfolio]]\ncentres = ["skoven"]\nlevel = "guide"\nservices = ["pas"]\n\n[goals.house]'
    (told,) = warnings(("[goals.house]", second))
    assert told == "pas har et andet niveau i en tidligere post for skoven."
