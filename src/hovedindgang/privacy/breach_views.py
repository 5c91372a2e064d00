"""The pages about breaches: the clock, what was done, and whom it touches."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hovedindgang.kernel import clock
from hovedindgang.people.doors import Role, door, employee_of
from hovedindgang.people.pace import Asked, mind_pace
from hovedindgang.people.rules import Purpose
from hovedindgang.people.step_up import stepped_up
from hovedindgang.privacy import incidents, labels
from hovedindgang.privacy.forms import breach_typed
from hovedindgang.privacy.rules import PrivacyRefused

LEADING = (Role.LEADER, Role.ADMINISTRATOR)


@door(*LEADING)
def breaches(request: HttpRequest) -> HttpResponse:
    """All that were noted, those whose clock runs first. One is noted here."""
    errors: dict[str, str] = {}
    if request.method == "POST":
        mind_pace(Asked.COUNTED, employee_of(request).pk)
        try:
            made = incidents.note_breach(employee=employee_of(request), said=breach_typed(request.POST))
        except PrivacyRefused as refused:
            errors = refused.errors
        else:
            messages.success(request, _("Noteret. Vurdér nu risikoen: Datatilsynet skal vide det inden 72 timer."))
            return redirect("breach", made.pk)
    typed = request.POST
    context = {
        "rows": [_row(one) for one in incidents.breaches()],
        "scopes": [("", _("Vælg")), *((word.value, said) for word, said in labels.SCOPE.items())],
        "kinds": [(word.value, said, word.value in typed.getlist("kinds")) for word, said in labels.DATA.items()],
        "errors": list(errors.items()),
        "error": errors,
        "typed": typed.dict(),
    }
    return render(request, "privacy/breaches.html", context, status=422 if errors else 200)


@door(*LEADING)
def breach(request: HttpRequest, breach_id: int) -> HttpResponse:
    return _page(request, breach_id, {})


def _page(request: HttpRequest, breach_id: int, errors: dict[str, str]) -> HttpResponse:
    mind_pace(Asked.COUNTED, employee_of(request).pk)
    found = incidents.breach_seen(employee_of(request), breach_id)
    nothing = ("", _("Vælg"))
    context = {
        **_row(found),
        "kinds": [labels.DATA[word] for word in labels.DATA if word in found.kinds],
        "gone": labels.months_in_words(incidents.gone_of(found)),
        "touched": sum(1 for _each in incidents.touched(found)),
        "risks": [nothing, *((word.value, said) for word, said in labels.RISK.items())],
        "not_told": [("", _("De har fået det at vide")), *((w.value, said) for w, said in labels.NOT_TOLD.items())],
        "not_told_said": next((said for word, said in labels.NOT_TOLD.items() if word == found.not_told_why), ""),
        "errors": list(errors.items()),
        "error": errors,
        "typed": request.POST.dict(),
    }
    return render(request, "privacy/breach.html", context, status=422 if errors else 200)


def _row(one: incidents.Breach) -> dict[str, object]:
    due, running = incidents.due_at(one), incidents.must_notify(one)
    hours = int((due - clock.now()).total_seconds() // 3600)
    return {
        "breach": one,
        "due_at": due,
        "running": running,
        "late": running and hours < 0,
        "hours": abs(hours),
        "scope": labels.SCOPE[incidents.Scope(one.scope)],
        "risk": labels.RISK[incidents.Risk(one.risk)] if one.risk else "",
    }


def _do(request: HttpRequest, breach_id: int, deed: Callable[[], object], said: str) -> HttpResponse:
    try:
        deed()
    except PrivacyRefused as refused:
        return _page(request, breach_id, refused.errors)
    messages.success(request, said)
    return redirect("breach", breach_id)


@door(*LEADING)
@require_POST
def assess(request: HttpRequest, breach_id: int) -> HttpResponse:
    said = {name: request.POST.get(name, "") for name in ("risk", "measures")}
    employee = employee_of(request)
    return _do(
        request,
        breach_id,
        lambda: incidents.assess_breach(employee=employee, breach_id=breach_id, **said),
        _("Vurderingen er gemt."),
    )


@door(*LEADING)
@require_POST
def notified(request: HttpRequest, breach_id: int) -> HttpResponse:
    employee, why = employee_of(request), request.POST.get("late_why", "")
    return _do(
        request,
        breach_id,
        lambda: incidents.breach_notified(employee=employee, breach_id=breach_id, late_why=why),
        _("Noteret: det er anmeldt til Datatilsynet."),
    )


@door(*LEADING)
@require_POST
def told(request: HttpRequest, breach_id: int) -> HttpResponse:
    employee, why = employee_of(request), request.POST.get("not_told_why", "")
    return _do(
        request,
        breach_id,
        lambda: incidents.citizens_told(employee=employee, breach_id=breach_id, not_told_why=why),
        _("Gemt."),
    )


@door(*LEADING)
@require_POST
def close(request: HttpRequest, breach_id: int) -> HttpResponse:
    employee = employee_of(request)
    return _do(
        request,
        breach_id,
        lambda: incidents.close_breach(employee=employee, breach_id=breach_id),
        _("Bruddet er lukket."),
    )


@door(*LEADING)
@stepped_up(purpose=Purpose.EXPORT)
@require_POST
def export(request: HttpRequest, breach_id: int) -> HttpResponse:
    """Whom it touches, as CSV with numbers and no names; logged."""
    mind_pace(Asked.COUNTED, employee_of(request).pk)
    rows = incidents.export_exposed(employee=employee_of(request), breach_id=breach_id)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="brud-{breach_id}.csv"'
    answer["Cache-Control"] = "no-store"
    sheet = csv.writer(answer, delimiter=";")
    sheet.writerow(["citizen", "uses", "times", "first_at", "last_at"])
    for one in rows:
        instants: list[dt.datetime] = [one.first_at, one.last_at]
        sheet.writerow([one.citizen_id, " ".join(one.uses), one.times, *(at.isoformat() for at in instants)])
    return answer
