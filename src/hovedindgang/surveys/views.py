"""Pages of complaints, praise and ideas: the list, one of them, a new one, the figures. Each works without a script."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hovedindgang.contacts.protecting import AskTwice, ask_twice, place_named
from hovedindgang.contacts.rules import KeyReused, Refused
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import employee_actor
from hovedindgang.people.doors import Employee, Role, door, employee_of
from hovedindgang.people.pace import Asked, mind_pace
from hovedindgang.people.rules import NoAccess
from hovedindgang.surveys import actions, forms, pages, queries
from hovedindgang.surveys.doors import must_answer
from hovedindgang.surveys.queries import CameWith

WORKERS = (Role.EMPLOYEE, Role.LEADER, Role.CASEWORKER)


@door(*WORKERS)
@require_GET
def feedbacks(request: HttpRequest) -> HttpResponse:
    """What she answers, and all she may read; a leader's whole list."""
    employee, filters = employee_of(request), pages.filters()
    choices = dict(zip(("state", "kind", "centre"), filters.values(), strict=True))
    asked, errors = forms.asked(
        request.GET.dict(), {field: {str(word) for word, _said in pairs} for field, pairs in choices.items()}
    )
    context = {
        "listed": queries.listed(employee, asked),
        "asked": request.GET.dict() or {"state": "open"},
        "employee": employee,
        "today": clock.today(),
        "errors": errors,
        "summary": list(errors.items()),
        **filters,
    }
    return render(request, "surveys/feedbacks.html", context, status=422 if errors else 200)


@door(*WORKERS)
@require_http_methods(["GET", "POST"])
def new_feedback(request: HttpRequest) -> HttpResponse:
    """Write one down, beside a contact (`henvendelse`) or by itself."""
    employee, errors, typed = employee_of(request), {}, request.POST.dict()
    contact = forms.number(request.POST.get("contact") or request.GET.get("henvendelse", ""))
    came = queries.came_with(employee, contact) if contact else None
    if request.method == "POST":
        try:
            return _register(request, employee, came)
        except AskTwice as asked:
            errors, typed["confirmed"] = asked.errors, asked.token
        except Refused as refused:
            errors = refused.errors
        except KeyReused:
            errors = {"": _("Formularen er gemt før med et andet indhold. Åbn en ny, og skriv det der.")}
    context = {**pages.new_page(employee, came, typed), "errors": errors, "summary": list(errors.items())}
    return render(request, "surveys/new.html", context, status=422 if errors else 200)


def _register(request: HttpRequest, employee: Employee, came: CameWith | None) -> HttpResponse:
    sent = request.POST.dict()
    said = forms.new(sent, came)
    _ask(employee, said.citizen, {"text": said.text}, {}, sent)
    row = actions.register_feedback(employee=employee, said=said, key=forms.key(sent))
    messages.success(request, _("Skrevet ned som nr. %(number)s. Lederen har den nu.") % {"number": row.pk})
    if queries.may_read(employee, row.pk):
        return redirect("feedback", row.pk)
    return redirect("contact", came.contact.pk) if came else redirect("feedbacks")


def _ask(
    employee: Employee, citizen: int | None, texts: Mapping[str, str], to: Mapping[str, str], sent: Mapping[str, str]
) -> None:
    """Raises AskTwice where a protected citizen is told of in it, or it goes on to somebody."""
    citizens = [citizen] if citizen else []
    actor = employee_actor(employee.pk)
    ask_twice(actor=actor, citizens=citizens, texts=texts, to=to, confirmed=sent.get("confirmed", ""))


@door(*WORKERS)
@require_GET
def feedback(request: HttpRequest, feedback_id: int) -> HttpResponse:
    """One of them, with its words, its answer and what may be done."""
    return _page(request, feedback_id, "", {})


@door(*WORKERS)
@require_POST
def feedback_step(request: HttpRequest, feedback_id: int, step: str) -> HttpResponse:
    """One step: acknowledge, agree on a day, give, close, reopen its matter."""
    employee, sent = employee_of(request), request.POST.dict()
    deeds: dict[str, tuple[Callable[[], object], str]] = {
        "bekraeft": (
            lambda: actions.acknowledge(employee=employee, feedback_id=feedback_id),
            _("Noteret: borgeren ved, at vi har den, og hvornår der kommer svar."),
        ),
        "dag": (
            lambda: actions.agree_on_day(
                employee=employee, feedback_id=feedback_id, promised_on=forms.day(sent, "promised_on")
            ),
            _("Den nye dag er gemt."),
        ),
        "giv": (
            lambda: actions.give_to(
                employee=employee, feedback_id=feedback_id, owner_id=forms.number(sent.get("owner", ""))
            ),
            _("Gemt: den er givet videre til at blive besvaret."),
        ),
        "afslut": (lambda: _close(employee, feedback_id, sent), _("Den er besvaret og afsluttet.")),
        "aabn": (
            lambda: actions.reopen_its_matter(
                employee=employee, feedback_id=feedback_id, promised_on=forms.day(sent, "promised_on")
            ),
            _("Ærindet er åbnet igen, og du følger op."),
        ),
    }
    if step not in deeds:
        raise Http404
    must_answer(employee, feedback_id)
    deed, said = deeds[step]
    return _do(request, feedback_id, step, deed, said)


def _close(employee: Employee, feedback_id: int, sent: Mapping[str, str]) -> None:
    ending = forms.ending(sent)
    row = queries.feedback_page(employee, feedback_id).row
    place = place_named(ending.to_authority, ending.to_department)
    texts = {"answer": ending.answer, "learning": ending.learning}
    _ask(employee, row.citizen_id, texts, {"to": place} if place else {}, sent)
    actions.close_feedback(employee=employee, feedback_id=feedback_id, ending=ending)


@door(*WORKERS)
@require_POST
def amend_words(request: HttpRequest, text_id: int) -> HttpResponse:
    """Say what was wrong in a text; it stays, with the amendment under it."""
    employee, sent = employee_of(request), request.POST.dict()
    row = queries.of_text(employee, text_id)

    def deed() -> None:
        _ask(employee, row.citizen_id, {"text": sent.get("text", "")}, {}, sent)
        actions.amend_words(employee=employee, text_id=text_id, text=sent.get("text", ""))

    return _do(request, row.pk, f"ret{text_id}", deed, _("Rettelsen er gemt. Det første står der endnu."))


def _do(request: HttpRequest, feedback_id: int, step: str, deed: Callable[[], object], said: str) -> HttpResponse:
    """Do the deed and go back to the page; refused, the page comes with everything typed."""
    try:
        deed()
    except AskTwice as asked:
        return _page(request, feedback_id, step, asked.errors, {"confirmed": asked.token})
    except Refused as refused:
        return _page(request, feedback_id, step, refused.errors)
    messages.success(request, said)
    try:
        queries.feedback_page(employee_of(request), feedback_id)
    except NoAccess:  # it was given to somebody else
        return redirect("feedbacks")
    return redirect("feedback", feedback_id)


def _page(
    request: HttpRequest,
    feedback_id: int,
    failed: str,
    errors: Mapping[str, str],
    more: Mapping[str, str] | None = None,
) -> HttpResponse:
    employee = employee_of(request)
    typed = {**request.POST.dict(), **(more or {})}
    seen = queries.feedback_page(employee, feedback_id)
    context = {
        **pages.one_page(employee, seen, failed=failed, typed=typed),
        "errors": errors,
        "summary": [(f"{failed}-{field}" if field else "", message) for field, message in errors.items()],
    }
    return render(request, "surveys/feedback.html", context, status=422 if failed else 200)


@door(Role.LEADER)
@require_GET
def feedback_figures(request: HttpRequest) -> HttpResponse:
    """How many of each kind, days to the answer, and the share answered in time; no figure of an employee."""
    mind_pace(Asked.COUNTED, employee_of(request).pk)
    errors: dict[str, str] = {}
    try:
        first, last = forms.period(request.GET.dict())
    except Refused as refused:
        errors, (first, last) = refused.errors, forms.period({})
    figures = queries.figures(employee_of(request), first=first, last=last)
    context = {
        "figures": figures,
        "tables": pages.figures_tables(figures),
        "typed": {"from": first.isoformat(), "to": last.isoformat(), **request.GET.dict()},
        "errors": errors,
        "summary": list(errors.items()),
    }
    return render(request, "surveys/figures.html", context, status=422 if errors else 200)


@door(Role.LEADER)
@require_GET
def feedback_csv(request: HttpRequest) -> HttpResponse:
    """The same figures as a file; what is hidden on the page is empty in it."""
    mind_pace(Asked.COUNTED, employee_of(request).pk)
    try:
        first, last = forms.period(request.GET.dict())
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("feedback_figures")
    figures = queries.figures(employee_of(request), first=first, last=last)
    content = "\ufeff" + pages.figures_csv(figures)  # so that a spreadsheet reads æ, ø and å
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="klager-og-ros-{first}-{last}.csv"'
    return response
