"""What the page shows: the form as typed, what is wrong with it, and what stands beside it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core import signing
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hovedindgang.contacts.labels import GROUND
from hovedindgang.contacts.models import Enquiry, Handover
from hovedindgang.contacts.queries import ReceiptShown, possible_follows
from hovedindgang.contacts.rules import INSIDE, TAKE_BACK_MINUTES, TO_AN_AUTHORITY, Outcome
from hovedindgang.desk import beside, rules
from hovedindgang.desk.forms import follow_up_day
from hovedindgang.desk.models import Draft
from hovedindgang.desk.queries import waiting
from hovedindgang.desk.reading import Reader
from hovedindgang.desk.search import Searched, find, name_of, services_to_search
from hovedindgang.desk.typed import ENQUIRY, Typed
from hovedindgang.kernel import clock
from hovedindgang.look.wording import short_day
from hovedindgang.people.models import Employee
from hovedindgang.people.queries import FoundByName
from hovedindgang.people.representing import WITHOUT_POWER
from hovedindgang.policy.queries import InForce, NoPolicyInForce, in_force
from hovedindgang.servicemodel.document import ServiceModel

FORM_SALT = "desk.form"
FAVOURITES = 9
# Fields in the fold: it opens where one of them is wrong.
MORE = frozenset(
    "others self_service avoidable sent_on advice kind preparatory case_number who_asks direction centre medium "
    "language on from_time to_time".split()
)


@dataclass(slots=True)
class Shown:
    """One drawing of the page. `found` are those a name found; `new_citizen` says that nobody has the CPR typed.

    `to_discard` is the form that she is asked whether to throw away.
    """

    typed: Typed
    errors: dict[str, str] = field(default_factory=dict)
    receipt: ReceiptShown | None = None
    repeated: bool = False
    notice: str = ""
    found: FoundByName | None = None
    new_citizen: bool = False
    to_discard: uuid.UUID | None = None
    not_there: list[str] = field(default_factory=list)  # what the address names, and why it is not shown
    asks_same: bool = False  # saving waits: whether it is the same matter stands unanswered


def context(employee: Employee, shown: Shown, kept: Sequence[Draft]) -> dict[str, Any]:
    """Everything the templates need. Raises NoPolicyInForce."""
    language, typed = get_language() or "da", shown.typed
    policy, day = _policy_of(typed)
    model = policy.model
    services = services_to_search(model, day, language)
    names = {service.key: service.name for service in services}
    said = typed.enquiry
    favourites = favourites_of(employee, model, day)
    return {
        "c": typed.contact,
        "e": said,
        "n": {name: f"{name}-{typed.active}" for name in ENQUIRY},
        "typed": typed,
        "errors": shown.errors,
        "summary": [(_target(name), message) for name, message in shown.errors.items()],
        "shown": shown,
        "receipt_lines": _receipt_lines(shown.receipt, language),
        "may_take_back": _may_take_back(employee, shown.receipt),
        "lines": _lines(typed, model, language),
        "favourites": [(digit, key, names[key]) for digit, key in enumerate(favourites, start=1)],
        "picked": None if not said["service"] or said["service"] in favourites else _picked(said, model, language),
        "found": find(said["search"], services) if said["search"].strip() and not said["service"] else [],
        "groups": {**_GROUPS, "identity": rules.identities(typed.contact["channel"])},
        "may_be_new": "cpr" not in shown.errors and rules.is_whole_cpr(typed.contact["cpr"]),
        "may_be_said": rules.may_be_said(typed.contact["identity"]),
        "namesakes": _namesakes(shown.found),
        "selects": _selects(model, typed, day, language),
        "follow_up": follow_up_day(in_force().model, said["service"], clock.today()),
        "service_name": _name(model, said["service"], language),
        "parked": beside.parked([draft for draft in reversed(kept) if draft.contact_key != typed.key], model, language),
        "waiting": waiting(employee),
        "beside": beside.of(employee, typed, policy, day, language),
        "owner": owner_token(employee),
        "now": clock.now().isoformat(),
        "today": clock.today(),
        "keys": rules.KEYS,
        "data": _data(services),
        "employee": employee,
        "without_power": WITHOUT_POWER,
        "more_open": bool(shown.errors.keys() & MORE),
    }


def unasked(employee: Employee, typed: Typed) -> int | None:
    """The first matter that may continue an earlier one and of which she was never asked; None where there is none.

    The question names the earlier matter (`follows`): where that is said it stood on the page, answered or not.
    Raises NoPolicyInForce.
    """
    asker = typed.contact["asker"]
    if not (
        asker.isascii() and asker.isdigit() and len(asker) <= 18 and rules.is_established(typed.contact["identity"])
    ):
        return None
    policy, day = _policy_of(typed)
    for position, one in enumerate(typed.enquiries):
        if one["service"] in policy.model.services:
            found = possible_follows(employee, int(asker), one["service"], day)
            if found and one["follows"] not in {str(earlier.enquiry_id) for earlier in found}:
                return position
    return None


def _policy_of(typed: Typed) -> tuple[InForce, dt.date]:
    """The day it is said to have been, and what could be chosen on it; today where it says none that could be.

    What is entered late is registered by the policy of its own day: a service that has ended since is found by it.
    Raises NoPolicyInForce where none is in force today.
    """
    here, today = in_force(), clock.today()
    day = Reader().day("on", typed.contact["on"])
    if day is None or day >= today:
        return here, today
    try:
        return in_force(day), day
    except NoPolicyInForce:
        return here, today


def _namesakes(found: FoundByName | None) -> set[int]:
    """Row numbers of those found who are called the same as another of them."""
    names = Counter(one.name_key for one in found.people) if found else Counter()
    return {one.pk for one in found.people if names[one.name_key] > 1} if found else set()


def owner_token(employee: Employee) -> str:
    """Says whose form this is, so that it can be kept for her though her session has ended."""
    return signing.dumps(employee.pk, salt=FORM_SALT)


def favourites_of(employee: Employee, model: ServiceModel, day: dt.date) -> list[str]:
    """Her own, or until she has chosen any, the first that her centre carries; only services that exist today."""
    today = model.services_on(day)
    chosen = [key for key in employee.favourites if key in today]
    if not chosen:
        carried = [
            key
            for entry in model.portfolio
            if employee.centre_id is None or employee.centre_id in entry.centres
            for key in entry.services
        ]
        chosen = list(dict.fromkeys(key for key in carried if key in today))
    return chosen[:FAVOURITES]


def _target(name: str) -> str:
    """The id that an error's link leads to; "" for what is wrong with the whole."""
    return "" if name.startswith("matter-") else name


def _picked(said: dict[str, str], model: ServiceModel, language: str) -> tuple[str, str]:
    return said["service"], _name(model, said["service"], language)


def _name(model: ServiceModel, key: str, language: str) -> str:
    return name_of(model.services[key], language) if key in model.services else key


_GROUPS = {
    "channels": rules.CHANNELS,
    "outcomes": rules.OUTCOMES,
    "come_back": rules.COME_BACK_REASONS,
    "withdrawn": rules.WITHDRAWN_WHYS,
    "how": rules.FORWARD_KINDS,
    "follows": rules.FOLLOWS_HOWS,
}


def _selects(model: ServiceModel, typed: Typed, day: dt.date, language: str) -> dict[str, list[tuple[str, Any]]]:
    """The choices of the drop-down lists, as pairs of value and text."""
    english = language == "en"
    centres = [
        (key, centre.name)
        for key, centre in model.centres.items()
        if (centre.valid_from is None or centre.valid_from <= day)
        and (centre.valid_to is None or day < centre.valid_to)
    ]
    media = [
        (key, (english and medium.name_en) or medium.name)
        for key, medium in model.media.items()
        if medium.channel == typed.contact["channel"]
    ]
    fixed = {
        "who_asks": rules.WHO_ASKS,
        "direction": rules.DIRECTIONS,
        "kind": rules.KINDS,
        "advice": rules.ADVICE,
        "sent_on": rules.SENT_ON,
        "self_service": rules.SELF_SERVICE,
        "avoidable": rules.AVOIDABLE,
        "preparatory": rules.PREPARATORY,
        "got_there": rules.GOT_THERE,
        "language": rules.LANGUAGES,
    }
    departments = _named(model.departments.values(), english)
    return {
        **{name: [(choice.value, choice.label) for choice in choices] for name, choices in fixed.items()},
        "ground": [(word, text) for word, text in GROUND.items() if word in INSIDE],
        "ground_out": [("", _("Vælg")), *((word, text) for word, text in GROUND.items() if word in TO_AN_AUTHORITY)],
        "centre": [("", "–"), *centres],
        "medium": [("", "–"), *media],
        "department": departments,
        "receivers": [
            ("", _("Vælg")),
            *((f"centre:{key}", name) for key, name in centres),
            *((f"department:{key}", name) for key, name in departments),
        ],
        "authority": _named(model.authorities_on(day).values(), english),
    }


def _named(them: Iterable[Any], english: bool) -> list[tuple[str, Any]]:
    return [(one.key, (english and one.name_en) or one.name) for one in them]


def _lines(typed: Typed, model: ServiceModel, language: str) -> list[dict[str, Any]]:
    """The matters that do not stand open: a line each, their fields carried along unseen."""
    return [
        {
            "position": position,
            "number": position + 1,
            "name": _name(model, one["service"], language) or one["search"],
            "outcome": rules.label_of(rules.OUTCOMES, one["outcome"]),
            "fields": [(f"{name}-{position}", value) for name, value in one.items() if value],
        }
        for position, one in enumerate(typed.enquiries)
        if position != typed.active
    ]


def _receipt_lines(receipt: ReceiptShown | None, language: str) -> list[dict[str, Any]]:
    if receipt is None:
        return []
    latest = {handover.enquiry_id: handover for handover in receipt.handovers}
    model = in_force().model
    return [
        {
            "name": _name(model, enquiry.service_id, language),
            "outcome": rules.label_of(rules.OUTCOMES, enquiry.outcome),
            "department": beside.department_name(model, _department(latest.get(enquiry.pk)), language),
            "answer": _answer_words(enquiry, latest.get(enquiry.pk), language),
            "still_open": beside.still_open(model, enquiry.follows, language),
        }
        for enquiry in receipt.enquiries
    ]


def _department(handover: Handover | None) -> str:
    return handover.department_id if handover else ""


def _answer_words(enquiry: Enquiry, handover: Handover | None, language: str) -> list[str]:
    """By when the citizen hears. Of an entry made late the day may have passed, and the department have another."""
    promised = enquiry.promised_on
    if promised is None:
        return []
    said = {"day": short_day(promised, language=language)}
    if enquiry.outcome not in {Outcome.OPEN, Outcome.PASSED_ON}:
        return [_("svar var lovet senest %(day)s") % said]
    passed = promised < clock.today()
    told = [_("svar var lovet senest %(day)s, og den dag er gået") if passed else _("svar senest %(day)s")]
    if handover is not None and handover.closed_at is None and handover.promised_on != promised:
        told.append(_("fagforvaltningen fik den %(began)s og har frist til %(last)s"))
        began = short_day(clock.local_day(handover.sent_at), language=language)
        said |= {"began": began, "last": short_day(handover.promised_on, language=language)}
    return [words % said for words in told]


def _may_take_back(employee: Employee, receipt: ReceiptShown | None) -> bool:
    """Whether the key is offered; whether it is in time is asked of the database by the deed."""
    if receipt is None or receipt.contact.mistake or receipt.contact.employee_id != employee.pk:
        return False
    return clock.now() - receipt.contact.registered_at < dt.timedelta(minutes=TAKE_BACK_MINUTES)


def _data(services: Sequence[Searched]) -> dict[str, Any]:
    """What desk.js works with. A promise is made today, whatever day the contact was."""
    model, today = in_force().model, clock.today()
    return {
        "letters": rules.LETTERS,
        "texts": {
            "kept": _("Kladde gemt kl. %s"),
            "offline": _("Kladden er ikke gemt: der er ingen forbindelse. Prøver igen."),
            "failed": _("Ikke gemt: der er ingen forbindelse. Tryk på Gem igen; den gemmes kun én gang."),
            "too_much": _("Ikke gemt: der står for meget. Det står her endnu; kort det af, og tryk på Gem igen."),
            "closed": _("Ikke gemt: du har ikke længere adgang. Det, du har skrevet, står her endnu."),
            "before": _("Henvendelsen er allerede gemt. Tryk på Gem for at se den."),
            "unread": _("Ikke gemt: det kunne ikke læses. Kopiér det, du har skrevet, og hent siden igen."),
            "none": _("Ingen opgave passer. Prøv et andet ord."),
        },
        "services": [
            [
                service.key,
                service.name,
                " ".join(service.name_words),
                " ".join(service.other_words),
                follow_up_day(model, service.key, today).isoformat(),
            ]
            for service in services
        ],
    }
