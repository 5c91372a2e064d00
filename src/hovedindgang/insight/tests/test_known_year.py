"""A year of invented registrations whose truth is known by construction, and what the board says of it.

The truth is hidden from the board where it is hidden in life: visits nobody registered, citizens nobody asked the
name of, and daughters who ring instead. The board's figures must be exactly what was registered, and where they
differ from the truth they must say by how much they can.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

import pytest

from hovedindgang.contacts.models import Contact, Enquiry, EnquiryPerson, shown_under
from hovedindgang.contacts.rules import FollowsHow, Outcome, WhoAsks, WorkedBy
from hovedindgang.insight.actions import recompute_days
from hovedindgang.insight.periods import Period
from hovedindgang.insight.queries import board
from hovedindgang.insight.shown import Board
from hovedindgang.insight.tests.desk import Desk
from hovedindgang.kernel.clock import DENMARK
from hovedindgang.people.models import Citizen
from hovedindgang.registers.models import ImportedFile, RecordedContact
from hovedindgang.registers.rules import FileKind, RecordKind, Result
from hovedindgang.servicemodel.document import Channel, Level, ServiceKind

FIRST, DAYS = dt.date(2025, 1, 1), 365
PER_DAY = 6
SEED = 2026


@dataclass(slots=True)
class Visit:
    """One matter as it was, whether or not anybody wrote it down."""

    at: dt.datetime
    solved: bool  # by Borgerservice
    came_again: bool  # she had to come again about it
    registered: bool
    known: bool
    daughter: bool  # the second visit was made by another, for her
    linked: bool  # the employee asked, and said what it followed


def year() -> Iterator[Visit]:
    """A true A of about four in five; those who come again are a tenth of the solved."""
    chance = Random(SEED)
    for number in range(DAYS * PER_DAY):
        day = FIRST + dt.timedelta(days=number % DAYS)
        solved = chance.random() < 0.8
        yield Visit(
            at=dt.datetime.combine(day, dt.time(10, number // DAYS * 10), tzinfo=DENMARK),
            solved=solved,
            came_again=solved and chance.random() < 0.1,
            registered=chance.random() < 0.94,
            known=chance.random() < 0.6,
            daughter=chance.random() < 0.3,
            linked=chance.random() < 0.5,
        )


def write(visits: list[Visit], owner: int) -> None:
    """Every true visit stands in the queue system's file; the registered ones in ours."""
    file = ImportedFile.objects.create(
        name="frontdesk.csv",
        sha256="0" * 64,
        kind=FileKind.FRONTDESK,
        system="frontdesk",
        read=len(visits),
        added=len(visits),
        refused=0,
        first_at=visits[0].at,
        last_at=visits[-1].at,
        zone="Europe/Copenhagen",
    )
    RecordedContact.objects.bulk_create(
        RecordedContact(
            file=file,
            system="frontdesk",
            external_id=str(number),
            kind=RecordKind.TICKET,
            channel=Channel.IN_PERSON,
            centre_id="aabybro",
            came_at=at,
            result=Result.ANSWERED,
        )
        for number, at in enumerate(at for visit in visits for at in _arrivals(visit))
    )
    citizens = Citizen.objects.bulk_create(Citizen(name="Opdigtet") for visit in visits if visit.registered)
    firsts = _rows([visit for visit in visits if visit.registered], citizens, owner)
    seconds = [(visit, row) for visit, row in firsts if visit.came_again]
    for visit, row in seconds:
        _second(visit, row, owner)


def _arrivals(visit: Visit) -> list[dt.datetime]:
    return [visit.at, visit.at + dt.timedelta(days=4)] if visit.came_again else [visit.at]


def _contact(at: dt.datetime, owner: int, who: WhoAsks = WhoAsks.CITIZEN) -> Contact:
    return Contact(
        channel=Channel.IN_PERSON,
        centre_id="aabybro",
        who_asks=who,
        employee_id=owner,
        started_at=at,
        ended_at=at,
        received_on=at.date(),
    )


def _enquiry(contact: Contact, solved: bool, owner: int) -> Enquiry:
    return Enquiry(
        contact=contact,
        service_id="pas",
        kind=ServiceKind.TRANSACTION,
        level=Level.ADMINISTER,
        received_on=contact.received_on,
        outcome=Outcome.RESOLVED,
        outcome_at=contact.ended_at,
        outcome_by_id=owner,
        worked_by=WorkedBy.BORGERSERVICE if solved else WorkedBy.DEPARTMENT,
        on_the_spot=True,
    )


def _rows(visits: list[Visit], citizens: list[Citizen], owner: int) -> list[tuple[Visit, Enquiry]]:
    contacts = Contact.objects.bulk_create(_contact(visit.at, owner) for visit in visits)
    pairs = list(zip(visits, contacts, strict=True))
    rows = Enquiry.objects.bulk_create(_enquiry(contact, visit.solved, owner) for visit, contact in pairs)
    EnquiryPerson.objects.bulk_create(
        EnquiryPerson(enquiry=row, citizen=citizen, **shown_under(row.contact))
        for visit, row, citizen in zip(visits, rows, citizens, strict=True)
        if visit.known
    )
    return list(zip(visits, rows, strict=True))


def _second(visit: Visit, first: Enquiry, owner: int) -> None:
    """She, or her daughter for her, comes again four days later; the first is solved in the end."""
    who = WhoAsks.HELPER if visit.daughter else WhoAsks.CITIZEN
    contact = _contact(visit.at + dt.timedelta(days=4), owner, who)
    contact.save()
    row = _enquiry(contact, solved=True, owner=owner)
    if visit.linked:
        row.follows, row.follows_how = first, FollowsHow.NOT_HELPED
    row.save()
    for person in first.for_whom.all():
        EnquiryPerson.objects.create(enquiry=row, citizen_id=person.citizen_id, **shown_under(contact))


@pytest.fixture
def said(desk: Desk) -> tuple[list[Visit], Board]:
    visits = sorted(year(), key=lambda visit: visit.at)
    write(visits, desk.cast.alice.pk)
    last = FIRST + dt.timedelta(days=DAYS + 10)
    recompute_days(days=(FIRST + dt.timedelta(days=number) for number in range((last - FIRST).days)))
    return visits, board(Period(FIRST, last))


def test_what_the_board_says_of_a_year_whose_truth_is_known(said: tuple[list[Visit], Board]) -> None:
    visits, found = said
    seen = [visit for visit in visits if visit.registered]
    again = [visit for visit in seen if visit.came_again]
    unlinked = [visit for visit in again if not visit.linked]
    # Indicator A: each matter once; a second visit that nobody linked is counted as a matter of its own.
    assert found.a.numerator == sum(visit.solved for visit in seen) + len(unlinked)
    assert found.a.denominator == len(seen) + len(unlinked)
    # Indicator B: the known, and those whom only the link makes a repeat are unknown to it.
    known = [visit for visit in seen if visit.known]
    known_again = [visit for visit in known if visit.came_again]
    known_unlinked = [visit for visit in known_again if not visit.linked]
    assert found.b.denominator == len(known) + len(known_unlinked)
    once = sum(visit.solved for visit in known) - len(known_again) + len(known_unlinked)
    assert found.b.numerator == once
    assert found.b.numerator <= found.a_enquiries.numerator
    # Completeness: what the queue system saw.
    arrived = len(visits) + sum(visit.came_again for visit in visits)
    assert (found.completeness.arrived, found.completeness.registered) == (arrived, len(seen) + len(again))

    true_a = sum(visit.solved for visit in visits) / len(visits)
    true_b = sum(visit.solved and not visit.came_again for visit in visits) / len(visits)
    assert found.a.share == pytest.approx(true_a, abs=0.02)
    assert found.b.share == pytest.approx(true_b, abs=0.03)
    assert found.b_unknown.worst is not None
    assert found.b_unknown.like_known is not None
    assert found.b_unknown.worst < true_b
    assert found.b_unknown.like_known == pytest.approx(true_b, abs=0.03)
    tell(true_a, true_b, arrived, found)


def tell(true_a: float, true_b: float, arrived: int, found: Board) -> None:
    """The table of the leader's guide; `pytest -s` prints it."""
    a, b, complete = found.a, found.b, found.completeness
    print(f"\n{'':32}{'truth':>10}{'board':>10}")
    print(f"{'solved in Borgerservice (A)':32}{true_a:>10.1%}{a.share:>10.1%}   {a.numerator} of {a.denominator}")
    print(f"{'solved in one contact (B)':32}{true_b:>10.1%}{b.share:>10.1%}   {b.numerator} of {b.denominator} known")
    print(f"{'  with the unknown, at worst':32}{true_b:>10.1%}{found.b_unknown.worst:>10.1%}")
    print(f"{'  with the unknown, like known':32}{true_b:>10.1%}{found.b_unknown.like_known:>10.1%}")
    print(f"{'contacts':32}{arrived:>10}{complete.registered:>10}   completeness {complete.share:.1%}")
