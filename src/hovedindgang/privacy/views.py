"""The leader's pages: what goes when, what went, and what is held."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hovedindgang.kernel.actors import employee_actor
from hovedindgang.people.doors import Role, door, employee_of
from hovedindgang.people.queries import find_by_cpr
from hovedindgang.people.rules import BadCpr
from hovedindgang.policy.queries import NoPolicyInForce
from hovedindgang.privacy import pages, queries
from hovedindgang.privacy.actions import lift_hold, place_hold
from hovedindgang.privacy.forms import CITIZEN, CONTACT, HoldForm
from hovedindgang.privacy.rules import PrivacyRefused

LEADING = (Role.LEADER, Role.ADMINISTRATOR)


@door(*LEADING)
def retention(request: HttpRequest) -> HttpResponse:
    """What goes on which day, by service and ground; what went; what is held. A hold is placed here."""
    form, errors = HoldForm(), {}
    if request.method == "POST":
        form = HoldForm.typed(request.POST)
        errors = _place(request, form)
        if not errors:
            messages.success(
                request, _("Det er holdt tilbage. Intet af det slettes, før du ophæver det, eller dagen er gået.")
            )
            return redirect("retention")
    runs = queries.runs()
    last = next((run for run in runs if run.ended_at), None)
    context: dict[str, object] = {
        "form": form,
        "errors": list(errors.items()),
        "error": errors,
        "kinds": [(CITIZEN, _("En borger")), (CONTACT, _("En henvendelse"))],
        "holds": pages.hold_rows(queries.holds()),
        "last": last,
        "days": queries.DAYS_AHEAD,
    }
    try:
        lines = last.planned if last else queries.planned_lines()
    except NoPolicyInForce as nothing:
        return render(request, "privacy/retention.html", {**context, "nothing": str(nothing)})
    context |= {"planned": pages.planned_table(lines), "more": max(0, len(lines) - pages.MOST_LINES)}
    if last:
        context |= {"gone": pages.gone_table(last), "kept": pages.kept_lines(last)}
    return render(request, "privacy/retention.html", {**context, "runs": pages.run_rows(runs) if runs else None})


def _place(request: HttpRequest, form: HoldForm) -> dict[str, str]:
    """What is wrong with it; nothing, and it is done."""
    employee = employee_of(request)
    until, number, errors = form.read()
    if number is None and form.kind == CITIZEN and form.number:
        try:
            found = find_by_cpr(actor=employee_actor(employee.pk), cpr=form.number, use="hold", reason="hold")
        except BadCpr as bad:
            errors["number"] = str(bad)
        else:
            number = found.pk if found else 0
    if errors:
        return errors
    try:
        place_hold(
            employee=employee,
            reason=form.reason,
            until=until,
            citizen_id=number if form.kind == CITIZEN else None,
            contact_id=number if form.kind == CONTACT else None,
        )
    except PrivacyRefused as refused:
        return refused.errors
    return {}


@door(*LEADING)
@require_POST
def lift(request: HttpRequest, hold_id: int) -> HttpResponse:
    """What was held goes with the next run, if its time has come."""
    try:
        lift_hold(employee=employee_of(request), hold_id=hold_id)
        messages.success(request, _("Ophævet. Det, der har haft sin tid, slettes i nat."))
    except PrivacyRefused as refused:
        messages.error(request, str(refused))
    return redirect("retention")
