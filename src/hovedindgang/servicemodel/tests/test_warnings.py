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


def test_what_stops_a_model_is_told_before_what_is_worth_a_second_look() -> None:
    other_hours = f'{JOBCENTER}\nhours_source = "paper"\nhours = {{ in_person = {{ tue = ["15:00-09:00"] }} }}'
    _model, problems = examine(spoiled(("[municipality]", SAME_HOURS), (JOBCENTER, other_hours)), name="small.toml")
    wrong, *looked_at_once_more = problems
    assert (wrong.severity, wrong.key) == (Severity.ERROR, "departments.jobcenter.hours.in_person.tue[1]")
    assert looked_at_once_more
    assert all(problem.line < wrong.line for problem in looked_at_once_more)  # they stand before it in the file
    assert {problem.severity for problem in looked_at_once_more} == {Severity.WARNING}


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


def test_a_fraction_where_percent_are_meant_is_noticed() -> None:
    (told,) = warnings(("target_percent = { value = 75", "target_percent = { value = 0.75"))
    assert told == "0.75 er mindre end én procent."


def test_minutes_for_a_channel_that_citizens_are_not_offered_are_noticed() -> None:
    (told,) = warnings(('others_who_help = ["politiet"]', 'channels = ["phone"]'))
    assert told == 'Her står minutter for "in_person", men opgaven kan ikke fås den vej.'


def test_a_successor_that_began_a_generation_earlier_is_noticed() -> None:
    (told,) = warnings(("valid_from = 2026-06-01", "valid_from = 2001-06-01"))
    assert told == "Efterfølgeren begyndte 2001-06-01, længe før opgaven slutter 2026-07-01."


def test_services_laid_in_a_centre_that_has_closed_are_noticed() -> None:
    (told,) = warnings(('kind = "branch"', 'kind = "branch"\nvalid_to = 2025-07-01'))
    assert told == "Skoven er ikke åbent i den tid, posten gælder."


def test_a_centre_that_is_to_carry_what_nobody_can_get_any_more_is_noticed() -> None:
    (told,) = warnings(("valid_to = 2026-07-01\n", "valid_to = 2025-07-01\n"), ("= 2026-06-01", "= 2025-06-01"))
    assert told == "NemID findes ikke i den tid, posten gælder."


def test_a_task_given_to_an_authority_before_there_was_one_is_noticed() -> None:
    changes = (
        ('name = "Politiet"', 'name = "Politiet"\nvalid_from = 2019-04-01'),
        ("others_who_help", 'owner = "politiet"\nvalid_from = 2007-01-01\nothers_who_help'),
    )
    (told,) = warnings(*changes)
    assert told == "Politiet findes først fra 2019-04-01, men har opgaven fra 2007-01-01."
    assert warnings(changes[0], (changes[1][0], "owner_from = 2019-04-01\n" + changes[1][1])) == []


def test_a_closing_day_written_twice_is_noticed() -> None:
    again = '[[centres.skoven.closing_days]]\non = 2026-03-05\nname = "Igen"\n\n[calendar]'
    assert warnings(("[calendar]", again)) == ["2026-03-05 står her to gange."]


def test_a_goal_to_be_reached_before_the_policy_begins_is_noticed() -> None:
    (told,) = warnings(('scope = "borgerservice"', 'scope = "borgerservice"\nby = 1999-01-01'))
    assert told == "Fristen 1999-01-01 ligger før politikken gælder fra 2026-01-01."


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
