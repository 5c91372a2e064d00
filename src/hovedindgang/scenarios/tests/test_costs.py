"""What a trial costs is told with what it is made of, and only what had the same citizens is set beside it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from hovedindgang.planning.axes import decimals_of, round_steps
from hovedindgang.policy.queries import in_force
from hovedindgang.scenarios import pages, queries
from hovedindgang.scenarios.documents import inputs_of
from hovedindgang.scenarios.drawing import _numbers
from hovedindgang.scenarios.forms import change_form, read_change
from hovedindgang.scenarios.pages.tried import offers_of
from hovedindgang.scenarios.tests.planned import done, kept, lilleby, tried
from hovedindgang.scenarios.writing import as_document

BLOKHUS = {
    "kind": "new_place",
    "key": "blokhus",
    "name": "Blokhus",
    "latitude": 57.25,
    "longitude": 9.58,
    "people": 500,
    "weekdays": [1],
    "opens": "10:00",
    "closes": "14:00",
    "number": 1,
}
FEWER = {"kind": "more_staff", "team": "aabybro", "number": -1}


def texts(table: dict[str, Any]) -> dict[str, list[str]]:
    return {str(row[0]): [str(cell) for cell in row[1:]] for row in table["rows"]}


def test_a_branch_that_is_cheaper_because_fewer_hours_are_paid_says_so(
    cast: SimpleNamespace, client_of: Callable[..., Client]
) -> None:
    _scenario, run = tried(kept(), BLOKHUS, FEWER, title="Filial i Blokhus")
    done(run)
    base = queries.as_it_was(run)
    assert base is not None
    hours, rooms = pages.cost_words(base, run)
    assert "timer færre om året: lønnen falder, fordi nogen arbejder mindre" in hours
    assert "Aabybro −" in hours
    assert "Blokhus +" in hours
    assert rooms.startswith("Steder bliver 200.000 kr. dyrere om året (nyt: Blokhus).")
    assert "er antaget" in rooms
    table = texts(pages.cost_table(base, [run]))
    assert table["Sted: Blokhus"] == ["ingen udgift: ikke i brug", "200.000 kr. (100.000–400.000) som filial"]
    figures = run.results["figures"]
    assert figures["total_kr"]["value"] == pytest.approx(figures["kr"]["value"] + figures["places_kr"]["value"])
    page = client_of(cast.erik).get(f"/proev/koersel/{run.pk}/").content.decode()
    assert "lønnen falder, fordi nogen arbejder mindre" in page
    assert "mindre, bedre" not in page.split('id="figures"')[1].split("Løn om året, med fravær")[1].split("</tr>")[0]
    compared = client_of(cast.erik).get(f"/proev/sammenlign/?run={run.pk}").content.decode()
    assert "Steder bliver 200.000 kr. dyrere om året" in compared


def test_a_closed_counter_is_saved_as_a_room(policy_in_force: object) -> None:
    _scenario, run = tried(kept(), {"kind": "close_centre", "centre": "pandrup", "staff_to": "aabybro"})
    done(run)
    base = queries.as_it_was(run)
    assert base is not None
    hours, rooms = pages.cost_words(base, run)
    assert "lige så mange timer" in hours
    assert "billigere om året (opgivet: Pandrup)" in rooms


def test_what_a_place_costs_is_among_what_is_not_known_and_is_kept_with_the_inputs(policy_in_force: object) -> None:
    labels = [row["label"] for row in pages.unsure_rows(lilleby(), in_force().model)]
    assert "Hvad et sted koster om året, uden løn (kr.): filial" in labels
    text = as_document(lilleby()).replace("value = 200000.0, low = 100000.0", "value = 150000.0, low = 100000.0")
    assert inputs_of(text).places.fixed_kr["branch"].value == 150_000


# --------------------------------------------------------------------------------------------------------- frontier


def test_only_runs_with_the_same_citizens_are_on_the_chart(policy_in_force: object) -> None:
    document = kept()
    _one, two = tried(document, title="To gentagelser")
    _other, three = tried(document, title="Tre gentagelser", replications=3)
    done(two)
    done(three)
    assert {offer.title for offer in offers_of(queries.done_on(two))} == {"Som det er nu", "To gentagelser"}
    assert {offer.title for offer in offers_of(queries.done_on(three))} == {"Som det er nu", "Tre gentagelser"}
    told = pages.frontier_of(queries.done_on(two))
    assert "chart-whisker" in told["drawing"]
    assert any("–" in str(row[3]) for row in told["rows"]), "the wait is shown with its interval"


def test_a_run_whose_queue_grows_without_end_is_left_out_and_named(policy_in_force: object) -> None:
    _scenario, run = tried(kept())
    done(run)
    run.results["growing"] = [{"where": "in_person:pandrup", "a_day": 3.0}]
    told = pages.frontier_of([run])
    assert told["rows"] == []
    assert told["left_out"] == [run.title]


@given(st.floats(0, 1e8), st.floats(1, 1e8))
def test_an_axis_has_round_numbers_and_writes_them_as_they_are(low: float, width: float) -> None:
    steps = round_steps(low, low + width, 5)
    assert 1 <= len(steps) <= 6
    apart = {round(b - a, 6) for a, b in pairwise(steps)}
    assert len(apart) <= 1 or max(apart) - min(apart) < 1e-6 * max(apart)
    for step in apart:
        assert float(f"{step / 1e6:.{decimals_of(step / 1e6)}f}") == pytest.approx(step / 1e6, rel=1e-5)


@given(st.lists(st.tuples(st.floats(60, 700), st.floats(20, 240)), max_size=6))
def test_no_number_on_the_chart_stands_on_another(points: list[tuple[float, float]]) -> None:
    labels = _numbers(points)
    for at, (x, y) in enumerate(labels):
        assert all(abs(x - a) > 10 or abs(y - b) > 12 for a, b in labels[:at])


# ---------------------------------------------------------------------------------------------------- forms and words


def typed(kind: str, **fields: str) -> tuple[dict[str, Any] | None, dict[str, str]]:
    data = QueryDict(mutable=True)
    data.update(fields)
    form = change_form(kind, in_force().model, lilleby(), data)
    return read_change(form, data), form.errors


def test_two_more_who_can_all_are_asked_for_in_the_form(policy_in_force: object) -> None:
    change, errors = typed("more_staff", team="pandrup", number="2", generalist_share="100")
    assert not errors
    assert change == {"kind": "more_staff", "team": "pandrup", "number": 2, "generalist_share": 1.0}
    _none, errors = typed("more_staff", team="pandrup", number="-1", generalist_share="100")
    assert "Det gælder dem, der kommer" in " ".join(errors.values())


def test_competence_by_a_day_is_asked_for_in_the_form_and_simulated(policy_in_force: object) -> None:
    change, errors = typed("generalists", share="90", team="", by="12.01.2026")
    assert not errors
    assert change == {"kind": "generalists", "share": 0.9, "by": "2026-01-12"}
    _scenario, run = tried(kept(), change, title="Kompetencer fra uge to")
    assert done(run).results["figures"]["hours:own"]["value"] > 0
    assert pages.changes_words(run) == ["Generalister i mindst 90 % af opgaverne: alle, fra 12.01.2026."]
    _none, errors = typed("generalists", share="90", team="", by="i sommer")
    assert "Skriv dagen som" in " ".join(errors.values())


def test_a_place_is_not_closed_with_its_employees_moving_to_itself(policy_in_force: object) -> None:
    _none, errors = typed("close_centre", centre="pandrup", staff_to="pandrup")
    assert "andet sted" in " ".join(errors.values())


def test_numbers_are_called_by_the_names_people_know(policy_in_force: object) -> None:
    model = in_force().model
    assert pages.place_label("work.results.refer.comes_back", model) == (
        "Hvad der kommer ud af henvendelsen: henvises videre, skal komme igen"
    )
    assert pages.place_label("demand.catchment.pandrup", model).endswith(": Pandrup")
    assert pages.place_label("work.handle_minutes.phone:pas", model).endswith(
        f": Telefon, {model.services['pas'].name}"
    )
    with translation.override("en"):
        assert "refer" not in pages.place_label("work.results.refer.comes_back", model).split(": ")[1].split(", ")
