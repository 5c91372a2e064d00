"""Pages of this room: alarms, warnings on citizens, incidents. Each works without a script."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hovedindgang.kernel import clock
from hovedindgang.people.doors import Role, door, employee_of
from hovedindgang.people.queries import access_citizen, names_apart
from hovedindgang.safety import actions, forms, labels, queries
from hovedindgang.safety.doors import incidents_seen, open_incident
from hovedindgang.safety.rules import Refused

BORGERSERVICE = (Role.EMPLOYEE, Role.LEADER)
# What this PC remembers of where it stands.
PLACE, CENTRE = (f"{settings.COOKIE_PREFIX}hovedindgang_{what}" for what in ("plads", "centre"))
A_YEAR = 365 * 24 * 3600


# ------------------------------------------------------------------------------------------------------------ alarms


@door(*BORGERSERVICE)
@require_GET
def alarms(request: HttpRequest) -> HttpResponse:
    """Alarms that are not over, with who comes."""
    rows = queries.alarms_shown(employee_of(request))
    return render(request, "safety/alarms.html", {"alarms": rows, "employee": employee_of(request)})


@door(*BORGERSERVICE)
@require_POST
def raise_alarm(request: HttpRequest) -> HttpResponse:
    """Call colleagues. This PC remembers where it stands."""
    place = request.POST.get("place", "")
    if not request.POST.get("only_place"):
        actions.raise_alarm(
            employee=employee_of(request),
            centre=request.COOKIES.get(CENTRE),
            place=place,
            drill=bool(request.POST.get("drill")),
        )
    elif place:
        messages.success(request, _("Pladsen er gemt på denne PC."))
    response = HttpResponse(status=204) if "X-Watch" in request.headers else redirect("alarms")
    if place:
        kept = place.encode("unicode_escape").decode("ascii")[:400]
        response.set_cookie(PLACE, kept, A_YEAR, httponly=True, samesite="Lax", secure=request.is_secure())
    return response


@door(*BORGERSERVICE)
@require_POST
def alarm_step(request: HttpRequest, alarm_id: int, step: str) -> HttpResponse:
    """I am coming; it is over; it was pressed by mistake."""
    employee = employee_of(request)
    deeds: dict[str, Callable[[], object]] = {
        "coming": lambda: actions.answer_alarm(employee=employee, alarm_id=alarm_id),
        "over": lambda: actions.end_alarm(employee=employee, alarm_id=alarm_id),
        "mistake": lambda: actions.end_alarm(employee=employee, alarm_id=alarm_id, mistake=True),
    }
    if step not in deeds:
        raise Http404
    try:
        deeds[step]()
    except Refused as refused:
        messages.error(request, str(refused))
    return HttpResponse(status=204) if "X-Watch" in request.headers else redirect("alarms")


# ---------------------------------------------------------------------------------------------------------- warnings


@door(*BORGERSERVICE)
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, citizen_id: int) -> HttpResponse:
    """Propose a warning on a citizen; the leader decides."""
    employee, errors = employee_of(request), {}
    if request.method == "POST":
        try:
            reason, told = forms.proposal(request.POST)
            actions.propose_warning(employee=employee, citizen_id=citizen_id, reason=reason, told=told)
        except Refused as refused:
            errors = refused.errors
        else:
            messages.success(
                request, _("Forslaget er sendt til lederen. Ingen andre ser det, før der er taget stilling.")
            )
            return redirect("alarms")
    citizen = access_citizen(employee, citizen_id, use="warning", reason=f"citizen:{citizen_id}")
    context = {
        "citizen": citizen,
        "typed": request.POST,
        "errors": errors,
        "summary": list(errors.items()),
        "reasons": [("", _("Vælg")), *labels.REASON.items()],
        "told": list(labels.TOLD.items()),
    }
    return render(request, "safety/propose.html", context, status=422 if errors else 200)


@door(Role.LEADER)
@require_GET
def warnings(request: HttpRequest) -> HttpResponse:
    """What is proposed and what is in force, without names."""
    return render(request, "safety/warnings.html", {"rows": queries.to_decide(employee_of(request))})


@door(Role.LEADER)
@require_http_methods(["GET", "POST"])
def warning(request: HttpRequest, warning_id: int) -> HttpResponse:
    """One warning: decide, look at it again, refuse or end."""
    employee, errors = employee_of(request), {}
    if request.method == "POST":
        try:
            said = _decide(request, warning_id)
        except Refused as refused:
            errors = refused.errors
        else:
            messages.success(request, said)
            return redirect("warnings")
    shown = queries.warning_seen(employee, warning_id)
    context = {
        "warning": shown,
        "typed": request.POST,
        "errors": errors,
        "summary": list(errors.items()),
        "told": list(labels.TOLD.items()),
        "told_now": request.POST.get("told") or shown.told,
    }
    return render(request, "safety/warning.html", context, status=422 if errors else 200)


def _decide(request: HttpRequest, warning_id: int) -> str:
    employee, step = employee_of(request), request.POST.get("step")
    if step == "refuse":
        actions.refuse_warning(employee=employee, warning_id=warning_id)
        return _("Forslaget er afvist og slettet.")
    if step == "end":
        actions.end_warning(employee=employee, warning_id=warning_id)
        return _("Advarslen er ophørt og slettet.")
    valid_to, told = forms.decision(request.POST)
    actions.decide_warning(employee=employee, warning_id=warning_id, valid_to=valid_to, told=told)
    return _("Advarslen gælder. Den slettes af sig selv, når dagen kommer.")


# --------------------------------------------------------------------------------------------------------- incidents


@door(*BORGERSERVICE)
@require_http_methods(["GET", "POST"])
def incidents(request: HttpRequest) -> HttpResponse:
    """Those she may see, and room to tell of one more."""
    employee, errors = employee_of(request), {}
    if request.method == "POST":
        try:
            actions.report_incident(employee=employee, **forms.incident(request.POST))
        except Refused as refused:
            errors = refused.errors
        else:
            messages.success(request, _("Hændelsen er skrevet ned. Kun lederen og de, der var der, kan læse den."))
            return redirect("incidents")
    year = dt.date(clock.today().year, 1, 1)
    context: dict[str, Any] = {
        "rows": queries.incidents(employee),
        "counted": queries.counted(employee, since=year) if employee.is_leader else [],
        "year": year.year,
        "typed": request.POST,
        "chosen": request.POST.getlist("present"),
        "errors": errors,
        "summary": list(errors.items()),
        "kinds": [("", _("Vælg")), *labels.KIND.items()],
        "colleagues": [
            (str(number), name)
            for number, name in names_apart(queries.colleagues(employee)).items()
            if number != employee.pk
        ],
        "today": clock.today().isoformat(),
    }
    return render(request, "safety/incidents.html", context, status=422 if errors else 200)


@door(*BORGERSERVICE)
@require_http_methods(["GET", "POST"])
def incident(request: HttpRequest, incident_id: int) -> HttpResponse:
    """One incident, and what was done about it."""
    employee, errors = employee_of(request), {}
    if request.method == "POST":
        try:
            actions.follow_incident_up(employee=employee, incident_id=incident_id, **forms.follow_up(request.POST))
        except Refused as refused:
            errors = refused.errors
        else:
            messages.success(request, _("Gemt."))
            return redirect("incident", incident_id)
    row = open_incident(employee, incident_id)
    typed = request.POST if errors else forms.follow_up_of(row)
    context = {
        "row": row,
        "present": list(row.present.order_by("name")),
        "typed": typed,
        "errors": errors,
        "summary": list(errors.items()),
        "notices": list(labels.NOTICE.items()),
        "absences": list(labels.ABSENCE.items()),
        "see_all": incidents_seen(employee).exists(),
    }
    return render(request, "safety/incident.html", context, status=422 if errors else 200)
