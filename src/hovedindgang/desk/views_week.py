"""A counting week's strip: one key for each contact, of whoever meets the citizen."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hovedindgang.insight import week_actions, week_pages, week_queries
from hovedindgang.insight.pages import Names
from hovedindgang.insight.weeks import Category
from hovedindgang.people.doors import Role, door, employee_of
from hovedindgang.policy.queries import in_force
from hovedindgang.servicemodel.document import Channel


@door(Role.EMPLOYEE, Role.CASEWORKER, Role.LEADER)
@require_http_methods(["GET", "POST"])
def count_week(request: HttpRequest) -> HttpResponse:
    """One key counts one; the page shows her own strip of today."""
    employee, errors = employee_of(request), {}
    place = week_queries.counts_now(employee)
    if place is not None and request.method == "POST":
        channel, _colon, category = request.POST.get("count", "").partition(":")
        try:
            if channel == "undo":
                if week_actions.take_stroke_back(employee=employee, place=place):
                    return HttpResponseRedirect(reverse("count_week"), status=303)
                errors = {"": _("Der er ingen ny streg at tage tilbage.")}
            else:
                key = uuid.UUID(request.POST.get("key", ""))
                week_actions.count_stroke(
                    employee=employee, place=place, channel=Channel(channel), category=Category(category), key=key
                )
                return HttpResponseRedirect(reverse("count_week"), status=303)
        except ValueError:
            errors = {"": _("Der blev ikke talt. Hent siden igen, og tryk på tasten.")}
    context: dict[str, object] = {"place": place, "errors": errors, "employee": employee, "key": uuid.uuid4()}
    if place is not None:
        names = Names(in_force().model)
        where = names.centre(place.centre_id) if place.centre_id else names.department(place.department_id or "")
        counted = week_queries.my_strip(employee, place)
        rows = week_pages.strip_rows(counted)
        context |= {"rows": rows, "definition": week_pages.definition(), "where": where}
    return render(request, "desk/count_week.html", context, status=422 if errors else 200)
