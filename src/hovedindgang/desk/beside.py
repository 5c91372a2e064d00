"""What stands beside the form as it is filled in: who she is, what she asked before, guidance, what else there is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from hovedindgang.contacts.history import HistoryEnquiry, HistoryEntry
from hovedindgang.contacts.labels import OUTCOME
from hovedindgang.contacts.models import Enquiry
from hovedindgang.contacts.queries import PossibleFollow, history, possible_follows
from hovedindgang.contacts.rules import HandoverState, Outcome
from hovedindgang.desk import rules
from hovedindgang.desk.models import Draft
from hovedindgang.desk.queries import typed_in
from hovedindgang.desk.search import name_of
from hovedindgang.desk.typed import Typed
from hovedindgang.kernel import clock
from hovedindgang.knowledge.models import Article
from hovedindgang.knowledge.queries import guidance
from hovedindgang.people.models import Citizen, Employee, Representation
from hovedindgang.people.powers import representations_of
from hovedindgang.people.queries import access_citizen
from hovedindgang.people.representing import Banner, banners
from hovedindgang.people.rules import NoAccess
from hovedindgang.policy.queries import InForce
from hovedindgang.safety.models import Warning
from hovedindgang.safety.queries import warnings_for_meeting
from hovedindgang.servicemodel.document import Channel, ServiceModel

WAITS = frozenset({Outcome.OPEN, Outcome.MUST_COME_BACK, Outcome.PASSED_ON})


@dataclass(frozen=True, slots=True)
class Before:
    """One matter that she has had: when, how, what, how it ended."""

    contact_id: int
    day: dt.date
    channel: str | Promise
    service: str
    outcome: str | Promise
    answer_by: dt.date | None  # still owed to her
    late: bool


@dataclass(frozen=True, slots=True)
class Lying:
    """A matter of hers that lies in a department."""

    contact_id: int
    department: str
    service: str
    accepted: bool
    agreed: str
    promised_on: dt.date
    late: bool
    answer: str  # given by the department; she has not been told


@dataclass(slots=True)
class Beside:
    citizen: Citizen | None = None
    banners: list[Banner] = field(default_factory=list)
    powers: list[Representation] = field(default_factory=list)  # who may act for her, or hear along
    before: list[Before] = field(default_factory=list)
    lying: list[Lying] = field(default_factory=list)
    follows: list[PossibleFollow] = field(default_factory=list)
    article: Article | None = None
    also: list[tuple[str, str]] = field(default_factory=list)  # services that often go together: key, name
    self_service: str = ""
    warnings: list[Warning] = field(default_factory=list)  # only where she is met face to face
    open: bool = False  # we know who she is: what she asked before is shown


def of(employee: Employee, typed: Typed, policy: InForce, day: dt.date, language: str) -> Beside:
    """Reads only what the form already names; nothing for an empty one. Look-ups are logged.

    `day` is that of the contact, and `policy` the one in force on it: what came later is not what it continues.
    """
    made, model = Beside(), policy.model
    service = model.services.get(typed.enquiry["service"])
    if service is not None:
        made.article = guidance(service.key, language)
        here = model.services_on(day)
        made.also = [(key, name_of(here[key], language)) for key in service.bundle if key in here]
        made.self_service = service.self_service or ""
    asker = typed.contact["asker"]
    if asker.isascii() and asker.isdigit() and len(asker) <= 18:
        made.open = rules.is_established(typed.contact["identity"])
        _about_citizen(made, employee, typed, int(asker), model, language, f"form:{typed.key}")
        if made.open and made.citizen is not None and service is not None:
            found = possible_follows(employee, made.citizen.pk, service.key, day)
            made.follows = sorted(found, key=lambda one: one.outcome not in WAITS)  # what waits is what she comes about
    return made


def _about_citizen(
    made: Beside, employee: Employee, typed: Typed, citizen_id: int, model: ServiceModel, language: str, reason: str
) -> None:
    try:
        made.citizen = access_citizen(employee, citizen_id, use="desk", reason=reason)
    except NoAccess:
        return
    made.powers = representations_of(citizen_id, on=clock.today())
    made.banners = banners(made.citizen, made.powers)
    if typed.contact["channel"] == Channel.IN_PERSON:
        made.warnings = warnings_for_meeting(employee, citizen_id, reason=f"citizen:{citizen_id}")
    if not made.open:
        return
    entries = history(employee, citizen_id, limit=rules.HISTORY_SHOWN, reason=reason)
    made.before = [_before(entry, one, model, language) for entry in entries for one in entry.enquiries]
    made.lying = [
        lying for entry in entries for one in entry.enquiries for lying in _lying(entry, one, model, language)
    ]


def _before(entry: HistoryEntry, one: HistoryEnquiry, model: ServiceModel, language: str) -> Before:
    owed = one.promised_on if one.outcome in {Outcome.OPEN, Outcome.PASSED_ON} else None
    return Before(
        contact_id=entry.contact_id,
        day=clock.local_day(entry.started_at),
        channel=rules.label_of(rules.CHANNELS, entry.channel),
        service=_service(model, one.service, language),
        outcome=OUTCOME[one.outcome],
        answer_by=owed,
        late=owed is not None and owed < clock.today(),
    )


def _lying(entry: HistoryEntry, one: HistoryEnquiry, model: ServiceModel, language: str) -> list[Lying]:
    """Handovers that are not closed, and answers that nobody has told her."""
    return [
        Lying(
            contact_id=entry.contact_id,
            department=department_name(model, handover.department, language),
            service=_service(model, one.service, language),
            accepted=handover.state == HandoverState.ACCEPTED,
            agreed=handover.agreed,
            promised_on=handover.promised_on,
            late=handover.closed_at is None and handover.promised_on < clock.today(),
            answer=handover.answer if handover.state == HandoverState.ANSWERED else "",
        )
        for handover in one.handovers
        if handover.closed_at is None or (handover.state == HandoverState.ANSWERED and handover.told_at is None)
    ]


@dataclass(frozen=True, slots=True)
class StillOpen:
    """The earlier matter that was asked about, and that nobody has ended: it stands on somebody's list."""

    contact_id: int
    service: str
    day: dt.date
    owner: str
    answer_by: dt.date | None


def still_open(model: ServiceModel, earlier: Enquiry | None, language: str) -> StillOpen | None:
    if earlier is None or earlier.outcome != Outcome.OPEN:
        return None
    return StillOpen(
        contact_id=earlier.contact_id,
        service=_service(model, earlier.service_id, language),
        day=earlier.received_on,
        owner=earlier.owner.name if earlier.owner else "",
        answer_by=earlier.promised_on,
    )


def _service(model: ServiceModel, key: str, language: str) -> str:
    return name_of(model.services[key], language) if key in model.services else key


def department_name(model: ServiceModel, key: str, language: str) -> str:
    """By the model in force; the key where that knows it no longer."""
    department = model.departments.get(key)
    if department is None:
        return key
    return (language == "en" and department.name_en) or department.name


@dataclass(frozen=True, slots=True)
class Parked:
    key: str
    since: dt.datetime
    what: str


def parked(kept: Sequence[Draft], model: ServiceModel, language: str) -> list[Parked]:
    """Those put aside: when, and the first matter's service. No name: the next citizen may see the screen."""
    shown = []
    for draft in kept:
        typed = typed_in(draft)
        service = typed.enquiries[0]["service"] if typed else ""
        what = _service(model, service, language) if service else _("Uden opgave endnu")
        shown.append(Parked(str(draft.contact_key), draft.updated_at, what))
    return shown
