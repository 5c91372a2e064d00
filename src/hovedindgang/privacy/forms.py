"""What was typed about a hold, read as far as it can be read."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.translation import gettext as _

from hovedindgang.kernel import clock
from hovedindgang.privacy.incidents import NewBreach
from hovedindgang.privacy.rules import PrivacyRefused

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


@dataclass(slots=True)
class RequestForm:
    """A request as it is registered afterwards: of what, how and when it came."""

    right: str = ""
    channel: str = ""
    received_on: dt.date | None = None
    key: uuid.UUID = field(default_factory=uuid.uuid4)

    @classmethod
    def typed(cls, data: QueryDict) -> RequestForm:
        """Raises PrivacyRefused for a day that is none."""
        errors: dict[str, str] = {}
        day = day_typed("received_on", data.get("received_on", "").strip(), errors)
        if errors:
            raise PrivacyRefused(errors)
        try:
            key = uuid.UUID(data.get("key", ""))
        except ValueError:
            key = uuid.uuid4()
        return cls(data.get("right", ""), data.get("channel", ""), day, key)


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


def breach_typed(data: QueryDict) -> NewBreach:
    """Raises PrivacyRefused for days and a time that cannot be read."""
    errors: dict[str, str] = {}
    first = day_typed("first_on", data.get("first_on", "").strip(), errors)
    last = day_typed("last_on", data.get("last_on", "").strip(), errors)
    discovered = None
    typed = data.get("discovered_at", "").strip()
    if typed:
        try:
            discovered = dt.datetime.fromisoformat(typed)
        except ValueError:
            errors["discovered_at"] = _("Skriv dag og klokkeslæt som 2026-12-31 14:30.")
        else:
            discovered = discovered if discovered.tzinfo else discovered.replace(tzinfo=clock.DENMARK)
    if errors:
        raise PrivacyRefused(errors)
    return NewBreach(
        discovered_at=discovered,
        scope=data.get("scope", ""),
        who=data.get("who", ""),
        first_on=first,
        last_on=last,
        kinds=data.getlist("kinds"),
        what=data.get("what", ""),
    )
