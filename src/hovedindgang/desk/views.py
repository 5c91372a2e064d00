"""The employee's working page: door, form, deed, page."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hovedindgang.contacts.queries import ReceiptShown, receipt
from hovedindgang.contacts.rules import KeyReused, Refused
from hovedindgang.desk import actions, passing, queries
from hovedindgang.desk.forms import on_page
from hovedindgang.desk.leftover import keep_for_later
from hovedindgang.desk.missing import afterwards
from hovedindgang.desk.models import Draft
from hovedindgang.desk.page import Shown, context, unasked
from hovedindgang.desk.rules import is_established
from hovedindgang.desk.strip import count_typed, strip_context
from hovedindgang.desk.typed import Typed
from hovedindgang.insight.arrivals import registered_as
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import employee_actor
from hovedindgang.people.closed import ClosedToHer, said_closed
from hovedindgang.people.doors import Employee, Role, door, employee_of
from hovedindgang.people.queries import find_by_cpr, search_by_name
from hovedindgang.people.rules import BadCpr, NoAccess
from hovedindgang.policy.queries import NoPolicyInForce, in_force
from hovedindgang.servicemodel.document import Channel

REMEMBERED = {  # as long as the browser is open
    "channel": f"{settings.COOKIE_PREFIX}hovedindgang_channel",
    "centre": f"{settings.COOKIE_PREFIX}hovedindgang_centre",
}


@door(Role.EMPLOYEE, signed_out=keep_for_later)
@require_http_methods(["GET", "POST"])
def desk(request: HttpRequest) -> HttpResponse:
    """The one page. What a button asks for is the field `step`; without one Enter does the next sensible thing."""
    employee = employee_of(request)
    if request.method == "GET":
        return _open(request, employee)
    typed = Typed.from_post(request.POST.dict())
    step, _colon, what = (request.POST.get("step") or "go").partition(":")
    if step == "go":
        step = _next_step(typed)
    answer = STEPS.get(step, _look)(request, employee, typed, what)
    for name, value in _known(typed.contact).items():
        if value != request.COOKIES.get(REMEMBERED[name]):
            answer.set_cookie(REMEMBERED[name], value, httponly=True, samesite="Lax", secure=request.is_secure())
    return answer


def _known(said: Mapping[str, str]) -> dict[str, str]:
    """The channel and place that are said, where they are any: a browser sends what it remembers with every page."""
    try:
        there: dict[str, set[str]] = {"channel": set(Channel), "centre": set(in_force().model.centres)}
    except NoPolicyInForce:
        return {}
    return {name: said[name] for name, words in there.items() if said.get(name) in words}


def _next_step(typed: Typed) -> str:
    if typed.names_nobody_yet():
        return "find_name"
    if typed.contact["cpr"].strip() and not typed.enquiry["service"]:
        return "find_citizen"
    return "look" if typed.enquiry["search"].strip() and not typed.enquiry["service"] else "save"


def _open(request: HttpRequest, employee: Employee) -> HttpResponse:
    """The page as it opens: with what was left unsaved, or empty; under the receipt of what was just saved."""
    shown = Shown(_empty(request, employee))
    if "ankomst" in request.GET:
        asked = request.GET["ankomst"]
        registered = registered_as(int(asked)) if _is_row(asked) else None
        if registered:
            return _back(f"?kvittering={registered}&igen")
        found = afterwards(int(asked)) if _is_row(asked) else None
        if found is not None:
            shown.typed = found
            shown.notice = _("Registrér bagefter: tid, henvendelsesmåde og sted er dem, registret så.")
            return _page(request, employee, shown)
        shown.not_there.append(_("Den ankomst findes ikke. Vælg den igen under »Kom, men er ikke registreret«."))
    if "kvittering" in request.GET:
        shown.receipt = _receipt(employee, request.GET["kvittering"])
        shown.repeated = "igen" in request.GET
        if shown.receipt is None:
            shown.not_there.append(
                _("Kvitteringen kan ikke vises: henvendelsen findes ikke, eller du må ikke se den. Se »Mine seneste«.")
            )
    kept = queries.drafts(employee)
    taken = _taken(request, kept)
    if taken is None and "taget" in request.GET:
        shown.not_there.append(_("Det, du ville tage op, ligger her ikke mere: det er gemt eller smidt ud."))
    left = taken or _left(request, shown, kept)
    typed = queries.typed_in(left) if left else None
    if left is not None and typed is not None:
        typed.contact["drafted"] = "1"
        shown.typed = typed
        if taken is None:
            at = left.updated_at.astimezone(clock.DENMARK)
            shown.notice = _("Her er det, du skrev kl. %(time)s. Det er ikke gemt endnu.") % {"time": f"{at:%H.%M}"}
        elif "tilbage" in request.GET:
            shown.notice = _("Henvendelsen er taget tilbage. Her er det, du skrev: ret det, og gem igen.")
    return _page(request, employee, shown, kept)


def _receipt(employee: Employee, number: str) -> ReceiptShown | None:
    try:
        return receipt(employee, int(number)) if _is_row(number) else None
    except NoAccess:
        return None


def _taken(request: HttpRequest, kept: Sequence[Draft]) -> Draft | None:
    """The form she has taken up; None where it is not there, as when it has been saved since."""
    return next((draft for draft in kept if str(draft.contact_key) == request.GET.get("taget")), None)


def _left(request: HttpRequest, shown: Shown, kept: Sequence[Draft]) -> Draft | None:
    """What was left on the page, unless the next has just begun.

    What lies open in another window stays among the parked: two citizens never meet in one form.
    """
    if shown.receipt is not None or "ny" in request.GET:
        return None
    return next((draft for draft in kept if draft.parked_at is None), None)


def _empty(request: HttpRequest, employee: Employee) -> Typed:
    """A new form with the channel and place of this working day."""
    remembered = _known({name: request.COOKIES.get(cookie, "") for name, cookie in REMEMBERED.items()})
    return Typed.empty(**{"centre": employee.centre_id or "", **remembered})


def _page(request: HttpRequest, employee: Employee, shown: Shown, kept: Sequence[Draft] | None = None) -> HttpResponse:
    try:
        made = context(employee, shown, queries.drafts(employee) if kept is None else kept)
    except NoPolicyInForce as nothing:
        return render(request, "desk/closed.html", {"why": str(nothing)})
    return render(request, "desk/desk.html", made, status=422 if shown.errors or shown.not_there else 200)


def _back(query: str = "") -> HttpResponse:
    """Away from the sent form, so that loading the page again sends nothing."""
    return HttpResponseRedirect(reverse("desk") + query, status=303)


# ----------------------------------------------------------------------------------------------------------- steps


def _look(request: HttpRequest, employee: Employee, typed: Typed, what: str) -> HttpResponse:
    """Show the form as it stands, with what belongs beside it; it is kept meanwhile."""
    return _kept_page(request, employee, Shown(typed))


def _kept_page(request: HttpRequest, employee: Employee, shown: Shown) -> HttpResponse:
    """The form as it stands, kept. A script keeps its own drafts."""
    if request.headers.get("X-Desk") == "part":
        return _page(request, employee, shown)
    shown.typed.contact["drafted"] = "1"
    if not actions.keep_draft(employee_id=employee.pk, typed=shown.typed):
        return _registered_before(request, employee, shown.typed)
    return _page(request, employee, shown)


def _registered_before(request: HttpRequest, employee: Employee, typed: Typed) -> HttpResponse:
    """The form was registered meanwhile, in another window or by Back: its receipt, or all of it if more was typed."""
    try:
        given = actions.register_typed(employee=employee, typed=typed)  # the same key writes nothing
    except (actions.NotRegistered, KeyReused):
        number = queries.registered_with(typed.key)
        said = _("Henvendelsen er allerede gemt som nr. %(number)s, og siden er der skrevet mere. Føj det til dér.")
        return _page(request, employee, Shown(typed, errors={"": said % {"number": number}}))
    return _back(f"?kvittering={given.contact_id}&igen")


def _find_citizen(request: HttpRequest, employee: Employee, typed: Typed, what: str) -> HttpResponse:
    shown = Shown(typed)
    try:
        found = find_by_cpr(
            actor=employee_actor(employee.pk), cpr=typed.contact["cpr"], use="desk", reason=f"form:{typed.key}"
        )
    except BadCpr as bad:
        shown.errors = {"cpr": str(bad)}
        return _kept_page(request, employee, shown)
    except ClosedToHer:
        typed.contact["cpr"] = ""
        shown.errors = {"cpr": said_closed()}
        return _kept_page(request, employee, shown)
    shown.new_citizen = found is None
    if found is not None:
        typed.contact.update(asker=str(found.pk), cpr="", acting="", citizen_name="", repeat_of="")
    return _kept_page(request, employee, shown)


def _find_name(request: HttpRequest, employee: Employee, typed: Typed, what: str) -> HttpResponse:
    """Shows who it may be; the employee chooses, never the machine."""
    found = search_by_name(
        actor=employee_actor(employee.pk), typed=typed.contact["name_search"], reason=f"form:{typed.key}", use="desk"
    )
    return _kept_page(request, employee, Shown(typed, found=found))


def _choose(request: HttpRequest, employee: Employee, typed: Typed, what: str) -> HttpResponse:
    typed.contact.update(asker=what, cpr="", acting="", identity="", name_search="", citizen_name="", repeat_of="")
    return _kept_page(request, employee, Shown(typed))


def _another_citizen(request: HttpRequest, employee: Employee, typed: Typed, what: str) -> HttpResponse:
    typed.contact.update(asker="", acting="", identity="", cpr="", name_search="", citizen_name="")
    for one in typed.enquiries:
        one.update(follows="", follows_how="")
    return _kept_page(request, employee, Shown(typed))


def _search_again(request: HttpRequest, employee: Employee, typed: Typed, what: str) -> HttpResponse:
    typed.enquiry["service"] = ""
    return _kept_page(request, employee, Shown(typed))


def _add(request: HttpRequest, employee: Employee, typed: Typed, what: str) -> HttpResponse:
    shown = Shown(typed)
    if not typed.enquiry["service"]:
        shown.errors = {"search": _("Vælg først opgaven i dette ærinde.")}
    typed.add_enquiry()
    return _kept_page(request, employee, shown)


def _also(request: HttpRequest, employee: Employee, typed: Typed, what: str) -> HttpResponse:
    """One more matter, with a service that often goes together with this one."""
    typed.add_enquiry()
    typed.enquiry["service"] = what
    return _kept_page(request, employee, Shown(typed))


def _edit(request: HttpRequest, employee: Employee, typed: Typed, what: str) -> HttpResponse:
    typed.active = min(_row(what), len(typed.enquiries) - 1)
    return _kept_page(request, employee, Shown(typed))


def _remove(request: HttpRequest, employee: Employee, typed: Typed, what: str) -> HttpResponse:
    typed.remove_enquiry(_row(what))
    return _kept_page(request, employee, Shown(typed))


def _park(request: HttpRequest, employee: Employee, typed: Typed, what: str) -> HttpResponse:
    try:
        parked = actions.park(employee=employee, typed=typed)
    except actions.NotRegistered as refused:
        return _page(request, employee, Shown(typed, errors=refused.errors))
    return _back("?ny") if parked else _registered_before(request, employee, typed)


def _take(request: HttpRequest, employee: Employee, typed: Typed, what: str) -> HttpResponse:
    wanted = _key_of(what)
    if not actions.take_up(employee=employee, typed=typed, contact_key=wanted):
        return _registered_before(request, employee, typed)
    return _back(f"?taget={wanted}")


def _take_back(request: HttpRequest, employee: Employee, typed: Typed, what: str) -> HttpResponse:
    """What she saved just now is taken back, and the form stands here again as it was typed."""
    if not _is_row(what):
        return _look(request, employee, typed, "")
    try:
        again = actions.take_back(employee=employee, typed=typed, contact_id=int(what))
    except Refused as refused:
        return _kept_page(request, employee, Shown(typed, errors=refused.errors, receipt=receipt(employee, int(what))))
    return _back(f"?taget={again}&tilbage={what}" if again else f"?kvittering={what}")


def _discard(request: HttpRequest, employee: Employee, typed: Typed, what: str) -> HttpResponse:
    """Throw away the parked form that is named, and go on with this one; or this one, and begin the next.

    A script has asked her before; without one the page asks.
    """
    wanted = _key_of(what) if what else typed.key
    if not request.headers.get("X-Desk") and (wanted != typed.key or not typed.is_empty()):
        return _kept_page(request, employee, Shown(typed, to_discard=wanted))
    return _discard_now(request, employee, typed, str(wanted))


def _discard_now(request: HttpRequest, employee: Employee, typed: Typed, what: str) -> HttpResponse:
    wanted = _key_of(what)
    actions.discard_draft(employee=employee, contact_key=wanted)
    return _back("?ny") if wanted == typed.key else _kept_page(request, employee, Shown(typed))


def _save(request: HttpRequest, employee: Employee, typed: Typed, what: str) -> HttpResponse:
    """Register it. A page without a script is asked first whether it is the same matter: it could not ask before."""
    if not request.headers.get("X-Desk") and _asks_same(employee, typed):
        return _kept_page(request, employee, Shown(typed, asks_same=True))
    try:
        receipt = actions.register_typed(employee=employee, typed=typed)
    except actions.NotRegistered as refused:
        return _kept_page(request, employee, Shown(typed, errors=on_page(refused.errors, typed)))
    except KeyReused:
        return _registered_before(request, employee, typed)
    return _back(f"?kvittering={receipt.contact_id}{'&igen' if receipt.repeated else ''}")


def _asks_same(employee: Employee, typed: Typed) -> bool:
    """Whether a matter may continue an earlier one and nobody has asked: then it stands open on the page."""
    if typed.contact["cpr"].strip() and not typed.contact["asker"] and is_established(typed.contact["identity"]):
        _know_by_cpr(employee, typed)
    try:
        position = unasked(employee, typed)
    except NoPolicyInForce:
        return False
    if position is not None:
        typed.active = position
    return position is not None


def _know_by_cpr(employee: Employee, typed: Typed) -> None:
    """Who was typed and never looked up. What is wrong with the number, saving says."""
    with suppress(BadCpr, ClosedToHer):
        found = find_by_cpr(
            actor=employee_actor(employee.pk), cpr=typed.contact["cpr"], use="desk", reason=f"form:{typed.key}"
        )
        if found is not None:
            typed.contact.update(asker=str(found.pk), cpr="", acting="", citizen_name="", repeat_of="")


def _pass(request: HttpRequest, employee: Employee, typed: Typed, what: str) -> HttpResponse:
    """Offer the call to somebody else; the form stays until she says yes."""
    try:
        actions.ask_before_passing(employee=employee, typed=typed, field="pass_summary")
        passing.offer(employee=employee, typed=typed)
    except actions.NotRegistered as refused:
        return _kept_page(request, employee, Shown(typed, errors=refused.errors))
    offered = _("Samtalen er tilbudt. Bliv ved borgeren, til der er svaret; ellers kommer den tilbage til dig.")
    return _page(request, employee, Shown(typed, notice=offered))


def _ask(request: HttpRequest, employee: Employee, typed: Typed, what: str) -> HttpResponse:
    """Ask a colleague or a specialist; the citizen and the form stay here."""
    try:
        actions.ask_before_passing(employee=employee, typed=typed, field="question")
        passing.ask(employee=employee, typed=typed)
    except actions.NotRegistered as refused:
        return _kept_page(request, employee, Shown(typed, errors=refused.errors))
    asked = _("Der er spurgt. Svaret kommer her på skærmen; ærindet er stadig dit.")
    return _page(request, employee, Shown(typed, notice=asked))


def _now(request: HttpRequest, employee: Employee, typed: Typed, what: str) -> HttpResponse:
    """To what waits for her, with the form kept: the way of a page without a script."""
    if not actions.keep_draft(employee_id=employee.pk, typed=typed):
        return _registered_before(request, employee, typed)
    return HttpResponseRedirect(reverse("now"), status=303)


def _key_of(text: str) -> uuid.UUID:
    return Typed.from_post({"key": text}).key


def _is_row(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 18


def _row(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0


Step = Callable[[HttpRequest, Employee, Typed, str], HttpResponse]
STEPS: dict[str, Step] = {
    "look": _look,
    "find_citizen": _find_citizen,
    "find_name": _find_name,
    "choose": _choose,
    "another_citizen": _another_citizen,
    "search_again": _search_again,
    "add": _add,
    "also": _also,
    "edit": _edit,
    "remove": _remove,
    "park": _park,
    "take": _take,
    "take_back": _take_back,
    "discard": _discard,
    "discard_now": _discard_now,
    "save": _save,
    "pass": _pass,
    "ask": _ask,
    "now": _now,
}


@door(Role.EMPLOYEE, signed_out=keep_for_later)
@require_POST
def draft(request: HttpRequest) -> HttpResponse:
    """Keep the form as it stands, while it is typed. 204, or 409 when it has been registered."""
    typed = Typed.from_post(request.POST.dict())
    kept = actions.keep_draft(employee_id=employee_of(request).pk, typed=typed)
    return HttpResponse(status=204 if kept else 409)


@door(Role.EMPLOYEE)
def latest(request: HttpRequest) -> HttpResponse:
    """What she registered last today, so that a mistake is put right. No names: the next citizen may see the screen."""
    return render(request, "desk/latest.html", {"rows": queries.latest(employee_of(request))})


@door(Role.EMPLOYEE)
@require_http_methods(["GET", "POST"])
def strip(request: HttpRequest) -> HttpResponse:
    """The strip counter for rush hours: one key counts one, and the page shows the day's strip."""
    employee = employee_of(request)
    if request.method == "POST":
        errors = count_typed(employee, request.POST.get("count", ""), request.POST.get("key", ""))
        if not errors:
            return HttpResponseRedirect(reverse("strip"), status=303)
        return render(request, "desk/strip.html", strip_context(employee, errors), status=422)
    return render(request, "desk/strip.html", strip_context(employee))
