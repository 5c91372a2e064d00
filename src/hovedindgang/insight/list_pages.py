"""What a list behind a figure shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

from django.urls import reverse
from django.utils.translation import gettext as _

from hovedindgang.contacts.labels import OUTCOME
from hovedindgang.contacts.queries import forgotten_among
from hovedindgang.insight.labels import CAUSE, FIGURE, HANDOVER_FIGURE, LEVEL, OPEN_FIGURE, PLACE, SOLVED
from hovedindgang.insight.lists import ENQUIRIES, Listing
from hovedindgang.insight.lists_now import HANDOVERS, OPEN_NOW
from hovedindgang.insight.pages import HIDDEN, Names, language
from hovedindgang.look import wording
from hovedindgang.look.tables import Cell


def where_words(where: dict[str, str], names: Names) -> str:
    """What a list was narrowed to."""
    named = {
        "channel": names.channel,
        "centre_id": names.centre,
        "service_id": names.service,
        "level": lambda key: str(LEVEL.get(key, key)),
        "avoidable_cause": lambda key: str(CAUSE.get(key, key)),
        "department_id": names.department,
    }
    return ", ".join(named[key](value) for key, value in where.items())


def title(kind: str, figure: str) -> str:
    """What the list is called."""
    of_kind = {OPEN_NOW: OPEN_FIGURE, HANDOVERS: HANDOVER_FIGURE}.get(kind, FIGURE)
    return str(of_kind.get(figure, figure))


def is_hidden(where: Mapping[str, str], hidden: Mapping[str, frozenset[str]]) -> bool:
    """Whether the board shows no such group: too small, or named by two things at once, of which it has no table."""
    return len(where) > 1 or any(value in hidden[field] for field, value in where.items())


def hidden_words() -> str:
    return _("Gruppen er for lille til at vises, eller en lille kunne regnes ud af den. Gå tilbage, og vælg en større.")


PROMISES = "late", "on_promise"  # figures of promised days


def list_table(
    kind: str, figure: str, found: Listing, names: Names, hidden: Mapping[str, frozenset[str]]
) -> dict[str, object]:
    """The rows of a list: no names, only where and what; the number opens the contact. A group that the board hides
    is not named, so that nobody counts it here."""

    def named(field: str, value: str | None, name: Callable[[str], str]) -> Cell:
        return Cell(HIDDEN if (value or "") in hidden[field] else name(value or ""))

    head = [_("Nr."), _("Sendt") if kind == HANDOVERS else _("Modtaget"), _("Henvendelsesmåde"), _("Sted")]
    if kind in (OPEN_NOW, HANDOVERS):
        head += [_("Opgave"), _("Udfald"), _("Lovet dag")]
    if kind == ENQUIRIES:
        head += [_("Opgave"), _("Udfald"), _("Tælles"), _("Stand")]
        head += [_("Lovet dag")] if figure in PROMISES else []
    rows = []
    forgotten = forgotten_among(row["contact_id"] for row in found.rows)

    def day(value: dt.date | None) -> Cell:
        return Cell(wording.short_day(value, language=language()) if value else "")

    for row in found.rows:
        contact = str(row["contact_id"])
        opens = row["contact_id"] not in forgotten
        cells = [
            Cell(contact, reverse("contact", args=[contact]) if opens else "", header=True),
            day(row["day"]),
            named("channel", row["channel"], names.channel),
            named("centre_id", row["centre_id"], names.centre),
        ]
        if kind in (OPEN_NOW, HANDOVERS):
            cells += [
                named("service_id", row["service_id"], names.service),
                Cell(str(OUTCOME[row["outcome"]])),
                day(row["promised"]),
            ]
        if kind == ENQUIRIES:
            promised = row["broken_promise_on"] or row["promised_on"]  # the one that was not kept, if there is one
            cells += [
                named("service_id", row["service_id"], names.service),
                Cell(str(OUTCOME[row["outcome"]])),
                Cell(str(PLACE[row["place"]])),
                Cell(str(SOLVED[row["solved"]])),
                *([day(promised)] if figure in PROMISES else []),
            ]
        rows.append(cells)
    return {"head": head, "rows": rows, "hidden": any(cell.text == HIDDEN for cells in rows for cell in cells)}
