"""The strip counter: which keys there are, and the deed behind them."""

from __future__ import annotations

import uuid
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hovedindgang.contacts.actions import count
from hovedindgang.contacts.rules import KeyReused, Refused, TallyKind
from hovedindgang.desk.queries import counted_today
from hovedindgang.desk.rules import CHANNELS
from hovedindgang.people.models import Employee
from hovedindgang.servicemodel.document import Channel

KINDS = (
    (TallyKind.INFORMATION, gettext_lazy("Oplysning")),
    (TallyKind.TRANSACTION, gettext_lazy("Ekspedition")),
)
KEYS = "12345678"  # in the order of the page: each channel's two kinds
RECEPTION_KEY = "0"


def strip_context(employee: Employee, errors: dict[str, str] | None = None) -> dict[str, Any]:
    """Rows of the page: each channel with its two counters, and the reception key outside all rates."""
    counted = counted_today(employee)
    keys = iter(KEYS)
    rows = [
        {
            "channel": choice.label,
            "counters": [
                {
                    "value": f"{choice.value}:{kind}",
                    "label": label,
                    "key": next(keys),
                    "number": counted.get((choice.value, kind), 0),
                }
                for kind, label in KINDS
            ],
        }
        for choice in CHANNELS
    ]
    reception = {
        "value": f"{Channel.IN_PERSON}:{TallyKind.RECEPTION}",
        "key": RECEPTION_KEY,
        "number": sum(number for (_channel, kind), number in counted.items() if kind == TallyKind.RECEPTION),
    }
    return {"rows": rows, "reception": reception, "key": uuid.uuid4(), "errors": errors, "employee": employee}


def count_typed(employee: Employee, what: str, key: str) -> dict[str, str]:
    """Count one; gives what was wrong, nothing when it was counted."""
    channel, _colon, kind = what.partition(":")
    try:
        count(
            employee=employee,
            channel=Channel(channel),
            kind=TallyKind(kind),
            centre=employee.centre_id,
            key=uuid.UUID(key),
        )
    except (ValueError, KeyReused):
        return {"": _("Der blev ikke talt. Hent siden igen, og tryk på tasten.")}
    except Refused as refused:
        return refused.errors
    return {}
