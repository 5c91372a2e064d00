"""The journal's pages: send a matter to the case system, decide about what nobody knows, see what is owed."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hovedindgang.contacts import actions, forms
from hovedindgang.contacts.doors import contact_of_enquiry
from hovedindgang.contacts.journal_pages import journal_page, matter_journal
from hovedindgang.contacts.pages import Failed
from hovedindgang.contacts.protecting import AskTwice, ask_about_contact
from hovedindgang.contacts.rules import KeyReused, Refused
from hovedindgang.people.doors import Employee, Role, door, employee_of

BORGERSERVICE = (Role.EMPLOYEE, Role.LEADER)


@door(*BORGERSERVICE)
@require_GET
def journal(request: HttpRequest) -> HttpResponse:
    """What is not journalised yet: how much, how old, where; and what waits for a person."""
    return _list(request, Failed())


@door(*BORGERSERVICE)
def journalise(request: HttpRequest, enquiry_id: int) -> HttpResponse:
    """How one matter stands in the journal. Sent: it is to be journalised, or was by hand."""
    if request.method != "POST":
        return _show(request, enquiry_id, Failed())
    employee, sent = employee_of(request), request.POST
    if sent.get("form") == "by_hand":
        number = sent.get("case_number", "")
        return _do(
            request,
            enquiry_id,
            "hand",
            lambda: actions.note_journalised(employee=employee, enquiry_id=enquiry_id, case_number=number),
            _("Noteret: ærindet er journaliseret."),
        )
    return _do(
        request,
        enquiry_id,
        "send",
        lambda: _send(employee, enquiry_id, sent),
        _("Ærindet er på vej til ESDH. Her kan du se, når det er journaliseret."),
    )


def _send(employee: Employee, enquiry_id: int, sent: forms.Sent) -> None:
    title, text = sent.get("title", ""), sent.get("text", "")
    contact_id = contact_of_enquiry(employee, enquiry_id)
    ask_about_contact(employee, contact_id, texts={"title": title, "text": text}, confirmed=sent.get("confirmed", ""))
    actions.journalise(
        employee=employee,
        enquiry_id=enquiry_id,
        title=title,
        text=text,
        case_number=sent.get("case_number", ""),
        key=forms.key(sent),
    )


@door(*BORGERSERVICE)
@require_POST
def settle(request: HttpRequest, journal_id: int) -> HttpResponse:
    """She looked in the case system: it is there, with this number; or it is not, and is sent again."""
    there, number = request.POST.get("answer") == "there", request.POST.get("case_number", "")
    try:
        actions.settle_journal(employee=employee_of(request), journal_id=journal_id, there=there, case_number=number)
    except Refused as refused:
        return _list(request, Failed(f"j{journal_id}", refused.errors, request.POST.dict()))
    messages.success(request, _("Noteret: det ligger i ESDH.") if there else _("Det bliver sendt igen."))
    return redirect("journal")


def _do(request: HttpRequest, enquiry_id: int, at: str, deed: Callable[[], object], said: str) -> HttpResponse:
    try:
        asked = _asked_twice(deed)
    except Refused as refused:
        return _show(request, enquiry_id, Failed(at, refused.errors, request.POST.dict()))
    except KeyReused:
        other = _("Formularen er gemt før med et andet indhold. Det, du har skrevet nu, er ikke gemt: gem det igen.")
        return _show(request, enquiry_id, Failed(at, {"text": other}, request.POST.dict()))
    if asked is not None:
        return _show(request, enquiry_id, Failed(at, asked.errors, {**request.POST.dict(), "confirmed": asked.token}))
    messages.success(request, said)
    return redirect("journalise", enquiry_id)


def _asked_twice(deed: Callable[[], object]) -> AskTwice | None:
    """What was asked about has told her something, and that is written down though the deed is not done."""
    with transaction.atomic():
        try:
            deed()
        except AskTwice as asked:
            return asked
    return None


def _show(request: HttpRequest, enquiry_id: int, failed: Failed) -> HttpResponse:
    page = matter_journal(employee_of(request), enquiry_id)
    return render(
        request, "contacts/journalise.html", {"page": page, "failed": failed}, status=422 if failed.at else 200
    )


def _list(request: HttpRequest, failed: Failed) -> HttpResponse:
    page = journal_page(employee_of(request))
    return render(request, "contacts/journal.html", {"page": page, "failed": failed}, status=422 if failed.at else 200)
