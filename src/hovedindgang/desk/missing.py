"""What came and was not registered: its page, and the form that registers it afterwards."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from hovedindgang.contacts.labels import CHANNEL
from hovedindgang.desk.typed import Typed
from hovedindgang.insight.arrivals import arrival, days_missing, missing_on
from hovedindgang.insight.missing import Answer
from hovedindgang.insight.models import ArrivalAnswer
from hovedindgang.kernel import clock
from hovedindgang.people.models import Employee, Role
from hovedindgang.policy.queries import in_force
from hovedindgang.registers.models import RecordedContact
from hovedindgang.registers.rules import RecordKind

KIND = {
    RecordKind.TICKET: gettext_lazy("kønummer"),
    RecordKind.CALL: gettext_lazy("opkald"),
    RecordKind.MAIL: gettext_lazy("brev eller mail"),
    RecordKind.MESSAGE: gettext_lazy("besked"),
}
SAID = {
    Answer.REGISTERED: gettext_lazy("registreret bagefter"),
    Answer.NO_CONTACT: gettext_lazy("der kom ingen henvendelse ud af det"),
    Answer.UNKNOWN: gettext_lazy("vides ikke"),
}
KEYS = {"register": "1", Answer.NO_CONTACT: "2", Answer.UNKNOWN: "3"}
MOST_SHOWN = 100


def missing_context(employee: Employee, day: dt.date, centre: str | None) -> dict[str, Any]:
    """The page of a day at a centre. Raises NoPolicyInForce."""
    model = in_force().model
    found = missing_on(day, centre)
    names = {key: one.name for key, one in model.centres.items()}
    asked = {"dag": day.isoformat(), "sted": centre or ""}
    services = {key: one.name for key, one in model.services.items()}
    rows = [_row(one, names, services) for one in found.open[:MOST_SHOWN]]
    return {
        "day": day,
        "centre": centre or "",
        "centres": [("", _("Alle steder")), *names.items()],
        "first": rows[0] if rows else None,
        "rows": rows[1:],
        "number": len(found.open),
        "met": found.met,
        "answered": [_answered(one, names, services) for one in found.answered],
        "days": [
            (f"?{urlencode({**asked, 'dag': other.isoformat()})}", other, number)
            for other, number in days_missing(clock.today())
        ],
        "may_register": Role.EMPLOYEE in employee.roles,
        "keys": KEYS,
        "answers": [(Answer.NO_CONTACT, _("Ingen henvendelse")), (Answer.UNKNOWN, _("Ved ikke"))],
        "employee": employee,
    }


def _row(record: RecordedContact, names: dict[str, str], services: dict[str, str]) -> dict[str, Any]:
    at = record.came_at.astimezone(clock.DENMARK)
    return {
        "pk": record.pk,
        "time": f"{at:%H:%M}" if (get_language() or "da").startswith("en") else f"{at:%H.%M}",
        "kind": KIND[RecordKind(record.kind)],
        "channel": CHANNEL[record.channel],
        "centre": names.get(record.centre_id or "", _("intet sted nævnt")),
        "about": services.get(record.service_id or "", record.queue),
    }


def _answered(one: ArrivalAnswer, names: dict[str, str], services: dict[str, str]) -> dict[str, Any]:
    return {
        **_row(one.record, names, services),
        "said": SAID[Answer(one.answer)],
        "contact": one.contact_id,
        "may_open_again": one.contact_id is None,
    }


def afterwards(record_id: int) -> Typed | None:
    """The form of what came, with its time, channel and place as the register saw them; None: there is none such."""
    record = arrival(record_id)
    if record is None:
        return None
    came = record.came_at.astimezone(clock.DENMARK)
    called = record.called_at.astimezone(clock.DENMARK) if record.called_at else came
    ended = record.ended_at.astimezone(clock.DENMARK) if record.ended_at else max(called, came)
    same_day = ended.date() == came.date()
    services = {record.service_id} & set(in_force().model.services)
    typed = Typed.empty(
        arrival=str(record.pk),
        channel=record.channel,
        centre=record.centre_id or "",
        on=came.date().isoformat(),
        from_time=f"{came:%H:%M}",
        to_time=f"{ended:%H:%M}" if same_day else f"{came:%H:%M}",
    )
    typed.enquiry["service"] = services.pop() or "" if services else ""
    return typed
