"""What concerns her now: shown on every screen, and as a page of its own where there is no script."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hovedindgang.contacts import actions as contacts
from hovedindgang.contacts.queries import question_seen
from hovedindgang.contacts.rules import Refused
from hovedindgang.desk import passing, pulse
from hovedindgang.people.doors import Role, door, employee_of

AT_WORK = (Role.EMPLOYEE, Role.LEADER, Role.CASEWORKER)


@door(*AT_WORK)
@require_GET
def now(request: HttpRequest) -> HttpResponse:
    """The page; to a script that says what it saw last (X-Watch), only what is new: 204 where nothing is."""
    employee, seen = employee_of(request), request.headers.get("X-Watch")
    found = pulse.stamp(employee)
    if seen == found:
        return HttpResponse(status=204)
    shown = None if found == pulse.NOTHING else pulse.now_for(employee)
    page = "desk/now.html" if seen is None else "desk/now_items.html"
    response = render(request, page, {"now": shown, "employee": employee})
    response.headers["X-Stamp"] = found
    return response


@door(*AT_WORK)
@require_POST
def transfer(request: HttpRequest, transfer_id: int, step: str) -> HttpResponse:
    """One step of a live call: accept, decline, withdraw, seen."""
    employee = employee_of(request)
    if step == "accept":
        return _accept(request, transfer_id)
    deeds: dict[str, tuple[Callable[..., object], str]] = {
        "decline": (contacts.decline_transfer, _("Sagt nej. Samtalen bliver, hvor den er.")),
        "withdraw": (contacts.withdraw_transfer, _("Samtalen er din igen.")),
        "seen": (contacts.see_transfer, ""),
    }
    if step not in deeds:
        raise Http404
    deed, said = deeds[step]
    return _do(request, lambda: deed(employee=employee, transfer_id=transfer_id), said)


def _accept(request: HttpRequest, transfer_id: int) -> HttpResponse:
    try:
        taken = passing.take(employee=employee_of(request), transfer_id=transfer_id)
    except Refused as refused:
        messages.error(request, " ".join(refused.errors.values()))
        return redirect("now")
    if taken.contact_id is not None:
        return redirect("contact", taken.contact_id)
    response = redirect("desk")
    response["Location"] += f"?taget={taken.contact_key}"
    return response


@door(*AT_WORK)
@require_http_methods(["GET", "POST"])
def question(request: HttpRequest, consultation_id: int) -> HttpResponse:
    """A question asked of her, with room for the answer."""
    employee, typed, errors = employee_of(request), request.POST.get("answer", ""), {}
    if request.method == "POST":
        try:
            contacts.answer_consultation(employee=employee, consultation_id=consultation_id, answer=typed)
        except Refused as refused:
            errors = refused.errors
        else:
            messages.success(request, _("Svaret er sendt."))
            return redirect("now")
    asked = question_seen(employee, consultation_id)
    context = {"asked": asked, "typed": typed, "errors": errors, "summary": list(errors.items())}
    return render(request, "desk/question.html", context, status=422 if errors else 200)


@door(*AT_WORK)
@require_POST
def question_step(request: HttpRequest, consultation_id: int, step: str) -> HttpResponse:
    """Who asked has read the answer, or needs none any more."""
    employee = employee_of(request)
    deeds: dict[str, tuple[Callable[..., object], str]] = {
        "seen": (contacts.see_answer, ""),
        "withdraw": (contacts.withdraw_consultation, _("Spørgsmålet er trukket tilbage.")),
    }
    if step not in deeds:
        raise Http404
    deed, said = deeds[step]
    return _do(request, lambda: deed(employee=employee, consultation_id=consultation_id), said)


def _do(request: HttpRequest, deed: Callable[[], object], said: str) -> HttpResponse:
    """Do it and show what is left; a script stays where it is and shows it there."""
    wrong = ""
    try:
        deed()
    except Refused as refused:
        wrong = " ".join(refused.errors.values())
    if "X-Watch" in request.headers:
        return HttpResponse(wrong, status=409, content_type="text/plain") if wrong else HttpResponse(status=204)
    if wrong:
        messages.error(request, wrong)
    elif said:
        messages.success(request, said)
    return redirect("now")
