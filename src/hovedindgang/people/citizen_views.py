"""A citizen's own page: how she is protected, who acts for her, and the key to what is hidden."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hovedindgang.documents.queries import DocumentGone, download
from hovedindgang.documents.rules import LARGEST_BYTES
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import Actor, ActorKind, employee_actor
from hovedindgang.look import wording
from hovedindgang.people import actions, citizen_forms, powers, queries
from hovedindgang.people.citizen_forms import RepresentationForm
from hovedindgang.people.doors import door, employee_of
from hovedindgang.people.models import Basis, Proof, Protection, Role
from hovedindgang.people.protection import WHY_SEE, is_protected, leaves_less
from hovedindgang.people.representing import MAY, WITHOUT_POWER, banners, stands
from hovedindgang.people.rules import PeopleRefused, Purpose
from hovedindgang.people.step_up import stepped_up
from hovedindgang.policy.queries import NoPolicyInForce, in_force

BORGERSERVICE = (Role.EMPLOYEE, Role.LEADER)
Errors = Mapping[str, str]


@door(*BORGERSERVICE)
def citizen(request: HttpRequest, citizen_id: int) -> HttpResponse:
    """Who she is as far as it may be shown, what to be careful of, and who acts for her."""
    return _page(request, citizen_id, {})


def _page(
    request: HttpRequest, citizen_id: int, errors: Errors, *, typed: Mapping[str, str] | None = None
) -> HttpResponse:
    employee, today = employee_of(request), clock.today()
    found = queries.access_citizen(employee, citizen_id, use="citizen", reason=f"citizen:{citizen_id}")
    given = powers.representations_of(citizen_id)
    current = [one for one in given if stands(one, on=today)]
    page = {
        "citizen": found,
        "history_url": reverse(settings.HISTORY_PAGE, args=[citizen_id]),
        "banners": banners(found, current),
        "current": [(one, MAY[Basis(one.basis)]) for one in current],
        "past": [one for one in given if one not in current],
        "without_power": WITHOUT_POWER,
        "why_see": [("", _("Vælg")), *((reason.value, said) for reason, said in WHY_SEE.items())],
        "kinds": [(kind.value, kind.label) for kind in Protection],
        "kind": Protection(found.protection).label,
        "errors": list(errors.items()),
        "error": errors,
        "typed": typed or {},
        "today": today,
    }
    return render(request, "people/citizen.html", page, status=422 if errors else 200)


@door(*BORGERSERVICE)
@require_POST
def show_protected(request: HttpRequest, citizen_id: int) -> HttpResponseBase:
    """Her protected name and address, on this one page, for a reason that is logged."""
    found = queries.access_citizen(employee_of(request), citizen_id, use="citizen", reason=f"citizen:{citizen_id}")
    if found.protection == Protection.THREAT and is_protected(found):
        return _show_proven(request, citizen_id)
    return _show(request, citizen_id)


def _show(request: HttpRequest, citizen_id: int) -> HttpResponse:
    contact = request.POST.get("contact", "")
    try:
        found = actions.show_protected(
            employee=employee_of(request),
            citizen_id=citizen_id,
            reason=citizen_forms.reason(request.POST),
            contact_id=int(contact) if contact.isascii() and contact.isdigit() and len(contact) < 18 else None,
        )
    except PeopleRefused as refused:
        return _page(request, citizen_id, refused.errors)
    response = render(request, "people/protected.html", {"citizen": found})
    response.headers["Cache-Control"] = "no-store"
    return response


_show_proven = stepped_up(purpose=Purpose.PROTECTED_PERSON)(_show)


@door(*BORGERSERVICE)
@require_POST
def protect(request: HttpRequest, citizen_id: int) -> HttpResponseBase:
    """Protect her, or end it. Who leaves her less protected than she was proves once more who she is.

    For what is hidden is there to be read as soon as it has ended, without the key and its reason.
    """
    found = queries.access_citizen(employee_of(request), citizen_id, use="citizen", reason=f"citizen:{citizen_id}")
    try:
        said = citizen_forms.protection(request.POST)
    except PeopleRefused as refused:
        return _page(request, citizen_id, refused.errors, typed=request.POST.dict())
    return (_protect_proven if leaves_less(found, **said) else _protect)(request, citizen_id)


def _protect(request: HttpRequest, citizen_id: int) -> HttpResponse:
    try:
        said = citizen_forms.protection(request.POST)
        actions.protect_citizen(actor=employee_actor(employee_of(request).pk), citizen_id=citizen_id, **said)
    except PeopleRefused as refused:
        return _page(request, citizen_id, refused.errors, typed=request.POST.dict())
    messages.success(request, _("Beskyttelsen er gemt."))
    return redirect("citizen", citizen_id)


_protect_proven = stepped_up(purpose=Purpose.PROTECTED_PERSON)(_protect)


@door(*BORGERSERVICE)
@require_POST
def death(request: HttpRequest, citizen_id: int) -> HttpResponse:
    """She has died, or it was recorded by mistake."""
    queries.access_citizen(employee_of(request), citizen_id, use="citizen", reason=f"citizen:{citizen_id}")
    try:
        said = citizen_forms.dead_on(request.POST)
        actions.record_death(actor=employee_actor(employee_of(request).pk), citizen_id=citizen_id, dead_on=said)
    except PeopleRefused as refused:
        return _page(request, citizen_id, refused.errors, typed=request.POST.dict())
    messages.success(request, _("Dødsdagen er gemt.") if said else _("Borgeren står ikke længere som død."))
    return redirect("citizen", citizen_id)


# --------------------------------------------------------------------------------------------------- representations


@door(*BORGERSERVICE)
def new_representation(request: HttpRequest, citizen_id: int) -> HttpResponse:
    """Somebody acts for her: by what right, in which matters, with what proof."""
    employee = employee_of(request)
    found = queries.access_citizen(employee, citizen_id, use="citizen", reason=f"citizen:{citizen_id}")
    form, errors = RepresentationForm(), {}
    if request.method == "POST":
        form = RepresentationForm.typed(request.POST)
        sent = request.FILES.get("file")
        try:
            content = sent.read(LARGEST_BYTES + 1) if sent else b""
            said = form.said(content)
            powers.register_representation(employee=employee, citizen_id=citizen_id, said=said)
        except PeopleRefused as refused:
            errors = refused.errors
        else:
            messages.success(request, _("Repræsentationen er gemt."))
            return redirect("citizen", citizen_id)
    page = {
        "citizen": found,
        "form": form,
        "errors": list(errors.items()),
        "error": errors,
        "bases": [(basis.value, basis.label) for basis in Basis],
        "proofs": [(proof.value, proof.label) for proof in Proof],
        "services": _services(),
        "megabytes": LARGEST_BYTES // 1024**2,
    }
    return render(request, "people/representation.html", page, status=422 if errors else 200)


def _services() -> list[tuple[str, str]]:
    try:
        carried = in_force().model.services_on(clock.today())
    except NoPolicyInForce:
        return []
    named = [(key, wording.name(service, language=get_language() or "da")) for key, service in carried.items()]
    return sorted(named, key=lambda pair: pair[1].casefold())


@door(*BORGERSERVICE)
@require_POST
def revoke(request: HttpRequest, representation_id: int) -> HttpResponse:
    """From now on it opens nothing."""
    given = powers.revoke_representation(employee=employee_of(request), representation_id=representation_id)
    messages.success(request, _("Repræsentationen er tilbagekaldt."))
    return redirect("citizen", given.citizen_id)


@door(*BORGERSERVICE)
def evidence(request: HttpRequest, representation_id: int) -> HttpResponse:
    """What proves the representation, as a file."""
    employee = employee_of(request)
    given = powers.open_representation(employee, representation_id, use="representation")
    if given.evidence_id is None:
        raise Http404
    actor = Actor(ActorKind.EMPLOYEE, employee.pk, on_behalf_of=given.citizen_id)
    try:
        return download(actor=actor, document_id=given.evidence_id, citizen_id=given.citizen_id, named=_("bilag"))
    except DocumentGone:
        raise Http404 from None
