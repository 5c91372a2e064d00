"""What came and was not registered, gone through one key each."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hovedindgang.desk.missing import missing_context
from hovedindgang.insight.actions import ArrivalRegistered, answer_arrival
from hovedindgang.insight.missing import Answer
from hovedindgang.kernel import clock
from hovedindgang.people.doors import Employee, Role, door, employee_of
from hovedindgang.policy.queries import NoPolicyInForce, in_force

LONGEST_NUMBER = 18


@door(Role.EMPLOYEE, Role.LEADER)
@require_http_methods(["GET", "POST"])
def missing(request: HttpRequest) -> HttpResponse:
    """The arrivals of a day at a centre that match no contact; a button says what became of one."""
    employee = employee_of(request)
    asked = request.POST if request.method == "POST" else request.GET
    try:
        day, centre = _day(asked.get("dag", "")), _centre(employee, asked.get("sted"))
        if request.method == "GET":
            return render(request, "desk/missing.html", missing_context(employee, day, centre))
    except NoPolicyInForce as nothing:
        return render(request, "desk/closed.html", {"why": str(nothing)})
    what, _colon, number = request.POST.get("said", "").partition(":")
    if not (number.isascii() and number.isdigit() and len(number) <= LONGEST_NUMBER):
        raise Http404
    if what == "register":
        return HttpResponseRedirect(f"{reverse('desk')}?{urlencode({'ankomst': number})}", status=303)
    answer = {"no_contact": Answer.NO_CONTACT, "unknown": Answer.UNKNOWN, "open": None}
    if what not in answer:
        raise Http404
    try:
        answer_arrival(employee=employee, record_id=int(number), answer=answer[what])
    except LookupError as gone:
        raise Http404 from gone
    except ArrivalRegistered as taken:
        said = _("Den er allerede registreret som nr. %(number)s.") % {"number": taken.contact_id}
        messages.error(request, said)
    query = urlencode({"dag": day.isoformat(), "sted": centre or ""})
    return HttpResponseRedirect(f"{reverse('desk_missing')}?{query}", status=303)


def _day(text: str) -> dt.date:
    """Of the address; what cannot be read, or has not come, is today."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return clock.today()
    return day if dt.date(1970, 1, 2) < day <= clock.today() else clock.today()


def _centre(employee: Employee, asked: str | None) -> str | None:
    """The place asked for, her own where none is; None: all."""
    centres = in_force().model.centres
    wanted = employee.centre_id if asked is None else asked
    return wanted if wanted in centres else None
