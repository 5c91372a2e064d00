"""The API: versioned, OpenAPI 3.1, errors as problem+json (RFC 9457) in Danish or English.

Each room has its own operations in `api.py`; here they are mounted with the scope they need, and here every error
of a room becomes a problem with a status, a title and what to do.
"""

from __future__ import annotations

import logging
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from hovedindgang import __version__
from hovedindgang.contacts.api import router as contacts
from hovedindgang.contacts.protecting import AskTwice
from hovedindgang.contacts.rules import KeyReused, Refused
from hovedindgang.insight.api import router as insight
from hovedindgang.people.admission import NotAdmitted, ScopeMissing
from hovedindgang.people.api import Token
from hovedindgang.people.pace import TooMany
from hovedindgang.people.rules import BadCpr, Scope
from hovedindgang.policy.api import router as policy
from hovedindgang.policy.queries import NoPolicyInForce
from hovedindgang.scenarios.api import router as scenarios
from hovedindgang.site.problems import PROBLEM, PROBLEMS, PROBLEMS_OF_OPEN_ONES, described, problem, said, said_of

log = logging.getLogger(__name__)


class Contract(NinjaAPI):
    """The API with what every operation may answer beside its own: a problem, by status."""

    def get_openapi_schema(self, *args: Any, **kwargs: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(*args, **kwargs)
        for path in schema["paths"].values():
            for operation in path.values():
                told = PROBLEMS if operation.get("security") else PROBLEMS_OF_OPEN_ONES
                operation["responses"] |= {status: described(what) for status, what in told.items()}
        schema["components"].setdefault("schemas", {})["Problem"] = PROBLEM
        return schema


api = Contract(
    title="Hovedindgang",
    version="1",
    description=(
        "Register contacts, read a citizen's history, hand enquiries over, and read the indicators and the service "
        f"model in force. Version {__version__} of the product; the path holds the version of the contract."
    ),
    urls_namespace="api",
    docs_url=None,
)
api.add_router("", contacts)
api.add_router("", insight, auth=Token(Scope.INDICATORS_READ))
api.add_router("", scenarios, auth=Token(Scope.INDICATORS_READ))
api.add_router("", policy, auth=Token(Scope.MODEL_READ))


@api.exception_handler(NotAdmitted)
@api.exception_handler(AuthenticationError)
def not_signed_in(request: HttpRequest, error: AuthenticationError | NotAdmitted) -> HttpResponse:
    log.warning("refused: no client at %s", request.path)
    response = problem(request, 401, _("Adgang mangler"), _("Send et gyldigt token i hovedet Authorization: Bearer …"))
    response.headers["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(ScopeMissing)
def scope_missing(request: HttpRequest, error: ScopeMissing) -> HttpResponse:
    log.warning("refused: a client without %s at %s", error.scope.value, request.path)
    detail = _("Tokenet har ikke adgangen {scope}. Bed administratoren om den.").format(scope=error.scope.value)
    return problem(request, 403, _("Det må dette system ikke"), detail)


@api.exception_handler(TooMany)
def too_many(request: HttpRequest, error: TooMany) -> HttpResponse:
    client = getattr(getattr(request, "auth", None), "client_id", None)
    log.warning("refused: client %s at %s asks for too much", client, request.path)
    response = problem(
        request, 429, _("For mange kald"), _("Intet er gjort. Vent, som Retry-After siger, og prøv igen.")
    )
    response.headers["Retry-After"] = str(error.seconds)
    return response


@api.exception_handler(PermissionDenied)
def no_access(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
    client = getattr(getattr(request, "auth", None), "client_id", None)
    log.warning("refused: client %s at %s", client, request.path)
    return problem(request, 404, _("Findes ikke, eller er ikke åben for dette system"))


@api.exception_handler(Http404)
def not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem(request, 404, _("Findes ikke, eller er ikke åben for dette system"))


@api.exception_handler(Refused)
def refused(request: HttpRequest, error: Refused) -> HttpResponse:
    asked = request.method == "GET"
    title = (
        _("Der kan ikke svares på det, som der er spurgt") if asked else _("Det kan ikke gemmes, som det er skrevet")
    )
    return problem(request, 422, title, errors=error.errors)


@api.exception_handler(AskTwice)
def ask_twice(request: HttpRequest, error: AskTwice) -> HttpResponse:
    title, detail = _("Skal det gives videre?"), _("Spørg medarbejderen. Er svaret ja, så send det igen med confirmed.")
    return problem(request, 422, title, detail, errors=error.errors, confirm=error.token)


@api.exception_handler(KeyReused)
def key_reused(request: HttpRequest, error: KeyReused) -> HttpResponse:
    detail = _("Nøglen er brugt til et andet indhold. Send det nye indhold med en ny nøgle.")
    return problem(request, 409, _("Nøglen er brugt før"), detail)


@api.exception_handler(BadCpr)
def bad_cpr(request: HttpRequest, error: BadCpr) -> HttpResponse:
    return problem(request, 422, _("CPR-nummeret kan ikke læses"), str(error), {"cpr": str(error)})


@api.exception_handler(NoPolicyInForce)
def no_policy(request: HttpRequest, error: NoPolicyInForce) -> HttpResponse:
    return problem(request, 404, _("Ingen servicemodel gælder den dag"), str(error))


@api.exception_handler(HttpError)
def unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    """What the framework refuses before an operation is asked: a body that is no JSON."""
    if error.status_code == 400:
        return problem(request, 400, _("Indholdet kan ikke læses"), _("Send gyldig JSON i UTF-8."))
    return problem(request, error.status_code, *said_of(error.status_code))


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Field by field; what was sent is not repeated, it may hold a CPR."""
    errors = {".".join(str(part) for part in item["loc"][1:]): said(item) for item in error.errors}
    return problem(request, 422, _("Indholdet passer ikke til beskrivelsen"), errors=errors)
