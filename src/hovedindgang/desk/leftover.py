"""What was typed when the session had ended or the form was too old: kept for its employee, or given back to copy."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from hovedindgang.desk import actions
from hovedindgang.desk.page import FORM_SALT
from hovedindgang.desk.typed import Typed
from hovedindgang.people.doors import public

SHOWN_FROM = 12  # letters: shorter things are quicker typed than copied
NOT_SHOWN = ("password", "csrf", "owner", "key", "cpr", "asker", "otp", "code", "next", "started")


def keep_for_later(request: HttpRequest) -> HttpResponseBase:
    """Nobody is signed in: a form that says whose it is becomes her draft, and she signs in to find it again."""
    kept = request.method == "POST" and _keep(request)
    if request.headers.get("X-Desk"):
        # To a script: say so and stay on the page, where everything typed still stands.
        return HttpResponse(status=401, headers={"X-Kept": "1" if kept else "0"})
    return redirect_to_login(reverse("desk"))


def _keep(request: HttpRequest) -> bool:
    """The form's own signature, not the session, says whose it is; a forged form is kept for nobody."""
    try:
        employee_id = signing.loads(
            request.POST.get("owner", ""), salt=FORM_SALT, max_age=settings.SESSION_COOKIE_AGE * 2
        )
    except signing.BadSignature:
        return False
    return actions.keep_draft(employee_id=employee_id, typed=Typed.from_post(request.POST.dict()))


@public
def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose security token is too old, on any page. Nothing was done, nothing typed is lost."""
    kept = request.path == reverse("desk") and _keep(request)
    typed = [
        value.strip()
        for name, value in request.POST.dict().items()
        if not any(part in name for part in NOT_SHOWN) and len(value.strip()) >= SHOWN_FROM
    ]
    if request.headers.get("X-Desk"):
        return HttpResponse(status=401, headers={"X-Kept": "1" if kept else "0"})
    return render(request, "desk/expired.html", {"kept": kept, "typed": [] if kept else typed}, status=403)
