"""What a plan rests on: the inputs documents, measuring on one's own numbers, and the replay of what happened."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hovedindgang.kernel.actors import employee_actor
from hovedindgang.people.doors import door, employee_of
from hovedindgang.people.pace import Asked, mind_pace
from hovedindgang.policy.queries import NoPolicyInForce, in_force
from hovedindgang.scenarios import actions, calibrating, pages, queries
from hovedindgang.scenarios.documents import kept_inputs
from hovedindgang.scenarios.rules import PlanRefused
from hovedindgang.scenarios.views import PLANNING
from hovedindgang.servicemodel.document import SourceKind


@door(*PLANNING)
@require_GET
def inputs(request: HttpRequest) -> HttpResponse:
    """Every document, the latest first, and where to measure a new one."""
    return _list(request, {}, {})


def _list(request: HttpRequest, typed: dict[str, str], errors: dict[str, str]) -> HttpResponse:
    context = {"kept": queries.inputs_kept(), "typed": typed, "error": errors, "errors": list(errors.items())}
    return render(request, "scenarios/inputs.html", context, status=422 if errors else 200)


@door(*PLANNING)
@require_POST
def measure(request: HttpRequest) -> HttpResponse:
    """Measure a time (none named: the latest year) and keep the inputs it gives; `how` = begin: what is assumed."""
    typed = {name: request.POST.get(name, "").strip() for name in ("first", "last")}
    actor = employee_actor(employee_of(request).pk)
    errors: dict[str, str] = {}
    days = {name: _day(name, text, errors) for name, text in typed.items()}
    if errors:
        return _list(request, typed, errors)
    try:
        if request.POST.get("how") == "begin":
            kept = calibrating.begin(actor=actor)
        else:
            mind_pace(Asked.COUNTED, employee_of(request).pk)
            kept = calibrating.calibrate(first=days["first"], last=days["last"], actor=actor)
    except PlanRefused as refused:
        return _list(request, typed, refused.errors)
    except NoPolicyInForce as nothing:
        return _list(request, typed, {"first": str(nothing)})
    messages.success(request, _("Grundlaget er gemt. Nye prøver hviler på det."))
    return redirect("inputs_document", kept.pk)


def _day(name: str, text: str, errors: dict[str, str]) -> dt.date | None:
    for pattern in ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y"):
        try:
            return dt.datetime.strptime(text, pattern).date()  # noqa: DTZ007 (a day has no zone)
        except ValueError:
            continue
    if text:
        errors[name] = _("Skriv dagen som 31.12.2026.")
    return None


@door(*PLANNING)
@require_http_methods(["GET", "POST"])
def document(request: HttpRequest, inputs_id: int) -> HttpResponse:
    """One document: every number with its source. Written otherwise it is kept as a new one."""
    row = queries.inputs_document(inputs_id)
    if row is None:
        raise Http404
    errors: dict[str, str] = {}
    typed = {"title": _("{title}, rettet").format(title=row.title)[:200], "text": row.text}
    if request.method == "POST":
        typed = {name: request.POST.get(name, "") for name in typed}
        try:
            kept = actions.keep_inputs(
                title=typed["title"],
                text=typed["text"],
                actor=employee_actor(employee_of(request).pk),
                follows=row.pk,
                measured=row.measured,
                period=(row.measured_first, row.measured_last) if row.measured_first and row.measured_last else None,
            )
        except PlanRefused as refused:
            errors = refused.errors
        else:
            messages.success(request, _("Grundlaget er gemt. Nye prøver hviler på det."))
            return redirect("inputs_document", kept.pk)
    found = kept_inputs(row.text)
    try:
        model = in_force().model
    except NoPolicyInForce:
        model = None
    context = {
        "row": row,
        "rows": pages.inputs_rows(found, frozenset(SourceKind) - {SourceKind.MEASURED}, model),
        "measured_rows": pages.inputs_rows(found, frozenset({SourceKind.MEASURED}), model),
        "counted": pages.counted_kinds(found),
        "replay": queries.latest_replay(row.pk),
        "typed": typed,
        "error": errors,
        "errors": list(errors.items()),
    }
    return render(request, "scenarios/document.html", context, status=422 if errors else 200)


@door(*PLANNING)
@require_POST
def replay(request: HttpRequest, inputs_id: int) -> HttpResponse:
    """Ask for the measured time to be simulated, and held against what happened."""
    if queries.inputs_document(inputs_id) is None:
        raise Http404
    try:
        found = actions.ask_replay(inputs_id=inputs_id, actor=employee_actor(employee_of(request).pk))
    except (PlanRefused, NoPolicyInForce) as refused:
        messages.error(request, str(refused))
        return redirect("inputs_document", inputs_id)
    return redirect("plan_run", found.pk)
