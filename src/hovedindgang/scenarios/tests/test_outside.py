"""An election or a task that is new is asked for by form, with the range nobody knows it closer than."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.policy.queries import in_force
from hovedindgang.scenarios import actions, queries
from hovedindgang.scenarios.forms import change_form, read_change
from hovedindgang.scenarios.rules import PlanRefused, RunState
from hovedindgang.scenarios.tests.planned import done, kept, lilleby, tried

ELECTION = {
    "name": "Valg",
    "from_day": "06.01.2026",
    "to_day": "09.01.2026",
    "factor": "3",
    "low": "1,5",
    "high": "8",
    "channel": "phone",
}
CARD = {
    "name": "Nyt buskort",
    "from_day": "12.01.2026",
    "contacts": "2600",
    "low": "1300",
    "high": "9000",
    "handle_minutes": "12",
    "channel": "phone",
    "level": "administer",
}


def typed(kind: str, fields: dict[str, str]) -> tuple[dict[str, Any] | None, dict[str, str]]:
    data = QueryDict(mutable=True)
    data.update(fields)
    form = change_form(kind, in_force().model, lilleby(), data)
    return read_change(form, data), form.errors


def test_an_election_by_form_makes_more_calls_and_its_range_makes_nobody_surer(policy_in_force: object) -> None:
    change, errors = typed("shock", ELECTION)
    assert not errors
    assert change == {
        "kind": "shock",
        "name": "Valg",
        "from_day": "2026-01-06",
        "to_day": "2026-01-09",
        "factor": 3.0,
        "low": 1.5,
        "high": 8.0,
        "channels": ["phone"],
    }
    _scenario, run = tried(kept(), change, replications=4, title="Valg i januar")
    assert done(run).state == RunState.DONE, run.error
    base = queries.as_it_was(run)
    assert base is not None
    now, then = (one.results["figures"]["came:phone"] for one in (base, run))
    assert then["value"] > 1.2 * now["value"]
    assert then["high"] - then["low"] > 2 * (now["high"] - now["low"])
    assert base.results["figures"]["came:in_person"]["each"] == run.results["figures"]["came:in_person"]["each"]


def test_a_task_that_is_new_comes_by_form(policy_in_force: object) -> None:
    change, errors = typed("new_service", CARD)
    assert not errors
    assert change is not None
    assert (change["key"], change["channels"]) == ("nyt-buskort", ["phone"])
    _scenario, run = tried(kept(), change, title="Buskort")
    assert done(run).state == RunState.DONE, run.error
    base = queries.as_it_was(run)
    assert base is not None
    assert run.results["figures"]["came:phone"]["value"] > base.results["figures"]["came:phone"]["value"]


@pytest.mark.parametrize(
    ("kind", "fields", "said"),
    [
        ("shock", {"low": "4"}, "Det laveste er højst det, der ventes."),
        ("shock", {"high": "2"}, "Det højeste er mindst det, der ventes."),
        ("shock", {"low": "0"}, "Skriv et tal over 0"),
        ("shock", {"to_day": "05.01.2026"}, "Den sidste dag ligger før den første."),
        ("new_service", {"handle_minutes": "0"}, "Skriv et tal over 0"),
        ("new_service", {"from_day": "snart"}, "Skriv dagen som"),
    ],
)
def test_a_range_that_is_none_is_said_at_its_field(
    policy_in_force: object, kind: str, fields: dict[str, str], said: str
) -> None:
    none, errors = typed(kind, (ELECTION if kind == "shock" else CARD) | fields)
    assert none is None
    assert said in " ".join(errors.values())


def test_an_election_in_another_year_is_refused_and_not_taken_for_nothing(policy_in_force: object) -> None:
    change, _errors = typed("shock", ELECTION | {"from_day": "01.06.2030", "to_day": "09.06.2030"})
    assert change is not None
    scenario = actions.make_scenario(title="Valg", inputs_id=kept().pk, actor=SYSTEM)
    with pytest.raises(PlanRefused, match="uden for den tid, der simuleres"):
        actions.add_change(scenario_id=scenario.pk, change=change, actor=SYSTEM)


def test_the_planner_sees_the_election_in_words_with_its_range(
    cast: SimpleNamespace, client_of: Callable[..., Client]
) -> None:
    kept()
    planner = client_of(cast.erik)
    made = planner.post("/proev/ny/", {"title": "Valg"})
    page = planner.get(f"{made.url}?slags=shock").content.decode()
    assert 'id="change-low"' in page
    misspelt = planner.get(f"{made.url}?slags=shok")
    assert misspelt.status_code == 422
    assert "Den slags ændring findes ikke" in misspelt.content.decode()
    assert planner.post(f"{made.url}aendring/", {"kind": "shock", **ELECTION}).status_code == 302
    page = planner.get(made.url).content.decode()
    assert "Valg: fra 2026-01-06 til 2026-01-09 kommer 3,00 gange så mange (mellem 1,50 og 8,00)" in page
