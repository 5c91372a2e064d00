"""What every room's tests may stand on: a small policy in force, the named cast, and a browser for each of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import NOT_PROVIDED, Model
from django.test import Client

from hovedindgang.governance.actions import adopt_model
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.kernel.models import Event
from hovedindgang.people.models import Employee, StaffSession
from hovedindgang.people.sessions import SessionStore
from hovedindgang.people.step_up import PROVEN_AT
from hovedindgang.policy import actions as policy_actions
from hovedindgang.policy.actions import save_draft
from hovedindgang.policy.models import ModelVersion
from hovedindgang.policy.queries import InForce, forget_adopted_versions, in_force
from hovedindgang.servicemodel.document import ServiceModel
from hovedindgang.servicemodel.loading import loads

SMALL = Path(__file__).parent / "policy" / "tests" / "small.toml"


def small_model(**replaced: str) -> str:
    """The small model's text; `replaced` are pairs old="..." new="..." that must occur in it."""
    text = SMALL.read_text(encoding="utf-8")
    if replaced:
        assert replaced["old"] in text, f"the small model does not say {replaced['old']!r}"
        text = text.replace(replaced["old"], replaced["new"])
    return text


def small_model_of_2025() -> str:
    """The version before: the goal was 75 %, and Pandrup was open one hour longer on Thursdays."""
    text = small_model(old="value = 80", new="value = 75").replace("80 % ", "75 % ")
    text = text.replace("10:00-16:00", "10:00-17:00").replace("valid_from = 2026-01-01", "valid_from = 2025-01-01")
    return text.replace("decided_on = 2025-12-01", "decided_on = 2024-12-01")


def adopt(text: str, day: dt.date) -> None:
    """The model in `text` is adopted from that day."""
    with patch.object(policy_actions, "loads", _read_before):
        draft = save_draft(text=text, includes={}, title="small.toml", actor=SYSTEM)
        adopt_model(
            version_id=draft.pk, valid_from=day, decided_on=None, body="Lilleby Byråd", actor=SYSTEM, backdated=True
        )


def _read_before(text: str, *, name: str, includes: Mapping[str, str]) -> ServiceModel:
    assert not includes
    return _read(text, name)


@cache
def _read(text: str, name: str) -> ServiceModel:
    """Reading and judging the same text again for every test was half of the time they took."""
    return loads(text, name=name)


@pytest.fixture
def policy_in_force(db: None) -> InForce:
    """The small model adopted from 2026-01-01, and the one before it from 2025-01-01.

    The deeds do it once in each process; after that the rows which they wrote are written again, as if they did.
    """
    if Event.objects.exists() or ModelVersion.objects.exists():
        adopt_both()  # where something was done before, it is done after that
    elif not _ADOPTED:
        _ADOPTED.extend(rows_written_by(adopt_both))
    else:
        for rows in _ADOPTED:
            rows.write()
        forget_adopted_versions()
    return in_force(dt.date(2026, 3, 11))


def adopt_both() -> None:
    adopt(small_model_of_2025(), dt.date(2025, 1, 1))
    adopt(small_model(), dt.date(2026, 1, 1))


@dataclass(frozen=True)
class _Rows:
    """What lies in one table. What was the present instant is the present one again, and so is the database's."""

    sql: str
    values: list[Any]
    instants: list[int]  # the places of values that are the present instant

    def write(self) -> None:
        for place in self.instants:
            self.values[place] = connection.ops.adapt_datetimefield_value(clock.now())
        with connection.cursor() as cursor:
            cursor.execute(self.sql, self.values)


_ADOPTED: list[_Rows] = []


def rows_written_by(deed: Callable[[], None]) -> list[_Rows]:
    """Every row that the deed writes, in whatever table; those it writes in must be empty before."""
    tables = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    before = {model: model._base_manager.count() for model in tables}
    with clock.standing_at(clock.now()):
        deed()
        written = [model for model in tables if model._base_manager.count() != before[model]]
        assert not any(before[model] for model in written)
        return [_rows_of(model, clock.now()) for model in written]


def _rows_of(model: type[Model], at: dt.datetime) -> _Rows:
    fields = [field for field in model._meta.concrete_fields if field.db_default is NOT_PROVIDED]
    kept = list(model._base_manager.order_by("pk"))
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for row in kept for field in fields]
    instants = [place for place, one in enumerate(getattr(row, f.attname) for row in kept for f in fields) if one == at]
    names = ", ".join(connection.ops.quote_name(field.column) for field in fields if field.column)
    row = f"({', '.join(['%s'] * len(fields))})"
    sql = (
        f"INSERT INTO {connection.ops.quote_name(model._meta.db_table)} ({names}) VALUES {', '.join([row] * len(kept))}"
    )
    return _Rows(sql, values, instants)


@pytest.fixture
def cast(policy_in_force: InForce) -> SimpleNamespace:
    """Alice and Bob at the counters, Charlie and Hanne in departments, Dorthe leads, Erik plans, Frida edits.

    Gorm lets people in and out. Each one's password is "the word of" and the user name.
    """

    def person(username: str, **fields: object) -> Employee:
        name = username.capitalize()
        return Employee.objects.create_user(username, f"the word of {username}", name=name, **fields)

    return SimpleNamespace(
        alice=person("alice", is_employee=True, centre_id="aabybro", favourites=["pas", "koerekort", "flytning"]),
        bob=person("bob", is_employee=True, centre_id="pandrup"),
        charlie=person("charlie", is_caseworker=True, department_id="jobcenter"),
        dorthe=person("dorthe", is_leader=True, centre_id="aabybro"),
        erik=person("erik", is_planner=True),
        frida=person("frida", is_editor=True),
        gorm=person("gorm", is_administrator=True),
        hanne=person("hanne", is_caseworker=True, department_id="teknik"),
    )


def prove_for_tests(client: Client) -> None:
    """Her session says that she has just proven that it is her."""
    session = client.session
    session[PROVEN_AT] = clock.now().timestamp()
    session.save()


def prove_everywhere_for_tests(employee: Employee) -> None:
    """The same of every browser in which she is signed in."""
    for row in StaffSession.objects.filter(employee=employee):
        session = SessionStore(row.session_key)
        session[PROVEN_AT] = clock.now().timestamp()
        session.save()


@pytest.fixture
def client_of() -> Callable[..., Client]:
    """A browser in which the employee is signed in: `client_of(cast.alice).get(...)`.

    `proven`: she has just shown once more that it is her (`people.step_up`).
    """

    def signed_in(employee: Employee, *, proven: bool = False) -> Client:
        client = Client()
        client.force_login(employee)
        if proven:
            prove_for_tests(client)
        return client

    return signed_in
