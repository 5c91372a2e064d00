"""Which version the work of a day obeys."""

from __future__ import annotations

import datetime as dt

import pytest

from hovedindgang.conftest import small_model
from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.kernel.models import Event
from hovedindgang.kernel.requests import one_request
from hovedindgang.policy.actions import record_adoption, save_draft
from hovedindgang.policy.queries import InForce, NoPolicyInForce, in_force


def test_each_day_obeys_the_version_that_was_in_force_on_it(policy_in_force: InForce) -> None:
    goals = [in_force(day).model.goals["in_house"] for day in (dt.date(2025, 12, 31), dt.date(2026, 1, 1))]
    assert [goal.target_percent.value for goal in goals if goal.target_percent] == [75, 80]


@pytest.mark.django_db
def test_before_the_first_adoption_a_day_has_no_policy_and_is_told_so() -> None:
    with pytest.raises(NoPolicyInForce, match="Ingen servicemodel gælder"):
        in_force(dt.date(2020, 1, 1))


def test_a_request_asks_the_database_once_however_many_days_it_asks_about(
    policy_in_force: InForce, django_assert_num_queries
) -> None:
    with one_request(), django_assert_num_queries(1):
        for month in range(1, 13):
            in_force(dt.date(2026, month, 1))


def test_a_version_adopted_within_a_request_is_in_force_in_the_rest_of_it(policy_in_force: InForce, clock) -> None:
    with one_request():
        before = in_force(dt.date(2026, 3, 11))
        draft = save_draft(text=small_model(old="value = 80", new="value = 85"), includes={}, title="x", actor=SYSTEM)
        record_adoption(version_id=draft.pk, valid_from=dt.date(2026, 3, 11), decided_on=None, body="", actor=SYSTEM)
        assert in_force(dt.date(2026, 3, 11)).version_id == draft.pk != before.version_id


def test_an_adoption_leaves_its_event(policy_in_force: InForce) -> None:
    verbs = list(Event.objects.order_by("id").values_list("verb", flat=True))
    assert verbs == ["version.drafted", "version.adopted", "model.adopted"] * 2
