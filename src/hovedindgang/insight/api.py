"""The indicators for other systems: the board's own figures, with the same groups left out."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router

from hovedindgang.contacts.rules import Refused
from hovedindgang.insight.periods import Period, what_is_wrong
from hovedindgang.insight.queries import board
from hovedindgang.insight.told import as_data
from hovedindgang.kernel import clock

router = Router(tags=["indicators"])


@router.get("/indicators", response=dict[str, Any], summary="Both indicators of a period, with what they rest on")
def indicators(
    request: HttpRequest,
    first: Annotated[dt.date, Query(alias="from", description="First day.")],
    last: Annotated[dt.date, Query(alias="to", description="Last day, included.")],
) -> dict[str, Any]:
    """Shares lie between 0 and 1; null is not known, not judged yet, or a group too small to show."""
    period = Period(first, last)
    wrong = what_is_wrong(period, clock.today())
    if wrong:
        raise Refused({"to": wrong})
    return as_data(board(period))
