"""What was typed about a hold, read as far as it can be read."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

CITIZEN, CONTACT = "citizen", "contact"


@dataclass(slots=True)
class HoldForm:
    """Of whom or what, why and until when, as typed. `number` of a citizen may be her CPR."""

    kind: str = CITIZEN
    number: str = ""
    reason: str = ""
    until: str = ""

    @classmethod
    def typed(cls, data: QueryDict) -> HoldForm:
        return cls(*(data.get(name, "").strip() for name in ("kind", "number", "reason", "until")))

    def read(self) -> tuple[dt.date | None, int | None, dict[str, str]]:
        """The last day, the row's number (None for a CPR), and errors by field."""
        errors: dict[str, str] = {}
        until = day_typed("until", self.until, errors)
        number = int(self.number) if self.number.isascii() and self.number.isdigit() and len(self.number) < 10 else None
        if number is None and self.kind == CONTACT:
            errors["number"] = _("Skriv henvendelsens nummer med cifre. Det står øverst på dens side.")
        return until, number, errors


def day_typed(name: str, typed: str, errors: dict[str, str]) -> dt.date | None:
    """A day as 2026-12-31, 31.12.2026 or 31/12/2026; None and an error for anything else but nothing."""
    for pattern in ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y"):
        try:
            return dt.datetime.strptime(typed, pattern).date()  # noqa: DTZ007 (a day has no zone)
        except ValueError:
            continue
    if typed:
        errors[name] = _("Skriv dagen som 31.12.2026.")
    return None
