"""A run weekday by weekday, and how long before its first day it begins."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hovedindgang.look.tables import Cell
from hovedindgang.scenarios.comparing import Unit
from hovedindgang.scenarios.labels import WEEKDAY
from hovedindgang.scenarios.models import Run
from hovedindgang.scenarios.wordings import NOTHING, interval, number


def week_table(run: Run) -> dict[str, Any]:
    """How busy the employees are and what became of who came, with intervals; a dash where too few came."""
    figures = (run.results or {}).get("figures", {})
    rows = []
    for key, label in (
        ("busy:own", _("Medarbejderne er optaget")),
        ("left:all", _("Opgav eller gik forgæves")),
        ("kept:all", _("Svar på aftalt dag")),
        ("a:all", _("Løst i Borgerservice")),
        ("b:all", _("Løst i én henvendelse")),
    ):
        found = [figures.get(f"{key}::{day}") for day in range(7)]
        if any(found):
            rows.append([Cell(label), *(Cell(interval(one, Unit.SHARE) if one else NOTHING) for one in found)])
    return {"head": [_("Den dag, de kom"), *(str(WEEKDAY[day]) for day in range(7))], "rows": rows}


def warm_up_words(run: Run) -> str:
    """Empty where the run was done before there was a warm-up."""
    lead = (run.results or {}).get("warm_up")
    if not lead or not lead["days"]:
        return ""
    weeks = lead["days"] // 7
    said = ngettext(
        "Den begynder {weeks} uge før første dag, så der ligger noget fra før; den uge regnes ikke med.",
        "Den begynder {weeks} uger før første dag, så der ligger noget fra før; de uger regnes ikke med.",
        weeks,
    ).format(weeks=number(weeks))
    if lead["settled"]:
        return said
    more = _("Det, der ligger åbent, falder ikke til ro: det vokser, eller det svinger med året.")
    return f"{said} {more}"
