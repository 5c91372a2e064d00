"""The leader's board, and the lists behind its figures."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from hovedindgang.contacts.sensitivity import hidden_from
from hovedindgang.insight import list_pages, pages
from hovedindgang.insight.asked import BOARD_NAMES, LIST_NAMES, read_cut, unknown_names
from hovedindgang.insight.corrected_words import correction_lines
from hovedindgang.insight.lists import (
    ENQUIRIES,
    SLICES,
    known_figure,
    known_slices,
    known_values,
    listing,
    page_number,
)
from hovedindgang.insight.lists_now import OPEN_NOW, known_now, listing_now
from hovedindgang.insight.periods import CHOICES, read_period
from hovedindgang.insight.queries import board as board_of
from hovedindgang.insight.queries import departments_shown, hidden_groups
from hovedindgang.kernel import clock
from hovedindgang.people.doors import Role, door, employee_of
from hovedindgang.policy.queries import NoPolicyInForce, in_force

MAY_BE_AGREED = frozenset({Role.LEADER, Role.PLANNER})  # whom an agreement may name
MAY_OPEN = frozenset({Role.EMPLOYEE, Role.LEADER})  # those who may see contacts


@door(Role.LEADER, Role.PLANNER, Role.EMPLOYEE)
def board(request: HttpRequest) -> HttpResponse:
    """Does the goal hold? The figures of a period."""
    period, wrong = read_period(request.GET, clock.today())
    cut, wrong_cut = read_cut(request.GET)
    wrong = " ".join(filter(None, (wrong, wrong_cut, unknown_names(request.GET, BOARD_NAMES))))
    context: dict[str, object] = {"period": period, "wrong": wrong, "choices": CHOICES.items(), "kept": cut.items()}
    try:
        found = board_of(period)
    except NoPolicyInForce as nothing:
        return _shown(request, "insight/board.html", {**context, "nothing": str(nothing)})
    names = pages.Names(found.measure.model)
    to = pages.Addresses(period, may_open=bool(employee_of(request).roles & MAY_OPEN))
    return _shown(
        request,
        "insight/board.html",
        {
            **context,
            "board": found,
            "to": pages.headline_addresses(found, to),
            "sent_on": pages.sent_on_lines(found, names, to),
            "hand_url": reverse("hand_counts") if employee_of(request).roles & MAY_OPEN else "",
            "agreed_url": reverse("agreed_figures") if employee_of(request).roles & MAY_BE_AGREED else "",
            "by_hand": pages.hand_lines(found, names),
            "over_time": pages.over_time_chart(found),
            "tables": pages.breakdown_tables(found, names, to),
            "cut": pages.cut_table(found, names, to, cut) if cut else None,
            "levels": pages.level_table(found, to),
            "handovers": pages.handover_table(found, names, to),
            "hours": pages.hour_table(found, names),
            "aside": pages.aside_rows(found, to),
            "avoidable": pages.avoidable_chart(found, to),
            "complete": pages.complete_words(found.completeness),
            "corrections": correction_lines(found),
            "hidden_centres": [names.centre(key) for key in found.centres_hidden_for_staff],
        },
    )


def _shown(request: HttpRequest, template: str, context: dict[str, object]) -> HttpResponse:
    return render(request, template, context, status=422 if context["wrong"] else 200)


@door(Role.LEADER, Role.EMPLOYEE)
def board_list(request: HttpRequest, kind: str, figure: str) -> HttpResponse:
    """The rows that one figure counts, of a group that the board shows."""
    today, department = clock.today(), request.GET.get("department_id", "")
    asked = {key: request.GET[key] for key in (*SLICES[ENQUIRIES], "department_id") if key in request.GET}
    now = known_now(kind, figure, set(asked), today) and "\x00" not in department
    if not now and not (known_figure(kind, figure) and known_slices(kind, figure, asked)):
        raise Http404
    period, wrong = read_period(request.GET, today)
    wrong = " ".join(filter(None, (wrong, unknown_names(request.GET, LIST_NAMES))))
    context: dict[str, object] = {"title": list_pages.title(kind, figure), "period": period, "wrong": wrong}
    context["today_alone"] = kind == OPEN_NOW
    if not known_values(asked):
        context["nothing"] = _("Det valg findes ikke. Gå tilbage til tavlen, og vælg et tal.")
        return render(request, "insight/list.html", context, status=422)
    try:
        hidden = dict(hidden_groups(period))
        hidden["service_id"] = hidden["service_id"] | hidden_from(employee_of(request))  # kept more closely than hers
        hidden["department_id"] = frozenset({department} - departments_shown(period)) if department else frozenset()
        names = pages.Names(in_force(period.last if period.last < today else None).model)
    except NoPolicyInForce as nothing:
        return _shown(request, "insight/list.html", {**context, "nothing": str(nothing)})
    context["where"] = list_pages.where_words(asked, names)
    if list_pages.is_hidden(asked, hidden):
        return _shown(request, "insight/list.html", {**context, "nothing": list_pages.hidden_words()})
    page_asked = page_number(request.GET.get("side", ""))
    if now:
        found = listing_now(kind, figure, period, department, today, page_asked or 0)
    else:
        found = listing(kind, figure, period, asked, page_asked or 0)
    if found.page != page_asked:
        context["wrong"] = wrong or _("Den side findes ikke. Her er side {page}.").format(page=found.page + 1)

    def address(page: int | None) -> str:
        said = {"from": period.first, "to": period.last, **asked, "side": page}
        return f"?{urlencode(said)}" if page is not None else ""

    table = list_pages.list_table(kind, figure, found, names, hidden)
    more = {"found": found, "table": table, "newer": address(found.newer), "older": address(found.older)}
    return _shown(request, "insight/list.html", {**context, **more})
