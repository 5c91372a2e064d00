"""The SQL that counts and the plain rules that define give the same, and B never holds where A does not."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from hovedindgang.contacts.models import Contact, Enquiry, EnquiryPerson, OutcomeChange, Signpost, shown_under
from hovedindgang.contacts.rules import (
    ChangeWhy,
    ComeBackReason,
    Direction,
    FollowsHow,
    ForwardKind,
    Outcome,
    SentOnHow,
    WhoAsks,
    WithdrawnWhy,
    WorkedBy,
)
from hovedindgang.insight.facts import matters_of
from hovedindgang.insight.figures import ENQUIRIES_NARROWED, ENQUIRY_FIGURES
from hovedindgang.insight.rules import WINDOWS_BESIDE, Counting, Once, Place, Solved, judge
from hovedindgang.insight.verdicts import parameters, verdicts_sql
from hovedindgang.kernel.clock import DENMARK
from hovedindgang.people.models import Citizen, Employee
from hovedindgang.servicemodel.document import Channel, Level, ServiceKind

FIRST, LAST = dt.date(2026, 3, 1), dt.date(2026, 4, 15)
AS_OF = dt.date(2026, 4, 20)

CHANCE = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


# What an outcome was and became, and how many days after the visit.
changed = some.tuples(
    some.sampled_from(list(Outcome)),
    some.sampled_from([*Outcome, Outcome.OPEN, Outcome.OPEN]),
    some.sampled_from([ChangeWhy.CAME_BACK, ChangeWhy.RETURNED, ChangeWhy.CONCLUDED, ChangeWhy.REOPENED]),
    some.integers(0, 8),
)
# One visit: who, when, and what was raised. Few people, services and days, so that they meet often.
raised = some.fixed_dictionaries(
    {
        "service": some.sampled_from(["boligstoette", "boligstoette_vejledning", "flytning"]),  # the first two are one
        "kind": some.sampled_from(list(ServiceKind)),
        "level": some.sampled_from([Level.ADMINISTER, Level.GUIDE]),
        "outcome": some.sampled_from([*Outcome, Outcome.RESOLVED, Outcome.RESOLVED]),
        "after_days": some.sampled_from([0, 0, 0, 1, 6, 20]),
        "worked_by": some.sampled_from([*WorkedBy, WorkedBy.BORGERSERVICE]),
        "on_the_spot": some.booleans(),
        "assisted": some.sampled_from([False, False, True]),
        "changed_mind": some.booleans(),
        "promised": some.sampled_from([None, 0, 3, 30]),
        "broken": some.sampled_from([False, False, False, True]),
        "preparatory": some.sampled_from([False, False, True]),
        "sent_on": some.sampled_from(["", "", SentOnHow.GO]),
        "wrong": some.sampled_from([None, None, None, 10, 80]),
        "to_authority": some.sampled_from([None, True, True, False]),
        "persons": some.sets(some.integers(0, 2), max_size=2),
        "follows": some.sampled_from([None, None, 1, 1, 2, 3]),
        "how": some.sampled_from(list(FollowsHow)),
        "changes": some.one_of(some.just([]), some.lists(changed, min_size=1, max_size=4)),
    }
)
visit = some.fixed_dictionaries(
    {
        "hour": some.integers(0, 24 * 44),
        "direction": some.sampled_from([Direction.IN, Direction.IN, Direction.IN, Direction.OUT]),
        "who": some.sampled_from([WhoAsks.CITIZEN, WhoAsks.CITIZEN, WhoAsks.HELPER, WhoAsks.COMPANY]),
        "key": some.sampled_from([None, None, b"1" * 32, b"2" * 32]),
        "elsewhere": some.sampled_from([False] * 6 + [True]),
        "unattended": some.sampled_from([False] * 6 + [True]),
        "merged": some.sampled_from([False] * 6 + [True]),
        "raised": some.lists(raised, min_size=1, max_size=3),
    }
)
year = some.lists(visit, min_size=1, max_size=8)


def write(visits: list[dict[str, Any]], owner: Employee, citizens: list[Citizen]) -> None:
    """The visits as rows, oldest first; a link points so many enquiries back."""
    made: list[Enquiry] = []
    stands: Contact | None = None
    for one in sorted(visits, key=lambda each: each["hour"]):
        at = dt.datetime(2026, 3, 1, 0, 30, tzinfo=DENMARK) + dt.timedelta(hours=one["hour"])
        contact = Contact.objects.create(
            direction=one["direction"],
            who_asks=one["who"],
            channel=Channel.IN_PERSON,
            centre_id="aabybro",
            department_id="teknik" if one["elsewhere"] else None,
            repeat_key=one["key"],
            unattended=one["unattended"],
            started_at=at,
            ended_at=at,
            received_on=at.astimezone(DENMARK).date(),
            merged_into=stands if one["merged"] else None,
        )
        if contact.merged_into is None:
            stands = contact
        earlier = list(made)
        for position, said in enumerate(one["raised"], start=1):
            made.append(write_enquiry(contact, position, said, earlier, owner, citizens))


def write_enquiry(
    contact: Contact,
    position: int,
    said: dict[str, Any],
    earlier: list[Enquiry],
    owner: Employee,
    citizens: list[Citizen],
) -> Enquiry:
    outcome, day = said["outcome"], contact.received_on
    follows = earlier[-said["follows"]] if said["follows"] and said["follows"] <= len(earlier) else None
    opened = outcome is Outcome.OPEN
    promised = day + dt.timedelta(days=said["promised"] or 0) if opened or said["promised"] is not None else None
    withdrawn = WithdrawnWhy.CHANGED_MIND if said["changed_mind"] else WithdrawnWhy.GAVE_UP
    row = Enquiry.objects.create(
        contact=contact,
        position=position,
        service_id=said["service"],
        kind=said["kind"],
        level=said["level"],
        received_on=day,
        outcome=outcome,
        outcome_at=None if opened else contact.started_at + dt.timedelta(days=said["after_days"]),
        worked_by=said["worked_by"] if outcome is Outcome.RESOLVED else "",
        on_the_spot=outcome is Outcome.RESOLVED and said["on_the_spot"],
        come_back_reason=ComeBackReason.ID if outcome is Outcome.MUST_COME_BACK else "",
        withdrawn_why=withdrawn if outcome is Outcome.WITHDRAWN else "",
        owner=owner if opened else None,
        promised_on=promised,
        broken_promise_on=day if promised and said["broken"] else None,
        preparatory=said["preparatory"],
        received_assisted=said["assisted"],
        sent_on=said["sent_on"],
        follows=follows,
        follows_how=said["how"] if follows else "",
        found_wrong_on=day + dt.timedelta(days=said["wrong"]) if said["wrong"] else None,
    )
    EnquiryPerson.objects.bulk_create(
        EnquiryPerson(enquiry=row, citizen=citizens[number], **shown_under(contact)) for number in said["persons"]
    )
    if said["to_authority"] is not None:
        place = {"authority_id": "skat"} if said["to_authority"] else {"department_id": "teknik"}
        Signpost.objects.create(enquiry=row, how=ForwardKind.TOLD, at=contact.started_at, **place)
    for was, became, why, days in said["changes"]:
        at = contact.started_at + dt.timedelta(days=days, hours=3)
        OutcomeChange.objects.create(enquiry=row, was=was, became=became, why=why, at=at)
    return row


def counted(counting: Counting, only: str = "TRUE", predicate: str = "TRUE") -> dict[int, dict[str, Any]]:
    with connection.cursor() as cursor:
        judged = verdicts_sql(counting, only=only)
        cursor.execute(f"SELECT * FROM ({judged}) r WHERE {predicate}", parameters(FIRST, LAST, counting))
        names = [column[0] for column in cursor.description]
        return {row[0]: dict(zip(names, row, strict=True)) for row in cursor.fetchall()}


@pytest.mark.usefixtures("cast")
class TestForms:
    @pytest.fixture(autouse=True)
    def _people(self, cast: Any, db: None) -> None:
        self.owner = cast.alice
        self.citizens = [Citizen.objects.create(name=f"Prøve {number}") for number in range(3)]

    @CHANCE
    @given(visits=year, collection_solves=some.booleans())
    def test_what_is_counted_in_sql_is_what_the_rules_say(
        self, visits: list[dict[str, Any]], collection_solves: bool
    ) -> None:
        counting = Counting(as_of=AS_OF, window_days=14, collection_solves=collection_solves)
        sid = transaction.savepoint()
        try:
            write(visits, self.owner, self.citizens)
            rows, matters = counted(counting), matters_of(FIRST, LAST)
            assert set(rows) == {matter.head.id for matter in matters}
            for matter in matters:
                expected, row = judge(matter, counting), rows[matter.head.id]
                assert (row["place"], row["solved"]) == (expected.place, expected.solved), matter
                for word in ("known", "sent_on", "late"):
                    assert bool(row[word]) == getattr(expected, word), (word, matter)
                if expected.place is Place.IN:
                    assert row["once_window"] == expected.once[14], matter
                    for days in WINDOWS_BESIDE:
                        assert row[f"once_{days}_days"] == expected.once[days], matter
        finally:
            transaction.savepoint_rollback(sid)

    @CHANCE
    @given(visits=year)
    def test_solved_at_once_is_always_solved_by_us(self, visits: list[dict[str, Any]]) -> None:
        counting = Counting(as_of=AS_OF)
        sid = transaction.savepoint()
        try:
            write(visits, self.owner, self.citizens)
            for row in counted(counting).values():
                for column in ("once_window", "once_7_days", "once_30_days"):
                    if row[column] in {Once.ON_THE_SPOT, Once.ON_PROMISE}:
                        assert row["place"] == Place.IN
                        assert row["solved"] == Solved.SOLVED
        finally:
            transaction.savepoint_rollback(sid)

    @settings(CHANCE, max_examples=8)
    @given(visits=year)
    def test_what_a_list_does_not_judge_is_not_in_its_figure(self, visits: list[dict[str, Any]]) -> None:
        counting = Counting(as_of=AS_OF)
        sid = transaction.savepoint()
        try:
            write(visits, self.owner, self.citizens)
            for figure, only in ENQUIRIES_NARROWED.items():
                predicate = ENQUIRY_FIGURES[figure]
                assert counted(counting, only, predicate) == counted(counting, predicate=predicate), figure
        finally:
            transaction.savepoint_rollback(sid)
