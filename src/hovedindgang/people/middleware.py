from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation


def language(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """The house's language, unless a cookie of ours says another: the browser's wish does not decide a municipality's language."""

    def middleware(request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, settings.DEFAULT_LANGUAGE)
        if chosen not in {"da", "en"}:
            chosen = settings.DEFAULT_LANGUAGE
        with translation.override(chosen):
            request.LANGUAGE_CODE = chosen  # type: ignore[attr-defined]
            response = get_response(request)
            response.headers.setdefault("Content-Language", chosen)
            return response

    return middleware
