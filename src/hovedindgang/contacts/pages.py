"""What the contact's page shows: each matter with what may be done to it, and what was typed where it was refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hovedindgang.contacts import labels, queries
from hovedindgang.contacts.doors import is_borgerservice
from hovedindgang.contacts.models import Enquiry, Handover
from hovedindgang.contacts.rules import (
    INSIDE,
    OPEN_HANDOVER,
    REOPENING,
    TO_AN_AUTHORITY,
    ChangeWhy,
    HandoverState,
    Outcome,
    may_become,
)
from hovedindgang.contacts.templatetags.contacts import named
from hovedindgang.kernel import clock
from hovedindgang.look.wording import short_day
from hovedindgang.people.models import Employee
from hovedindgang.policy.queries import NoPolicyInForce, in_force
from hovedindgang.servicemodel.document import ServiceModel

Pairs = list[tuple[str, str | Promise]]
TYPED_IN = {"reason": "text", "answer": "text"}  # both are typed in the handover's one field


@dataclass(frozen=True, slots=True)
class Failed:
    """A form that was refused: which one, what was wrong, what was typed."""

    at: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)

    @property
    def listed(self) -> list[tuple[str, str]]:
        """(id of the field, message) for the summary above the forms."""
        return [
            (f"{self.at}-{TYPED_IN.get(name, name)}" if name else "", message) for name, message in self.fields.items()
        ]

    @property
    def fields(self) -> dict[str, str]:
        """Errors by names that a template can say."""
        return {name.replace(".", "_"): message for name, message in self.errors.items()}


@dataclass(frozen=True, slots=True)
class HandoverShown:
    handover: Handover
    at: str  # id of its forms
    may_accept: bool
    may_answer: bool
    may_pass_on: bool
    late: bool


@dataclass(frozen=True, slots=True)
class MatterShown:
    enquiry: Enquiry
    at: str
    late: bool
    may_conclude: bool
    may_take_over: bool
    may_hand_over: bool
    may_move_day: bool
    may_reopen: bool
    may_correct: bool
    handovers: list[HandoverShown]
    earlier: Pairs
    why_reopen: Pairs
    moved: list[queries.PromiseMoved]


@dataclass(frozen=True, slots=True)
class ContactPage:
    seen: queries.ContactSeen
    matters: list[MatterShown]
    borgerservice: bool
    failed: Failed
    choices: dict[str, Pairs]

    @property
    def stands(self) -> bool:
        return self.seen.contact.mistake is None


def contact_page(employee: Employee, contact_id: int, failed: Failed) -> ContactPage:
    """Raises NoAccess."""
    seen = queries.contact_seen(employee, contact_id)
    stands = seen.contact.mistake is None
    moved = queries.promises_moved([enquiry.pk for enquiry in seen.enquiries])
    matters = [_matter(employee, enquiry, moved.get(enquiry.pk, []), stands=stands) for enquiry in seen.enquiries]
    return ContactPage(seen, matters, is_borgerservice(employee), failed, _choices())


def _matter(employee: Employee, enquiry: Enquiry, moved: list[queries.PromiseMoved], *, stands: bool) -> MatterShown:
    """`stands`: nothing is done any more to what was registered by mistake."""
    here, outcome = is_borgerservice(employee) and stands, Outcome(enquiry.outcome)
    reopening = [why for why in REOPENING if may_become(outcome, Outcome.OPEN, why)]
    earlier = queries.earlier_matters(employee, enquiry) if here else []
    return MatterShown(
        enquiry=enquiry,
        at=f"e{enquiry.pk}",
        late=_is_late(enquiry),
        may_conclude=stands and outcome is Outcome.OPEN and (here or enquiry.owner_id == employee.pk),
        may_take_over=here and outcome is Outcome.OPEN and enquiry.owner_id != employee.pk,
        may_hand_over=here and may_become(outcome, Outcome.PASSED_ON, ChangeWhy.HANDED_OVER),
        may_move_day=here and outcome is Outcome.OPEN,
        may_reopen=here and bool(reopening),
        may_correct=here and outcome in {Outcome.RESOLVED, Outcome.SIGNPOSTED},
        handovers=[_handover(employee, handover, stands=stands) for handover in enquiry.handovers.all()],
        earlier=[(str(one.pk), _earlier(one)) for one in earlier],
        why_reopen=[(why, labels.CHANGE[why]) for why in reopening],
        moved=moved,
    )


def _earlier(one: Enquiry) -> str:
    day = short_day(one.received_on, language=get_language() or "da")
    return f"{day} {named(one.service, 'services')} (#{one.pk})"


def _is_late(enquiry: Enquiry) -> bool:
    unanswered = enquiry.outcome in {Outcome.OPEN, Outcome.PASSED_ON}
    return unanswered and enquiry.promised_on is not None and enquiry.promised_on < clock.today()


def _handover(employee: Employee, handover: Handover, *, stands: bool) -> HandoverShown:
    of_department = stands and employee.is_caseworker and employee.department_id == handover.department_id
    return HandoverShown(
        handover=handover,
        at=f"h{handover.pk}",
        may_accept=of_department and handover.state == HandoverState.SENT,
        may_answer=of_department and handover.state == HandoverState.ACCEPTED,
        may_pass_on=stands
        and is_borgerservice(employee)
        and handover.state == HandoverState.ANSWERED
        and handover.told_at is None,
        late=handover.state in OPEN_HANDOVER and handover.promised_on < clock.today(),
    )


def _choices() -> dict[str, Pairs]:
    """What can be chosen in the forms; empty lists of places before the first adoption."""
    nothing: tuple[str, str | Promise] = ("", _("Vælg"))
    ends = (Outcome.RESOLVED, Outcome.MUST_COME_BACK, Outcome.SIGNPOSTED, Outcome.WITHDRAWN)
    return {
        "outcome": [nothing, *((word.value, labels.OUTCOME[word]) for word in ends)],
        "come_back_reason": [nothing, *labels.COME_BACK.items()],
        "withdrawn_why": [nothing, *labels.WITHDRAWN.items()],
        "how": list(labels.FORWARD.items()),
        "ground_out": [nothing, *((word, text) for word, text in labels.GROUND.items() if word in TO_AN_AUTHORITY)],
        "ground_inside": [(word, text) for word, text in labels.GROUND.items() if word in INSIDE],
        "follows_how": [nothing, *labels.FOLLOWS.items()],
        "got_there": [("", _("Vides ikke")), ("yes", _("Ja")), ("no", _("Nej"))],
        "moved_why": [nothing, *labels.MOVED_WHY.items()],
        "moved_told": [nothing, *labels.MOVED_TOLD.items()],
        "reason": [nothing, *labels.REASON.items()],
        **_places(nothing),
    }


def _places(nothing: tuple[str, str | Promise]) -> dict[str, Pairs]:
    try:
        model: ServiceModel = in_force().model
    except NoPolicyInForce:
        return {"departments": [nothing], "places": [nothing]}
    english = get_language() == "en"
    departments = [(d.key, (english and d.name_en) or d.name) for d in model.departments.values()]
    authorities = [(a.key, (english and a.name_en) or a.name) for a in model.authorities_on(clock.today()).values()]
    return {
        "departments": [nothing, *departments],
        "places": [
            nothing,
            *((f"authority:{key}", name) for key, name in authorities),
            *((f"department:{key}", name) for key, name in departments),
        ],
    }
