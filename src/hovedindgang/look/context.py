from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from hovedindgang.kernel.logs import without_cpr
from hovedindgang.look.middleware import nonce_of


def page(request: HttpRequest) -> dict[str, object]:
    """What every page needs beside its own.

    Its language, where it is, what lets its scripts run, and whether these are invented people.
    """
    return {
        "demo": settings.PILOT and not settings.PRACTICE,
        "practice": settings.PRACTICE,
        "LANGUAGE_CODE": get_language() or "da",
        "here": _here(request),
        "nonce": SimpleLazyObject(lambda: nonce_of(request)),
    }


def _here(request: HttpRequest) -> str:
    """The address to come back to: a page that answers a form may have one that can only be sent to."""
    if request.method in {"GET", "HEAD"}:
        return without_cpr(request.get_full_path())  # whatever somebody typed in the address: no page repeats a CPR
    came_from = urlsplit(request.headers.get("Referer", ""))
    return came_from.path if came_from.netloc == request.get_host() else "/"
