"""The indicators for other systems: the board's own figures, with the same groups left out."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router

from hovedindgang.contacts.rules import Refused
from hovedindgang.insight.periods import LONGEST_DAYS, Period
from hovedindgang.insight.queries import board
from hovedindgang.insight.told import as_data

router = Router(tags=["indicators"])


@router.get("/indicators", response=dict[str, Any], summary="Both indicators of a period, with what they rest on")
def indicators(
    request: HttpRequest,
    first: Annotated[dt.date, Query(alias="from", description="First day.")],
    last: Annotated[dt.date, Query(alias="to", description="Last day, included.")],
) -> dict[str, Any]:
    """Shares lie between 0 and 1; null is not known, not judged yet, or a group too small to show."""
    if last < first:
        raise Refused({"to": _("Sidste dag ligger før første dag. Byt om på dem.")})
    if (last - first).days >= LONGEST_DAYS:
        raise Refused({"to": _("Perioden er for lang. Vælg højst tre år.")})
    return as_data(board(Period(first, last)))
