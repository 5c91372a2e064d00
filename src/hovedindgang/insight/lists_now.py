"""The lists behind figures that are counted as they stand now, and not day by day: what is open, and handovers."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce, TruncDate

from hovedindgang.contacts.models import Enquiry, Handover
from hovedindgang.contacts.rules import Outcome
from hovedindgang.insight.lists import PAGE, Listing
from hovedindgang.insight.periods import Period
from hovedindgang.insight.sums import handover_figures, open_figures
from hovedindgang.kernel.clock import DENMARK, day_bounds

OPEN_NOW, HANDOVERS = "aabne", "overdragelser"  # what is listed; stands in the address


def known_now(kind: str, figure: str, asked: set[str], today: dt.date) -> bool:
    """Whether there is such a list: open enquiries of everybody, or the handovers to one department."""
    if kind == OPEN_NOW:
        return figure in open_figures(today) and not asked
    return kind == HANDOVERS and figure in handover_figures(today) and asked == {"department_id"}


def listing_now(kind: str, figure: str, period: Period, department: str, today: dt.date, page: int = 0) -> Listing:
    """The rows that `figure` counts, those that have waited longest first; handovers are those sent in the period."""
    found = _open(figure, today) if kind == OPEN_NOW else _handovers(figure, period, department, today)
    total = found.count()
    page = max(0, min(page, (total - 1) // PAGE if total else 0))
    rows = [{**row, "contact_id": row["of_contact"]} for row in found[page * PAGE : (page + 1) * PAGE]]
    return Listing(rows, total, total, page)


def _open(figure: str, today: dt.date) -> QuerySet[Enquiry, dict[str, Any]]:
    rows = Enquiry.objects.filter(open_figures(today)[figure], outcome=Outcome.OPEN).order_by("received_on", "pk")
    return rows.values(
        "service_id",
        "outcome",
        of_contact=Coalesce("contact__merged_into_id", "contact_id"),
        day=F("received_on"),
        channel=F("contact__channel"),
        centre_id=F("contact__centre_id"),
        promised=F("promised_on"),
    )


def _handovers(figure: str, period: Period, department: str, today: dt.date) -> QuerySet[Handover, dict[str, Any]]:
    start, end = day_bounds(period.first)[0], day_bounds(period.last)[1]
    rows = Handover.objects.filter(
        handover_figures(today)[figure], sent_at__gte=start, sent_at__lt=end, department=department
    )
    return rows.order_by("sent_at", "pk").values(
        of_contact=Coalesce("enquiry__contact__merged_into_id", "enquiry__contact_id"),
        day=TruncDate("sent_at", tzinfo=DENMARK),
        channel=F("enquiry__contact__channel"),
        centre_id=F("enquiry__contact__centre_id"),
        service_id=F("enquiry__service_id"),
        outcome=F("enquiry__outcome"),
        promised=F("promised_on"),
    )
