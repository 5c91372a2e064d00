"""When an account has been in wrong hands, the municipality can say whom it concerns."""

from __future__ import annotations

import datetime as dt
import json
import uuid

import pytest
from click.testing import CliRunner

from hovedindgang.contacts.actions import NewEnquiry
from hovedindgang.insight.tests.desk import Desk
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import Actor, ActorKind, employee_actor
from hovedindgang.kernel.lookups import log_look_up
from hovedindgang.kernel.models import LookUp
from hovedindgang.people.models import Client as System
from hovedindgang.privacy.breaches import exposed
from hovedindgang.privacy.commands import breach
from hovedindgang.privacy.rules import PrivacyRefused

TODAY = dt.datetime.now(dt.UTC).date()
PERIOD = {"first": TODAY - dt.timedelta(days=1), "last": TODAY + dt.timedelta(days=1)}


def test_whom_one_account_has_seen_is_listed_with_how_and_when_and_nobody_else(desk: Desk) -> None:
    hers, other = desk.citizen(), desk.citizen()
    desk.comes(hers, NewEnquiry(service="pas"))
    log_look_up(actor=employee_actor(desk.cast.alice.pk), citizen_ids=[hers.pk], use="history", reason="x")
    desk.comes(other, NewEnquiry(service="pas"), employee=desk.cast.bob)
    (one,) = exposed(**PERIOD, scope="employee", who="alice")
    assert (one.citizen_id, one.uses, one.times) == (hers.pk, ("history", "registration"), 2)
    assert one.first_at <= one.last_at
    assert {each.citizen_id for each in exposed(**PERIOD)} == {hers.pk, other.pk}
    assert [each.citizen_id for each in exposed(**PERIOD, scope="centre", who="pandrup")] == [other.pk]
    early = TODAY - dt.timedelta(days=9)
    assert list(exposed(first=early, last=early)) == []


def test_a_system_with_the_row_number_of_an_employee_has_not_seen_what_she_saw(desk: Desk) -> None:
    hers, theirs, taken_out = desk.citizen(), desk.citizen(), desk.citizen()
    system = System.objects.create(id=desk.cast.alice.pk, name="Jobnet", token_hash=b"1" * 32, scopes=["history:read"])
    log_look_up(actor=employee_actor(system.pk), citizen_ids=[hers.pk], use="history", reason="x")
    log_look_up(actor=Actor(ActorKind.CLIENT, system.pk), citizen_ids=[theirs.pk], use="api", reason="x")
    log_look_up(actor=employee_actor(desk.cast.bob.pk), citizen_ids=[taken_out.pk], use="export", reason="x")

    def seen(**where: str) -> list[int]:
        return [one.citizen_id for one in exposed(**PERIOD, **where)]

    assert seen(scope="employee", who="alice") == [hers.pk]
    assert seen(scope="client", who="Jobnet") == [theirs.pk]
    assert seen(scope="export") == [taken_out.pk]


def test_from_the_first_day_to_the_last_are_both_whole_days_in_denmark(desk: Desk) -> None:
    first, last = dt.date(2026, 7, 1), dt.date(2026, 7, 3)
    instants = [(30, 23, 59), (1, 0, 0), (2, 9, 0), (3, 23, 59), (4, 0, 0)]
    her = desk.citizen()
    for use, (day, hour, minute) in zip("edcba", instants, strict=True):
        month = 6 if day == 30 else 7
        at = dt.datetime(2026, month, day, hour, minute, tzinfo=clock.DENMARK)
        LookUp.objects.create(
            at=at, actor_kind="system", use=use, reason="x", citizen_id=her.pk, request_id=uuid.uuid4()
        )
    (one,) = exposed(first=first, last=last)
    assert (one.uses, one.times) == (("b", "c", "d"), 3)
    assert one.first_at == dt.datetime(2026, 7, 1, tzinfo=clock.DENMARK)
    assert one.last_at == dt.datetime(2026, 7, 3, 23, 59, tzinfo=clock.DENMARK)


def test_a_name_nobody_has_is_told(desk: Desk) -> None:
    with pytest.raises(PrivacyRefused):
        list(exposed(**PERIOD, scope="client", who="Ukendt"))


def test_the_command_gives_numbers_and_no_names(desk: Desk) -> None:
    desk.comes(desk.citizen(), NewEnquiry(service="pas"))
    said = ["list", "--from", str(PERIOD["first"]), "--to", str(PERIOD["last"])]
    done = CliRunner().invoke(breach, said)
    assert done.exit_code == 0
    assert "registration;1;" in done.stdout
    assert "Prøve" not in done.output
    assert json.loads(CliRunner().invoke(breach, [*said, "--json"]).stdout)[0]["times"] == 1
    assert CliRunner().invoke(breach, [*said, "--employee", "ingen"]).exit_code == 1
    assert CliRunner().invoke(breach, [*said, "--employee", "a", "--centre", "b"]).exit_code == 2
