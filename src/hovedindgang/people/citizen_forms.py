"""What was typed about a citizen's protection, death and representations, read; the deeds say what is wrong."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from hovedindgang.people.models import Basis, Proof, Protection
from hovedindgang.people.powers import NewRepresentation
from hovedindgang.people.protection import ProtectedReason
from hovedindgang.people.rules import PeopleRefused

ALL, SOME = "all", "some"


@dataclass(slots=True)
class RepresentationForm:
    """The form about a representation as it stands on the page; the file is the one thing a browser sends once."""

    holder_cpr: str = ""
    holder_name: str = ""
    basis: str = Basis.MANDATE.value
    proof: str = Proof.DOCUMENT.value
    scope: str = ALL
    services: list[str] = field(default_factory=list)
    from_day: str = ""
    to_day: str = ""
    joint: bool = False

    @classmethod
    def typed(cls, data: QueryDict) -> RepresentationForm:
        plain = ("holder_cpr", "holder_name", "basis", "proof", "scope", "from_day", "to_day")
        return cls(
            **{name: data.get(name, "").replace("\0", "").strip() for name in plain},
            services=[key.replace("\0", "") for key in data.getlist("services")],
            joint=data.get("joint") == "1",
        )

    def said(self, content: bytes) -> NewRepresentation:
        """Raises PeopleRefused for what cannot be read."""
        errors: dict[str, str] = {}
        read: dict[str, Any] = {}
        for name, words in (("basis", Basis), ("proof", Proof)):
            try:
                read[name] = words(getattr(self, name))
            except ValueError:
                errors[name] = _("Vælg på listen.")
        for name in ("from_day", "to_day"):
            try:
                read[name] = day(getattr(self, name))
            except ValueError:
                errors[name.removesuffix("_day")] = bad_day()
        if errors:
            raise PeopleRefused(errors)
        return NewRepresentation(
            basis=read["basis"],
            proof=read["proof"],
            holder_cpr=self.holder_cpr,
            holder_name=self.holder_name,
            services=tuple(self.services) if self.scope == SOME else None,
            valid_from=read["from_day"],
            valid_to=read["to_day"],
            joint=self.joint,
            content=content,
        )


def protection(data: QueryDict) -> dict[str, Any]:
    """Arguments of `protect_citizen`. Raises PeopleRefused."""
    try:
        kind = Protection(data.get("protection", ""))
    except ValueError:
        raise PeopleRefused({"protection": _("Vælg på listen.")}) from None
    days: dict[str, dt.date | None] = {}
    for name in ("from_day", "to_day"):
        try:
            days[name] = day(data.get(name, ""))
        except ValueError:
            raise PeopleRefused({name.removesuffix("_day"): bad_day()}) from None
    return {"protection": kind, **days}


def dead_on(data: QueryDict) -> dt.date | None:
    """Raises PeopleRefused."""
    try:
        return day(data.get("dead_on", ""))
    except ValueError:
        raise PeopleRefused({"dead_on": bad_day()}) from None


def reason(data: QueryDict) -> ProtectedReason:
    """Raises PeopleRefused."""
    try:
        return ProtectedReason(data.get("reason", ""))
    except ValueError:
        raise PeopleRefused({"reason": _("Vælg, hvorfor du skal se det. Grunden gemmes.")}) from None


def day(typed: str) -> dt.date | None:
    """A date as the browser sends it or as a Dane types it; None for nothing. Raises ValueError."""
    typed = typed.strip()
    if not typed:
        return None
    try:
        found = dt.date.fromisoformat(typed)
    except ValueError:
        date, month, year = (int(part) for part in typed.replace("/", ".").replace("-", ".").split("."))
        try:
            found = dt.date(year, month, date)
        except OverflowError:  # more digits than a date has
            raise ValueError(typed) from None
    if not 1900 <= found.year <= 2200:
        raise ValueError(typed)
    return found


def bad_day() -> str:
    return _("Skriv datoen som dag, måned og år, for eksempel 24.12.2026.")
