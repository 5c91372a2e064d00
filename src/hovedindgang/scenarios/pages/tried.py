"""Cost against service of everything that was tried on one ground."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from hovedindgang.look.tables import Cell
from hovedindgang.scenarios.comparing import (
    Offer,
    Unit,
    frontier,
)
from hovedindgang.scenarios.drawing import frontier_chart
from hovedindgang.scenarios.models import Run
from hovedindgang.scenarios.pages.figures import heading
from hovedindgang.scenarios.wordings import language, told


def offers_of(runs: Sequence[Run]) -> list[Offer]:
    found = []
    for run in runs:
        figures = (run.results or {}).get("figures", {})
        if "kr" in figures and "wait:in_person" in figures:
            found.append(Offer(run.pk, heading(run), figures["kr"]["value"], figures["wait:in_person"]["value"]))
    return frontier(found)


def frontier_of(runs: Sequence[Run]) -> dict[str, Any]:
    """Cost against service of everything that was tried on one ground."""
    offers = offers_of(runs)
    rows = [
        [
            Cell(f"{place}. {one.title}", url=reverse("plan_run", args=[one.run])),
            Cell(told(one.kr, Unit.KR), number=True),
            Cell(told(one.minutes, Unit.MINUTES), number=True),
            Cell(_("ja") if one.on_frontier else _("nej: en anden er mindst lige så billig og lige så hurtig")),
        ]
        for place, one in enumerate(offers, start=1)
    ]
    drawing = frontier_chart(
        title=_("Pris mod service: det, der er prøvet"),
        description=_(
            "Løn om året hen ad, ventetid ved skranken op ad. Tallet ved hvert punkt står i "
            "tabellen. Linjen går gennem dem, ingen slår på begge dele."
        ),
        offers=offers,
        language=language(),
    )
    head = [_("Prøve"), _("Løn om året"), _("Ventetid ved skranken"), _("Værd at vælge")]
    return {"drawing": drawing, "head": head, "rows": rows}
