"""From a draft to an adopted policy: send a document, see what is wrong and what it changes, adopt it from a day."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hovedindgang.governance.actions import adopt_model
from hovedindgang.governance.forms import AdoptionForm, DayForm, DraftForm
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import employee_actor
from hovedindgang.people.doors import Role, door, employee_of
from hovedindgang.policy import actions as policy
from hovedindgang.policy import queries
from hovedindgang.policy.queries import ModelVersion, VersionState
from hovedindgang.policy.rules import DayRefused, VersionRefused
from hovedindgang.servicemodel.checks_hours import channel_name
from hovedindgang.servicemodel.differences import Difference, differences
from hovedindgang.servicemodel.document import Channel
from hovedindgang.servicemodel.language import speaking
from hovedindgang.servicemodel.loading import examine
from hovedindgang.servicemodel.problems import ModelInvalid, Problem, Severity

DRAFTING = (Role.LEADER, Role.EDITOR, Role.ADMINISTRATOR)
ADOPTING = (Role.LEADER, Role.ADMINISTRATOR)


@door(*DRAFTING)
def drafts(request: HttpRequest) -> HttpResponse:
    """Drafts, and a place to send one. What is wrong with it is shown with its lines, and it stays in the field."""
    form, problems = DraftForm(), []
    if request.method == "POST":
        form = DraftForm.sent(request)
        if not form.errors:
            try:
                with speaking(_language()):
                    draft = policy.save_draft(
                        text=form.text,
                        includes=form.includes,
                        title=form.name,
                        actor=employee_actor(employee_of(request).pk),
                    )
                return redirect("draft", draft.pk)
            except ModelInvalid as invalid:
                problems = invalid.problems
    page = {
        "form": form,
        "errors": list(form.errors.items()),
        "problems": problems,
        "drafts": [found for found in queries.versions() if found.state == VersionState.DRAFT],
    }
    return render(request, "governance/drafts.html", page)


@door(*DRAFTING)
def draft(request: HttpRequest, version_id: int) -> HttpResponse:
    """One draft: what it changes, what to look at once more, and adoption. Once adopted: the receipt."""
    found = _version(version_id)
    form, errors = AdoptionForm(), {}
    if request.method == "POST":
        form = AdoptionForm.typed(request.POST)
        errors = _adopt(request, found, form)
        if not errors:
            return redirect("draft", version_id)
    page = {
        "version": found,
        "adopted": found.state == VersionState.ADOPTED,
        "may_adopt": bool(employee_of(request).roles.intersection(ADOPTING)),
        "differences": _differences(found),
        "warnings": _warnings(found),
        "form": form,
        "errors": list(errors.items()),
        "error": errors,
    }
    return render(request, "governance/draft.html", page)


def _adopt(request: HttpRequest, found: ModelVersion, form: AdoptionForm) -> dict[str, str]:
    """Adopt as the form says; errors by field, none when it is done."""
    employee = employee_of(request)
    if not employee.roles.intersection(ADOPTING):
        return {"valid_from": _("Kun en leder eller en administrator kan vedtage. Bed en af dem om det.")}
    valid_from, decided_on, errors = form.read()
    if errors or valid_from is None:
        return errors
    try:
        adopt_model(
            version_id=found.pk,
            valid_from=valid_from,
            decided_on=decided_on,
            body=form.body,
            actor=employee_actor(employee.pk),
        )
    except VersionRefused as refused:
        return {"valid_from": str(refused)}
    return {}


@door(Role.LEADER, Role.ADMINISTRATOR)
def exceptional_days(request: HttpRequest) -> HttpResponse:
    """Close a counter today, or open it otherwise on one day, without a new policy."""
    form, errors = DayForm(on=clock.today().isoformat()), {}
    if request.method == "POST":
        form = DayForm.typed(request.POST)
        errors = _record_day(request, form)
        if not errors:
            messages.success(request, _("Dagen er gemt. Skranker, tavler og frister følger den med det samme."))
            return redirect("exceptional_days")
    return render(request, "governance/exceptional_days.html", _days_page(form, errors))


def _record_day(request: HttpRequest, form: DayForm) -> dict[str, str]:
    on, opens, closes, channel, errors = form.read()
    if errors or on is None:
        return errors
    try:
        policy.record_exceptional_day(
            centre=form.centre,
            on=on,
            reason=form.reason,
            channel=channel,
            opens=opens,
            closes=closes,
            actor=employee_actor(employee_of(request).pk),
        )
    except DayRefused as refused:
        return refused.errors
    except queries.NoPolicyInForce as nothing:
        return {"on": str(nothing)}
    return {}


@door(Role.LEADER, Role.ADMINISTRATOR)
@require_POST
def withdraw_day(request: HttpRequest, day_id: int) -> HttpResponse:
    """The day is as the policy says after all."""
    policy.withdraw_exceptional_day(exceptional_day_id=day_id, actor=employee_actor(employee_of(request).pk))
    messages.success(request, _("Dagen følger igen politikken."))
    return redirect("exceptional_days")


def _days_page(form: DayForm, errors: dict[str, str]) -> dict[str, object]:
    try:
        centres = [(centre.key, centre.name) for centre in queries.in_force().model.centres.values()]
    except queries.NoPolicyInForce:
        centres = []
    with speaking(_language()):
        channels = [(channel.value, channel_name(channel).capitalize()) for channel in Channel]
    names = dict(channels)
    days = queries.coming_exceptional_days(clock.today())
    return {
        "form": form,
        "errors": list(errors.items()),
        "error": errors,
        "centres": [("", "–"), *centres],
        "channels": [("", _("Alle")), *channels],
        "days": [(day, names.get(day.channel, _("Alle"))) for day in days],
    }


def _version(version_id: int) -> ModelVersion:
    try:
        return queries.version(version_id)
    except ModelVersion.DoesNotExist:
        raise Http404 from None


def _differences(found: ModelVersion) -> list[Difference] | None:
    """What it changes from the one before; None where there is none before."""
    before = queries.predecessor_of(found)
    if before is None:
        return None
    return differences(queries.model_of(before), queries.model_of(found.pk), language=_language())


def _warnings(found: ModelVersion) -> list[Problem]:
    with speaking(_language()):
        _model, problems = examine(found.document, name=found.title, includes=found.includes)
    return [problem for problem in problems if problem.severity is Severity.WARNING]


def _language() -> str:
    return "en" if get_language() == "en" else "da"
