from __future__ import annotations

import secrets
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render

# A script runs only where the page itself named it, with a word made for this one answer (CSP Level 3, nonce-source);
# what a module imports runs by the nonce of the module.
POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
)
WITHOUT_SCRIPTS = POLICY.replace("'nonce-{nonce}'", "'none'")
NONCE_BYTES = 16


def every_answer(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Outermost: whoever made the answer, a redirect and a file too, no script runs in it and nobody frames it.

    What was asked for with a token is kept by no cache. TRACE, which pages would answer as GET, is refused.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = HttpResponseNotAllowed(["GET", "POST"]) if request.method == "TRACE" else get_response(request)
        response.headers.setdefault("Content-Security-Policy", WITHOUT_SCRIPTS)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        if "Authorization" in request.headers:
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return middleware


def room(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """More than there is room for is refused by what it says of its length, before any of it is read: files too."""

    def middleware(request: HttpRequest) -> HttpResponse:
        said = request.META.get("CONTENT_LENGTH") or "0"
        if said.isascii() and said.isdigit() and int(said[:20]) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise RequestDataTooBig
        return get_response(request)

    return middleware


def content_security_policy(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Only the scripts that a page names itself run; pages with citizens' data stay out of every cache."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        said = getattr(request, "_nonce", None)
        response.headers.setdefault(
            "Content-Security-Policy", WITHOUT_SCRIPTS if said is None else POLICY.format(nonce=said)
        )
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return middleware


def deeds_only(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Who opens an address to which forms are sent, by its bookmark or once more, is told so instead of nothing."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and request.method == "GET" and not response.content:
            page = render(request, "405.html", status=405)
            page.headers["Allow"] = response.headers["Allow"]
            return page
        return response

    return middleware


def nonce_of(request: HttpRequest) -> str:
    """The word that lets this answer's own scripts run. Made when a page first asks for it."""
    made: str | None = getattr(request, "_nonce", None)
    if made is None:
        made = request._nonce = secrets.token_urlsafe(NONCE_BYTES)  # type: ignore[attr-defined]
    return made
