"""What this room's pages choose from and show."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hovedindgang.contacts import labels as contacts
from hovedindgang.contacts.rules import INSIDE, TO_AN_AUTHORITY
from hovedindgang.contacts.templatetags.contacts import named
from hovedindgang.kernel import clock
from hovedindgang.look.tables import Cell
from hovedindgang.look.wording import number, percent, short_day
from hovedindgang.people.models import Employee
from hovedindgang.people.queries import names_apart
from hovedindgang.policy.queries import NoPolicyInForce, in_force
from hovedindgang.surveys import labels, queries
from hovedindgang.surveys.queries import CameWith, FeedbackSeen, Figures, Line
from hovedindgang.surveys.rules import ALLOWED, COMPLAINTS, ENDS, Kind, Outcome, Part, SaidBy, State

Pairs = list[tuple[str, str | Promise]]
HIDDEN = "–"


def _pairs(words: Mapping[str, labels.Label]) -> Pairs:
    return [(str(word), text) for word, text in words.items()]


def _places() -> dict[str, Pairs]:
    """Centres, departments, services and authorities of the model in force, in the language of the page."""
    try:
        model = in_force().model
    except NoPolicyInForce:
        return {"centres": [], "departments": [], "services": [], "authorities": []}
    today, english = clock.today(), get_language() == "en"
    kinds: dict[str, Any] = {
        "centres": model.centres,
        "departments": model.departments,
        "services": model.services,
        "authorities": model.authorities_on(today),
    }
    return {
        kind: [(one.key, (english and getattr(one, "name_en", None)) or one.name) for one in things.values()]
        for kind, things in kinds.items()
    }


def new_page(employee: Employee, came: CameWith | None, typed: Mapping[str, str]) -> dict[str, Any]:
    """The form, filled in with what the contact already says."""
    none: Pairs = [("", _("Vælg"))]
    places, language = _places(), get_language() or "da"
    contact = came.contact if came else None
    start = {
        "said_by": "citizen",
        "channel": contact.channel if contact else "in_person",
        "centre": (contact.centre_id if contact else employee.centre_id) or "",
        "department": employee.department_id or "" if not (contact and contact.centre_id) else "",
        "received_on": clock.today().isoformat(),
        "enquiry": str(came.matters[0].pk) if came and len(came.matters) == 1 else "",
    }
    by = queries.answer_by(clock.today())
    return {
        "came": came,
        "typed": typed or start,
        "kinds": [*none, *_pairs(labels.KIND)],
        "said_by": _pairs(labels.SAID_BY),
        "channels": _pairs(contacts.CHANNEL),
        "centres": [("", _("Intet bestemt")), *places["centres"]],
        "departments": [("", _("Ingen")), *places["departments"]],
        "services": [("", _("Ingen bestemt")), *places["services"]],
        "colleagues": [("", _("Ved ikke hvem")), *_people(queries.colleagues())],
        "matters": [("", _("Ikke et bestemt ærinde")), *_matters(came)],
        "answer_by": short_day(by, language=language) if by else "",
    }


def _people(employees: Iterable[Employee]) -> Pairs:
    return [(str(number), name) for number, name in names_apart(employees).items()]


def _matters(came: CameWith | None) -> Pairs:
    language = get_language() or "da"
    return [
        (str(one.pk), f"{named(one.service_id, 'services')}, {short_day(one.received_on, language=language)}")
        for one in (came.matters if came else [])
    ]


def one_page(employee: Employee, seen: FeedbackSeen, *, failed: str, typed: Mapping[str, str]) -> dict[str, Any]:
    """One of them with what may be done to it; `failed` is the step that was refused, `typed` what was typed in it."""
    row, places = seen.row, _places()
    none: Pairs = [("", _("Vælg"))]
    ends = [(str(word), text) for word, text in labels.OUTCOME.items() if word in ENDS[Kind(row.kind)]]
    return {
        "seen": seen,
        "row": row,
        "late": queries.is_late(row),
        "said": seen.of(Part.SAID),
        "answers": seen.of(Part.ANSWER),
        "learnt": seen.of(Part.LEARNING),
        "is_complaint": row.kind in COMPLAINTS,
        "is_decision": row.kind == Kind.DECISION,
        "is_open": row.state != State.CLOSED,
        "may_acknowledge": seen.may_answer
        and State.ACKNOWLEDGED in ALLOWED[State(row.state)]
        and row.said_by != SaidBy.ANONYMOUS,
        "may_close": seen.may_answer and State.CLOSED in ALLOWED[State(row.state)],
        "may_give": employee.is_leader and row.state != State.CLOSED,
        "may_reopen": seen.may_answer and row.enquiry_id is not None and row.reopened_at is None,
        "failed": failed,
        "typed": typed,
        "ends": [*none, *ends],
        "channels": [*none, *_pairs(contacts.CHANNEL)],
        "to": [
            *none,
            *((f"department:{key}", name) for key, name in places["departments"]),
            *((f"authority:{key}", name) for key, name in places["authorities"]),
        ],
        "grounds": [(str(word), text) for word, text in contacts.GROUND.items() if word in INSIDE | TO_AN_AUTHORITY],
        "owners": [*none, *_people(queries.may_answer(employee, row))],
        "passed_to": _passed_to(seen) if row.outcome == Outcome.PASSED_ON else "",
    }


def _passed_to(seen: FeedbackSeen) -> str:
    row = seen.row
    return named(row.to_department_id, "departments") or named(row.to_authority_id, "authorities")


def filters() -> dict[str, Pairs]:
    return {
        "states": [("open", _("Åbne")), ("closed", _("Afsluttede")), ("all", _("Alle"))],
        "kinds": [("", _("Alle slags")), *_pairs(labels.KIND)],
        "centres": [("", _("Alle steder")), *_places()["centres"]],
    }


# ------------------------------------------------------------------------------------------------------------- figures


def figures_tables(figures: Figures) -> list[dict[str, Any]]:
    """Three tables as `look/table.html` draws them."""
    return [
        {
            "caption": caption,
            "head": [first, *head()],
            "rows": [[Cell(name, header=True), *_cells(line)] for name, line in rows],
        }
        for caption, first, rows in _tables(figures)
    ]


def head() -> list[str]:
    return [_("Antal"), _("Dage til svar, den midterste"), _("Besvaret til aftalt tid")]


def _tables(figures: Figures) -> list[tuple[str, str, list[tuple[str, Line]]]]:
    def called(lines: list[Line], kind: str) -> list[tuple[str, Line]]:
        return [(named(line.key, kind) or _("Intet bestemt"), line) for line in lines]

    by_kind = [(str(labels.KIND[line.key]), line) for line in figures.by_kind]
    return [
        (_("Efter slags"), _("Slags"), by_kind),
        (_("Klager efter sted"), _("Sted"), called(figures.by_centre, "centres")),
        (_("Klager efter opgave"), _("Opgave"), called(figures.by_service, "services")),
    ]


def _cells(line: Line) -> list[Cell]:
    if line.figure is None:
        return [Cell(HIDDEN, number=True)] * 3
    language, found = get_language() or "da", line.figure
    return [
        Cell(number(found.number, decimals=0, language=language), number=True),
        Cell(number(found.median_days, decimals=0, language=language), number=True),
        Cell(percent(found.share_in_time, decimals=0, language=language), number=True),
    ]


def figures_csv(figures: Figures) -> str:
    """The same tables as the page: what is hidden there is empty here."""
    made = io.StringIO()
    rows = csv.writer(made, delimiter=";")
    rows.writerow([_("Tabel"), _("Gruppe"), *head()])
    for caption, _first, lines in _tables(figures):
        for name, line in lines:
            found = line.figure
            shown = [found.number, found.median_days, found.share_in_time] if found else [None, None, None]
            rows.writerow([caption, name, *("" if value is None else value for value in shown)])
    return made.getvalue()
