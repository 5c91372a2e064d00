"""What a list behind a figure shows."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from hovedindgang.contacts.labels import OUTCOME
from hovedindgang.insight.labels import LEVEL, PLACE, SOLVED
from hovedindgang.insight.lists import ENQUIRIES, Listing
from hovedindgang.insight.pages import Names, language
from hovedindgang.look import wording
from hovedindgang.look.tables import Cell


def where_words(where: dict[str, str], names: Names) -> str:
    """What a list was narrowed to."""
    named = {
        "channel": names.channel,
        "centre_id": names.centre,
        "service_id": names.service,
        "level": lambda key: str(LEVEL.get(key, key)),
    }
    return ", ".join(named[key](value) for key, value in where.items())


def list_table(kind: str, found: Listing, names: Names) -> dict[str, object]:
    """The rows of a list: no names, only where and what; the number opens the contact."""
    head = [_("Nr."), _("Modtaget"), _("Henvendelsesmåde"), _("Sted")]
    if kind == ENQUIRIES:
        head += [_("Opgave"), _("Udfald"), _("Tælles"), _("Stand")]
    rows = []
    for row in found.rows:
        contact = str(row["contact_id"])
        cells = [
            Cell(contact, reverse("contact", args=[contact]), header=True),
            Cell(wording.short_day(row["day"], language=language())),
            Cell(names.channel(row["channel"])),
            Cell(names.centre(row["centre_id"])),
        ]
        if kind == ENQUIRIES:
            cells += [
                Cell(names.service(row["service_id"])),
                Cell(str(OUTCOME[row["outcome"]])),
                Cell(str(PLACE[row["place"]])),
                Cell(str(SOLVED[row["solved"]])),
            ]
        rows.append(cells)
    return {"head": head, "rows": rows}
