"""Counting weeks: made by a leader, counted with one key, shown beside what was registered."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hovedindgang.insight import week_actions, week_pages, week_queries
from hovedindgang.insight.forms import counting_week
from hovedindgang.insight.pages import Names
from hovedindgang.insight.weeks import WeekRefused
from hovedindgang.kernel import clock
from hovedindgang.people.doors import Role, door, employee_of
from hovedindgang.policy.queries import NoPolicyInForce, in_force

SEES = (Role.LEADER, Role.PLANNER)


@door(*SEES)
@require_http_methods(["GET", "POST"])
def weeks(request: HttpRequest) -> HttpResponse:
    """All of them, and a form for the next; only a leader makes one."""
    employee = employee_of(request)
    try:
        model = in_force().model
    except NoPolicyInForce as nothing:
        return render(request, "insight/weeks.html", {"nothing": str(nothing)})
    typed = {"first_on": "", "last_on": "", "name": "", "centres": list(model.centres), "departments": []}
    errors: dict[str, str] = {}
    if request.method == "POST":
        if Role.LEADER not in employee.roles:
            raise Http404
        typed = {name: request.POST.get(name, "") for name in ("first_on", "last_on", "name")}
        typed |= {name: request.POST.getlist(name) for name in ("centres", "departments")}
        try:
            made = week_actions.make_week(leader=employee, week=counting_week(request.POST))
        except WeekRefused as refused:
            errors = refused.errors
        else:
            messages.success(
                request,
                _("Tælleugen er lavet. Der tælles på siden Tælleuge; stribetælleren fører dertil."),
            )
            return redirect("counting_week", made.pk)
    names = Names(model)
    context = {
        "weeks": week_queries.weeks(),
        "may_make": Role.LEADER in employee.roles,
        "typed": typed,
        "errors": errors,
        "summary": list(errors.items()),
        "centres": names.centres(),
        "departments": [(key, names.department(key)) for key in model.departments],
    }
    return render(request, "insight/weeks.html", context, status=422 if errors else 200)


@door(*SEES)
@require_GET
def week(request: HttpRequest, week_id: int) -> HttpResponse:
    """Its figures beside the registered ones."""
    found = week_queries.week_of(week_id)
    if found is None:
        raise Http404
    figures, names = week_queries.figures_of(found), Names(in_force().model)
    context = {
        "week": found,
        "figures": figures,
        "tables": week_pages.week_tables(figures, names),
        "pooled": [week_pages.place_words(place, names) for place in figures.pooled],
        "definition": week_pages.definition(),
        "may_make": Role.LEADER in employee_of(request).roles,
        "today": clock.today(),
    }
    return render(request, "insight/week.html", context)


@door(*SEES)
@require_GET
def week_csv(request: HttpRequest, week_id: int) -> HttpResponse:
    """The same figures as a file, with what each category means."""
    found = week_queries.week_of(week_id)
    if found is None:
        raise Http404
    text = week_pages.week_file(found, week_queries.figures_of(found), Names(in_force().model))
    answer = HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="taelleuge-{found.first_on}-{found.pk}.csv"'
    return answer


@door(Role.LEADER)
@require_POST
def week_dropped(request: HttpRequest, week_id: int) -> HttpResponse:
    """A week that nobody has counted in is taken away."""
    if week_queries.week_of(week_id) is None:
        raise Http404
    try:
        week_actions.drop_week(leader=employee_of(request), week_id=week_id)
    except WeekRefused as refused:
        messages.error(request, str(refused))
        return redirect("counting_week", week_id)
    messages.success(request, _("Tælleugen er slettet."))
    return redirect("counting_weeks")
