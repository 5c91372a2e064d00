"""Complaints in figures: by kind, place and service, never of few and never of an employee."""

from __future__ import annotations

import csv
import datetime as dt
import io
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from hovedindgang.people.rules import NoAccess
from hovedindgang.surveys import actions, queries
from hovedindgang.surveys.actions import Ending, NewFeedback
from hovedindgang.surveys.models import Feedback
from hovedindgang.surveys.rules import Dated, Kind, Outcome, figure

TODAY = dt.date(2026, 3, 11)
days = some.integers(0, 60).map(lambda n: TODAY - dt.timedelta(days=n))


@some.composite
def dated(draw: Any) -> Dated:
    received = draw(days)
    promised = draw(some.none() | some.integers(0, 40).map(lambda n: received + dt.timedelta(days=n)))
    closed = draw(
        some.none() | some.integers(0, (TODAY - received).days).map(lambda n: received + dt.timedelta(days=n))
    )
    kind = draw(some.sampled_from(Kind))
    return Dated(kind, "aabybro", "", received, promised, closed)


@given(rows=some.lists(dated(), max_size=30), smallest=some.integers(1, 8))
def test_no_median_and_no_share_is_of_fewer_than_may_be_shown(rows: list[Dated], smallest: int) -> None:
    found = figure(rows, today=TODAY, smallest=smallest)
    assert found.number == len(rows)
    if found.median_days is not None:
        spent = sorted((row.closed_on - row.received_on).days for row in rows if row.closed_on)
        assert len(spent) >= smallest
        assert spent[0] <= found.median_days <= spent[-1]
    if found.share_in_time is not None:
        assert 0 <= found.share_in_time <= 1


@given(rows=some.lists(dated(), min_size=5, max_size=20))
def test_one_that_is_late_never_makes_the_share_better_before_it_is_answered(rows: list[Dated]) -> None:
    late = Dated(Kind.SERVICE, "aabybro", "", TODAY - dt.timedelta(days=9), TODAY - dt.timedelta(days=1), None)
    before = figure(rows, today=TODAY, smallest=1).share_in_time
    after = figure([*rows, late], today=TODAY, smallest=1).share_in_time
    assert after is not None
    assert before is None or after <= before


@pytest.fixture
def many(cast: SimpleNamespace, clock: Any) -> None:
    """Seven complaints in Aabybro, five in Pandrup, one about no place; and two of praise."""
    about = [{"centre": "aabybro"}] * 7 + [{"centre": "pandrup"}] * 5 + [{"service": "pas"}]
    said = [(Kind.SERVICE, place) for place in about] + [(Kind.PRAISE, {"centre": "aabybro"})] * 2
    for kind, place in said:
        actions.register_feedback(
            employee=cast.alice, said=NewFeedback(kind=kind, text="For lang kø", received_on=TODAY, **place)
        )


@pytest.mark.django_db
def test_a_group_under_five_is_hidden_and_not_worked_out_from_the_others(cast: SimpleNamespace, many: None) -> None:
    figures = queries.figures(cast.dorthe, first=TODAY, last=TODAY)
    shown = {line.key: line.figure and line.figure.number for line in figures.by_centre}
    assert shown == {"aabybro": 7, "pandrup": None, "": None}
    kinds = {line.key: line.figure and line.figure.number for line in figures.by_kind}
    assert kinds == {"service": None, "conduct": 0, "decision": 0, "praise": None, "idea": 0}


@pytest.mark.django_db
def test_the_file_says_what_the_page_says_and_hides_the_same(cast: SimpleNamespace, many: None, client_of: Any) -> None:
    answer = client_of(cast.dorthe).get(f"/klager/tal.csv?from={TODAY}&to={TODAY}")
    assert answer["Content-Type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    places = {row[1]: row[2] for row in rows if row[0] == "Klager efter sted"}
    assert places == {"Aabybro": "7", "Pandrup": "", "Intet bestemt": ""}
    page = client_of(cast.dorthe).get(f"/klager/tal/?from={TODAY}&to={TODAY}").content.decode()
    assert ">7<" in page
    assert ">5<" not in page
    assert "Alice" not in page.split("<main")[1]


@pytest.mark.django_db
def test_only_a_leader_sees_the_figures(cast: SimpleNamespace, many: None, client_of: Any) -> None:
    for other in (cast.alice, cast.charlie, cast.erik):
        assert client_of(other).get("/klager/tal/").status_code == 403
        assert client_of(other).get("/klager/tal.csv").status_code == 403
    with pytest.raises(NoAccess):
        queries.figures(cast.alice, first=TODAY, last=TODAY)


@pytest.mark.django_db
def test_a_period_that_cannot_be_says_so_and_keeps_what_was_typed(cast: SimpleNamespace, client_of: Any) -> None:
    for typed in ("from=2026-03-11&to=2026-03-01", "from=31.2.2026"):
        answer = client_of(cast.dorthe).get(f"/klager/tal/?{typed}")
        assert answer.status_code == 422
        assert typed.split("&")[0].split("=")[1] in answer.content.decode()
        assert client_of(cast.dorthe).get(f"/klager/tal.csv?{typed}").status_code == 302


@pytest.mark.django_db
def test_the_lists_take_no_more_queries_for_many_than_for_one(
    cast: SimpleNamespace, many: None, client_of: Any, django_assert_max_num_queries: Any
) -> None:
    client = client_of(cast.dorthe)
    client.get("/klager/")
    with django_assert_max_num_queries(9):
        client.get("/klager/")
    assert Feedback.objects.count() == 15


@pytest.mark.django_db
def test_what_is_open_and_due_soonest_stands_first_and_what_has_no_day_last(
    cast: SimpleNamespace, many: None, clock: Any
) -> None:
    first = Feedback.objects.order_by("pk").first()
    assert first is not None
    actions.close_feedback(employee=cast.dorthe, feedback_id=first.pk, ending=Ending(outcome=Outcome.WITHDRAWN))
    found = queries.listed(cast.dorthe, queries.Asked())
    assert [row.kind for row in found.mine[-2:]] == ["praise", "praise"]
    assert [row.kind for row in found.rows[-3:]] == ["praise", "praise", "service"]
    assert found.rows[-1] == first
