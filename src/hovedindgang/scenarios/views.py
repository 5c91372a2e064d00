"""Try a change: the what-ifs, one of them with its changes, and the button that runs it. Works without a script."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hovedindgang.kernel.actors import employee_actor
from hovedindgang.people.doors import Role, door, employee_of
from hovedindgang.policy.queries import NoPolicyInForce, in_force
from hovedindgang.scenarios import actions, pages, queries
from hovedindgang.scenarios.documents import difference_in_words, in_words
from hovedindgang.scenarios.forms import change_form, read_change
from hovedindgang.scenarios.labels import CHANGE
from hovedindgang.scenarios.models import Scenario
from hovedindgang.scenarios.rules import USUAL_REPLICATIONS, USUAL_SEED, PlanRefused

PLANNING = (Role.PLANNER, Role.LEADER)


@door(*PLANNING)
@require_GET
def scenarios(request: HttpRequest) -> HttpResponse:
    """Where one stands: the ground, how true it is, the what-ifs, and the runs."""
    try:
        in_force()
    except NoPolicyInForce as nothing:
        return render(request, "scenarios/none.html", {"said": str(nothing)})
    return _overview(request, "", {})


def _overview(request: HttpRequest, title: str, errors: dict[str, str]) -> HttpResponse:
    latest = queries.latest_inputs()
    replay = queries.latest_replay(latest.pk) if latest else None
    context = {
        "latest": latest,
        "replay": replay,
        "trust": pages.trust_words(replay),
        "worst": pages.worst_rows(replay) if replay else [],
        "scenarios": queries.scenarios(),
        "runs": queries.runs(),
        "title": title,
        "error": errors,
        "errors": list(errors.items()),
    }
    return render(request, "scenarios/overview.html", context, status=422 if errors else 200)


@door(*PLANNING)
@require_POST
def new_scenario(request: HttpRequest) -> HttpResponse:
    """A what-if from the policy in force."""
    title, latest = request.POST.get("title", ""), queries.latest_inputs()
    if latest is None:
        return _overview(request, title, {"title": _("Mål først på egne tal, så der er noget at regne på.")})
    try:
        actor = employee_actor(employee_of(request).pk)
        row = actions.make_scenario(title=title, inputs_id=latest.pk, actor=actor)
    except PlanRefused as refused:
        return _overview(request, title, refused.errors)
    except NoPolicyInForce as nothing:
        return render(request, "scenarios/none.html", {"said": str(nothing)})
    return redirect("scenario", row.pk)


@door(*PLANNING)
@require_GET
def scenario(request: HttpRequest, scenario_id: int) -> HttpResponse:
    """One what-if: its changes in words, a form for one more, what is assumed, and its runs. `slags`: of the form."""
    kind = request.GET.get("slags", "")
    unknown = {"": _("Den slags ændring findes ikke. Vælg på listen.")} if kind and kind not in CHANGE else None
    return _page(request, _scenario(scenario_id), kind=kind, errors=unknown)


@door(*PLANNING)
@require_POST
def add_change(request: HttpRequest, scenario_id: int) -> HttpResponse:
    """One more change; what was typed stays where something is wrong."""
    row, kind = _scenario(scenario_id), request.POST.get("kind", "")
    if kind not in CHANGE:
        raise Http404
    model, inputs = queries.after_changes(row)
    form = change_form(kind, model, inputs, request.POST)
    found = read_change(form, request.POST)
    if found is None:
        return _page(request, row, kind=kind, typed=request.POST, errors=form.errors, form=form)
    try:
        actor = employee_actor(employee_of(request).pk)
        actions.add_change(scenario_id=row.pk, change=found, actor=actor)
    except PlanRefused as refused:
        return _page(
            request, row, kind=kind, typed=request.POST, errors={"": " ".join(refused.errors.values())}, form=form
        )
    return redirect("scenario", row.pk)


@door(*PLANNING)
@require_POST
def remove_change(request: HttpRequest, scenario_id: int, number: int) -> HttpResponse:
    row = _scenario(scenario_id)
    try:
        actions.remove_change(scenario_id=row.pk, number=number, actor=employee_actor(employee_of(request).pk))
    except PlanRefused as refused:
        return _page(request, row, errors=refused.errors)
    return redirect("scenario", row.pk)


@door(*PLANNING)
@require_POST
def start_run(request: HttpRequest, scenario_id: int) -> HttpResponse:
    """Ask for it to be simulated, with the policy as it is beside it."""
    row = _scenario(scenario_id)
    typed = {name: request.POST.get(name, "").strip() for name in ("replications", "seed")}
    try:
        numbers = _whole(typed)
        actor = employee_actor(employee_of(request).pk)
        found = actions.ask_run(scenario_id=row.pk, actor=actor, **numbers)
    except PlanRefused as refused:
        return _page(request, row, errors=refused.errors, run_typed=typed)
    messages.success(request, _("Kørslen er sat i gang. Du kan gå imens; den bliver her."))
    return redirect("plan_run", found.pk)


def _whole(typed: dict[str, str]) -> dict[str, int]:
    usual = {"replications": USUAL_REPLICATIONS, "seed": USUAL_SEED}
    errors, found = {}, {}
    for name, text in typed.items():
        if text and not (text.isascii() and text.isdigit() and len(text) <= 10):
            errors[name] = _("Skriv et helt tal.")
        else:
            found[name] = int(text) if text else usual[name]
    if errors:
        raise PlanRefused(errors)
    return found


def _scenario(scenario_id: int) -> Scenario:
    row = queries.scenario(scenario_id)
    if row is None:
        raise Http404
    return row


def _page(
    request: HttpRequest,
    row: Scenario,
    *,
    kind: str = "",
    typed: QueryDict | None = None,
    errors: dict[str, str] | None = None,
    form: Any = None,
    run_typed: dict[str, str] | None = None,
) -> HttpResponse:
    model, inputs = queries.ground_of(row)
    after, changed_inputs = queries.after_changes(row)
    if form is None and kind in CHANGE:
        form = change_form(kind, after, changed_inputs, typed)
    errors = errors or {}
    context = {
        "scenario": row,
        "words": in_words(model, inputs, row.changes),
        "differences": difference_in_words(model, after),
        "kinds": CHANGE.items(),
        "form": form,
        "unsure": pages.unsure_rows(changed_inputs, after),
        "counted": pages.counted_kinds(changed_inputs),
        "teams": pages.team_rows(after, changed_inputs),
        "runs": queries.runs_of(row.pk),
        "run_typed": run_typed or {"replications": str(USUAL_REPLICATIONS), "seed": str(USUAL_SEED)},
        "error": errors,
        "errors": list(errors.items()),
        "trust": pages.trust_words(queries.latest_replay(row.inputs_id)),
    }
    return render(request, "scenarios/scenario.html", context, status=422 if errors else 200)
