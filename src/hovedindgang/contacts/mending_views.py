"""The pages by which a mistake is put right, each without a script; and the leader's list of what stood on the wrong
person."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hovedindgang.contacts import actions, forms
from hovedindgang.contacts.doors import contact_of_enquiry
from hovedindgang.contacts.mending_pages import mend_page, to_review
from hovedindgang.contacts.pages import Failed
from hovedindgang.contacts.rules import Refused
from hovedindgang.kernel.actors import employee_actor
from hovedindgang.people.actions import register_citizen
from hovedindgang.people.doors import Role, door, employee_of
from hovedindgang.people.models import Employee
from hovedindgang.people.rules import BadCpr

BORGERSERVICE = (Role.EMPLOYEE, Role.LEADER)


@door(*BORGERSERVICE)
def mend(request: HttpRequest, contact_id: int) -> HttpResponse:
    """What may be put right about one contact."""
    return _show(request, contact_id, Failed())


@door(*BORGERSERVICE)
@require_POST
def mend_contact(request: HttpRequest, contact_id: int, what: str) -> HttpResponse:
    """Put one thing right: person, channel, times, taken_back or struck."""
    employee, sent = employee_of(request), request.POST
    why = sent.get("why", "")
    deeds: dict[str, tuple[Callable[[], object], str]] = {
        "person": (lambda: _move(employee, contact_id, sent), _("Henvendelsen er flyttet. Lederen får besked.")),
        "channel": (
            lambda: actions.correct_channel(
                employee=employee, contact_id=contact_id, channel=forms.channel(sent), why=why
            ),
            _("Henvendelsesmåden er rettet."),
        ),
        "times": (
            lambda: actions.correct_times(employee=employee, contact_id=contact_id, **forms.times(sent), why=why),
            _("Tiden er rettet."),
        ),
        "taken_back": (
            lambda: actions.take_back_contact(employee=employee, contact_id=contact_id),
            _("Henvendelsen er taget tilbage. Den tæller ingen steder."),
        ),
        "struck": (
            lambda: actions.strike_contact(
                employee=employee, contact_id=contact_id, reason=forms.struck_why(sent), why=why
            ),
            _("Henvendelsen er taget ud. Den tæller ingen steder."),
        ),
    }
    if what not in deeds:
        raise Http404
    return _do(request, contact_id, what, *deeds[what])


@door(*BORGERSERVICE)
@require_POST
def mend_service(request: HttpRequest, enquiry_id: int) -> HttpResponse:
    employee, sent = employee_of(request), request.POST
    return _do(
        request,
        contact_of_enquiry(employee, enquiry_id),
        f"e{enquiry_id}",
        lambda: actions.correct_service(
            employee=employee, enquiry_id=enquiry_id, service=sent.get("service", ""), why=sent.get("why", "")
        ),
        _("Opgaven er rettet."),
    )


def _move(employee: Employee, contact_id: int, sent: forms.Sent) -> object:
    """To the person with the CPR that is typed, or with the number."""
    cpr, was, becomes = sent.get("cpr", "").strip(), forms.number(sent, "was"), forms.number(sent, "becomes")
    if was is None:
        raise Refused({"was": _("Vælg, hvem henvendelsen står på ved en fejl.")})
    if bool(cpr) == (becomes is not None):
        raise Refused({"cpr": _("Skriv enten CPR-nummer eller borgernummer på den rigtige borger.")})
    with transaction.atomic():
        if becomes is None:
            try:
                becomes = register_citizen(actor=employee_actor(employee.pk), cpr=cpr).pk
            except BadCpr as bad:
                raise Refused({"cpr": str(bad)}) from bad
        why = sent.get("why", "")
        return actions.move_contact(employee=employee, contact_id=contact_id, was=was, becomes=becomes, why=why)


def _do(request: HttpRequest, contact_id: int, at: str, deed: Callable[[], object], said: str) -> HttpResponse:
    """Do the deed and go to the contact's page; refused, the page comes with everything typed."""
    try:
        deed()
    except Refused as refused:
        typed = {name: value for name, value in request.POST.dict().items() if isinstance(value, str)}
        return _show(request, contact_id, Failed(at, refused.errors, typed))
    messages.success(request, said)
    return redirect("contact", contact_id)


def _show(request: HttpRequest, contact_id: int, failed: Failed) -> HttpResponse:
    page = mend_page(employee_of(request), contact_id, failed)
    context = {"page": page, "contact": page.contact}
    return render(request, "contacts/mend.html", context, status=422 if failed.at else 200)


@door(Role.LEADER)
def corrections_to_review(request: HttpRequest) -> HttpResponse:
    """What stood on the wrong person, and who saw it there."""
    return _list(request)


@door(Role.LEADER)
@require_POST
def review_correction(request: HttpRequest, correction_id: int) -> HttpResponse:
    done = request.POST.get("done", "")
    try:
        actions.review_correction(employee=employee_of(request), correction_id=correction_id, done=done)
    except Refused as refused:
        return _list(request, Failed(f"r{correction_id}", refused.errors, {"done": done}))
    messages.success(request, _("Noteret. Den er væk fra listen."))
    return redirect("corrections_to_review")


def _list(request: HttpRequest, failed: Failed | None = None) -> HttpResponse:
    context = {"rows": to_review(employee_of(request)), "failed": failed or Failed()}
    return render(request, "contacts/to_review.html", context, status=422 if failed else 200)
