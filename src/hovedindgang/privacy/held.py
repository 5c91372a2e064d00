"""Everything we hold about one citizen, as it is handed to her: a page to read and the same as data, in one ZIP."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import re
import zipfile
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.db.models import ForeignObjectRel
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from hovedindgang.contacts.models import Consultation, Contact, Enquiry, EnquiryPerson, Handover, Journalised, Note
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import ActorKind, employee_actor
from hovedindgang.kernel.events import append_event
from hovedindgang.kernel.lookups import log_look_up
from hovedindgang.kernel.models import LookUp
from hovedindgang.people.closed import refuse_if_closed
from hovedindgang.people.models import Citizen, Client, Employee
from hovedindgang.people.queries import cpr_of
from hovedindgang.people.rectifying import corrections_of
from hovedindgang.people.rules import NoAccess, Role
from hovedindgang.policy.queries import NoPolicyInForce
from hovedindgang.privacy.erasing import contacts_of
from hovedindgang.privacy.gathering import gather, judged, periods
from hovedindgang.privacy.models import Package
from hovedindgang.privacy.pages import service_name
from hovedindgang.privacy.rules import PrivacyRefused
from hovedindgang.safety.rules import Told
from hovedindgang.surveys.models import Feedback, FeedbackText

# Our own marks, and what is sealed.
NOT_TOLD = {"cpr_sealed", "cpr_index", "told_sealed", "name_key", "repeat_key", "terms", "sha256"}
# What would be dangerous to tell her (databeskyttelsesloven § 22): the leader decided so when it was made.
KEPT_FROM_HER = {"safety.Warning": models.Q(told=Told.WITHHELD)}
TOLD_ELSEWHERE = {"contacts.Contact", "contacts.EnquiryPerson", "privacy.Package", "people.Correction"}
TOLD_ELSEWHERE |= {"surveys.Feedback"}
_MENTION = re.compile(r"\[borger (\d{1,18})\]")


@dataclass(frozen=True, slots=True)
class Held:
    """The data, and whether some of it may be about others, so that it is read through first."""

    data: dict[str, Any]
    others: bool


def held_about(citizen: Citizen, *, with_cpr: bool) -> Held:
    """All of it, in plain words and row numbers; employees by where they work, never by name."""
    numbers = contacts_of(citizen.pk)
    rows = Contact.objects.filter(pk__in=numbers).order_by("started_at", "pk")
    contacts = [_contact(row, citizen.pk) for row in rows]
    feedback = _feedback(citizen)
    texts = [text for row in [*contacts, *feedback] for text in row["texts"]]
    named = EnquiryPerson.objects.filter(enquiry__contact__in=numbers).exclude(citizen=citizen)
    mentions = {int(number) for text in texts for number in _MENTION.findall(text)} - {citizen.pk}
    person = _fields(citizen)
    if with_cpr:
        person["cpr"] = cpr_of(citizen)
    data = {
        "made_at": clock.now().isoformat(),
        "with_cpr": with_cpr,
        "person": person,
        "contacts": contacts,
        "feedback": feedback,
        "kept_until": _kept_until(numbers),
        "corrected": [
            {"field": one.field, "was": one.was, "at": one.at.isoformat(), "unit": _unit(one.by)}
            for one in corrections_of(citizen.pk)
            if with_cpr or one.field != "cpr"
        ],
        "other_rows": _other_rows(citizen),
        "look_ups": _look_ups(citizen.pk),
        "sources": [
            _("Det, borgeren selv eller en anden for borgeren har sagt os, og fødselsdagen, som CPR-nummeret siger")
        ],
    }
    return Held(data, bool(texts) or bool(mentions) or named.exists())


def _contact(contact: Contact, citizen_id: int) -> dict[str, Any]:
    """One contact with her matters; `texts` is all free text in it. Another's matter is the other's to be given."""
    notes = [
        {"text": note.text, "written_at": note.written_at.isoformat(), "unit": _unit(note.author)}
        for note in Note.objects.filter(contact=contact).select_related("author").order_by("pk")
    ]
    matters = []
    found = Enquiry.objects.filter(contact=contact).order_by("position")
    for matter in found if contact.asker_id == citizen_id else found.filter(for_whom__citizen=citizen_id):
        handovers = [
            {**_fields(one), "department": one.department_id} for one in Handover.objects.filter(enquiry=matter)
        ]
        journal = [_fields(one) for one in Journalised.objects.filter(enquiry=matter).order_by("pk")]
        service = service_name(matter.service_id)
        matters.append({**_fields(matter), "service": service, "handovers": handovers, "journal": journal})
    handed = [
        one[name] for matter in matters for one in matter["handovers"] for name in ("summary", "agreed", "answer")
    ]
    handed += [one["text"] for matter in matters for one in matter["journal"]]
    asked = [_fields(one) for one in Consultation.objects.filter(contact=contact).order_by("pk")]
    handed += [one[name] for one in asked for name in ("question", "answer")]
    texts = [text for text in [*(note["text"] for note in notes), *handed] if text]
    return {
        **_fields(contact),
        "centre": contact.centre_id,
        "enquiries": matters,
        "notes": notes,
        "asked": asked,
        "texts": texts,
    }


def _feedback(citizen: Citizen) -> list[dict[str, Any]]:
    """Her complaints, praise and ideas with what was answered; whom one is about only by where she works."""
    found = []
    for row in Feedback.objects.filter(citizen=citizen).order_by("received_on", "pk"):
        words = list(FeedbackText.objects.filter(feedback=row).order_by("pk"))
        said = [
            {"part": one.part, "text": one.text, "written_at": one.written_at.isoformat(), "amends": one.amends_id}
            for one in words
        ]
        found.append({**_fields(row), "words": said, "texts": [one.text for one in words]})
    return found


def _fields(row: models.Model) -> dict[str, Any]:
    """The columns of a row as data; what points at an employee is told as where she works."""
    said: dict[str, Any] = {}
    for column in row._meta.concrete_fields:
        if column.name in NOT_TOLD or isinstance(column, models.BinaryField):
            continue
        if column.is_relation and column.related_model is Employee:
            said[f"{column.name}_unit"] = _unit(getattr(row, column.name))
        else:
            value = getattr(row, column.attname)
            said[column.attname] = value.isoformat() if isinstance(value, dt.date | dt.time) else value
    return said


def _unit(employee: Employee | None) -> str:
    return (employee.centre_id or employee.department_id or "") if employee else ""


def _other_rows(citizen: Citizen) -> dict[str, list[dict[str, Any]]]:
    """Whatever else points at her, in any room, also one that is built later."""
    found: dict[str, list[dict[str, Any]]] = {}
    for relation in Citizen._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ForeignObjectRel) or relation.many_to_many:
            continue
        table = relation.related_model
        if table._meta.label not in TOLD_ELSEWHERE:
            rows = table._default_manager.filter(**{relation.field.name: citizen.pk}).order_by("pk")
            rows = rows.exclude(KEPT_FROM_HER.get(table._meta.label, models.Q(pk__in=[])))
            found.setdefault(table._meta.label, []).extend(_fields(row) for row in rows)
    return {label: rows for label, rows in found.items() if rows}


def _look_ups(citizen_id: int) -> list[dict[str, Any]]:
    """When somebody looked, for what, and from where: never who."""
    rows = list(LookUp.objects.filter(citizen_id=citizen_id).order_by("pk"))
    staff = Employee.objects.in_bulk(
        [row.actor_id for row in rows if row.actor_kind == ActorKind.EMPLOYEE and row.actor_id]
    )
    systems = Client.objects.in_bulk(
        [row.actor_id for row in rows if row.actor_kind == ActorKind.CLIENT and row.actor_id]
    )
    return [
        {
            "at": row.at.isoformat(),
            "use": row.use,
            "purpose": row.reason,
            "unit": _unit(staff.get(row.actor_id or 0))
            if row.actor_kind == ActorKind.EMPLOYEE
            else str(systems.get(row.actor_id or 0, row.actor_kind)),
        }
        for row in rows
    ]


def _kept_until(numbers: list[int]) -> list[dict[str, Any]]:
    today = clock.today()
    try:
        said = periods(today)
    except NoPolicyInForce:
        return []
    return [
        {
            "contacts": group.contacts,
            "until": verdict.ends_on.isoformat() if verdict.ends_on else None,
            "service": service_name(verdict.service),
            "ground": verdict.ground,
        }
        for group, verdict in judged(gather(numbers, today), said, today)
    ]


@transaction.atomic
def make_package(*, employee: Employee, citizen_id: int, with_cpr: bool) -> tuple[Package, bytes]:
    """Everything held about her as a ZIP. Logged as a look-up; one event `citizen.packaged`. Raises NoAccess,
    ClosedToHer: nobody takes out her own, her family's or a colleague's."""
    if not employee.is_active or Role.LEADER not in employee.roles:
        raise NoAccess
    refuse_if_closed(employee.pk, [citizen_id])
    citizen = Citizen.objects.filter(pk=citizen_id).first()
    if citizen is None:
        raise NoAccess
    actor = employee_actor(employee.pk)
    held = held_about(citizen, with_cpr=with_cpr)
    content = _zipped(held)
    package = Package.objects.create(
        citizen=citizen,
        made_at=clock.now(),
        made_by=employee,
        with_cpr=with_cpr,
        others=held.others,
        sha256=hashlib.sha256(content).digest(),
    )
    log_look_up(actor=actor, citizen_ids=[citizen.pk], use="export", reason=f"package:{package.pk}")
    append_event(
        verb="citizen.packaged",
        actor=actor,
        subject_kind="citizen",
        subject_id=citizen.pk,
        facts={"package": package.pk, "with_cpr": with_cpr, "others": held.others},
    )
    return package, content


def _zipped(held: Held) -> bytes:
    page = render_to_string("privacy/package.html", {"held": held.data, "others": held.others})
    data = json.dumps(held.data, ensure_ascii=False, indent=2, default=str)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("laes-mig.html", page)
        file.writestr("data.json", data)
    return made.getvalue()


@transaction.atomic
def review_package(*, employee: Employee, package_id: int) -> Package:
    """She has read it for what is others': it may be handed out. One `package.reviewed`. Raises PrivacyRefused."""
    if not employee.is_active or Role.LEADER not in employee.roles:
        raise NoAccess
    package = Package.objects.select_for_update().filter(pk=package_id, reviewed_at__isnull=True).first()
    if package is None:
        raise PrivacyRefused({"": _("Pakken er læst igennem før, eller den findes ikke.")})
    refuse_if_closed(employee.pk, [package.citizen_id])
    package.reviewed_at, package.reviewed_by = clock.now(), employee
    package.save(update_fields=["reviewed_at", "reviewed_by"])
    append_event(
        verb="package.reviewed",
        actor=employee_actor(employee.pk),
        subject_kind="citizen",
        subject_id=package.citizen_id,
        facts={"package": package.pk},
    )
    return package
