"""A small desk for tests of the measure: people come, the real deeds are done, the real figures are read."""

from __future__ import annotations

import datetime as dt
import uuid
from types import SimpleNamespace
from typing import Any

from hovedindgang.contacts import actions as deeds
from hovedindgang.contacts.actions import NewContact, NewEnquiry, NewHandover, NewSignpost
from hovedindgang.contacts.models import Enquiry
from hovedindgang.contacts.rules import ChangeWhy, ComeBackReason, FollowsHow, ForwardKind, Outcome
from hovedindgang.insight.actions import recompute_days
from hovedindgang.insight.models import ContactDay, EnquiryDay
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import employee_actor
from hovedindgang.people.actions import register_citizen
from hovedindgang.people.models import Citizen, Employee
from hovedindgang.registers.models import ImportedFile, RecordedContact
from hovedindgang.registers.rules import FileKind, RecordKind, Result
from hovedindgang.servicemodel.document import Channel

OPEN = Outcome.OPEN
OUT = (0, 0)  # counted by neither indicator
SKAT = NewSignpost(how=ForwardKind.TOLD, authority="skat")
TO_JOBCENTER = NewHandover(department="jobcenter", summary="Hun vil høre om sin sag", promised_on=None)


class Desk:
    """Alice's counter. Contacts are registered as she would; the figures are counted anew when asked for."""

    def __init__(self, cast: SimpleNamespace, time: object) -> None:
        self.cast, self.time = cast, time
        self._people = 0

    def citizen(self) -> Citizen:
        self._people += 1
        return register_citizen(
            actor=employee_actor(self.cast.alice.pk),
            cpr=f"{60 + self._people}0190{self._people:04}",
            name="Prøve Person",
        )

    def comes(
        self,
        citizen: Citizen | None,
        *enquiries: NewEnquiry,
        employee: Employee | None = None,
        channel: Channel = Channel.IN_PERSON,
        **said: object,
    ) -> list[Enquiry]:
        """One contact; gives its enquiries in order."""
        who = employee or self.cast.alice
        said.setdefault("centre", "aabybro")
        contact = NewContact(channel=channel, asker=citizen.pk if citizen else None, enquiries=enquiries, **said)
        receipt = deeds.register_contact(employee=who, actor=employee_actor(who.pk), contact=contact, key=uuid.uuid4())
        return list(Enquiry.objects.filter(contact=receipt.contact_id).order_by("position"))

    def days_pass(self, days: int) -> None:
        self.time.go(days=days)

    def promised(self, days: int) -> dt.date:
        return clock.today() + dt.timedelta(days=days)

    def count(self) -> None:
        days = set(Enquiry.objects.values_list("contact__received_on", flat=True))
        recompute_days(days=days)

    def contacts(self) -> SimpleNamespace:
        """All kept figures of contacts, added up."""
        self.count()
        return _sums(ContactDay)

    def enquiries(self) -> SimpleNamespace:
        self.count()
        return _sums(EnquiryDay)

    def a(self) -> tuple[int, int]:
        """Indicator A over contacts: solved of how many that are counted."""
        kept = self.contacts()
        return kept.solved, kept.judged

    def a_enquiries(self) -> tuple[int, int]:
        kept = self.enquiries()
        return kept.solved, kept.judged

    def b(self) -> tuple[int, int]:
        """Indicator B, when every window has run out: solved at once of how many known."""
        self.days_pass(60)
        kept = self.enquiries()
        return kept.once_window, kept.known_window


def _sums(table: type[ContactDay] | type[EnquiryDay]) -> SimpleNamespace:
    names = [field.name for field in table._meta.get_fields() if field.get_internal_type() == "IntegerField"]
    rows = list(table.objects.values(*names))
    return SimpleNamespace(**{name: sum(row[name] for row in rows) for name in names})


def told_to_come_back(desk: Desk, enquiry: Enquiry) -> None:
    deeds.conclude_enquiry(
        employee=desk.cast.alice,
        enquiry_id=enquiry.pk,
        outcome=Outcome.MUST_COME_BACK,
        come_back_reason=ComeBackReason.DOCUMENT,
    )


def applies(desk: Desk, citizen: Citizen, days: int) -> Enquiry:
    """She is promised word within so many days."""
    (one,) = desk.comes(citizen, NewEnquiry(service="pas", outcome=Outcome.OPEN, promised_on=desk.promised(days)))
    return one


def step(of: Enquiry, **said: Any) -> NewEnquiry:
    return NewEnquiry(service="pas", follows=of.pk, follows_how=FollowsHow.PLANNED_STEP, **said)


def reopen(desk: Desk, enquiry: Enquiry) -> None:
    deeds.reopen_enquiry(
        employee=desk.cast.alice, enquiry_id=enquiry.pk, why=ChangeWhy.REOPENED, promised_on=desk.promised(5)
    )


def counted_by(desk: Desk, *, after: tuple[int, ...]) -> list[tuple[int, int]]:
    """Indicator B so many days after today, one day after the other."""
    found, today = [], 0
    for days in after:
        desk.days_pass(days - today)
        today, kept = days, desk.enquiries()
        found.append((kept.once_window, kept.known_window))
    return found


def recorded(number: int, result: Result, channel: Channel = Channel.IN_PERSON) -> None:
    """So many came to Aabybro at that time, as the queue system or another register saw it."""
    at = clock.now()
    file = ImportedFile.objects.create(
        name=f"{result}-{at}.csv",
        sha256=f"{result.value}{at:%H}".ljust(64, "0"),
        kind=FileKind.FRONTDESK,
        system="frontdesk",
        read=number,
        added=number,
        refused=0,
        first_at=at,
        last_at=at,
        zone="Europe/Copenhagen",
    )
    RecordedContact.objects.bulk_create(
        RecordedContact(
            file=file,
            system="frontdesk",
            external_id=f"{result}-{at}-{each}",
            kind=RecordKind.TICKET,
            channel=channel,
            centre_id="aabybro",
            came_at=at,
            result=result,
        )
        for each in range(number)
    )
