"""The busiest statements are parsed and planned once for a connection, where it is a session of the database's own."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from hovedindgang.kernel import statements
from hovedindgang.kernel.statements import often_asked

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
ASKED = "SELECT %s::bigint + 1 AS asked_in_this_test"


def ask(number: int) -> Any:
    with often_asked() as cursor:
        cursor.execute(ASKED, [number])
        return cursor.fetchone()[0]


def prepared() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%%asked_in_this_test%%'")
        return int(cursor.fetchone()[0])


def test_it_is_planned_once_however_often_it_is_asked() -> None:
    assert [ask(number) for number in (1, 2, 3)] == [2, 3, 4]
    assert prepared() == 1


def test_whoever_counts_statements_is_told_of_each_with_its_values() -> None:
    with CaptureQueriesContext(connection) as queries:
        assert [ask(number) for number in (1, 2, 3)] == [2, 3, 4]
    assert [query["sql"].split("::")[0] for query in queries] == ["SELECT 1", "SELECT 2", "SELECT 3"]


def test_behind_a_pooler_nothing_is_prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    connection.ensure_connection()
    before = prepared()
    monkeypatch.setitem(statements._own, connection.connection, False)  # type: ignore[misc]
    assert [ask(number) for number in (1, 2, 3)] == [2, 3, 4]
    assert prepared() == before


@pytest.mark.django_db(transaction=True)
def test_a_database_that_went_away_is_told_as_such_and_not_as_our_mistake() -> None:
    """Django's own error, which every page and call answers with 503."""
    for known in (True, False):
        connection.ensure_connection()
        if known:
            assert ask(1) == 2
        connection.connection.close()
        with pytest.raises(OperationalError):
            ask(1)
        connection.close()


@pytest.mark.parametrize(("answers", "own"), [(4711, True), (4712, False)])
def test_a_pooler_is_known_by_another_number_than_the_session_has(answers: int, own: bool) -> None:
    raw = MagicMock(info=SimpleNamespace(backend_pid=4711))
    raw.cursor.return_value.__enter__.return_value.fetchone.return_value = (answers,)
    assert statements._is_own(raw) is own
