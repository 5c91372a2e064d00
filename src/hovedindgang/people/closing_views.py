"""Pages about what is closed to whom: why it is, how it is opened, and what a leader sees of it."""

from __future__ import annotations

import logging

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.defaults import permission_denied

from hovedindgang.kernel.actors import employee_actor
from hovedindgang.people import closing, queries
from hovedindgang.people.actions import note_too_many
from hovedindgang.people.closed import ClosedToHer, note_refused, openings_asked, openings_unseen
from hovedindgang.people.doors import door, employee_of, public
from hovedindgang.people.leftover import what_was_typed
from hovedindgang.people.models import ClosedWhy, Employee, OpeningReason, Role
from hovedindgang.people.pace import TooMany, is_first_refusal
from hovedindgang.people.rules import PeopleRefused, Purpose
from hovedindgang.people.step_up import stepped_up

CLOSED_MINUTES = 10  # how lately she must have proven that it is her

log = logging.getLogger(__name__)


@public
def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Every refusal of the house: what is closed to her says why, and how it is opened; else the usual page."""
    log.warning("refused: employee %s at %s", getattr(request.user, "pk", None), request.path)
    if isinstance(exception, TooMany):
        return too_many(request, exception)
    if not isinstance(exception, ClosedToHer):
        return permission_denied(request, exception)
    note_refused(employee_of(request).pk, exception)
    return closed_page(request, exception.citizen_id, exception.why)


def too_many(request: HttpRequest, refused: TooMany) -> HttpResponse:
    """She asks for more than anybody can read: nothing was done, what she typed stands here, and it is written once."""
    employee = employee_of(request)
    if is_first_refusal(refused.what, employee.pk):
        note_too_many(employee_id=employee.pk, what=refused.what)
    typed = what_was_typed(request)["typed"] if request.method == "POST" else []
    page = {"minutes": -(-refused.seconds // 60), "typed": typed}
    response = render(request, "people/too_many.html", page, status=429)
    response.headers["Retry-After"] = str(refused.seconds)
    response.headers["Cache-Control"] = "no-store"
    return response


def closed_page(request: HttpRequest, citizen_id: int, why: ClosedWhy, error: str = "") -> HttpResponse:
    way_back = request.get_full_path() if request.method in {"GET", "HEAD"} else _way(request)
    page = {
        "citizen_id": citizen_id,
        "why": why,
        "by_herself": why == ClosedWhy.COLLEAGUE,
        "reasons": OpeningReason.choices,
        "next": way_back,
        "errors": [("reason", error)] if error else [],
    }
    return render(request, "people/closed.html", page, status=403)


@door()
@stepped_up(purpose=Purpose.CLOSED_RECORD, minutes=CLOSED_MINUTES)
@require_POST
def ask_opening(request: HttpRequest, citizen_id: int) -> HttpResponseBase:
    """A colleague's record opens for an hour; her own and her family's wait for a leader."""
    employee = employee_of(request)
    try:
        opening = closing.ask_opening(employee=employee, citizen_id=citizen_id, reason=request.POST.get("reason", ""))
    except PeopleRefused as wrong:
        return closed_page(request, citizen_id, closing.why_closed(employee, citizen_id), wrong.errors["reason"])
    if opening.opened_at is None:
        return render(request, "people/opening_asked.html")
    messages.success(request, _("Oplysningerne er åbne for dig i en time. Din leder kan se det."))
    return redirect(_way(request))


def _way(request: HttpRequest) -> str:
    asked = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return asked
    return "/"


@door(Role.LEADER)
def openings(request: HttpRequest) -> HttpResponse:
    """What employees ask to have opened, and what has been opened that no leader has seen."""
    return render(request, "people/openings.html", {"asked": openings_asked(), "unseen": openings_unseen()})


@door(Role.LEADER)
@stepped_up(purpose=Purpose.CLOSED_RECORD, minutes=CLOSED_MINUTES)
@require_POST
def open_for_her(request: HttpRequest, opening_id: int) -> HttpResponseBase:
    try:
        opening = closing.open_for_her(leader=employee_of(request), opening_id=opening_id)
    except PeopleRefused as wrong:
        messages.error(request, str(wrong))
    else:
        messages.success(request, _("Åbent for {name} i en time.").format(name=opening.employee.name))
    return redirect("openings")


@door(Role.LEADER)
@require_POST
def opening_seen(request: HttpRequest, opening_id: int) -> HttpResponse:
    try:
        closing.note_opening_seen(leader=employee_of(request), opening_id=opening_id)
    except PeopleRefused as wrong:
        messages.error(request, str(wrong))
    return redirect("openings")


@door()
@require_POST
def family(request: HttpRequest) -> HttpResponse:
    """Somebody of hers, whose record is closed to her from now on."""
    employee = employee_of(request)
    actor = employee_actor(employee.pk)
    try:
        closing.say_family(actor=actor, employee_id=employee.pk, cpr=request.POST.get("family_cpr", ""))
    except PeopleRefused as wrong:
        messages.error(request, str(wrong))
    else:
        messages.success(request, _("Det er gemt. Oplysningerne er lukket for dig fra nu af."))
    return redirect("settings")


@door(Role.ADMINISTRATOR)
@stepped_up(purpose=Purpose.OTHERS_ACCESS)
@require_POST
def kin(request: HttpRequest, employee_id: int) -> HttpResponseBase:
    """The administrator says whose CPR is the employee's own, or takes away somebody of her family."""
    person = _person(employee_id)
    actor, typed = employee_actor(employee_of(request).pk), request.POST
    try:
        if typed.get("what") == "family":
            closing.unsay_family(actor=actor, employee_id=person.pk, cpr=typed.get("cpr", ""))
        else:
            closing.say_own_cpr(actor=actor, employee_id=person.pk, cpr=typed.get("cpr", ""))
    except PeopleRefused as wrong:
        messages.error(request, str(wrong))
    else:
        messages.success(request, _("Det er gemt."))
    return redirect("edit_employee", employee_id)


def _person(employee_id: int) -> Employee:
    try:
        return queries.employee(employee_id)
    except Employee.DoesNotExist:
        raise Http404 from None
