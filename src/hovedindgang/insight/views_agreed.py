"""Figures about single employees, by agreement."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from hovedindgang.insight import pages
from hovedindgang.insight.agreed import agreed_figures
from hovedindgang.insight.asked import PERIOD_NAMES, unknown_names
from hovedindgang.insight.periods import CHOICES, read_period
from hovedindgang.kernel import clock
from hovedindgang.people.doors import Role, door, employee_of
from hovedindgang.people.pace import Asked, mind_pace
from hovedindgang.policy.queries import NoPolicyInForce


@door(Role.LEADER, Role.PLANNER)
@require_GET
def agreed(request: HttpRequest) -> HttpResponse:
    """Exactly the figures that an agreement names, for exactly those it names; without one, that there is none."""
    mind_pace(Asked.COUNTED, employee_of(request).pk)
    today = clock.today()
    period, wrong = read_period(request.GET, today)
    wrong = " ".join(filter(None, (wrong, unknown_names(request.GET, PERIOD_NAMES))))
    try:
        found = agreed_figures(employee_of(request), period, today)
    except NoPolicyInForce:
        found = []
    parts = [pages.agreed_part(one) for one in found]
    context = {"period": period, "wrong": wrong, "choices": CHOICES.items(), "parts": parts}
    return render(request, "insight/agreed.html", context, status=422 if wrong else 200)
