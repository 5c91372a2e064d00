"""Incidents: what happened to us, apart from every citizen, read by the leader and by who was there."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from hovedindgang.people.models import Citizen, Employee
from hovedindgang.people.rules import NoAccess
from hovedindgang.safety import actions, queries
from hovedindgang.safety.models import Incident
from hovedindgang.safety.rules import IncidentKind, Notice, Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident(cast: SimpleNamespace, clock: Any) -> Incident:
    return actions.report_incident(
        employee=cast.alice,
        kind=IncidentKind.THREAT,
        happened_at=dt.datetime(2026, 3, 11, 8, 0, tzinfo=dt.UTC),
        what_happened="En borger råbte og slog i skranken",
    )


def test_it_is_read_by_the_leader_and_who_was_there_and_nobody_else(
    cast: SimpleNamespace, incident: Incident, client_of: Any
) -> None:
    page = f"/tryghed/haendelser/{incident.pk}/"
    assert client_of(cast.alice).get(page).status_code == 200
    assert client_of(cast.dorthe).get(page).status_code == 200
    for other in (cast.bob, cast.charlie, cast.erik):
        assert client_of(other).get(page).status_code == 403
    incident.present.add(cast.bob)
    assert client_of(cast.bob).get(page).status_code == 200


def test_nothing_in_it_leads_to_a_citizen(incident: Incident, cast: SimpleNamespace) -> None:
    assert Citizen not in {field.related_model for field in Incident._meta.get_fields()}
    with pytest.raises(Refused, match="intet CPR-nummer"):
        actions.report_incident(
            employee=cast.alice,
            kind=IncidentKind.OTHER,
            happened_at=incident.happened_at,
            what_happened="Det var 610190-1234",
        )


def test_whether_arbejdstilsynet_has_had_notice_stands_with_its_day(cast: SimpleNamespace, incident: Incident) -> None:
    said: dict[str, Any] = {
        "employee": cast.dorthe,
        "incident_id": incident.pk,
        "follow_up": "Talt om",
        "absence": True,
    }
    with pytest.raises(Refused, match="Skriv dagen"):
        actions.follow_incident_up(**said, notice=Notice.GIVEN, notice_given_on=None)
    with pytest.raises(Refused, match="fremtiden"):
        actions.follow_incident_up(**said, notice=Notice.GIVEN, notice_given_on=dt.date(2026, 3, 12))
    actions.follow_incident_up(**said, notice=Notice.GIVEN, notice_given_on=dt.date(2026, 3, 11))
    incident.refresh_from_db()
    assert (incident.notice, incident.notice_given_on) == ("given", dt.date(2026, 3, 11))
    with pytest.raises(IntegrityError), transaction.atomic():
        Incident.objects.filter(pk=incident.pk).update(notice_given_on=None)


def test_the_leader_counts_them_and_others_do_not(cast: SimpleNamespace, incident: Incident) -> None:
    (one,) = queries.counted(cast.dorthe, since=dt.date(2026, 1, 1))
    assert (one.kind, one.number) == ("threat", 1)
    assert queries.counted(cast.dorthe, since=dt.date(2026, 3, 12)) == []
    with pytest.raises(NoAccess):
        queries.counted(cast.alice, since=dt.date(2026, 1, 1))


def test_what_was_typed_stays_where_something_is_missing(cast: SimpleNamespace, client_of: Any, clock: Any) -> None:
    answer = client_of(cast.alice).post(
        "/tryghed/haendelser/", {"kind": "threat", "on": "11.3.2026", "at": "25.99", "what_happened": "Han råbte"}
    )
    assert answer.status_code == 422
    assert "Skriv klokkeslættet" in answer.content.decode()
    assert "Han råbte" in answer.content.decode()
    sent = {"kind": "threat", "on": "11.3.2026", "at": "9.30", "what_happened": "Han råbte", "present": [cast.bob.pk]}
    assert client_of(cast.alice).post("/tryghed/haendelser/", sent).status_code == 302
    assert set(Incident.objects.get().present.all()) == {cast.alice, cast.bob}


def test_all_that_is_missing_is_said_at_once_and_a_day_is_a_day(
    cast: SimpleNamespace, incident: Incident, client_of: Any
) -> None:
    """The page lists incidents as `rows`, which once made a text of many lines of every field."""
    alice = client_of(cast.alice)
    page = alice.get("/tryghed/haendelser/").content.decode()
    assert page.count("<textarea") == 1
    assert 'name="on" type="date"' in page
    refused = alice.post("/tryghed/haendelser/", {"on": "", "kind": "", "what_happened": " ", "at": "25.99"})
    assert refused.status_code == 422
    assert {name for name, _text in refused.context["summary"]} == {"kind", "on", "at", "what_happened"}
    ahead = alice.post(
        "/tryghed/haendelser/",
        {"on": "2099-01-01", "kind": "threat", "what_happened": "En borger råbte", "at": "10.30"},
    )
    assert [name for name, _text in ahead.context["summary"]] == ["at"]  # the field that stands on the page


def test_two_who_are_called_the_same_are_told_apart_where_one_is_chosen(cast: SimpleNamespace, client_of: Any) -> None:
    Employee.objects.create_user("bob2", "the word of bob2", name=cast.bob.name, is_employee=True)
    page = client_of(cast.alice).get("/tryghed/haendelser/").content.decode()
    assert f"<span>{cast.bob.name} (bob)</span>" in page
    assert f"<span>{cast.bob.name} (bob2)</span>" in page
    assert f"<span>{cast.charlie.name}" not in page  # a caseworker was not there
    page = client_of(cast.alice).get("/klager/ny/").content.decode()
    assert f"{cast.bob.name} (bob2)</option>" in page
    assert f"{cast.charlie.name}</option>" in page
