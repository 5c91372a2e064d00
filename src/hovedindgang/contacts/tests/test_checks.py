"""What PostgreSQL checks of a contact and its matters is said shortly, and holds what was said at length."""

from __future__ import annotations

from importlib import import_module
from itertools import product

import pytest
from django.db import connection
from django.db.models import CheckConstraint, Model

from hovedindgang.contacts.models import Contact, Enquiry

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
said_shortly = import_module("hovedindgang.contacts.migrations.0024_checks_said_shortly").said_shortly

LISTED = "CHECK (((a)::text = ANY ((ARRAY['open'::character varying, 'resolved'::character varying])::text[])))"
OR_EMPTY = (
    "CHECK ((((a)::text = ANY ((ARRAY['open'::character varying, 'resolved'::character varying])::text[])) OR "
    "((a)::text = ''::text)))"
)
EITHER = """CHECK (((((a)::text = 'open'::text) OR ((b)::text = ''::text)) AND (1 = (
CASE
    WHEN ((a)::text = 'open'::text) THEN 1
    ELSE 0
END +
CASE
    WHEN ((b)::text = ''::text) THEN 1
    ELSE 0
END))))"""


@pytest.mark.parametrize("check", [LISTED, OR_EMPTY, EITHER])
def test_a_check_said_shortly_refuses_what_it_refused_at_length(check: str) -> None:
    short = said_shortly(check)
    assert len(short) < len(check)
    with connection.cursor() as cursor:
        for a, b in product(["", "open", "resolved", "nonsense"], ["", "why"]):
            row = "(VALUES (%s::varchar, %s::varchar)) AS row (a, b)"
            cursor.execute(f"SELECT {check[6:]}, {short[6:]} FROM {row}", [a, b])
            at_length, shortly = cursor.fetchone()
            assert at_length is shortly, (a, b, short)


def test_another_check_stays_as_it_is() -> None:
    check = "CHECK (((mistake IS NULL) OR (merged_into_id IS NULL)))"
    assert said_shortly(check) == check


@pytest.mark.parametrize("table", [Contact, Enquiry])
def test_every_check_of_the_model_stands_in_the_database_and_is_short(table: type[Model]) -> None:
    """Else each registration pays for reading it; a new check of that kind belongs in a migration as 0024."""
    with connection.cursor() as cursor:
        cursor.execute(import_module(said_shortly.__module__).CHECKS, [table._meta.db_table])
        stands = dict(cursor.fetchall())
    named = {one.name for one in table._meta.constraints if isinstance(one, CheckConstraint)}
    assert named <= stands.keys()
    assert not [name for name, check in stands.items() if said_shortly(check) != check]
