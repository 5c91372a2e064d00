"""The leader's board, and the lists behind its figures."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from hovedindgang.insight import list_pages, pages
from hovedindgang.insight.corrected_words import correction_lines
from hovedindgang.insight.labels import FIGURE
from hovedindgang.insight.lists import SLICES, known_figure, listing
from hovedindgang.insight.periods import CHOICES, read_period
from hovedindgang.insight.queries import board as board_of
from hovedindgang.kernel import clock
from hovedindgang.people.doors import Role, door, employee_of
from hovedindgang.policy.queries import NoPolicyInForce, in_force

MAY_OPEN = frozenset({Role.EMPLOYEE, Role.LEADER})  # those who may see contacts


@door(Role.LEADER, Role.PLANNER, Role.EMPLOYEE)
def board(request: HttpRequest) -> HttpResponse:
    """Does the goal hold? The figures of a period."""
    period, wrong = read_period(request.GET, clock.today())
    context: dict[str, object] = {"period": period, "wrong": wrong, "choices": CHOICES.items()}
    try:
        found = board_of(period)
    except NoPolicyInForce as nothing:
        return render(request, "insight/board.html", {**context, "nothing": str(nothing)})
    names = pages.Names(found.measure.model)
    to = pages.Addresses(period, may_open=bool(employee_of(request).roles & MAY_OPEN))
    return render(
        request,
        "insight/board.html",
        {
            **context,
            "board": found,
            "to": pages.headline_addresses(to),
            "sent_on": [(names.channel(key), rate) for key, rate in found.not_sent_on.items()],
            "over_time": pages.over_time_chart(found),
            "tables": pages.breakdown_tables(found, names, to),
            "levels": pages.level_table(found, to),
            "handovers": pages.handover_table(found, names),
            "hours": pages.hour_table(found, names),
            "aside": pages.aside_rows(found, to),
            "avoidable": pages.avoidable_chart(found),
            "complete": pages.complete_words(found.completeness),
            "corrections": correction_lines(found),
            "range": pages.range_words(found.a),
            "hidden_centres": [names.centre(key) for key in found.centres_hidden_for_staff],
        },
    )


@door(Role.LEADER, Role.EMPLOYEE)
def board_list(request: HttpRequest, kind: str, figure: str) -> HttpResponse:
    """The rows that one figure counts."""
    if not known_figure(kind, figure):
        raise Http404
    period, _wrong = read_period(request.GET, clock.today())
    where = {key: request.GET[key] for key in SLICES if key in request.GET}
    asked_page = request.GET.get("side", "0")
    found = listing(kind, figure, period, where, int(asked_page) if asked_page.isdecimal() else 0)
    names = pages.Names(in_force(period.last if period.last < clock.today() else None).model)

    def address(page: int | None) -> str:
        asked = {"from": period.first, "to": period.last, **where, "side": page}
        return f"?{urlencode(asked)}" if page is not None else ""

    table = list_pages.list_table(kind, found, names)
    return render(
        request,
        "insight/list.html",
        {
            "title": FIGURE.get(figure, figure),
            "period": period,
            "found": found,
            "where": list_pages.where_words(where, names),
            "table": table,
            "newer": address(found.newer),
            "older": address(found.older),
        },
    )
