"""What this room's pages show, made ready: periods, tables, and which deeds are open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from hovedindgang.look import wording
from hovedindgang.look.tables import Cell
from hovedindgang.oversight.labels import WHY
from hovedindgang.oversight.models import Question
from hovedindgang.oversight.queries import DAYS, Overview
from hovedindgang.oversight.rules import State, may_become
from hovedindgang.people.models import Employee

LONGEST_DAYS = 400
ONLY = (
    ("", gettext_lazy("Alle")),
    ("stated", gettext_lazy("Kun egne ord")),
    ("night", gettext_lazy("Om natten")),
    ("surname", gettext_lazy("Samme efternavn")),
)


def read_period(sent: Mapping[str, str], today: dt.date) -> tuple[dt.date, dt.date, str]:
    """First and last day as asked, else the last thirty days; and what was wrong with what was asked."""
    usual = today - dt.timedelta(days=DAYS - 1), today
    try:
        first = dt.date.fromisoformat(sent.get("fra") or usual[0].isoformat())
        last = dt.date.fromisoformat(sent.get("til") or usual[1].isoformat())
    except ValueError:
        return *usual, _("Skriv datoerne som 2026-03-11. Her er de seneste tredive dage.")
    if not dt.date(1900, 1, 1) <= first <= last <= dt.date(2199, 12, 31):
        return *usual, _("Den første dag skal ligge før den sidste. Her er de seneste tredive dage.")
    if (last - first).days > LONGEST_DAYS:
        return *usual, _("Vælg højst {days} dage. Her er de seneste tredive.").format(days=LONGEST_DAYS)
    return first, last, ""


def read_place(text: str) -> tuple[dt.datetime, int] | None:
    """The place of an older page; None for the newest, and for what no page made."""
    at, _sign, number = text.rpartition("_")
    try:
        place = dt.datetime.fromisoformat(at), int(number)
    except ValueError:
        return None
    return place if place[0].tzinfo is not None and 0 <= place[1] < 2**63 and 1900 < place[0].year < 2200 else None


def place_text(place: tuple[dt.datetime, int]) -> str:
    return f"{place[0].isoformat()}_{place[1]}"


def explained_rows(found: Overview) -> list[list[Cell]]:
    """What explained how many, with its share of all."""
    language = get_language() or "da"

    def row(words: object, number: int) -> list[Cell]:
        share = wording.percent(number / found.total if found.total else None, language=language)
        return [
            Cell(str(words)),
            Cell(wording.number(number, language=language), number=True),
            Cell(share, number=True),
        ]

    return [*(row(WHY[why], number) for why, number in found.explained), row(_("stikker ud"), found.standing_out)]


def may(question: Question, leader: Employee) -> dict[str, bool]:
    """Which deeds are open to this leader."""
    if question.employee_id == leader.pk:
        return {"ask": False, "judge": False}
    was, left = State(question.state), not question.employee.is_active
    return {
        "ask": may_become(was, State.ASKED, left=left) and not left,
        "judge": may_become(was, State.IN_ORDER, left=left),
    }
