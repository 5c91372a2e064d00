"""Whatever people came for and in whatever order it is forgotten: each matter is judged as it was, by both forms."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from hovedindgang.contacts.actions import forget_contacts
from hovedindgang.contacts.models import Contact, Enquiry, EnquiryPerson, WhatRemains
from hovedindgang.contacts.rules import Outcome, coarsened
from hovedindgang.insight.facts import matters_of
from hovedindgang.insight.remaining import what_remains
from hovedindgang.insight.rules import Counting, judge
from hovedindgang.insight.tests.test_forms_agree import AS_OF, FIRST, LAST, Town, counted, year
from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.kernel.events import Cause
from hovedindgang.privacy.gathering import gather


@pytest.mark.usefixtures("cast")
class TestFigures:
    @pytest.fixture(autouse=True)
    def _people(self, cast: Any, db: None) -> None:
        self.owner = cast.alice

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(visits=year, seed=some.integers(0, 1000), keep=some.sampled_from([0.0, 0.3, 0.6]))
    def test_each_matter_is_judged_as_before(self, visits: list[dict[str, Any]], seed: int, keep: float) -> None:
        countings = [Counting(as_of=AS_OF, window_days=14, collection_solves=solves) for solves in (True, False)]
        sid = transaction.savepoint()
        try:
            town = Town(self.owner)
            town.add(visits)
            town.others[WhatRemains].clear()  # nobody is forgotten yet
            town.write()
            before = self._judged(countings)
            chance = random.Random(seed)
            groups = gather(Contact.objects.values_list("pk", flat=True), AS_OF)
            chance.shuffle(groups)
            for group in groups:
                opened = Enquiry.objects.filter(contact__in=group.contacts, outcome=Outcome.OPEN).exists()
                if not opened and chance.random() >= keep:
                    numbers = group.contacts
                    forget_contacts(
                        actor=SYSTEM,
                        contact_ids=numbers,
                        remains=what_remains(numbers),
                        cause=Cause("retention_run", 1),
                        on=AS_OF,
                    )
                    assert not EnquiryPerson.objects.filter(enquiry__contact__in=numbers).exists()
                    assert not Contact.objects.filter(pk__in=numbers, repeat_key__isnull=False).exists()
            assert self._judged(countings) == before
        finally:
            transaction.savepoint_rollback(sid)

    def _judged(self, countings: list[Counting]) -> list[Any]:
        matters, judged = matters_of(FIRST, LAST), []
        for counting in countings:
            rows = counted(counting)
            for row in rows.values():
                row["started_at"] = row["started_at"].replace(minute=0, second=0)
            judged.append((rows, {one.head.id: judge(one, counting) for one in matters}))
        return judged


@given(some.lists(some.datetimes(dt.datetime(2026, 3, 1), dt.datetime(2026, 3, 2), timezones=some.just(dt.UTC))))
def test_the_minute_is_gone_and_the_order_stays(instants: list[dt.datetime]) -> None:
    found = coarsened(instants)
    ordered = sorted(set(instants))
    assert [found[at] for at in ordered] == sorted({found[at] for at in ordered})
    assert all(found[at].replace(minute=0, second=0) == at.replace(minute=0, second=0, microsecond=0) for at in ordered)


def test_nothing_more_is_kept_of_a_matter_than_two_answers() -> None:
    assert {field.name for field in WhatRemains._meta.fields} == {"enquiry", "known", "came_again_on"}
