from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from hovedindgang.kernel import clock
from hovedindgang.people.accounts import SIGNED_IN_AT

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
