"""Runs: one of them while it works and when it is done, several beside each other, as files, and as a draft."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hovedindgang.kernel.actors import employee_actor
from hovedindgang.people.doors import door, employee_of
from hovedindgang.policy.queries import model_of
from hovedindgang.scenarios import actions, pages, queries
from hovedindgang.scenarios.documents import kept_inputs
from hovedindgang.scenarios.drafting import draft_from_run
from hovedindgang.scenarios.labels import KIND, STATE
from hovedindgang.scenarios.models import Run
from hovedindgang.scenarios.rules import MOST_COMPARED, PlanRefused, RunKind, RunState
from hovedindgang.scenarios.views import PLANNING

COMPARED = frozenset({RunKind.AS_IS, RunKind.WHAT_IF})
LONGEST_NUMBER = 19  # digits


@door(*PLANNING)
@require_GET
def run(request: HttpRequest, run_id: int) -> HttpResponse:
    """One run: how far it is, or what it came to."""
    row = _run(run_id)
    about = queries.asked_about(row) if row.kind == RunKind.DOUBTS else None
    if about is not None and about.state == RunState.DONE:
        return redirect(f"{reverse('plan_run', args=[about.pk])}#doubts")
    return _page(request, row, {})


def _page(request: HttpRequest, row: Run, errors: dict[str, str]) -> HttpResponse:
    inputs = kept_inputs(row.inputs.text)
    context: dict[str, object] = {
        "run": row,
        "state": STATE[row.state],
        "kind": KIND[row.kind],
        "under_way": row.state in {RunState.WAITING, RunState.RUNNING},
        "words": pages.changes_words(row),
        "counted": pages.counted_kinds(inputs),
        "unsure": pages.unsure_rows(inputs, model_of(row.version_id))[:8],
        "errors": list(errors.items()),
    }
    if row.state == RunState.DONE and row.kind != RunKind.DOUBTS:
        context |= _replay(row) if row.kind == RunKind.REPLAY else _came_to(row)
    return render(request, "scenarios/run.html", context, status=422 if errors else 200)


def _replay(row: Run) -> dict[str, object]:
    head = [_("Tal"), _("Skete"), _("Simuleret"), _("Hvor tæt på"), _("Til en beslutning")]
    return {
        "trust": pages.trust_words(row),
        "replay": {"head": head, "rows": pages.replay_rows(row)},
        "growing": pages.growing_words(row),
    }


def _came_to(row: Run) -> dict[str, object]:
    base = queries.as_it_was(row) if row.kind == RunKind.WHAT_IF else None
    found: dict[str, object] = {
        "base": base,
        "trust": pages.trust_words(queries.latest_replay(row.inputs_id)),
        "goals": pages.goal_table(base, [row]),
        "chart": pages.wait_chart(base, [row]),
        "cost": pages.cost_table(base, [row]),
        "tables": pages.figure_tables(base, [row]),
        "growing": pages.growing_words(row),
        "warm_up": pages.warm_up_words(row),
        "week": pages.week_table(row),
        "frontier": pages.frontier_of(queries.done_on(row)),
    }
    if base is not None:
        found |= {
            "cost_words": pages.cost_words(base, row),
            "people": pages.people_table(base, row),
            "days": pages.day_table(base, row),
            "travel": pages.travel_words(base, row),
            "moves": pages.moves_table(row),
            "doubts": pages.doubts_told(row),
            "map": pages.map_of(base, row),
        }
    return found


@door(*PLANNING)
@require_POST
def stop(request: HttpRequest, run_id: int) -> HttpResponse:
    row = _run(run_id)
    if not actions.stop_run(run_id=row.pk, actor=employee_actor(employee_of(request).pk)):
        messages.info(request, _("Kørslen var slut."))
    return redirect("plan_run", row.pk)


@door(*PLANNING)
@require_POST
def doubt(request: HttpRequest, run_id: int) -> HttpResponse:
    """Ask what of all that is not known decides this what-if most."""
    row = _run(run_id)
    try:
        actions.ask_doubts(run_id=row.pk, actor=employee_actor(employee_of(request).pk))
    except PlanRefused as refused:
        return _page(request, row, refused.errors)
    return redirect(f"{reverse('plan_run', args=[row.pk])}#doubts")


@door(*PLANNING)
@require_POST
def draft(request: HttpRequest, run_id: int) -> HttpResponse:
    """What it tried as a draft of the policy, with its figures as the ground. Nothing is adopted by it."""
    row = _run(run_id)
    try:
        kept = draft_from_run(run_id=row.pk, actor=employee_actor(employee_of(request).pk))
    except PlanRefused as refused:
        return _page(request, row, refused.errors)
    said = _("Udkast nr. {number} ligger under Beslutning. Intet gælder, før det er vedtaget.").format(number=kept.pk)
    messages.success(request, said)
    return redirect("plan_run", row.pk)


@door(*PLANNING)
@require_GET
def compare(request: HttpRequest) -> HttpResponse:
    """Up to five runs beside each other and the policy as it is (`run` for each in the address)."""
    asked = {text: _number(text) for text in request.GET.getlist("run")}
    comparable = [one for one in queries.runs_done(asked.values()) if one.kind in COMPARED]
    base = next((one for one in comparable if one.kind == RunKind.AS_IS), None)
    runs = [one for one in comparable if one.kind == RunKind.WHAT_IF]
    base = base or (queries.as_it_was(runs[0]) if runs else None)
    alike = [one for one in runs if base is None or _same_ground(base, one)]
    shown = alike[:MOST_COMPARED]
    errors = _not_compared(set(asked.values()) - {one.pk for one in comparable})
    context: dict[str, object] = {
        "choices": [one for one in queries.runs() if one.state == RunState.DONE and one.kind in COMPARED],
        "chosen": {one.pk for one in shown},
        "base": base,
        "left_out": [one for one in comparable if one not in (*shown, base)],
        "errors": [("choose", said) for said in errors],
        "most": MOST_COMPARED,
    }
    first = shown[0] if shown else base
    if first:
        context |= {
            "trust": pages.trust_words(queries.latest_replay(first.inputs_id)),
            "shown": [(one, pages.changes_words(one), pages.growing_words(one)) for one in shown],
            "goals": pages.goal_table(base, shown),
            "chart": pages.wait_chart(base, shown),
            "cost": pages.cost_table(base, shown),
            "tables": pages.figure_tables(base, shown),
            "frontier": pages.frontier_of(queries.done_on(first)),
        }
    if base:
        context["cost_words"] = [(one, pages.cost_words(base, one)) for one in shown]
        context["people"] = [
            (
                one,
                pages.people_table(base, one),
                pages.travel_words(base, one),
                pages.map_of(base, one),
                pages.moves_table(one),
            )
            for one in shown
        ]
    return render(request, "scenarios/compare.html", context, status=422 if errors else 200)


def _number(text: str) -> int:
    """Of a run; 0, which no run has, for what is no number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < LONGEST_NUMBER else 0


def _not_compared(numbers: set[int]) -> list[str]:
    """What is said of runs that were asked for and cannot stand beside others."""
    there = queries.runs_known(numbers)
    said = [_("Det valg findes ikke. Vælg på listen; her er det ikke brugt.")] if len(there) < len(numbers) else []
    words = _("Kørsel {number} er ikke færdig, eller den er ikke en prøve. Vælg på listen; her er den ikke brugt.")
    return [*said, *(words.format(number=number) for number in there)]


def _same_ground(base: Run, other: Run) -> bool:
    """Whether the two had the same citizens and the same start, so that they differ by what was changed alone."""
    return all(
        getattr(base, name) == getattr(other, name) for name in ("version_id", "inputs_id", "seed", "replications")
    )


@door(*PLANNING)
@require_GET
def as_csv(request: HttpRequest, run_id: int) -> HttpResponse:
    row = _run(run_id)
    if row.results is None:
        raise Http404
    answer = HttpResponse(pages.as_csv(row), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="koersel-{row.pk}.csv"'
    return answer


@door(*PLANNING)
@require_GET
def as_json(request: HttpRequest, run_id: int) -> HttpResponse:
    """All that it depends on and came to, so that anybody can check it; with the inputs' own text."""
    row = _run(run_id)
    told = {**pages.as_data(row), "inputs_text": row.inputs.text}
    answer = JsonResponse(told, json_dumps_params={"ensure_ascii": False, "indent": 2})
    answer["Content-Disposition"] = f'attachment; filename="koersel-{row.pk}.json"'
    return answer


def _run(run_id: int) -> Run:
    row = queries.run(run_id)
    if row is None:
        raise Http404
    return row
