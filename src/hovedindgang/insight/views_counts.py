"""What was counted by hand, where no register sees who comes."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hovedindgang.insight import actions, pages
from hovedindgang.insight.forms import FIELDS, hand_count
from hovedindgang.insight.hand_counts import CountRefused
from hovedindgang.insight.queries import hand_count_of, hand_counts_entered
from hovedindgang.kernel import clock
from hovedindgang.people.doors import Role, door, employee_of
from hovedindgang.policy.queries import NoPolicyInForce, in_force


@door(Role.EMPLOYEE, Role.LEADER)
@require_http_methods(["GET", "POST"])
def hand_counts(request: HttpRequest) -> HttpResponse:
    """Enter a count, and see those that were entered."""
    employee = employee_of(request)
    usual = {"centre": employee.centre_id or "", "channel": "in_person", "first_on": clock.today().isoformat()}
    typed, errors = {**usual, "counted_by": "employee"}, {}
    if request.method == "POST":
        typed = {name: request.POST.get(name, "") for name in FIELDS}
        try:
            actions.count_by_hand(employee=employee, count=hand_count(typed))
        except CountRefused as refused:
            errors = refused.errors
        else:
            messages.success(request, _("Tællingen er skrevet ned, og fuldstændigheden regner med den."))
            return redirect("hand_counts")
    return _page(request, "insight/hand_counts.html", typed, errors, {"rows": hand_counts_entered()})


@door(Role.EMPLOYEE, Role.LEADER)
@require_http_methods(["GET", "POST"])
def hand_count_corrected(request: HttpRequest, count_id: int) -> HttpResponse:
    """Put a count right or take it back; the old one stays to be read."""
    count = hand_count_of(count_id)
    if count is None:
        raise Http404
    typed = {name: str(getattr(count, {"centre": "centre_id"}.get(name, name)) or "") for name in FIELDS}
    typed |= {"why": "", "from_hour": str(count.from_hour), "arrived": str(count.arrived)}
    errors: dict[str, str] = {}
    if request.method == "POST":
        typed = {name: request.POST.get(name, "") for name in FIELDS}
        employee, why = employee_of(request), typed["why"]
        try:
            if request.POST.get("step") == "take_back":
                actions.take_count_back(employee=employee, count_id=count.pk, why=why)
            else:
                actions.count_by_hand(employee=employee, count=hand_count(typed), replaces=count.pk, why=why)
        except CountRefused as refused:
            errors = refused.errors
        else:
            messages.success(request, _("Rettelsen er skrevet ned. Den gamle tælling kan stadig læses."))
            return redirect("hand_counts")
    return _page(request, "insight/hand_count.html", typed, errors, {"count": count})


def _page(
    request: HttpRequest, template: str, typed: dict[str, str], errors: dict[str, str], more: dict[str, object]
) -> HttpResponse:
    try:
        names = pages.Names(in_force().model)
    except NoPolicyInForce as nothing:
        return render(request, "insight/hand_counts.html", {"nothing": str(nothing)})
    if "rows" in more:
        more["rows"] = [pages.entered_row(one, names) for one in more["rows"]]  # type: ignore[attr-defined]
    if "count" in more:
        more["words"] = pages.hand_words(more["count"], names)  # type: ignore[arg-type]
    context = {
        "typed": typed,
        "errors": errors,
        "summary": list(errors.items()),
        **pages.count_choices(names),
        **more,
    }
    return render(request, template, context, status=422 if errors else 200)
