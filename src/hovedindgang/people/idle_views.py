"""The page that stands where a page was left, and what she had typed, given back."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from hovedindgang.people import idle, queries
from hovedindgang.people.accounts import cleared
from hovedindgang.people.doors import door, employee_of, public
from hovedindgang.people.set_up import is_used


@public
def locked(request: HttpRequest) -> HttpResponse:
    """Her name and one field; and a way in for whoever is not her, which leads to nothing of hers.

    Who practises comes in again from the real house: it is there that she shows who she is.
    """
    if settings.PRACTICE:
        return cleared(render(request, "people/only_from_real.html"))
    username = request.session.get(idle.LOCKED_FOR, "")
    person = queries.active_employee(username) if username else None
    if request.user.is_authenticated or person is None:
        return redirect("start")
    page = {
        "person": person,
        "next": _safe(request, request.GET.get("next", "")),
        "provider": is_used(),
        "as_cast": settings.PILOT and username in settings.CAST,
        "by_password": person.has_usable_password(),
    }
    return cleared(render(request, "people/locked.html", page))


@door()
@require_POST
def lock_now(request: HttpRequest) -> HttpResponse:
    """A script has seen that nobody is here: what stood in the form is kept, and the sign-in ends."""
    employee = employee_of(request)
    address = _safe(request, request.POST.get("lock_address", ""))
    if address != "/":
        sent = request.POST.copy()
        for name in ("lock_address",):
            sent.pop(name, None)
        request.POST = sent  # type: ignore[assignment]
        idle.keep_typed(employee, request, address=address)
    idle.lock(request, employee)
    return HttpResponse(status=204)


@door()
@require_POST
def still_here(request: HttpRequest) -> HttpResponse:
    """She types in a long form: the middleware has noted that she is here."""
    return HttpResponse(status=204)


@door()
def kept(request: HttpRequest) -> HttpResponse:
    """What she had typed when the page locked; one press sends it. Sent or thrown away, it is no longer kept."""
    employee = employee_of(request)
    if request.method == "POST":
        idle.discard_kept(employee)
        return redirect("start")
    forms = idle.kept_for(employee)
    if not forms:
        return redirect("start")
    return render(request, "people/kept.html", {"forms": forms})


def _safe(request: HttpRequest, asked: str) -> str:
    safe = url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return asked if safe and asked.startswith("/") else "/"
