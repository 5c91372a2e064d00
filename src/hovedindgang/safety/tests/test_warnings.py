"""A warning on a citizen: proposed by one, decided by another, seen by who meets her, and gone on its day."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from hovedindgang.kernel.actors import SYSTEM, employee_actor
from hovedindgang.kernel.models import Event, LookUp
from hovedindgang.people.actions import register_citizen
from hovedindgang.people.closing import say_family
from hovedindgang.people.models import Citizen
from hovedindgang.people.rules import NoAccess
from hovedindgang.safety import actions, queries
from hovedindgang.safety.models import Warning
from hovedindgang.safety.rules import Refused, Told, WarningReason, months_after

pytestmark = pytest.mark.django_db
INVENTED_CPR = "6101901234"
SUMMER = dt.date(2026, 7, 1)


@pytest.fixture
def citizen(cast: SimpleNamespace, clock: Any) -> Citizen:
    return register_citizen(actor=SYSTEM, cpr=INVENTED_CPR, name="Opdigtet Ottosen")


def proposed(cast: SimpleNamespace, citizen: Citizen) -> Warning:
    return actions.propose_warning(
        employee=cast.alice, citizen_id=citizen.pk, reason=WarningReason.THREAT, told=Told.NOT_YET
    )


def decided(cast: SimpleNamespace, citizen: Citizen, valid_to: dt.date = SUMMER) -> Warning:
    row = proposed(cast, citizen)
    return actions.decide_warning(employee=cast.dorthe, warning_id=row.pk, valid_to=valid_to, told=Told.YES)


def seen(cast: SimpleNamespace, citizen: Citizen) -> list[str]:
    return [one.reason for one in queries.warnings_for_meeting(cast.alice, citizen.pk, reason="citizen:1")]


def test_what_alice_proposes_nobody_sees_until_dorthe_has_decided(cast: SimpleNamespace, citizen: Citizen) -> None:
    row = proposed(cast, citizen)
    assert seen(cast, citizen) == []
    for other in (cast.alice, cast.bob, cast.charlie, cast.erik):
        with pytest.raises(NoAccess):
            actions.decide_warning(employee=other, warning_id=row.pk, valid_to=SUMMER, told=Told.YES)
    actions.decide_warning(employee=cast.dorthe, warning_id=row.pk, valid_to=SUMMER, told=Told.YES)
    assert seen(cast, citizen) == ["threat"]


def test_each_sighting_is_written_down(cast: SimpleNamespace, citizen: Citizen) -> None:
    decided(cast, citizen)
    before = LookUp.objects.filter(use="warning", citizen_id=citizen.pk).count()
    seen(cast, citizen)
    seen(cast, citizen)
    assert LookUp.objects.filter(use="warning", citizen_id=citizen.pk).count() == before + 2


def test_a_warning_lasts_no_longer_than_the_model_lets_it(cast: SimpleNamespace, citizen: Citizen) -> None:
    row = proposed(cast, citizen)
    for day, why in ((dt.date(2026, 3, 11), "allerede gået"), (dt.date(2027, 3, 12), "højst 12 måneder")):
        with pytest.raises(Refused, match=why):
            actions.decide_warning(employee=cast.dorthe, warning_id=row.pk, valid_to=day, told=Told.YES)
    last = dt.date(2027, 3, 11)
    actions.decide_warning(employee=cast.dorthe, warning_id=row.pk, valid_to=last, told=Told.YES)
    assert Warning.objects.get().valid_to == last


def test_on_its_day_it_is_gone_from_the_screen_and_from_the_table(
    cast: SimpleNamespace, citizen: Citizen, clock: Any
) -> None:
    decided(cast, citizen)
    clock.stand(dt.datetime(2026, 7, 1, 8, 0, tzinfo=dt.UTC))
    assert seen(cast, citizen) == []
    assert actions.erase_expired_warnings() == 1
    assert not Warning.objects.exists()
    assert actions.erase_expired_warnings() == 0


def test_a_proposal_nobody_decides_in_a_month_is_gone(cast: SimpleNamespace, citizen: Citizen, clock: Any) -> None:
    proposed(cast, citizen)
    clock.go(days=30)
    assert actions.erase_expired_warnings() == 0
    clock.go(days=3)
    assert actions.erase_expired_warnings() == 1


def test_looked_at_again_it_may_stay_or_be_ended_at_once(cast: SimpleNamespace, citizen: Citizen) -> None:
    row = decided(cast, citizen)
    later = dt.date(2026, 9, 1)
    again = actions.decide_warning(employee=cast.dorthe, warning_id=row.pk, valid_to=later, told=Told.YES)
    assert again.valid_to == later
    actions.end_warning(employee=cast.dorthe, warning_id=row.pk)
    assert not Warning.objects.exists()


def test_a_refused_proposal_leaves_nothing_of_her(cast: SimpleNamespace, citizen: Citizen) -> None:
    row = proposed(cast, citizen)
    actions.refuse_warning(employee=cast.dorthe, warning_id=row.pk)
    assert not Warning.objects.exists()
    facts = [event.facts for event in Event.objects.filter(verb__startswith="warning.")]
    assert all("citizen" not in fact for fact in facts)


def test_the_same_warning_is_not_proposed_twice(cast: SimpleNamespace, citizen: Citizen) -> None:
    proposed(cast, citizen)
    with pytest.raises(Refused, match="foreslået eller gælder"):
        proposed(cast, citizen)


@pytest.mark.parametrize("wrong", [{"state": "in_force"}, {"reason": "looks_odd"}, {"told": ""}, {"state": "gone"}])
def test_the_database_itself_takes_no_warning_that_nobody_decided(
    cast: SimpleNamespace, citizen: Citizen, wrong: dict[str, str]
) -> None:
    row = proposed(cast, citizen)
    with pytest.raises(IntegrityError), transaction.atomic():
        Warning.objects.filter(pk=row.pk).update(**wrong)


def test_one_in_force_always_has_its_day(cast: SimpleNamespace, citizen: Citizen) -> None:
    row = decided(cast, citizen)
    with pytest.raises(IntegrityError), transaction.atomic():
        Warning.objects.filter(pk=row.pk).update(valid_to=None)


def test_with_her_record_her_warnings_go(cast: SimpleNamespace, citizen: Citizen) -> None:
    decided(cast, citizen)
    citizen.delete()
    assert not Warning.objects.exists()


def test_a_month_later_is_the_last_day_where_the_month_is_short() -> None:
    assert months_after(dt.date(2026, 1, 31), 1) == dt.date(2026, 2, 28)
    assert months_after(dt.date(2026, 12, 15), 12) == dt.date(2027, 12, 15)
    assert months_after(dt.date(2026, 3, 31), -1) == dt.date(2026, 2, 28)


# ------------------------------------------------------------------------------------------------------------- pages


def test_the_leader_reads_no_names_in_the_list_and_each_page_is_logged(
    cast: SimpleNamespace, citizen: Citizen, client_of: Any
) -> None:
    row, leader = proposed(cast, citizen), client_of(cast.dorthe)
    assert "Ottosen" not in leader.get("/tryghed/advarsler/").content.decode()
    before = LookUp.objects.filter(use="warning").count()
    assert "Ottosen" in leader.get(f"/tryghed/advarsler/{row.pk}/").content.decode()
    assert LookUp.objects.filter(use="warning").count() == before + 1


def test_the_whole_way_by_pages(cast: SimpleNamespace, citizen: Citizen, client_of: Any) -> None:
    alice, leader = client_of(cast.alice), client_of(cast.dorthe)
    propose = f"/tryghed/borger/{citizen.pk}/advarsel/"
    assert alice.post(propose, {"reason": "", "told": "yes"}).status_code == 422
    assert alice.post(propose, {"reason": "violence", "told": "not_yet"}).status_code == 302
    page = f"/tryghed/advarsler/{Warning.objects.get().pk}/"
    assert alice.get(page).status_code == 403
    wrong = leader.post(page, {"step": "decide", "valid_to": "32.13.2026", "told": "yes"})
    assert wrong.status_code == 422
    assert "Skriv datoen" in wrong.content.decode()
    assert leader.post(page, {"step": "decide", "valid_to": "1.7.2026", "told": "yes"}).status_code == 302
    assert seen(cast, citizen) == ["violence"]
    assert leader.post(page, {"step": "end"}).status_code == 302
    assert not Warning.objects.exists()


def test_dorthe_neither_reads_nor_decides_a_warning_on_her_own_family(
    cast: SimpleNamespace, citizen: Citizen, client_of: Any
) -> None:
    row = proposed(cast, citizen)
    say_family(actor=employee_actor(cast.dorthe.pk), employee_id=cast.dorthe.pk, cpr=INVENTED_CPR)
    dorthe = client_of(cast.dorthe)
    page = dorthe.get(f"/tryghed/advarsler/{row.pk}/")
    assert (page.status_code, "Opdigtet Ottosen" in page.content.decode()) == (403, False)
    for step in ("refuse", "end", "decide"):
        form = {"step": step, "valid_to": "2026-07-01", "told": "yes"}
        assert dorthe.post(f"/tryghed/advarsler/{row.pk}/", form).status_code == 403
    assert Warning.objects.get().state == "proposed"
