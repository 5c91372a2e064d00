"""Work explains a look-up by itself; what nothing explains stands out."""

from __future__ import annotations

import datetime as dt
import uuid
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from hovedindgang.contacts.actions import (
    NewEnquiry,
    accept_handover,
    answer_handover,
    state_reason,
    take_back_contact,
)
from hovedindgang.contacts.rules import Outcome
from hovedindgang.contacts.tests.desk import handed_over, register
from hovedindgang.kernel import clock as house_clock
from hovedindgang.kernel.clock import DENMARK
from hovedindgang.kernel.models import LookUp
from hovedindgang.oversight.judging import NO_DAYS, days_to_judge, judge_day
from hovedindgang.oversight.models import JudgedDay, LookUpsOfDay, NoticedLookUp
from hovedindgang.oversight.rules import Limits, Why, at_night
from hovedindgang.oversight.tests.looking import OPEN, citizen, forms_that_are_open, look, why_of

pytestmark = pytest.mark.django_db


def sums() -> dict[str, int]:
    return {row.why: row.number for row in LookUpsOfDay.objects.all()}


def test_a_look_up_that_no_work_explains_stands_out(cast: SimpleNamespace, clock: Any) -> None:
    assert why_of(look(cast.alice, citizen())) is Why.NONE


def test_a_contact_explains_who_had_it_and_nobody_else(cast: SimpleNamespace, clock: Any) -> None:
    ottosen = citizen()
    register(cast.alice, asker=ottosen.pk)
    clock.go(days=3)
    assert why_of(look(cast.alice, ottosen)) is None
    assert why_of(look(cast.bob, ottosen)) is Why.NONE


def test_a_contact_explains_a_look_up_of_someone_it_was_about(cast: SimpleNamespace, clock: Any) -> None:
    mother, child = citizen(1), citizen(2)
    register(cast.alice, NewEnquiry(service="pas", for_whom=(child.pk,)), asker=mother.pk)
    assert why_of(look(cast.alice, child)) is None


def test_a_contact_that_was_taken_back_explains_nothing(cast: SimpleNamespace, clock: Any) -> None:
    mother, child = citizen(1), citizen(2)
    receipt = register(cast.alice, NewEnquiry(service="pas", for_whom=(child.pk,)), asker=mother.pk)
    seen = [look(cast.alice, mother), look(cast.alice, child)]
    assert [why_of(one) for one in seen] == [None, None]
    take_back_contact(employee=cast.alice, contact_id=receipt.contact_id)
    assert [why_of(one) for one in seen] == [Why.NONE, Why.NONE]


def test_the_contact_that_comes_after_explains_what_was_looked_up_before_it(cast: SimpleNamespace, clock: Any) -> None:
    ottosen = citizen()
    seen = look(cast.alice, ottosen)
    assert why_of(seen) is Why.NONE
    clock.go(days=1)
    register(cast.alice, asker=ottosen.pk)
    assert why_of(seen) is None


@pytest.mark.parametrize(("days", "explained"), [(13, True), (15, False)])
def test_a_contact_of_long_ago_explains_nothing(cast: SimpleNamespace, clock: Any, days: int, explained: bool) -> None:
    ottosen = citizen()
    began = house_clock.now()
    receipt = register(cast.alice, asker=ottosen.pk)
    _as_if_registered(receipt.contact_id, began)
    clock.go(days=days)
    assert (why_of(look(cast.alice, ottosen)) is None) is explained


def _as_if_registered(contact_id: int, at: dt.datetime) -> None:
    """The database's own clock does not stand where the test's does."""
    from hovedindgang.contacts.models import Contact

    Contact.objects.filter(pk=contact_id).update(registered_at=at)


def test_an_open_matter_explains_its_owner(cast: SimpleNamespace, clock: Any) -> None:
    ottosen = citizen()
    began = house_clock.now()
    later = house_clock.today() + dt.timedelta(days=60)
    receipt = register(cast.alice, NewEnquiry(service="pas", outcome=Outcome.OPEN, promised_on=later), asker=ottosen.pk)
    _as_if_registered(receipt.contact_id, began)
    clock.go(days=40)
    assert why_of(look(cast.alice, ottosen)) is None
    assert sums()[Why.OPEN_MATTER] == 1
    assert why_of(look(cast.bob, ottosen)) is Why.NONE


def test_a_handover_explains_the_department_and_for_a_while_after_it_is_closed(
    cast: SimpleNamespace, clock: Any
) -> None:
    ottosen = citizen()
    handover = handed_over(cast.alice, to="teknik", asker=ottosen.pk)
    assert why_of(look(cast.hanne, ottosen, use="contact")) is None
    assert why_of(look(cast.charlie, ottosen, use="contact")) is Why.NONE  # of another department
    accept_handover(employee=cast.hanne, handover_id=handover.pk)
    answer_handover(employee=cast.hanne, handover_id=handover.pk, answer="Carporten må bygges")
    clock.go(days=30)
    assert why_of(look(cast.hanne, ottosen, use="contact")) is Why.NONE


def test_a_form_that_is_not_saved_yet_explains_until_it_is_thrown_out(
    cast: SimpleNamespace, clock: Any, settings: Any
) -> None:
    form, settings.OPEN_FORMS = uuid.uuid4(), f"{forms_that_are_open.__module__}.{forms_that_are_open.__name__}"
    hers = look(cast.alice, citizen(), use="desk", reason=f"form:{form}")
    his = look(cast.bob, citizen(), use="desk", reason=f"form:{form}")
    OPEN.add((cast.alice.pk, form))
    assert (why_of(hers), why_of(his)) == (None, Why.NONE)  # it is not his
    OPEN.clear()
    assert why_of(hers) is Why.NONE


def test_those_shown_beside_the_one_who_was_served_are_explained_by_the_same_search(
    cast: SimpleNamespace, clock: Any
) -> None:
    ottosen, other, request = citizen(1), citizen(2), uuid.uuid4()
    shown = [look(cast.alice, one, use="desk", request=request) for one in (ottosen, other)]
    assert [why_of(one) for one in shown] == [Why.NONE, Why.NONE]
    register(cast.alice, asker=ottosen.pk)
    assert [why_of(one) for one in shown] == [None, None]


def test_a_search_that_found_nobody_and_a_list_the_house_made_do_not_stand_out(
    cast: SimpleNamespace, clock: Any
) -> None:
    assert why_of(look(cast.alice, None, use="desk")) is None
    assert why_of(look(cast.alice, citizen(), use="work_list")) is None
    assert sums() == {Why.NOBODY: 1, Why.WORK_LIST: 1}


def test_her_own_words_are_shown_and_explain_nothing(cast: SimpleNamespace, clock: Any) -> None:
    ottosen = citizen()
    state_reason(employee=cast.alice, citizen_id=ottosen.pk, code="to_answer", text="Brev fra i går")
    assert why_of(look(cast.alice, ottosen)) is Why.STATED
    assert why_of(look(cast.bob, ottosen)) is Why.NONE


def test_a_look_up_at_night_is_noticed_though_work_explains_it(cast: SimpleNamespace, clock: Any) -> None:
    ottosen = citizen()
    register(cast.alice, asker=ottosen.pk)
    clock.stand(dt.datetime(2026, 3, 11, 23, 30, tzinfo=DENMARK))
    assert why_of(look(cast.alice, ottosen)) is Why.CONTACT
    assert NoticedLookUp.objects.get().night


def test_a_surname_in_common_is_noticed_where_few_bear_it(cast: SimpleNamespace, clock: Any) -> None:
    type(cast.alice).objects.filter(pk=cast.alice.pk).update(name="Alice Sjælden")
    seen = look(cast.alice, citizen(1, "Bo Sjælden"))
    other = look(cast.alice, citizen(2, "Bo Ottosen"))
    assert (why_of(seen), why_of(other)) == (Why.NONE, Why.NONE)
    assert set(NoticedLookUp.objects.filter(same_surname=True).values_list("look_up", flat=True)) == {seen.pk}


def test_a_common_surname_says_nothing(cast: SimpleNamespace, clock: Any) -> None:
    type(cast.alice).objects.filter(pk=cast.alice.pk).update(name="Alice Jensen")
    jensens = [citizen(number, "Bo Jensen") for number in range(1, Limits().common_surname + 1)]
    why_of(look(cast.alice, jensens[0]))
    assert not NoticedLookUp.objects.get().same_surname


def test_a_day_is_judged_again_until_no_contact_to_come_can_explain_it(cast: SimpleNamespace, clock: Any) -> None:
    ottosen, day = citizen(), house_clock.today()
    seen = look(cast.alice, ottosen)
    for _later in range(4):
        assert day in days_to_judge(house_clock.today())
        judge_day(day)
        assert not JudgedDay.objects.get(day=day).settled
        clock.go(days=1)
    judge_day(day)
    assert JudgedDay.objects.get(day=day).settled
    assert day not in days_to_judge(house_clock.today())
    receipt = register(cast.alice, asker=ottosen.pk)
    _as_if_registered(receipt.contact_id, seen.at)
    judge_day(day)  # what is settled stands
    assert NoticedLookUp.objects.get().look_up == seen.pk


def test_a_log_that_is_older_than_the_room_is_judged_three_months_back(cast: SimpleNamespace, clock: Any) -> None:
    look(cast.alice, citizen())
    clock.go(days=200)
    days = list(days_to_judge(house_clock.today()))
    assert (len(days), days[-1]) == (NO_DAYS + 1, house_clock.today())


def test_judging_twice_counts_once(cast: SimpleNamespace, clock: Any) -> None:
    seen = look(cast.alice, citizen())
    assert [why_of(seen), why_of(seen)] == [Why.NONE, Why.NONE]
    assert sums() == {Why.NONE: 1}


def test_what_another_system_reads_is_no_employees_look_up(cast: SimpleNamespace, clock: Any) -> None:
    LookUp.objects.create(
        at=house_clock.now(),
        actor_kind="client",
        actor_id=1,
        citizen_id=1,
        use="api",
        reason="x",
        request_id=uuid.uuid4(),
    )
    judge_day(house_clock.today())
    assert sums() == {}


def test_a_day_is_judged_by_few_questions_however_many_look_ups(cast: SimpleNamespace, clock: Any) -> None:
    ottosen = citizen()
    for _one in range(40):
        look(cast.alice, ottosen)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        judge_day(house_clock.today())
    assert len(asked) <= 18


@given(hour=st.integers(0, 23), start=st.integers(0, 23), end=st.integers(0, 23))
def test_the_night_is_the_hours_between_its_two_ends(hour: int, start: int, end: int) -> None:
    limits = Limits(night_from_hour=start, night_to_hour=end)
    hours, at = set(), start
    while at != end:
        hours.add(at)
        at = (at + 1) % 24
    noon = dt.datetime(2026, 3, 11, hour, 30, tzinfo=DENMARK)
    assert at_night(noon, limits) is (hour in hours)


# ------------------------------------------------------------------------------------- she is asked before she sees


def test_whoever_has_no_work_with_a_citizen_says_why_before_anything_is_shown(
    cast: SimpleNamespace, client_of: Any, clock: Any
) -> None:
    ottosen = citizen()
    browser: Client = client_of(cast.alice)
    page = browser.get(f"/henvendelser/borger/{ottosen.pk}/")
    assert "Ottosen" not in page.content.decode()
    assert not LookUp.objects.exists()
    refused = browser.post(
        f"/henvendelser/borger/{ottosen.pk}/grund/", {"code": "other", "text": "Hun er 610190-1001, spurgte hun"}
    )
    assert refused.status_code == 422
    assert "spurgte hun" in refused.content.decode()
    said = {"code": "to_answer", "text": "Hun har skrevet"}
    shown = browser.post(f"/henvendelser/borger/{ottosen.pk}/grund/", said, follow=True)
    assert "Ottosen" in shown.content.decode()
    assert LookUp.objects.get().reason.startswith("statement:")
    assert "Ottosen" in browser.get(f"/henvendelser/borger/{ottosen.pk}/").content.decode()  # the rest of the day


def test_whoever_had_her_contact_is_not_asked(cast: SimpleNamespace, client_of: Any, clock: Any) -> None:
    ottosen = citizen()
    number = register(cast.alice, asker=ottosen.pk).contact_id
    assert "Ottosen" in client_of(cast.alice).get(f"/henvendelser/borger/{ottosen.pk}/").content.decode()
    assert LookUp.objects.filter(use="history").get().reason == f"contact:{number}"
