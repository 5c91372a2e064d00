"""The leader's pages about what citizens ask of what we hold: who waits, and what is answered."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hovedindgang.people.doors import Role, door, employee_of
from hovedindgang.people.rectifying import correct_citizen, lift_restriction, restrict_citizen
from hovedindgang.people.rules import PeopleRefused
from hovedindgang.privacy import answering, pages
from hovedindgang.privacy.forms import RequestForm, day_typed
from hovedindgang.privacy.rules import PrivacyRefused
from hovedindgang.privacy.views import show_rights


@door(Role.LEADER)
def requests(request: HttpRequest) -> HttpResponse:
    """All that wait, the first due first; what is late stands out."""
    asked = answering.open_requests()
    context = {"rows": pages.request_rows(asked), "count": answering.in_all(asked)}
    return render(request, "privacy/requests.html", context)


@door(Role.LEADER)
@require_POST
def register(request: HttpRequest, citizen_id: int) -> HttpResponse:
    """Her request, which came to the leader and not to the desk."""
    try:
        form = RequestForm.typed(request.POST)
        answering.register_request(
            employee=employee_of(request),
            citizen_id=citizen_id,
            right=form.right,
            channel=form.channel,
            received_on=form.received_on,
            key=form.key,
        )
    except PrivacyRefused as refused:
        return show_rights(request, citizen_id, at="ask", errors=refused.errors)
    messages.success(request, _("Anmodningen er registreret. Den står på listen, til borgeren har fået svar."))
    return redirect("citizen_rights", citizen_id)


@door(Role.LEADER)
@require_POST
def prolong(request: HttpRequest, citizen_id: int, enquiry_id: int) -> HttpResponse:
    """It takes longer than a month, and she has been told."""
    errors: dict[str, str] = {}
    try:
        until = day_typed("until", request.POST.get("until", "").strip(), errors)
        if errors:
            raise PrivacyRefused(errors)
        answering.prolong_request(
            employee=employee_of(request),
            enquiry_id=enquiry_id,
            until=until,
            why=request.POST.get("why", ""),
            told=request.POST.get("told") == "1",
        )
    except PrivacyRefused as refused:
        return show_rights(request, citizen_id, at=f"longer{enquiry_id}", errors=refused.errors)
    messages.success(request, _("Fristen er forlænget. Svar senest den nye dag: den kan ikke forlænges igen."))
    return redirect("citizen_rights", citizen_id)


@door(Role.LEADER)
@require_POST
def answer(request: HttpRequest, citizen_id: int, enquiry_id: int) -> HttpResponse:
    """She has her answer."""
    try:
        answering.answer_request(
            employee=employee_of(request),
            enquiry_id=enquiry_id,
            answer=request.POST.get("answer", ""),
            because=request.POST.get("because", ""),
            told_of_complaint=request.POST.get("told_of_complaint") == "1",
        )
    except PrivacyRefused as refused:
        return show_rights(request, citizen_id, at=f"answer{enquiry_id}", errors=refused.errors)
    messages.success(request, _("Noteret: borgeren har fået svar, og anmodningen er afsluttet."))
    return redirect("citizen_rights", citizen_id)


# ------------------------------------------------------------------------------------------ put right, and only stored


@door(Role.LEADER)
@require_POST
def correct(request: HttpRequest, citizen_id: int) -> HttpResponse:
    """One thing about her was wrong."""
    said = {name: request.POST.get(name, "") for name in ("field", "value")}
    try:
        correct_citizen(employee=employee_of(request), citizen_id=citizen_id, **said)
    except PeopleRefused as refused:
        return show_rights(request, citizen_id, at="right", errors=refused.errors)
    messages.success(request, _("Rettet. Sig det også til dem, der har fået de forkerte oplysninger af os."))
    return redirect("citizen_rights", citizen_id)


@door(Role.LEADER)
@require_POST
def restrict(request: HttpRequest, citizen_id: int) -> HttpResponse:
    """From now on it is only stored."""
    errors: dict[str, str] = {}
    try:
        until = day_typed("until", request.POST.get("until", "").strip(), errors)
        if errors:
            raise PeopleRefused(errors)
        restrict_citizen(
            employee=employee_of(request), citizen_id=citizen_id, why=request.POST.get("why", ""), until=until
        )
    except PeopleRefused as refused:
        return show_rights(request, citizen_id, at="restrict", errors=refused.errors)
    messages.success(request, _("Begrænset. Alle, der møder borgeren, ser det, og intet slettes."))
    return redirect("citizen_rights", citizen_id)


@door(Role.LEADER)
@require_POST
def unrestrict(request: HttpRequest, citizen_id: int) -> HttpResponse:
    try:
        told = request.POST.get("told") == "1"
        lift_restriction(employee=employee_of(request), citizen_id=citizen_id, told=told)
    except PeopleRefused as refused:
        return show_rights(request, citizen_id, at="lift", errors=refused.errors)
    messages.success(request, _("Begrænsningen er ophævet."))
    return redirect("citizen_rights", citizen_id)
