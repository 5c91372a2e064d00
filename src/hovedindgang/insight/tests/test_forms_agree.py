"""The SQL that counts and the plain rules that define give the same, and B never holds where A does not."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Model, Q
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from hovedindgang.contacts.models import (
    Contact,
    Enquiry,
    EnquiryPerson,
    OutcomeChange,
    Signpost,
    WhatRemains,
    shown_under,
)
from hovedindgang.contacts.rules import (
    CONTINUES,
    ChangeWhy,
    ComeBackReason,
    Direction,
    FollowsHow,
    ForwardKind,
    Mistake,
    Outcome,
    SentOnHow,
    WhoAsks,
    WithdrawnWhy,
    WorkedBy,
)
from hovedindgang.insight.counting import look_at_the_tables
from hovedindgang.insight.facts import facts_where, matters_of
from hovedindgang.insight.figures import ENQUIRIES_NARROWED, ENQUIRY_FIGURES
from hovedindgang.insight.rules import (
    WINDOWS_BESIDE,
    Counting,
    EnquiryFacts,
    Matter,
    Once,
    Place,
    Solved,
    judge,
    unanswered_repeat,
)
from hovedindgang.insight.verdicts import parameters, verdicts_sql
from hovedindgang.kernel.clock import DENMARK
from hovedindgang.people.models import Citizen, Employee
from hovedindgang.servicemodel.document import Channel, Level, ServiceKind

FIRST, LAST = dt.date(2026, 3, 1), dt.date(2026, 4, 15)
AS_OF = dt.date(2026, 4, 20)

FIRST_ID = 1_000_000  # of all rows that a test writes
CHANCE = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


# One visit: who, when, and what was raised. Few people, services and days, so that they meet often. The first value of
# each is the usual one.
RAISED: dict[str, list[Any]] = {
    "service": ["boligstoette", "boligstoette_vejledning", "flytning"],  # the first two are one
    "kind": list(ServiceKind),
    "level": [Level.ADMINISTER, Level.GUIDE],
    "outcome": [*Outcome, Outcome.RESOLVED, Outcome.RESOLVED, Outcome.RESOLVED],
    "after_days": [0, 0, 0, 1, 6, 20],
    "worked_by": [*WorkedBy, WorkedBy.BORGERSERVICE],
    "on_the_spot": [True, False],
    "assisted": [False, False, True],
    "changed_mind": [False, True],
    "promised": [30, None, 0, 3],
    "broken": [False, False, False, True],
    "preparatory": [False, False, True],
    "sent_on": ["", "", SentOnHow.GO],
    "wrong": [None, None, None, 10, 80, "today"],
    "to_authority": [None, True, True, False],
    "follows": [None, None, 1, 1, 2, 3],
    "how": list(FollowsHow),
    "remains": [None, None, None, None, None, "known", 3, 30],  # of who is forgotten: known, came again after days
}
VISIT: dict[str, list[Any]] = {
    "hour": list(range(24 * -10, 24 * 49 + 1, 6)),  # from `FIRST`; some come before it, and some after `LAST`
    "direction": [Direction.IN, Direction.IN, Direction.IN, Direction.OUT],
    "who": [WhoAsks.CITIZEN, WhoAsks.CITIZEN, WhoAsks.HELPER, WhoAsks.COMPANY],
    "key": [b"1", None, b"2"],
    "elsewhere": [False] * 6 + [True],
    "unattended": [False] * 6 + [True],
    "merged": [False] * 6 + [True],
    "mistake": [None] * 6 + [Mistake.STRUCK],
}
# What an outcome was and became, and how many days after the visit.
CHANGED: list[list[Any]] = [
    list(Outcome),
    [*Outcome, Outcome.OPEN, Outcome.OPEN],
    [ChangeWhy.CAME_BACK, ChangeWhy.RETURNED, ChangeWhy.CONCLUDED, ChangeWhy.REOPENED],
    list(range(9)),
]
VARIED = {"hour", "outcome", "key"}  # in every year
Visit = dict[str, Any]


def one_of_each(choices: dict[str, list[Any]]) -> dict[str, some.SearchStrategy[Any]]:
    return {name: some.sampled_from(values) for name, values in choices.items()}


changed = some.tuples(*map(some.sampled_from, CHANGED))
raised = some.fixed_dictionaries(
    {
        **one_of_each(RAISED),
        "persons": some.sets(some.integers(0, 2), max_size=2),
        "changes": some.one_of(some.just([]), some.lists(changed, min_size=1, max_size=4)),
    }
)
year = some.lists(
    some.fixed_dictionaries({**one_of_each(VISIT), "raised": some.lists(raised, min_size=1, max_size=3)}),
    min_size=1,
    max_size=8,
)


def drawn_year(chance: Random) -> list[Visit]:
    """Such a year as `year` gives, by chance alone: hundreds of them are written and judged in one go.

    Each year has a few of the possible values only, and of much the usual alone, so that what is rare elsewhere is
    everywhere in some (swarm testing: Groce and others, ISSTA 2012).
    """

    def some_of(name: str, values: list[Any]) -> list[Any]:
        usual = name not in VARIED and chance.random() < 0.7
        return values[:1] if usual else chance.sample(values, chance.randint(1, len(values)))

    visit, matter = ({name: some_of(name, values) for name, values in of.items()} for of in (VISIT, RAISED))
    change = [chance.sample(values, chance.randint(1, len(values))) for values in CHANGED]
    times, persons = chance.choice([[0], [0, 0, 0, 1, 2, 3, 4]]), chance.choice([[0], [0, 1, 2], [1]])

    def drawn(choices: dict[str, list[Any]]) -> Visit:
        return {name: chance.choice(values) for name, values in choices.items()}

    def drawn_matter() -> Visit:
        changes = chance.choice(times)
        return {
            **drawn(matter),
            "persons": set(chance.sample(range(3), chance.choice(persons))),
            "changes": [tuple(map(chance.choice, change)) for _ in range(changes)],
        }

    return [
        {**drawn(visit), "raised": [drawn_matter() for _ in range(chance.choice([1, 1, 2, 3]))]}
        for _ in range(chance.randint(1, 8))
    ]


class Town:
    """Rows to be written. Towns have nobody and nothing in common but the municipality."""

    def __init__(self, owner: Employee) -> None:
        self.owner = owner
        self.citizens: list[Citizen] = []
        self.contacts: list[Contact] = []
        self.enquiries: list[Enquiry] = []
        self.others: dict[type[Model], list[Any]] = {
            each: [] for each in (EnquiryPerson, Signpost, OutcomeChange, WhatRemains)
        }

    def add(self, visits: list[Visit]) -> None:
        """The visits as rows, oldest first; a link points so many enquiries back."""
        own = [Citizen(id=FIRST_ID + len(self.citizens) + number, name=f"Prøve {number}") for number in range(3)]
        town = len(self.citizens)
        self.citizens += own
        made: list[Enquiry] = []
        stands: Contact | None = None
        for one in sorted(visits, key=lambda each: int(each["hour"])):
            at = dt.datetime(2026, 3, 1, 0, 30, tzinfo=DENMARK) + dt.timedelta(hours=one["hour"])
            contact = Contact(
                id=FIRST_ID + len(self.contacts),
                direction=one["direction"],
                who_asks=one["who"],
                channel=Channel.IN_PERSON,
                centre_id="aabybro",
                department_id="teknik" if one["elsewhere"] else None,
                repeat_key=one["key"] and f"{town}-".encode().rjust(31) + one["key"],
                unattended=one["unattended"],
                started_at=at,
                ended_at=at,
                received_on=at.astimezone(DENMARK).date(),
                merged_into=stands if one["merged"] else None,
            )
            if contact.merged_into is None:
                contact.mistake = one["mistake"]
            if contact.merged_into is None and contact.mistake is None:
                stands = contact
            self.contacts.append(contact)
            numbered = enumerate(one["raised"], start=1)
            raised = [self._enquiry(contact, position, said, made, own) for position, said in numbered]
            made += raised if contact.mistake is None else []  # nothing follows what was struck

    def write(self) -> None:
        Citizen.objects.bulk_create(self.citizens)
        Contact.objects.bulk_create(self.contacts)
        Enquiry.objects.bulk_create(self.enquiries)
        for model, rows in self.others.items():
            model._default_manager.bulk_create(rows)

    def _enquiry(
        self, contact: Contact, position: int, said: Visit, earlier: list[Enquiry], citizens: list[Citizen]
    ) -> Enquiry:
        outcome, day = said["outcome"], contact.received_on
        follows = earlier[-said["follows"]] if said["follows"] and said["follows"] <= len(earlier) else None
        opened = outcome is Outcome.OPEN
        promised = day + dt.timedelta(days=said["promised"] or 0) if opened or said["promised"] is not None else None
        withdrawn = WithdrawnWhy.CHANGED_MIND if said["changed_mind"] else WithdrawnWhy.GAVE_UP
        row = Enquiry(
            id=FIRST_ID + len(self.enquiries),
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
            owner=self.owner if opened else None,
            promised_on=promised,
            broken_promise_on=day if promised and said["broken"] else None,
            preparatory=said["preparatory"],
            received_assisted=said["assisted"],
            sent_on=said["sent_on"],
            follows=follows,
            follows_how=said["how"] if follows else "",
            found_wrong_on=AS_OF
            if said["wrong"] == "today"
            else said["wrong"] and day + dt.timedelta(days=said["wrong"]),
        )
        self.enquiries.append(row)
        self.others[EnquiryPerson] += [
            EnquiryPerson(enquiry=row, citizen=citizens[number], **shown_under(contact)) for number in said["persons"]
        ]
        if said["to_authority"] is not None:
            place = {"authority_id": "skat"} if said["to_authority"] else {"department_id": "teknik"}
            self.others[Signpost].append(Signpost(enquiry=row, how=ForwardKind.TOLD, at=contact.started_at, **place))
        for was, became, why, days in said["changes"]:
            at = contact.started_at + dt.timedelta(days=days, hours=3)
            self.others[OutcomeChange].append(OutcomeChange(enquiry=row, was=was, became=became, why=why, at=at))
        if said["remains"]:
            again = day + dt.timedelta(days=said["remains"]) if said["remains"] != "known" else None
            self.others[WhatRemains].append(WhatRemains(enquiry=row, known=True, came_again_on=again))
        return row


def counted(counting: Counting, only: str = "TRUE", predicate: str = "TRUE") -> dict[int, dict[str, Any]]:
    with connection.cursor() as cursor:
        judged = verdicts_sql(counting, only=only)
        cursor.execute(f"SELECT * FROM ({judged}) r WHERE {predicate}", parameters(FIRST, LAST, counting))
        names = [column[0] for column in cursor.description]
        return {row[0]: dict(zip(names, row, strict=True)) for row in cursor.fetchall()}


def all_matters() -> list[Matter]:
    """What `matters_of` gives, asked in a few queries for all of them together."""
    facts = {one.id: one for one in facts_where(Q())}
    links = Enquiry.objects.filter(follows_how__in=CONTINUES).values_list("pk", "follows_id")
    before, after = dict(links), defaultdict[int, list[int]](list)
    for later, earlier in links:
        after[earlier].append(later)
    met: dict[Any, set[int]] = defaultdict(set)
    for one in facts.values():
        for known_by in (*one.persons, *one.repeat_keys):
            met[known_by].add(one.id)

    def earlier_of(one: int) -> list[int]:
        return [before[one], *earlier_of(before[one])] if one in before else []

    def later_of(one: int) -> list[int]:
        return [each for later in after[one] for each in (later, *later_of(later))]

    def matter(head: EnquiryFacts) -> Matter:
        others = set().union(*(met[known_by] for known_by in (*head.persons, *head.repeat_keys))) - {head.id}
        return Matter(
            head,
            earlier=[facts[one] for one in earlier_of(head.id)],
            later=[facts[one] for one in later_of(head.id)],
            unanswered=[facts[one] for one in others if unanswered_repeat(head, facts[one])],
        )

    asked = [one for one in facts.values() if one.direction is Direction.IN and FIRST <= one.received_on <= LAST]
    return [matter(head) for head in asked]


def hold_each_other(counting: Counting, matters: list[Matter]) -> int:
    """Every row in SQL is what the rules say of that matter; how many there were."""
    rows = counted(counting)
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
    return len(matters)


@pytest.mark.usefixtures("cast")
class TestForms:
    @pytest.fixture(autouse=True)
    def _people(self, cast: Any, db: None) -> None:
        self.owner = cast.alice

    @contextmanager
    def written(self, *years: list[Visit]) -> Iterator[None]:
        town, before = Town(self.owner), transaction.savepoint()
        for visits in years:
            town.add(visits)
        try:
            town.write()
            if len(years) > 1:
                look_at_the_tables()  # else PostgreSQL joins hundreds of years as it would a handful
            yield
        finally:
            transaction.savepoint_rollback(before)
            if len(years) > 1:
                look_at_the_tables()

    @CHANCE
    @given(visits=year, collection_solves=some.booleans())
    def test_what_is_counted_in_sql_is_what_the_rules_say(self, visits: list[Visit], collection_solves: bool) -> None:
        with self.written(visits):
            counting = Counting(as_of=AS_OF, window_days=14, collection_solves=collection_solves)
            hold_each_other(counting, matters_of(FIRST, LAST))

    def test_of_eight_hundred_years_at_once_none_is_counted_otherwise(self) -> None:
        chance = Random("years")
        with self.written(*(drawn_year(chance) for _ in range(800))):
            matters = all_matters()
            for solves in (True, False):
                counting = Counting(as_of=AS_OF, window_days=14, collection_solves=solves)
                assert hold_each_other(counting, matters) > 2_500

    @CHANCE
    @given(visits=year)
    def test_solved_at_once_is_always_solved_by_us(self, visits: list[Visit]) -> None:
        with self.written(visits):
            for row in counted(Counting(as_of=AS_OF)).values():
                for column in ("once_window", "once_7_days", "once_30_days"):
                    if row[column] in {Once.ON_THE_SPOT, Once.ON_PROMISE}:
                        assert row["place"] == Place.IN
                        assert row["solved"] == Solved.SOLVED

    @settings(CHANCE, max_examples=8)
    @given(visits=year)
    def test_what_a_list_does_not_judge_is_not_in_its_figure(self, visits: list[Visit]) -> None:
        counting = Counting(as_of=AS_OF)
        with self.written(visits):
            for figure, only in ENQUIRIES_NARROWED.items():
                predicate = ENQUIRY_FIGURES[figure]
                assert counted(counting, only, predicate) == counted(counting, predicate=predicate), figure
