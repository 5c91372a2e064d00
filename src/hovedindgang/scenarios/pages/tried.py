"""Cost against service of everything that was tried on one ground."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from hovedindgang.look.tables import Cell
from hovedindgang.scenarios.comparing import Apart, Offer, Unit, apart, frontier
from hovedindgang.scenarios.drawing import frontier_chart
from hovedindgang.scenarios.models import Run
from hovedindgang.scenarios.pages.figures import heading
from hovedindgang.scenarios.wordings import interval, language, told

KR, WAIT = "total_kr", "wait:in_person"


def offers_of(runs: Sequence[Run]) -> list[Offer]:
    """Those that can be compared: where a queue grows without end the mean wait says nothing, so they are left out."""
    found = []
    for run in runs:
        figures = (run.results or {}).get("figures", {})
        if KR in figures and WAIT in figures and not _grows(run):
            wait = figures[WAIT]
            offer = Offer(run.pk, heading(run), figures[KR]["value"], wait["value"], low=wait["low"], high=wait["high"])
            found.append(offer)
    return frontier(found)


def _grows(run: Run) -> bool:
    return any(one["where"].startswith("in_person") for one in (run.results or {}).get("growing", ()))


def frontier_of(runs: Sequence[Run]) -> dict[str, Any]:
    """Cost against service of everything that was tried on one ground, and what was left out."""
    offers, results = offers_of(runs), {run.pk: run.results or {} for run in runs}
    rows = [
        [
            Cell(f"{place}. {one.title}", url=reverse("plan_run", args=[one.run])),
            Cell(interval(results[one.run]["figures"][KR], Unit.KR), number=True),
            Cell(told(results[one.run]["figures"]["hours:own"]["value"], Unit.HOURS), number=True),
            Cell(interval(results[one.run]["figures"][WAIT], Unit.MINUTES), number=True),
            Cell(_worth(one, offers, results)),
        ]
        for place, one in enumerate(offers, start=1)
    ]
    drawing = frontier_chart(
        title=_("Pris mod service: det, der er prøvet"),
        description=_(
            "Løn og steder om året hen ad, ventetid ved skranken op ad, med 95 %-interval. Tallet ved hvert punkt står "
            "i tabellen. Linjen går gennem dem, ingen slår på begge dele."
        ),
        offers=offers,
        language=language(),
    )
    head = [
        _("Prøve"),
        _("Løn og steder om året"),
        _("Lønnede timer"),
        _("Ventetid ved skranken"),
        _("Slået på de to tal?"),
    ]
    return {"drawing": drawing, "head": head, "rows": rows, "left_out": [heading(run) for run in runs if _grows(run)]}


def _worth(one: Offer, offers: Sequence[Offer], results: Mapping[int, Mapping[str, Any]]) -> str:
    """Whether another is as cheap and as quick; and whether that may be chance."""
    if one.on_frontier:
        return _("nej, ingen er både billigere og hurtigere")
    better = [
        (place, other)
        for place, other in enumerate(offers, start=1)
        if other.on_frontier and other.seen[0] <= one.seen[0] and other.seen[1] <= one.seen[1]
    ]
    place, other = better[-1]
    wait = apart(results[other.run], results[one.run], WAIT)
    if other.seen[0] == one.seen[0] and (wait is None or wait.apart is Apart.SAME):
        return _("kan ikke skelnes fra nr. {number}").format(number=place)
    return _("ja, nr. {number} er mindst lige så billig og lige så hurtig").format(number=place)
