"""When an account has been in wrong hands, the municipality can say whom it concerns."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from click.testing import CliRunner

from hovedindgang.contacts.actions import NewEnquiry
from hovedindgang.insight.tests.desk import Desk
from hovedindgang.kernel.actors import employee_actor
from hovedindgang.kernel.lookups import log_look_up
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
