"""What was typed at the desk when the session had ended or the form was too old: kept for her, or given back."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from hovedindgang.desk import actions
from hovedindgang.desk.listeners import DRAFTS_KEPT_DAYS
from hovedindgang.desk.page import FORM_SALT
from hovedindgang.desk.typed import Typed
from hovedindgang.people.doors import public
from hovedindgang.people.leftover import give_back, show_to_sign_in


def keep_for_later(request: HttpRequest) -> HttpResponseBase:
    """Nobody is signed in: a form that says whose it is becomes her draft, and she signs in to find it again."""
    kept = request.method == "POST" and _keep(request)
    if request.headers.get("X-Desk"):
        return _tell_script(kept=kept)
    if request.method == "POST" and not kept:
        return show_to_sign_in(request)
    return redirect_to_login(reverse("desk"))


def _tell_script(*, kept: bool) -> HttpResponse:
    """A script stays on the page, where everything typed still stands."""
    return HttpResponse(status=401, headers={"X-Kept": "1" if kept else "0"})


def _keep(request: HttpRequest) -> bool:
    """The form's own signature, not the session, says whose it is; a forged form is kept for nobody."""
    try:
        employee_id = signing.loads(
            request.POST.get("owner", ""), salt=FORM_SALT, max_age=dt.timedelta(days=DRAFTS_KEPT_DAYS)
        )
    except signing.BadSignature:
        return False
    return actions.keep_draft(employee_id=employee_id, typed=Typed.from_post(request.POST.dict()))


@public
def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose security token is too old, on any page. Nothing was done, nothing typed is lost."""
    kept = request.path in {reverse("desk"), reverse("desk_draft")} and _keep(request)
    if request.headers.get("X-Desk"):
        return _tell_script(kept=kept)
    return render(request, "desk/expired.html", status=403) if kept else give_back(request, status=403)
