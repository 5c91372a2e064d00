from __future__ import annotations

import secrets
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# A script runs only where the page itself named it, with a word made for this one answer (CSP Level 3, nonce-source);
# what a module imports runs by the nonce of the module.
POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
)
WITHOUT_SCRIPTS = POLICY.replace("'nonce-{nonce}'", "'none'")
NONCE_BYTES = 16


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


def nonce_of(request: HttpRequest) -> str:
    """The word that lets this answer's own scripts run. Made when a page first asks for it."""
    made: str | None = getattr(request, "_nonce", None)
    if made is None:
        made = request._nonce = secrets.token_urlsafe(NONCE_BYTES)  # type: ignore[attr-defined]
    return made
