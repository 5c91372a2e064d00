"""The leader's pages: what goes when, what went, and what is held."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hovedindgang.kernel.actors import employee_actor
from hovedindgang.people.doors import Role, door, employee_of
from hovedindgang.people.pace import Asked, mind_pace
from hovedindgang.people.queries import access_citizen, find_by_cpr
from hovedindgang.people.rules import BadCpr, Purpose
from hovedindgang.people.step_up import stepped_up
from hovedindgang.policy.queries import NoPolicyInForce
from hovedindgang.privacy import pages, queries
from hovedindgang.privacy.actions import lift_hold, place_hold
from hovedindgang.privacy.erasing import erase_citizen, standing
from hovedindgang.privacy.forms import CITIZEN, CONTACT, HoldForm
from hovedindgang.privacy.held import make_package, review_package
from hovedindgang.privacy.labels import GROUND, KEPT
from hovedindgang.privacy.rules import ErasureGround, Kept, PrivacyRefused

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
        "may_erase": Role.LEADER in employee_of(request).roles,
    }
    try:
        lines = last.planned if last else queries.planned_lines()
    except NoPolicyInForce as nothing:
        return render(request, "privacy/retention.html", {**context, "nothing": str(nothing)})
    context |= {"planned": pages.planned_parts(lines), "counted": True}
    if last:
        context |= {"gone": pages.gone_parts(last), "kept": pages.kept_lines(last)}
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


# --------------------------------------------------------------------------------------------- what she may ask for


@door(Role.LEADER)
@require_POST
def find_citizen(request: HttpRequest) -> HttpResponse:
    """To the page about what we hold of the citizen with this CPR or number; a CPR never stands in an address."""
    typed = request.POST.get("who", "").strip()
    if typed.isascii() and typed.isdigit() and len(typed) < 10:
        return redirect("citizen_rights", int(typed))
    try:
        found = find_by_cpr(actor=employee_actor(employee_of(request).pk), cpr=typed, use="rights", reason="request")
    except BadCpr as bad:
        messages.error(request, str(bad))
        return redirect("retention")
    if found is None:
        messages.info(request, _("Vi har intet om en borger med det CPR-nummer."))
        return redirect("retention")
    return redirect("citizen_rights", found.pk)


@door(Role.LEADER)
def citizen_rights(request: HttpRequest, citizen_id: int) -> HttpResponse:
    """What we hold about one citizen: asked for, taken out for her, put right, or erased. Seeing it is a look-up."""
    return show_rights(request, citizen_id)


def show_rights(
    request: HttpRequest, citizen_id: int, *, at: str = "", errors: Mapping[str, str] | None = None
) -> HttpResponse:
    """The page, with what was wrong in the form `at` and all that was typed there."""
    employee, errors = employee_of(request), errors or {}
    citizen = access_citizen(employee, citizen_id, use="rights", reason=f"citizen:{citizen_id}")
    found = standing(citizen_id)
    context = {
        "number": citizen_id,
        "standing": found,
        "obstacles": sorted(str(KEPT[why]) for why in found.obstacles if why is not Kept.NOT_ARCHIVED),
        "grounds": [("", _("Vælg")), *((ground.value, GROUND[ground]) for ground in ErasureGround)],
        "packages": queries.packages(citizen_id),
        "receivers": queries.receivers(citizen_id),
        **pages.requests_of_citizen(citizen_id),
        **pages.right_and_restricted(citizen),
        "cpr_choices": [("no", _("Uden")), ("yes", _("Med"))],
        "errors": [(f"{at}-{field}" if at and field else field, said) for field, said in errors.items()],
        "failed": {"at": at, "error": errors, "typed": request.POST.dict()},
    }
    return render(request, "privacy/citizen.html", context, status=422 if errors else 200)


@door(Role.LEADER)
@stepped_up(purpose=Purpose.EXPORT)
@require_POST
def citizen_package(request: HttpRequest, citizen_id: int) -> HttpResponse:
    """The ZIP to be handed to her; kept nowhere."""
    mind_pace(Asked.COUNTED, employee_of(request).pk)
    with_cpr = request.POST.get("with_cpr") == "yes"
    package, content = make_package(employee=employee_of(request), citizen_id=citizen_id, with_cpr=with_cpr)
    answer = HttpResponse(content, content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="indsigt-{package.pk}.zip"'
    answer["Cache-Control"] = "no-store"
    return answer


@door(Role.LEADER)
@require_POST
def review(request: HttpRequest, package_id: int) -> HttpResponse:
    try:
        package = review_package(employee=employee_of(request), package_id=package_id)
    except PrivacyRefused as refused:
        messages.error(request, str(refused))
        return redirect("retention")
    messages.success(request, _("Noteret: pakken er læst igennem og må gives ud."))
    return redirect("citizen_rights", package.citizen_id)


@door(Role.LEADER)
@stepped_up(purpose=Purpose.EXPORT)
@require_POST
def erase(request: HttpRequest, citizen_id: int) -> HttpResponse:
    try:
        done = erase_citizen(
            employee=employee_of(request), citizen_id=citizen_id, ground=request.POST.get("ground", "")
        )
    except PrivacyRefused as refused:
        return show_rights(request, citizen_id, at="erase", errors=refused.errors)
    if done.shared:
        told = ", ".join(str(number) for number in done.shared)
        messages.warning(
            request, _("Slettet. Læs noterne i disse henvendelser igennem: %(numbers)s") % {"numbers": told}
        )
    else:
        messages.success(request, _("Slettet. Intet her peger på borgeren mere."))
    return redirect("retention")
