"""Work that moves between the counter and a department is asked for by form, and tried as it was typed."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import QueryDict

from hovedindgang.planning.service.ground import ground_of
from hovedindgang.policy.queries import in_force
from hovedindgang.scenarios import queries
from hovedindgang.scenarios.documents import applied
from hovedindgang.scenarios.forms import change_form, read_change
from hovedindgang.scenarios.rules import RunState
from hovedindgang.scenarios.tests.planned import done, kept, lilleby, tried


def typed(**fields: str) -> tuple[dict[str, Any] | None, dict[str, str]]:
    data = QueryDict(mutable=True)
    data.update({"service": next(iter(ground_of(in_force().model, lilleby()).services)), **fields})
    form = change_form("move_work", in_force().model, lilleby(), data)
    return read_change(form, data), form.errors


def test_a_service_that_goes_wholly_to_the_department_is_asked_of_borgerservice_no_more(
    policy_in_force: object,
) -> None:
    change, errors = typed(to="department")
    assert not errors
    assert change is not None
    assert set(change) == {"kind", "service", "to"}
    _scenario, run = tried(kept(), change, replications=2, title="Til fagforvaltningen")
    assert done(run).state == RunState.DONE, run.error
    base = queries.as_it_was(run)
    assert base is not None
    now, then = (one.results["figures"]["came:all"]["value"] for one in (base, run))
    assert then < now


def test_who_moves_along_with_the_work_leaves_the_team_that_was_chosen(policy_in_force: object) -> None:
    team = max(lilleby().staff.teams, key=lambda one: one.number)
    change, errors = typed(to="department", people="1", team=team.key)
    assert not errors
    assert change is not None
    assert (change["people"], change["team"]) == (1, team.key)
    _model, then = applied(in_force().model, lilleby(), [change])
    assert {one.key: one.number for one in then.staff.teams}[team.key] == team.number - 1


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"to": "department", "share": "50"}, "change-share"),
        ({"to": "department", "minutes": "2", "saves": "1"}, "change-source"),
        ({"to": "department", "minutes": "2", "saves": "3", "source": "tidsstudie"}, "change-saves"),
        ({"to": "jobcenter"}, "change-to"),
        ({"to": "borgerservice", "minutes": "-2"}, "change-minutes"),
        ({"to": "department", "people": "-1"}, "change-people"),
        ({"to": "department", "people": "1,5"}, "change-people"),
        ({"to": "department", "team": "aabybro"}, "change-people"),
    ],
)
def test_what_was_typed_by_half_is_said_at_its_field(
    fields: dict[str, str], field: str, policy_in_force: object
) -> None:
    change, errors = typed(**fields)
    assert change is None
    assert set(errors) == {field}
