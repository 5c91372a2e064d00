"""A warning at the desk: before she is met face to face, and nowhere else."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest

from hovedindgang.desk.tests.forms_as_sent import INVENTED_CPR, form, send
from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.kernel.models import LookUp
from hovedindgang.people.actions import register_citizen
from hovedindgang.people.models import Citizen
from hovedindgang.safety.actions import decide_warning, propose_warning
from hovedindgang.safety.rules import Told, WarningReason

pytestmark = pytest.mark.django_db
SAID = "Har truet en medarbejder"


@pytest.fixture
def warned(cast: SimpleNamespace, clock: Any) -> Citizen:
    citizen = register_citizen(actor=SYSTEM, cpr=INVENTED_CPR, name="Opdigtet Ottosen")
    row = propose_warning(employee=cast.alice, citizen_id=citizen.pk, reason=WarningReason.THREAT, told=Told.NOT_YET)
    decide_warning(employee=cast.dorthe, warning_id=row.pk, valid_to=dt.date(2026, 7, 1), told=Told.YES)
    return citizen


def page(cast: SimpleNamespace, client_of: Any, citizen: Citizen, channel: str) -> str:
    sent = form(step="look", asker=str(citizen.pk), channel=channel)
    return send(client_of(cast.alice), sent).content.decode()


def test_alice_sees_it_when_the_citizen_stands_before_her_and_it_is_logged(
    cast: SimpleNamespace, client_of: Any, warned: Citizen
) -> None:
    before = LookUp.objects.filter(use="warning").count()
    assert SAID in page(cast, client_of, warned, "in_person")
    assert LookUp.objects.filter(use="warning", citizen_id=warned.pk).count() == before + 1


@pytest.mark.parametrize("channel", ["phone", "written", "digital"])
def test_on_the_telephone_and_in_writing_nobody_sees_it(
    cast: SimpleNamespace, client_of: Any, warned: Citizen, channel: str
) -> None:
    before = LookUp.objects.filter(use="warning").count()
    assert SAID not in page(cast, client_of, warned, channel)
    assert LookUp.objects.filter(use="warning").count() == before


def test_it_stands_in_no_history(cast: SimpleNamespace, client_of: Any, warned: Citizen) -> None:
    assert SAID not in client_of(cast.alice).get(f"/henvendelser/borger/{warned.pk}/").content.decode()


def test_a_warning_may_be_proposed_of_who_comes_for_the_first_time(
    cast: SimpleNamespace, client_of: Any, clock: Any
) -> None:
    citizen = register_citizen(actor=SYSTEM, cpr=INVENTED_CPR, name="Opdigtet Ottosen")
    sent = form(step="look", asker=str(citizen.pk), identity="id_seen")
    text = send(client_of(cast.alice), sent).content.decode()
    assert "Ingen tidligere henvendelser" in text
    assert f'href="/tryghed/borger/{citizen.pk}/advarsel/"' in text
