"""This room's pages: a contact, a citizen's history, work lists, search. Every deed works without a script."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hovedindgang.contacts import actions, forms, labels, queries, searching
from hovedindgang.contacts.doors import (
    contact_of_enquiry,
    contact_of_handover,
    contact_of_note,
    contact_of_signpost,
    contact_of_withheld,
    open_contact,
)
from hovedindgang.contacts.mending_pages import corrections_shown, moved_in_history
from hovedindgang.contacts.pages import Failed, contact_page
from hovedindgang.contacts.ports import beside
from hovedindgang.contacts.protecting import AskTwice, ask_about_contact, place_named
from hovedindgang.contacts.reasons import work_reason
from hovedindgang.contacts.rules import ForwardKind, KeyReused, Refused
from hovedindgang.contacts.searching import search_notes
from hovedindgang.kernel import clock
from hovedindgang.people.closed import refuse_if_closed
from hovedindgang.people.doors import Employee, Role, door, employee_of
from hovedindgang.people.powers import representations_of
from hovedindgang.people.representing import banners
from hovedindgang.people.rules import NoAccess, cprs_in

BORGERSERVICE = (Role.EMPLOYEE, Role.LEADER)
WORKERS = (*BORGERSERVICE, Role.CASEWORKER)
ON_A_PAGE = 20


@door(*WORKERS)
def contact(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Everything about one contact that she may see, with what can be done."""
    return _show(request, contact_id, Failed())


@door(*BORGERSERVICE)
def citizen_history(request: HttpRequest, citizen_id: int) -> HttpResponse:
    """A citizen's contacts in every channel, newest first."""
    employee, place = employee_of(request), request.GET.get("before", "")
    before = forms.cursor(place)
    reason = work_reason(employee, citizen_id, form=request.GET.get("form", ""))
    if reason is None:
        refuse_if_closed(employee.pk, [citizen_id])  # before she is asked in vain
        return _ask_why(request, citizen_id, {}, {})
    citizen, entries = queries.citizen_page(employee, citizen_id, reason=reason, limit=ON_A_PAGE + 1, before=before)
    shown = entries[:ON_A_PAGE]
    older = f"?before={forms.cursor_text(shown[-1].cursor)}" if len(entries) > ON_A_PAGE else ""
    powers = representations_of(citizen_id, on=clock.today())
    people = {"banners": banners(citizen, powers), "powers": powers}
    context = {
        **people,
        "citizen": citizen,
        "entries": shown,
        "beside": beside(employee, citizen_id=citizen_id),
        "moved": moved_in_history(citizen_id),
        "older": older.replace("+", "%2B"),
        "no_such_page": bool(place) and before is None,
        "today": clock.today(),
    }
    return render(request, "contacts/history.html", context, status=422 if context["no_such_page"] else 200)


@door(*BORGERSERVICE)
@require_POST
def open_matter(request: HttpRequest, enquiry_id: int) -> HttpResponse:
    """A matter that is kept more closely is opened with a reason, and its contact's page shows it."""
    employee, code, text = employee_of(request), request.POST.get("code", ""), request.POST.get("text", "")
    contact_id = contact_of_withheld(employee, enquiry_id)
    return _do(
        request,
        contact_id,
        f"k{enquiry_id}",
        lambda: actions.open_matter(employee=employee, enquiry_id=enquiry_id, code=code, text=text),
        _("Ærindet er åbnet for dig resten af dagen. Opslaget er skrevet ned med din grund."),
    )


@door(*BORGERSERVICE)
@require_POST
def say_why(request: HttpRequest, citizen_id: int) -> HttpResponse:
    """She says why she looks the citizen up, and comes to her page."""
    code, text = request.POST.get("code", ""), request.POST.get("text", "")
    try:
        actions.state_reason(employee=employee_of(request), citizen_id=citizen_id, code=code, text=text)
    except Refused as refused:
        return _ask_why(request, citizen_id, refused.errors, {"code": code, "text": text})
    return redirect("citizen_history", citizen_id)


def _ask_why(
    request: HttpRequest, citizen_id: int, errors: Mapping[str, str], typed: Mapping[str, str]
) -> HttpResponse:
    """The citizen's page is not shown before the work is named: nothing about her stands on this one."""
    context = {
        "number": citizen_id,
        "error": errors,
        "errors": list(errors.items()),
        "typed": typed,
        "codes": [("", _("Vælg")), *((str(code), str(words)) for code, words in labels.REASON.items())],
    }
    return render(request, "contacts/why.html", context, status=422 if errors else 200)


@door(*WORKERS)
def my_open(request: HttpRequest) -> HttpResponse:
    """What she owes citizens, and what others owe her."""
    context = {"owed": queries.owed(employee_of(request)), "today": clock.today()}
    return render(request, "contacts/my_open.html", context)


@door(Role.CASEWORKER)
def department_inbox(request: HttpRequest) -> HttpResponse:
    """What was handed to her department and is not closed."""
    handovers = queries.department_inbox(employee_of(request))
    context = {
        "sent": [handover for handover in handovers if handover.accepted_at is None],
        "accepted": [handover for handover in handovers if handover.accepted_at is not None],
        "today": clock.today(),
    }
    return render(request, "contacts/inbox.html", context)


@door(*BORGERSERVICE)
def search(request: HttpRequest) -> HttpResponse:
    """Search in what was said. What is typed is posted, so that it stands in no address and no log."""
    typed = request.POST.get("typed", "")
    error = _("Slå borgeren op på skrankesiden i stedet: her søges kun i noter.") if cprs_in(typed) else ""
    notes = search_notes(employee_of(request), typed) if typed and not error else []
    context = {
        "typed": "" if error else typed,
        "error": error,
        "notes": notes,
        "full": len(notes) == searching.FOUND,
        "searched": bool(typed) and not error,
    }
    return render(request, "contacts/search.html", context, status=422 if error else 200)


# ------------------------------------------------------------------------------------------------------------ deeds


@door(*WORKERS)
@require_POST
def add_note(request: HttpRequest, contact_id: int) -> HttpResponse:
    text, key = request.POST.get("text", ""), forms.key(request.POST)
    return _do(
        request,
        contact_id,
        "note",
        lambda: _note(
            request,
            contact_id,
            text,
            lambda: actions.add_note(employee=employee_of(request), contact_id=contact_id, text=text, key=key),
        ),
        _("Noten er gemt."),
    )


@door(*WORKERS)
@require_POST
def amend_note(request: HttpRequest, note_id: int) -> HttpResponse:
    employee, text, key = employee_of(request), request.POST.get("text", ""), forms.key(request.POST)
    return _do(
        request,
        contact_of_note(employee, note_id),
        f"n{note_id}",
        lambda: _note(
            request,
            contact_of_note(employee, note_id),
            text,
            lambda: actions.amend_note(employee=employee, note_id=note_id, text=text, key=key),
        ),
        _("Rettelsen er gemt. Den første note står der endnu."),
    )


@door(*WORKERS)
@require_POST
def contest_note(request: HttpRequest, note_id: int) -> HttpResponse:
    """What the citizen says is wrong in it."""
    employee, text, key = employee_of(request), request.POST.get("text", ""), forms.key(request.POST)
    return _do(
        request,
        contact_of_note(employee, note_id),
        f"b{note_id}",
        lambda: _note(
            request,
            contact_of_note(employee, note_id),
            text,
            lambda: actions.contest_note(employee=employee, note_id=note_id, text=text, key=key),
        ),
        _("Det står nu ved noten, at borgeren ikke er enig."),
    )


@door(*WORKERS)
@require_POST
def conclude(request: HttpRequest, enquiry_id: int) -> HttpResponse:
    employee, sent = employee_of(request), request.POST
    return _do(
        request,
        contact_of_enquiry(employee, enquiry_id),
        f"e{enquiry_id}",
        lambda: _conclude(employee, enquiry_id, sent),
        _("Ærindet er afsluttet."),
    )


@door(*BORGERSERVICE)
@require_POST
def hand_over(request: HttpRequest, enquiry_id: int) -> HttpResponse:
    employee, sent = employee_of(request), request.POST
    return _do(
        request,
        contact_of_enquiry(employee, enquiry_id),
        f"e{enquiry_id}",
        lambda: _hand_over(employee, enquiry_id, sent),
        _("Ærindet er overdraget."),
    )


@door(*BORGERSERVICE)
@require_POST
def reopen(request: HttpRequest, enquiry_id: int) -> HttpResponse:
    employee, sent = employee_of(request), request.POST
    return _do(
        request,
        contact_of_enquiry(employee, enquiry_id),
        f"e{enquiry_id}",
        lambda: actions.reopen_enquiry(employee=employee, enquiry_id=enquiry_id, **forms.reopening(sent)),
        _("Ærindet er åbnet igen, og du følger op."),
    )


@door(*BORGERSERVICE)
@require_POST
def take_over(request: HttpRequest, enquiry_id: int) -> HttpResponse:
    employee = employee_of(request)
    return _do(
        request,
        contact_of_enquiry(employee, enquiry_id),
        f"e{enquiry_id}",
        lambda: actions.take_over_enquiry(employee=employee, enquiry_id=enquiry_id),
        _("Ærindet er dit. Den dag, borgeren er lovet, står ved magt."),
    )


@door(*BORGERSERVICE)
@require_POST
def another_day(request: HttpRequest, enquiry_id: int) -> HttpResponse:
    """The day she was promised becomes another, as was agreed with her."""
    employee, sent = employee_of(request), request.POST
    return _do(
        request,
        contact_of_enquiry(employee, enquiry_id),
        f"e{enquiry_id}",
        lambda: actions.agree_another_day(employee=employee, enquiry_id=enquiry_id, **forms.another_day(sent)),
        _("Den nye dag er gemt. Den første bliver stående på siden."),
    )


@door(*BORGERSERVICE)
@require_POST
def correct(request: HttpRequest, enquiry_id: int) -> HttpResponse:
    employee, sent = employee_of(request), request.POST
    return _do(
        request,
        contact_of_enquiry(employee, enquiry_id),
        f"e{enquiry_id}",
        lambda: actions.correct_enquiry(
            employee=employee, enquiry_id=enquiry_id, found_wrong_on=forms.day(sent, "found_wrong_on")
        ),
        _("Rettelsen er gemt og tæller fra den dag."),
    )


@door(*BORGERSERVICE)
@require_POST
def follow(request: HttpRequest, enquiry_id: int) -> HttpResponse:
    employee, sent = employee_of(request), request.POST
    return _do(
        request,
        contact_of_enquiry(employee, enquiry_id),
        f"e{enquiry_id}",
        lambda: actions.follow_enquiry(employee=employee, enquiry_id=enquiry_id, **forms.following(sent)),
        _("Sammenhængen er gemt."),
    )


@door(*BORGERSERVICE)
@require_POST
def got_there(request: HttpRequest, signpost_id: int) -> HttpResponse:
    employee, said = employee_of(request), forms.got_there(request.POST)
    return _do(
        request,
        contact_of_signpost(employee, signpost_id),
        f"s{signpost_id}",
        lambda: actions.note_got_there(employee=employee, signpost_id=signpost_id, got_there=said),
        _("Gemt."),
    )


@door(*BORGERSERVICE)
@require_POST
def merge(request: HttpRequest, contact_id: int) -> HttpResponse:
    def deed() -> object:
        into = forms.number(request.POST, "into")
        if into is None:
            raise Refused({"into": _("Skriv nummeret på den anden henvendelse.")})
        try:
            return actions.merge_contacts(employee=employee_of(request), contact_id=contact_id, into_id=into)
        except NoAccess:
            raise Refused({"into": _("Der er ingen henvendelse med det nummer. Se efter på dens side.")}) from None

    return _do(request, contact_id, "merge", deed, _("Henvendelserne er samlet."))


@door(*BORGERSERVICE)
@require_POST
def part(request: HttpRequest, contact_id: int) -> HttpResponse:
    return _do(
        request,
        contact_id,
        "merge",
        lambda: actions.part_contacts(employee=employee_of(request), contact_id=contact_id),
        _("Henvendelsen står for sig selv igen."),
    )


@door(*WORKERS)
@require_POST
def handover(request: HttpRequest, handover_id: int, step: str) -> HttpResponse:
    """One step of the protocol: accept, decline, answer, return, told."""
    employee, text = employee_of(request), request.POST.get("text", "")
    deeds: dict[str, tuple[Callable[[], object], str]] = {
        "accept": (
            lambda: actions.accept_handover(employee=employee, handover_id=handover_id),
            _("Overdragelsen er modtaget."),
        ),
        "decline": (
            lambda: actions.decline_handover(employee=employee, handover_id=handover_id, reason=text),
            _("Overdragelsen er afvist. Borgerservice har ærindet igen."),
        ),
        "answer": (
            lambda: actions.answer_handover(employee=employee, handover_id=handover_id, answer=text),
            _("Svaret er sendt til Borgerservice."),
        ),
        "return": (
            lambda: actions.return_handover(employee=employee, handover_id=handover_id, reason=text),
            _("Overdragelsen er sendt tilbage. Borgerservice har ærindet igen."),
        ),
        "told": (
            lambda: actions.pass_answer_on(employee=employee, handover_id=handover_id),
            _("Noteret: borgeren har fået svaret."),
        ),
    }
    if step not in deeds:
        raise Http404
    deed, said = deeds[step]
    return _do(request, contact_of_handover(employee, handover_id), f"h{handover_id}", deed, said)


def _hand_over(employee: Employee, enquiry_id: int, sent: QueryDict) -> None:
    asked = forms.handover(sent)
    ask_about_contact(
        employee,
        contact_of_enquiry(employee, enquiry_id),
        texts={"summary": asked.summary, "agreed": asked.agreed},
        to={"summary": place_named(None, asked.department)},
        confirmed=sent.get("confirmed", ""),
    )
    actions.hand_over(employee=employee, enquiry_id=enquiry_id, handover=asked)


def _conclude(employee: Employee, enquiry_id: int, sent: QueryDict) -> None:
    asked = forms.conclusion(sent)
    shown = asked["signpost"]
    if shown is not None and shown.how != ForwardKind.TOLD:
        ask_about_contact(
            employee,
            contact_of_enquiry(employee, enquiry_id),
            texts={},
            to={"signpost.authority": place_named(shown.authority, shown.department)},
            confirmed=sent.get("confirmed", ""),
        )
    actions.conclude_enquiry(employee=employee, enquiry_id=enquiry_id, **asked)


def _note(request: HttpRequest, contact_id: int, text: str, deed: Callable[[], object]) -> None:
    confirmed = request.POST.get("confirmed", "")
    ask_about_contact(employee_of(request), contact_id, texts={"text": text}, confirmed=confirmed)
    deed()


def _do(request: HttpRequest, contact_id: int, at: str, deed: Callable[[], object], said: str) -> HttpResponse:
    """Do the deed and go back to the contact's page; refused, the page comes with everything typed."""
    try:
        asked = _in_turn(employee_of(request), contact_id, deed)
    except Refused as refused:
        return _show(request, contact_id, Failed(at, refused.errors, request.POST.dict()))
    except KeyReused:
        other = _("Formularen er gemt før med et andet indhold. Det, du har skrevet nu, er ikke gemt: gem det igen.")
        return _show(request, contact_id, Failed(at, {"text": other}, request.POST.dict()))
    if asked is not None:
        return _show(request, contact_id, Failed(at, asked.errors, {**request.POST.dict(), "confirmed": asked.token}))
    messages.success(request, said)
    return redirect("contact", contact_id)


def _in_turn(employee: Employee, contact_id: int, deed: Callable[[], object]) -> AskTwice | None:
    """Do it while nobody else can begin to work on the contact; gives what must be asked about first.

    What was asked about has told her something, and that is written down though the deed is not done.
    """
    with transaction.atomic():
        actions.mind_claim(employee=employee, contact_id=contact_id)
        try:
            deed()
        except AskTwice as asked:
            return asked
    return None


@door(*WORKERS)
@require_GET
def company(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Who else has the contact open: asked by the page every few seconds, which is also her own heartbeat."""
    if "X-Watch" not in request.headers:
        return redirect("contact", contact_id)
    employee = employee_of(request)
    open_contact(employee, contact_id)
    actions.beat(employee=employee, contact_id=contact_id)
    return render(request, "contacts/company.html", {"company": queries.company(employee, contact_id)})


@door(*WORKERS)
@require_POST
def claim(request: HttpRequest, contact_id: int, step: str) -> HttpResponse:
    """She works on it, takes it over, is done with it, or has read that another took it."""
    employee, reason = employee_of(request), request.POST.get("reason", "")
    deeds: dict[str, Callable[[], object]] = {
        "work": lambda: actions.claim_contact(employee=employee, contact_id=contact_id, reason=reason),
        "done": lambda: actions.release_contact(employee=employee, contact_id=contact_id),
        "seen": lambda: actions.note_told(employee=employee, contact_id=contact_id),
    }
    if step not in deeds:
        raise Http404
    try:
        deeds[step]()
    except Refused as refused:
        return _show(request, contact_id, Failed("claim", refused.errors, request.POST.dict()))
    return HttpResponse(status=204) if "X-Watch" in request.headers else redirect("contact", contact_id)


def _show(request: HttpRequest, contact_id: int, failed: Failed) -> HttpResponse:
    employee = employee_of(request)
    page = contact_page(employee, contact_id, failed)
    actions.beat(employee=employee, contact_id=contact_id)
    corrections = corrections_shown(page.seen.corrections)
    context = {
        "page": page,
        "contact": page.seen.contact,
        "corrections": corrections,
        "beside": beside(employee, contact_id=contact_id),
        "company": queries.company(employee, contact_id),
        "today": clock.today(),
    }
    return render(request, "contacts/contact.html", context, status=422 if failed.at else 200)
