"""What nearly every test begins with is written as rows and not by deeds: it must be what the deeds leave."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.db.models import NOT_PROVIDED

from hovedindgang.conftest import adopt_both, rows_written_by
from hovedindgang.policy.queries import forget_adopted_versions, in_force


def left_by(write: Callable[[], Any]) -> dict[str, list[dict[str, Any]]]:
    """Every row of the house after it, but for what the database's own clock says; then none of it is there."""
    with transaction.atomic():
        write()
        left = {}
        for model in apps.get_models(include_auto_created=True):
            said = [field.attname for field in model._meta.concrete_fields if field.db_default is NOT_PROVIDED]
            left[model._meta.label] = list(model._base_manager.order_by("pk").values(*said))
        transaction.set_rollback(True)
    return left


@pytest.mark.django_db
def test_the_rows_are_those_that_an_adoption_leaves_at_whatever_time_it_is(clock: Any) -> None:
    rows: list[Any] = []
    adopted = left_by(lambda: rows.extend(rows_written_by(adopt_both)))
    assert adopted["policy.ModelVersion"]
    assert len(adopted["kernel.Event"]) == 6
    assert left_by(lambda: [one.write() for one in rows]) == adopted
    before = adopted["kernel.Event"][0]["happened_at"]
    clock.go(hours=3)
    later = left_by(lambda: [one.write() for one in rows])
    assert {event["happened_at"] for event in later["kernel.Event"]} == {before + dt.timedelta(hours=3)}


@pytest.mark.django_db
def test_what_is_adopted_is_in_force_however_often_it_was_before(policy_in_force: Any) -> None:
    forget_adopted_versions()
    assert in_force(dt.date(2026, 3, 11)) == policy_in_force
    assert in_force(dt.date(2025, 3, 11)).version_id != policy_in_force.version_id
