"""The leader's board, and the lists behind its figures."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from hovedindgang.contacts.sensitivity import hidden_from
from hovedindgang.insight import list_pages, pages
from hovedindgang.insight.corrected_words import correction_lines
from hovedindgang.insight.labels import FIGURE
from hovedindgang.insight.lists import ENQUIRIES, SLICES, known_figure, known_slices, listing, page_number
from hovedindgang.insight.periods import CHOICES, read_period
from hovedindgang.insight.queries import board as board_of
from hovedindgang.insight.queries import hidden_groups
from hovedindgang.kernel import clock
from hovedindgang.people.doors import Role, door, employee_of
from hovedindgang.policy.queries import NoPolicyInForce, in_force

MAY_BE_AGREED = frozenset({Role.LEADER, Role.PLANNER})  # whom an agreement may name
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
            "sent_on": pages.sent_on_lines(found, names),
            "hand_url": reverse("hand_counts") if employee_of(request).roles & MAY_OPEN else "",
            "agreed_url": reverse("agreed_figures") if employee_of(request).roles & MAY_BE_AGREED else "",
            "by_hand": pages.hand_lines(found, names),
            "over_time": pages.over_time_chart(found),
            "tables": pages.breakdown_tables(found, names, to),
            "levels": pages.level_table(found, to),
            "handovers": pages.handover_table(found, names),
            "hours": pages.hour_table(found, names),
            "aside": pages.aside_rows(found, to),
            "avoidable": pages.avoidable_chart(found),
            "complete": pages.complete_words(found.completeness),
            "corrections": correction_lines(found),
            "hidden_centres": [names.centre(key) for key in found.centres_hidden_for_staff],
        },
    )


@door(Role.LEADER, Role.EMPLOYEE)
def board_list(request: HttpRequest, kind: str, figure: str) -> HttpResponse:
    """The rows that one figure counts, of a group that the board shows."""
    asked = {key: request.GET[key] for key in SLICES[ENQUIRIES] if key in request.GET}
    if not known_figure(kind, figure) or not known_slices(kind, asked):
        raise Http404
    period, wrong = read_period(request.GET, clock.today())
    context: dict[str, object] = {"title": FIGURE.get(figure, figure), "period": period, "wrong": wrong}
    try:
        hidden = dict(hidden_groups(period))
        hidden["service_id"] = hidden["service_id"] | hidden_from(employee_of(request))  # kept more closely than hers
        names = pages.Names(in_force(period.last if period.last < clock.today() else None).model)
    except NoPolicyInForce as nothing:
        return render(request, "insight/list.html", {**context, "nothing": str(nothing)})
    context["where"] = list_pages.where_words(asked, names)
    if list_pages.is_hidden(asked, hidden):
        return render(request, "insight/list.html", {**context, "nothing": list_pages.hidden_words()})
    found = listing(kind, figure, period, asked, page_number(request.GET.get("side", "")))

    def address(page: int | None) -> str:
        said = {"from": period.first, "to": period.last, **asked, "side": page}
        return f"?{urlencode(said)}" if page is not None else ""

    table = list_pages.list_table(kind, found, names, hidden)
    more = {"found": found, "table": table, "newer": address(found.newer), "older": address(found.older)}
    return render(request, "insight/list.html", {**context, **more})
