"""What goes wrong under /api/, told as problem+json (RFC 9457) in Danish or English, with what to do."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.defaults import server_error

from hovedindgang.kernel.encryption import CannotDecrypt
from hovedindgang.kernel.keyring import BadKeys, KeysDoNotFit
from hovedindgang.look.context import page
from hovedindgang.people.leftover import what_was_typed

log = logging.getLogger(__name__)
Answer = Callable[[HttpRequest], HttpResponse]


def problem(
    request: HttpRequest,
    status: int,
    title: str,
    detail: str = "",
    errors: Mapping[str, str] | None = None,
    confirm: str = "",
) -> HttpResponse:
    """An `application/problem+json` answer; `errors` name what is wrong by field, `confirm` is to be sent back."""
    body: dict[str, object] = {"type": "about:blank", "status": status, "title": title}
    if detail:
        body["detail"] = detail
    if errors:
        body["errors"] = dict(errors)
    if confirm:
        body["confirm"] = confirm
    response = JsonResponse(
        body, status=status, content_type="application/problem+json", json_dumps_params={"ensure_ascii": False}
    )
    response.headers["Content-Language"] = translation.get_language() or "da"
    return response


def said(item: Mapping[str, Any]) -> str:
    """One finding of the framework, in the caller's language and saying what to do."""
    kind, context = item["type"], item.get("ctx") or {}
    if kind in {"enum", "literal_error"}:
        return _("Brug en af disse: {words}.").format(words=str(context.get("expected", "")).replace(" or ", ", "))
    if kind in {"greater_than_equal", "less_than_equal"}:
        return _("Tallet ligger uden for det, der kan bruges.")
    if kind in {"string_too_short", "string_too_long"}:
        least, most = context.get("min_length", ""), context.get("max_length", "")
        return _("Teksten har ikke den rette længde ({length} tegn).").format(length=least or most)
    return str(SAID.get(kind) or next((said for start, said in SAID_OF_KIND.items() if kind.startswith(start)), UNREAD))


SAID = {
    "missing": gettext_lazy("Feltet mangler. Send det med."),
    "extra_forbidden": gettext_lazy("Feltet kendes ikke. Ret navnet, eller udelad det."),
}
SAID_OF_KIND = {
    "date_": gettext_lazy("Skriv datoen som 2026-03-11."),
    "datetime_": gettext_lazy("Skriv tidspunktet som 2026-03-11T09:30:00+01:00."),
    "timezone_": gettext_lazy("Skriv tidspunktet som 2026-03-11T09:30:00+01:00."),
    "int_": gettext_lazy("Skriv et helt tal."),
    "bool_": gettext_lazy("Skriv true eller false."),
    "uuid_": gettext_lazy("Skriv en UUID, lavet til denne ene handling."),
    "string_": gettext_lazy("Skriv en tekst."),
    "list_": gettext_lazy("Skriv en liste: [ … ]."),
    "model_": gettext_lazy("Skriv et objekt: { … }."),
    "dict_": gettext_lazy("Skriv et objekt: { … }."),
}
UNREAD = gettext_lazy("Kan ikke læses. Se beskrivelsen i openapi.json.")


def said_of(status: int) -> tuple[str, str]:
    """Title and what to do, for a status that no operation of ours gave."""
    return {
        400: (_("Indholdet kan ikke læses"), _("Send gyldig JSON i UTF-8, ikke større end det, der er plads til.")),
        404: (_("Findes ikke, eller er ikke åben for dette system"), _("Se adresserne i openapi.json.")),
        405: (_("Det kan ikke gøres på denne adresse"), _("Se i openapi.json, hvilken metode den har.")),
        413: (_("Indholdet er for stort"), _("Del det i flere, eller kort det af.")),
        503: (
            _("Der kan ikke læses eller gemmes lige nu"),
            _("Prøv igen om lidt med den samme nøgle: intet er gjort to gange."),
        ),
    }.get(status, (_("Noget gik galt hos os"), _("Prøv igen om lidt med den samme nøgle: intet er gjort to gange.")))


def problems(get_response: Answer) -> Answer:
    """Whatever goes wrong under /api/ is told as a problem, also what no operation was asked for."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if settings.HTTPS and request.path.startswith("/api/") and not request.is_secure():
            return problem(
                request, 403, _("Kald kun over https"), _("Skift tokenet ud: det er sendt, så andre kan læse det.")
            )
        if settings.PRACTICE and request.path.startswith("/api/"):
            return problem(
                request, 403, _("Øvehuset har intet API"), _("Kald det rigtige hus; her lukkes ingen systemer ind.")
            )
        response = get_response(request)
        if (
            response.status_code < 400
            or not request.path.startswith("/api/")
            or "json" in response.get("Content-Type", "")
        ):
            return response
        told = problem(request, response.status_code, *said_of(response.status_code))
        for name in ("Allow", "X-Request-ID"):
            if name in response:
                told[name] = response[name]
        return told

    return middleware


REFUSED_INPUT = {400, 409, 413, 422}


def refused_input(get_response: Answer) -> Answer:
    """Whoever sends what is refused is written in the process's log: who, where and how, and nothing of what it was.

    A page at which somebody mistypes is refused too. Many from one, or any from who sends what no page of ours does,
    is what a search of the log is for.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code in REFUSED_INPUT:
            log.warning("input refused: %s at %s, %s", _who(request), request.path, response.status_code)
        return response

    return middleware


def _who(request: HttpRequest) -> str:
    client = getattr(getattr(request, "auth", None), "client_id", None)
    if client is not None:
        return f"client {client}"
    number = getattr(getattr(request, "user", None), "pk", None)
    return f"employee {number}" if number is not None else "nobody signed in"


def keys_fit(get_response: Answer) -> Answer:
    """Keys that do not open what is stored: nothing is read or written with them, and whoever asked is told so. 503."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_exception(request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, KeysDoNotFit | BadKeys | CannotDecrypt):
            return None
        log.error("the keys do not fit: %s. Run: hovedindgang keys check", error)
        if request.path.startswith("/api/"):
            again = _("Intet er gjort. Prøv igen med den samme nøgle, når driften har lagt nøglerne tilbage.")
            return problem(request, 503, _("Systemets nøgler passer ikke til det, der er gemt"), again)
        return render(request, "503.html", status=503)

    middleware.process_exception = process_exception  # type: ignore[attr-defined]
    return middleware


SECONDS_TO_COME_BACK = 5


def failed(request: HttpRequest) -> HttpResponse:
    """Django calls it for what nobody caught. A database that is away or has no room is no mistake of ours: 503.

    Nothing is asked of the database here, not even who is signed in. Whether what was sent is stored may be unknown: a
    key sent again finds out. What was typed on a page is given back.
    """
    error = sys.exception()
    if not isinstance(error, OperationalError | InterfaceError):
        return server_error(request)
    log.error("the database is away or has no room (%s). Run: hovedindgang doctor", type(error).__name__)
    if request.path.startswith("/api/"):
        response = problem(request, 503, *said_of(503))
    else:
        request.user = AnonymousUser()
        response = HttpResponse(render_to_string("503_away.html", _shown_without_database(request)), status=503)
        response.headers["Cache-Control"] = "no-store"
    response.headers["Retry-After"] = str(SECONDS_TO_COME_BACK)
    return response


def _shown_without_database(request: HttpRequest) -> dict[str, object]:
    sent = request.method == "POST"
    typed = what_was_typed(request) if sent else {}
    once = any(name == "key" for name, _value in typed.get("fields", []))  # type: ignore[attr-defined]
    return {**page(request), **typed, "sent": sent, "once": once, "csrf_token": get_token(request) if sent else ""}


PROBLEM = {
    "title": "Problem",
    "description": "RFC 9457: what went wrong, and what to do, in the language of Accept-Language.",
    "type": "object",
    "required": ["type", "status", "title"],
    "properties": {
        "type": {"type": "string"},
        "status": {"type": "integer"},
        "title": {"type": "string"},
        "detail": {"type": "string"},
        "errors": {"type": "object", "additionalProperties": {"type": "string"}},
        "confirm": {"type": "string", "description": "Sent back as `confirmed`, it is done all the same."},
    },
}
PROBLEMS_OF_OPEN_ONES = {
    404: "Not found",
    422: "Not as described; `errors` says by field what to do",
    503: "Nothing can be read or stored right now. Ask again later, with the same key",
}
PROBLEMS = {
    400: "The body is no JSON",
    401: "No active client has this token",
    429: "More than the limit in ten minutes; Retry-After says when to go on",
    403: "The client does not hold the scope",
    409: "The key came before with other content",
    **PROBLEMS_OF_OPEN_ONES,
}


def described(what: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": what, "content": {"application/problem+json": {"schema": schema}}}
