"""Pages of this room: the way to the practice house, the way in there, and what concerns all of that house."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from hovedindgang.look.middleware import POLICY, nonce_of
from hovedindgang.people.actions import choose_language
from hovedindgang.people.doors import Role, door, employee_of, public
from hovedindgang.people.views import BACKEND, speak_her_language
from hovedindgang.practice import actions, queries
from hovedindgang.practice.rules import BadKey, BadPass, What

SENT = {
    What.CASE: gettext_lazy("En ny sag til sagssystemet (ESDH)"),
    What.NOTE: gettext_lazy("Et notat til sagssystemet (ESDH)"),
    What.DOCUMENT: gettext_lazy("Et dokument til sagssystemet (ESDH)"),
    What.ALARM: gettext_lazy("En alarm til husets vagt"),
    What.ARCHIVE: gettext_lazy("En aflevering til arkivet"),
}
WHY_NOT = {
    "expired": gettext_lazy("Adgangen gælder kun i et minut, og det er gået."),
    "used": gettext_lazy("Adgangen er brugt én gang, og den gælder kun én gang."),
    "another_house": gettext_lazy("Adgangen er til et andet øvehus."),
    "not_ours": gettext_lazy("Adgangen kan ikke læses, eller nogen har ændret den."),
}


@door()
@require_GET
def practice(request: HttpRequest) -> HttpResponse:
    """In the real house what the other one is and the way there; in the practice house what concerns all of it."""
    if settings.PRACTICE:
        return render(request, "practice/house.html", _house(request))
    if not settings.PRACTICE_ADDRESS:
        return redirect("start")
    return render(request, "practice/way.html")


def _house(request: HttpRequest) -> dict[str, object]:
    sent = [(row, SENT[What(row.what)]) for row in queries.not_sent()]
    leads = Role.LEADER in employee_of(request).roles
    return {
        "sent": sent,
        "leads": leads,
        "practising": queries.practising() if leads else 0,
        "asked": queries.is_asked_to_clear(),
    }


@door()
@require_POST
def go(request: HttpRequest) -> HttpResponse:
    """A pass in a form that is sent on by itself, or by one press where there are no scripts. Never in an address."""
    _only_where_there_is_one()
    try:
        written = actions.go_to_practice(employee=employee_of(request))
    except BadKey:
        return render(request, "practice/no_way.html", {"why": _("Øvehusets nøgle mangler.")}, status=503)
    page = {"there": settings.PRACTICE_ADDRESS, "written": written}
    answer = render(request, "practice/going.html", page)
    there = urlsplit(settings.PRACTICE_ADDRESS)
    policy = POLICY.replace("form-action 'self'", f"form-action 'self' {there.scheme}://{there.netloc}")
    answer.headers["Content-Security-Policy"] = policy.format(nonce=nonce_of(request))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _only_where_there_is_one() -> None:
    if settings.PRACTICE or not settings.PRACTICE_ADDRESS:
        raise Http404


@csrf_exempt  # another house sends her; the pass proves it, and lets in once
@public
@require_POST
def come(request: HttpRequest) -> HttpResponse:
    """In the practice house: signed in by a pass. Whoever sat here before is out first."""
    if not settings.PRACTICE:
        raise Http404
    try:
        employee = actions.come_to_practice(written=request.POST.get("pass", ""))
    except BadPass as bad:
        return render(request, "practice/no_way.html", {"why": WHY_NOT[bad.code]}, status=403)
    except BadKey:
        return render(request, "practice/no_way.html", {"why": _("Øvehusets nøgle mangler.")}, status=503)
    except actions.NotReady:
        return render(request, "practice/no_way.html", {"why": _("Øvehuset gøres klart. Det tager omkring et minut.")})
    wished = request.POST.get("language", "")  # beside the pass: the one she reads over there
    if wished in {"da", "en"} and wished != employee.language:
        choose_language(employee=employee, language=wished)
    logout(request)
    login(request, employee, backend=BACKEND)
    return speak_her_language(redirect("start"), employee)


@door(Role.LEADER)
@require_POST
def clear(request: HttpRequest) -> HttpResponse:
    """A leader begins anew: all that was practised goes, and everybody is signed out within seconds."""
    if not settings.PRACTICE:
        raise Http404
    actions.ask_to_clear(employee=employee_of(request))
    messages.success(request, _("Øvehuset gøres nyt. Om lidt er alle logget ud; gå ind igen fra det rigtige hus."))
    return redirect("practice")
