from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils import translation

from hovedindgang.kernel import clock
from hovedindgang.people.accounts import NEEDS_NEW_PASSWORD, NEEDS_SECOND_FACTOR, PROVIDER_CHECKED_AT, PROVIDER_GRANT
from hovedindgang.people.doors import employee_of
from hovedindgang.people.idle import discard_kept, is_idle, keep_typed, lock, note_seen
from hovedindgang.people.own_sessions import SIGNED_IN_AT
from hovedindgang.people.provider import may_still

Answer = Callable[[HttpRequest], HttpResponse]


def language(get_response: Answer) -> Answer:
    """Danish, unless a cookie of ours says English: the browser's wish does not decide a municipality's language.

    Another system has no cookie; what it calls under /api/ answers in the language of its Accept-Language.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/api/"):
            wished = request.headers.get("Accept-Language", "")[:2].lower()
        else:
            wished = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        chosen = wished if wished in {"da", "en"} else settings.DEFAULT_LANGUAGE
        with translation.override(chosen):
            request.LANGUAGE_CODE = chosen
            response = get_response(request)
            response.headers.setdefault("Content-Language", chosen)
            return response

    return middleware


def working_day(get_response: Answer) -> Answer:
    """A sign-in lasts one working day and no longer, however busy it is: a session that is used is not prolonged."""

    def middleware(request: HttpRequest) -> HttpResponse:
        since = request.session.get(SIGNED_IN_AT)
        if since is not None and clock.now().timestamp() - since >= settings.SESSION_HOURS * 3600:
            logout(request)
        return get_response(request)

    return middleware


def still_employed(get_response: Answer) -> Answer:
    """Who came in by the municipality's sign-in is asked after there now and then: a leaver is out the same day."""

    def middleware(request: HttpRequest) -> HttpResponse:
        grant, asked_at = request.session.get(PROVIDER_GRANT), request.session.get(PROVIDER_CHECKED_AT)
        now = clock.now().timestamp()
        if grant is not None and now - (asked_at or 0) >= settings.OIDC_RECHECK_MINUTES * 60:
            if may_still(request, grant):
                request.session[PROVIDER_CHECKED_AT] = now
            else:
                logout(request)
        return get_response(request)

    return middleware


def idle_lock(get_response: Answer) -> Answer:
    """After some quiet minutes the next click shows the lock, and nothing of what it asked for is done."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/api/") or not request.user.is_authenticated:
            return get_response(request)
        employee = employee_of(request)
        by_itself = request.method == "GET" and "X-Watch" in request.headers  # a page that asks for news
        if not is_idle(request):
            if not by_itself:
                note_seen(request)
            if request.method == "POST" and "kept_form" in request.POST:
                discard_kept(employee, request.POST["kept_form"])  # it is sent now; refused, it stands on the page
            return get_response(request)
        if by_itself:
            return HttpResponse(status=401)
        keeps_itself = _keeps_itself(request)  # the desk: its form says whose it is, and becomes her draft
        if request.method == "POST" and not keeps_itself:
            keep_typed(employee, request, address=request.get_full_path())
        lock(request, employee)
        if keeps_itself:
            return get_response(request)
        way = request.get_full_path() if request.method in {"GET", "HEAD"} else "/"
        return redirect(f"{reverse('locked')}?{urlencode({'next': way})}")

    return middleware


def _keeps_itself(request: HttpRequest) -> bool:
    try:
        return getattr(resolve(request.path_info).func, "keeps_typed", False) and request.method == "POST"
    except Resolver404:
        return False


# Where somebody may go who must make a second factor first.
TO_MAKE_ONE = {
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_list_webauthn",
    "account_reauthenticate",
    "account_logout",
    "set_language",
}


# And who must first change the password that was given her.
TO_CHANGE_IT = {"account_change_password", "account_logout", "set_language"}


def second_factor(get_response: Answer) -> Answer:
    """Who has signed in with a password alone makes a second factor before she sees anything else.

    Before that, who came in by a password that was given her finds one of her own.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.session.get(NEEDS_NEW_PASSWORD) and _name(request) not in TO_CHANGE_IT:
            return redirect("account_change_password")
        if request.session.get(NEEDS_SECOND_FACTOR) and _name(request) not in TO_MAKE_ONE:
            return redirect("mfa_index")
        return get_response(request)

    return middleware


def _name(request: HttpRequest) -> str | None:
    """The name of the page that is asked for; None where there is none."""
    try:
        return resolve(request.path_info).url_name
    except Resolver404:
        return None
