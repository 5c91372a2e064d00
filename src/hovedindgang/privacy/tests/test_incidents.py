"""A breach is noted, and the 72 hours run until Datatilsynet has been told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from hovedindgang.contacts.actions import NewEnquiry
from hovedindgang.insight.tests.desk import Desk
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.kernel.models import Event, Log, LookUp
from hovedindgang.kernel.months import MayNotDrop, drop_month
from hovedindgang.people.rules import NoAccess
from hovedindgang.people.step_up import PROVEN_AT
from hovedindgang.privacy import incidents as deeds
from hovedindgang.privacy.models import Breach
from hovedindgang.privacy.rules import PrivacyRefused
from hovedindgang.privacy.tests.test_breaches import PERIOD

ClientOf = Callable[..., Client]
DONE = {"risk": "high", "measures": "Kontoen er lukket"}


def looked_up_long_ago() -> str:
    """A look-up of last summer, whose month may be dropped by now; gives the month."""
    LookUp.objects.create(
        at=dt.datetime(2023, 7, 10, 9, tzinfo=dt.UTC), actor_kind="system", use="test", reason="test",
        request_id="12345678-1234-5678-1234-567812345678",
    )  # fmt: skip
    return "2023-07"


@pytest.mark.parametrize(
    ("first_on", "last_on", "stays"),
    [
        (dt.date(2023, 7, 1), dt.date(2023, 7, 1), True),
        (dt.date(2023, 1, 1), dt.date(2024, 1, 1), True),
        (dt.date(2023, 8, 1), dt.date(2023, 8, 9), True),  # the night before it is July's, by UTC
        (dt.date(2023, 8, 2), dt.date(2023, 8, 9), False),
        (dt.date(2023, 6, 1), dt.date(2023, 6, 30), False),
    ],
)
def test_the_look_ups_of_a_breach_are_not_dropped_before_it_is_closed(
    desk: Desk, first_on: dt.date, last_on: dt.date, stays: bool
) -> None:
    month = looked_up_long_ago()
    breach = noted(desk, first_on=first_on, last_on=last_on)
    if stays:
        with pytest.raises(MayNotDrop) as refused:
            drop_month(actor=SYSTEM, log=Log.LOOK_UPS, month=month)
        assert refused.value.why == "breach"
        deeds.assess_breach(employee=desk.cast.dorthe, breach_id=breach.pk, risk="none", measures="Ingen så noget")
        deeds.close_breach(employee=desk.cast.dorthe, breach_id=breach.pk)
    drop_month(actor=SYSTEM, log=Log.LOOK_UPS, month=month)


def test_a_breach_found_after_the_month_was_dropped_says_that_its_list_is_not_whole(
    desk: Desk, client_of: ClientOf
) -> None:
    drop_month(actor=SYSTEM, log=Log.LOOK_UPS, month=looked_up_long_ago())
    breach = noted(desk, first_on=dt.date(2023, 6, 15), last_on=dt.date(2023, 8, 15))
    dorthe = client_of(desk.cast.dorthe)
    assert "opslagene er glemt for juli 2023." in dorthe.get(f"/databeskyttelse/brud/{breach.pk}/").content.decode()
    whole = noted(desk)
    assert "Listen er ikke hel" not in dorthe.get(f"/databeskyttelse/brud/{whole.pk}/").content.decode()


def said(**other: Any) -> deeds.NewBreach:
    known: dict[str, Any] = {
        "discovered_at": clock.now(),
        "scope": "employee",
        "who": "alice",
        "first_on": PERIOD["first"],
        "last_on": PERIOD["last"],
        "kinds": ["cpr", "notes"],
        "what": "En adgangskode er lækket",
    }
    return deeds.NewBreach(**{**known, **other})


def noted(desk: Desk, **other: Any) -> Breach:
    return deeds.note_breach(employee=desk.cast.dorthe, said=said(**other))


def test_it_is_closed_when_assessed_notified_and_told_and_not_before(desk: Desk) -> None:
    breach = noted(desk)
    who = {"employee": desk.cast.dorthe, "breach_id": breach.pk}
    with pytest.raises(PrivacyRefused, match="Vurdér"):
        deeds.close_breach(**who)
    deeds.assess_breach(**who, **DONE)
    with pytest.raises(PrivacyRefused, match="Datatilsynet"):
        deeds.close_breach(**who)
    deeds.breach_notified(**who)
    with pytest.raises(PrivacyRefused, match="Fortæl"):
        deeds.close_breach(**who)
    with pytest.raises(IntegrityError), transaction.atomic():
        Breach.objects.update(closed_at=clock.now(), closed_by=desk.cast.dorthe)
    deeds.citizens_told(**who)
    deeds.close_breach(**who)
    with pytest.raises(PrivacyRefused, match="lukket"):
        deeds.citizens_told(**who)
    verbs = list(Event.objects.filter(subject_kind="breach").order_by("pk").values_list("verb", flat=True))
    assert verbs == [f"breach.{word}" for word in ("noted", "assessed", "notified", "told", "closed")]
    assert "lækket" not in str(list(Event.objects.values_list("facts", flat=True)))


def test_what_is_no_risk_is_noted_and_told_to_nobody(desk: Desk) -> None:
    breach = noted(desk)
    who = {"employee": desk.cast.dorthe, "breach_id": breach.pk}
    assert deeds.must_notify(breach)
    deeds.assess_breach(**who, risk="none", measures="Brevet kom tilbage uåbnet")
    assert not deeds.must_notify(Breach.objects.get(pk=breach.pk))
    assert deeds.close_breach(**who).notified_at is None


def test_where_the_law_asks_for_no_letters_the_reason_stands_in_their_place(desk: Desk) -> None:
    breach = noted(desk)
    who = {"employee": desk.cast.dorthe, "breach_id": breach.pk}
    deeds.assess_breach(**who, **DONE)
    deeds.breach_notified(**who)
    with pytest.raises(PrivacyRefused):
        deeds.citizens_told(**who, not_told_why="?")
    why = deeds.citizens_told(**who, not_told_why="stopped")
    assert (why.told_at, why.not_told_why) == (None, "stopped")
    assert deeds.close_breach(**who).closed_at is not None


def test_the_breach_whose_hours_run_out_first_stands_first_and_the_closed_ones_last(desk: Desk) -> None:
    hours_ago = [2, 50, 20, 1]
    found = [noted(desk, discovered_at=clock.now() - dt.timedelta(hours=hours)) for hours in hours_ago]
    for over in (found[1], found[3]):
        who = {"employee": desk.cast.dorthe, "breach_id": over.pk}
        deeds.assess_breach(**who, risk="none", measures="Ingen så noget")
        deeds.close_breach(**who)
    assert [one.pk for one in deeds.breaches()] == [found[number].pk for number in (2, 0, 3, 1)]


def test_after_72_hours_the_delay_needs_a_reason(desk: Desk) -> None:
    early = noted(desk)
    late = noted(desk, discovered_at=clock.now() - dt.timedelta(hours=72, seconds=1))
    assert deeds.must_notify(early)
    deeds.breach_notified(employee=desk.cast.gorm, breach_id=early.pk)
    assert not deeds.must_notify(Breach.objects.get(pk=early.pk))
    with pytest.raises(PrivacyRefused, match="72 timer"):
        deeds.breach_notified(employee=desk.cast.gorm, breach_id=late.pk)
    deeds.breach_notified(employee=desk.cast.gorm, breach_id=late.pk, late_why="Det blev først klart i dag")
    with pytest.raises(IntegrityError), transaction.atomic():
        Breach.objects.filter(pk=late.pk).update(late_why="")


@pytest.mark.parametrize(
    "wrong",
    [
        {"discovered_at": None},
        {"scope": "?"},
        {"who": ""},
        {"who": "ingen"},
        {"scope": "everything"},
        {"kinds": []},
        {"kinds": ["x"]},
        {"what": " "},
        {"what": "Se 610190-0001"},
        {"last_on": dt.date(2020, 1, 1)},
    ],
)
def test_what_is_not_known_is_asked_for(desk: Desk, wrong: dict[str, Any]) -> None:
    with pytest.raises(PrivacyRefused):
        noted(desk, **wrong)
    assert not Breach.objects.exists()


def test_the_leader_takes_the_list_out_when_she_has_proven_who_she_is_and_it_is_logged(
    desk: Desk, client_of: ClientOf
) -> None:
    her = desk.citizen()
    desk.comes(her, NewEnquiry(service="pas"))
    browser = client_of(desk.cast.dorthe)
    form = {
        "discovered_at": "2026-01-05T08:00",
        "scope": "employee",
        "who": "alice",
        "what": "Lækket",
        "kinds": ["cpr"],
    }
    wrong = browser.post("/databeskyttelse/brud/", {**form, "first_on": "i går"})
    assert wrong.status_code == 422
    assert "i går" in wrong.content.decode()
    period = {"first_on": str(PERIOD["first"]), "last_on": str(PERIOD["last"])}
    page = browser.post("/databeskyttelse/brud/", {**form, **period})["Location"]
    assert "timer over de 72" in browser.get(page).content.decode()
    assert browser.post(f"{page}hent/").status_code == 401
    session = browser.session
    session[PROVEN_AT] = clock.now().timestamp()
    session.save()
    given = browser.post(f"{page}hent/").content.decode()
    assert f"{her.pk};registration;1;" in given
    assert Event.objects.get(verb="breach.exported").facts == {"citizens": 1}
    assert browser.post(f"{page}vurder/", {"risk": "", "measures": "x"}).status_code == 422
    browser.post(f"{page}vurder/", {"risk": "none", "measures": "Ingen har brugt den"})
    browser.post(f"{page}luk/")
    assert "Lukket" in browser.get(page).content.decode()


def test_nobody_at_the_counter_sees_breaches(desk: Desk, client_of: ClientOf) -> None:
    breach = noted(desk)
    assert client_of(desk.cast.alice).get(f"/databeskyttelse/brud/{breach.pk}/").status_code == 403
    with pytest.raises(NoAccess):
        deeds.close_breach(employee=desk.cast.alice, breach_id=breach.pk)
