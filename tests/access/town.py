"""A small municipality in which everything that may leak bears a mark of its own, and the people who ask for it.

What is planted is told twice: to the house by its own deeds, and to the law in plain words (`law.Thing`).
"""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from access.law import CONFIDENTIAL, ORDINARY, SENSITIVE, Matter, Power, Thing, Viewer
from hovedindgang.contacts import actions as deeds
from hovedindgang.contacts.actions import NewContact, NewEnquiry, NewHandover, NewSignpost
from hovedindgang.contacts.models import Contact, Enquiry, Handover, Note, Signpost
from hovedindgang.contacts.rules import ForwardKind, Outcome
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import SYSTEM, employee_actor
from hovedindgang.people.actions import protect_citizen, register_citizen
from hovedindgang.people.models import Citizen, Employee, Protection

SERVICE = {ORDINARY: "pas", CONFIDENTIAL: "koerekort", SENSITIVE: "flytning"}
CENTRES, DEPARTMENTS = ("aabybro", "pandrup"), ("jobcenter", "teknik")


@dataclass
class Town:
    viewers: dict[str, Viewer] = field(default_factory=dict)
    employees: dict[str, Employee] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)  # of other systems, by the viewer's name
    things: dict[str, Thing] = field(default_factory=dict)  # by marker
    rows: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))  # by the parameter of an address
    matters: dict[int, Matter] = field(default_factory=dict)  # by the enquiry's number
    citizen_of: dict[tuple[str, int], int] = field(default_factory=dict)  # (parameter, number): whom it is about
    facts: dict[tuple[str, int], Any] = field(default_factory=dict)  # what the law asks about a row of an address
    powers: dict[int, Power] = field(default_factory=dict)  # by the representation's number
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    cprs: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    # ------------------------------------------------------------------------------------------------------ planting

    def mark(self, kind: str, **said: Any) -> str:
        """A word for the house; the law is told what it is."""
        marker = f"zq{kind}{next(self.numbers):04d}x"
        self.things[marker] = Thing(kind, marker, **said)
        return marker

    def plant(self, kind: str, marker: str, **said: Any) -> None:
        self.things[marker] = Thing(kind, marker, **said)

    def person(self, name: str, *roles: str, in_house: bool = True, **facts: Any) -> Employee:
        mail = self.mark("employeemail", owner=name)
        columns = {f"is_{role}": True for role in roles}
        made = Employee.objects.create_user(
            name,
            None,
            name=f"Ansat {name.capitalize()}",
            email=f"{mail}@example.dk",
            centre_id=facts.get("centre"),
            department_id=facts.get("department"),
            language=facts.get("language", "da"),
            **columns,
        )
        self.employees[name] = made
        self.viewers[name] = Viewer(name, frozenset(roles), facts.get("centre"), facts.get("department"), in_house)
        return made

    def citizen(self, kind: Protection = Protection.NONE, *, days: tuple[int | None, int | None] = (None, None)) -> int:
        """One who bears marks; protected from and to so many days from today."""
        place = next(self.cprs)
        cpr = f"610101{place % 1000:04d}"  # a replacement number: nobody's
        known = {name: self.mark(name) for name in ("name", "address", "email", "needs")}
        phone = f"2099{place:04d}"
        citizen = register_citizen(
            actor=SYSTEM,
            cpr=cpr,
            name=f"{known['name'].capitalize()} Borgersen",
            address=f"{known['address'].capitalize()}vej 7",
            phone=phone,
            email=f"{known['email']}@example.dk",
            needs=f"Tolk {known['needs']}",
        )
        born = 1900 + place
        Citizen.objects.filter(pk=citizen.pk).update(born_on=dt.date(born, 1, 1))
        now = False
        if kind != Protection.NONE:
            today = clock.today()
            first, last = (None if day is None else today + dt.timedelta(days=day) for day in days)
            protect_citizen(actor=SYSTEM, citizen_id=citizen.pk, protection=kind, from_day=first, to_day=last)
            now = (first is None or first <= today) and (last is None or today < last)
        self.plant("phone", phone)
        self.plant("cpr", cpr)
        self.plant("born", str(born))
        for marker in (*known.values(), phone, cpr, str(born)):
            self.things[marker] = replace(self.things[marker], citizen=citizen.pk, protected=now)
        self.rows["citizen_id"].append(citizen.pk)
        self.citizen_of["citizen_id", citizen.pk] = citizen.pk
        return citizen.pk

    def contact(
        self, by: str, *levels: str, asker: int | None, handed: str = "", note_by: str = "", **said: Any
    ) -> Contact:
        """Registered by `by`, a matter for each level; the first handed to a department, if any is named."""
        employee = self.employees[by]
        for_whom, also = said.pop("for_whom", {}), said.pop("say", "kufferten")
        marks: list[tuple[str, int, str]] = []
        enquiries = []
        for place, level in enumerate(levels):
            number = self.mark("casenumber")
            marks.append((number, place, ""))
            whom = {"for_whom": for_whom[place]} if place in for_whom else {}
            if handed and place == 0:
                summary, agreed = self.mark("summary", department=handed), self.mark("agreed", department=handed)
                marks += [(summary, place, handed), (agreed, place, handed)]
                given = NewHandover(department=handed, summary=f"Om {summary}", agreed=f"Aftalt {agreed}")
                how: dict[str, Any] = {"outcome": Outcome.PASSED_ON, "handover": given}
            elif place == 1:
                told = NewSignpost(how=ForwardKind.TOLD, authority="skat")
                how = {"outcome": Outcome.SIGNPOSTED, "signpost": told}
            else:
                how = {"outcome": Outcome.OPEN, "promised_on": clock.today()}
            enquiries.append(NewEnquiry(service=SERVICE[level], case_number=number, **how, **whom))
        note = self.mark("note", owner=by, department=employee.department_id)
        new = NewContact(
            centre=employee.centre_id or "aabybro",
            asker=asker,
            enquiries=tuple(enquiries),
            note=f"Hun sagde {note}, {also}",
            **said,
        )
        key = uuid.uuid4()
        made = deeds.register_contact(employee=employee, actor=employee_actor(employee.pk), contact=new, key=key)
        contact = Contact.objects.get(pk=made.contact_id)
        rows = list(Enquiry.objects.filter(contact=contact).order_by("position"))
        persons = frozenset({asker} - {None}) if asker else frozenset()
        for place, (row, level) in enumerate(zip(rows, levels, strict=True)):
            about = persons | frozenset(for_whom.get(place, ()))
            to = frozenset({handed}) if handed and place == 0 else frozenset()
            self.matters[row.pk] = Matter(level, frozenset({by}), by, about, to)
            self.rows["enquiry_id"].append(row.pk)
        for marker, place, department in marks:
            thing = replace(self.things[marker], matters=(self.matters[rows[place].pk],))
            self.things[marker] = replace(thing, department=department or None)
        self._note(note, contact, rows)
        self.rows["contact_id"].append(contact.pk)
        self.rows["handover_id"] += Handover.objects.filter(enquiry__in=rows).values_list("pk", flat=True)
        self.rows["signpost_id"] += Signpost.objects.filter(enquiry__in=rows).values_list("pk", flat=True)
        self.rows["note_id"] += Note.objects.filter(contact=contact).values_list("pk", flat=True)
        return contact

    def _note(self, marker: str, contact: Contact, rows: list[Enquiry]) -> None:
        found = tuple(self.matters[row.pk] for row in rows)
        self.things[marker] = replace(self.things[marker], matters=found)

    def changed(self, was: Matter, now: Matter) -> None:
        """The law hears that a matter is another's too, in everything said of it."""
        self.matters = {pk: now if one is was else one for pk, one in self.matters.items()}
        for marker, thing in self.things.items():
            if any(one is was for one in thing.matters):
                self.things[marker] = replace(thing, matters=tuple(now if one is was else one for one in thing.matters))

    def handover_of(self, contact: Contact) -> tuple[Handover, Matter]:
        found = Handover.every.select_related("enquiry").get(enquiry__contact=contact)
        return found, self.matters[found.enquiry_id]
