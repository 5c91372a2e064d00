"""She proves once more that it is her, before an act that a PC left open must not be enough for.

    @door(Role.LEADER)
    @stepped_up(minutes=10, purpose=Purpose.EXPORT)
    def export(request): ...

The decorator stands under the door and above what restricts the method. Who has proven herself in this session within
`minutes` passes. Else a page says why and asks for a code from her app or a passkey; everything typed stands in it and
goes on with the proof, to the same address, so that nothing is lost and nothing is kept on the way. A script gets 401
and `X-Step-Up: 1`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth as passkeys
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import employee_actor
from hovedindgang.kernel.events import append_event
from hovedindgang.people.accounts import PROVEN_AT, PROVIDER_GRANT, remember_proof
from hovedindgang.people.doors import View, employee_of
from hovedindgang.people.leftover import typed_fields
from hovedindgang.people.lockout import LockedOut, begin_try, code_account
from hovedindgang.people.models import Employee
from hovedindgang.people.rules import WHY_PROVE, NotProven, Purpose

MINUTES = 10
PROOF = ("proof_code", "proof_password", "proof_credential", "proof_demo", "proof_page")
PAGE = "proof_page"  # the form was asked for by reading a page: afterwards it is read


@dataclass(frozen=True, slots=True)
class Ways:
    """How she can prove it. `demo`: one of the invented cast, or who practises: neither password nor app."""

    code: bool = False
    passkey: bool = False
    password: bool = False
    demo: bool = False


def ways_of(employee: Employee) -> Ways:
    """Her second factors; without any, and only where all people are invented, her password."""
    kinds = set(Authenticator.objects.filter(user=employee).values_list("type", flat=True))
    code, passkey = Authenticator.Type.TOTP in kinds, Authenticator.Type.WEBAUTHN in kinds
    if code or passkey or not (settings.PILOT or settings.PRACTICE):
        return Ways(code=code or Authenticator.Type.RECOVERY_CODES in kinds, passkey=passkey)
    return Ways(password=employee.has_usable_password(), demo=not employee.has_usable_password())


def stepped_up(*, purpose: Purpose, minutes: int = MINUTES, reading: bool = True) -> Callable[[View], View]:
    """Let the view begin when she has proven herself within `minutes`; else ask, and go on with what she was doing.

    Not `reading`: who only reads the page is not asked, who sends its form is.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not reading and request.method in {"GET", "HEAD"}:
                return view(request, *args, **kwargs)
            given = {name: request.POST[name] for name in PROOF if name in request.POST}
            if not is_proven(request, minutes=minutes):
                if not given:
                    return ask_for_proof(request, purpose=purpose)
                try:
                    prove(request, given=given, purpose=purpose)
                except NotProven as refused:
                    return ask_for_proof(request, purpose=purpose, error=str(refused))
            if PAGE in given:
                return HttpResponseRedirect(request.get_full_path())
            _without_proof(request)
            return view(request, *args, **kwargs)

        guarded.steps_up = purpose  # type: ignore[attr-defined]
        return guarded

    return decorate


def is_proven(request: HttpRequest, *, minutes: int) -> bool:
    """Whether she has proven in this session, less than `minutes` ago, that it is her."""
    at = request.session.get(PROVEN_AT)
    return at is not None and 0 <= clock.now().timestamp() - at < minutes * 60


def prove(request: HttpRequest, *, given: dict[str, str], purpose: Purpose) -> None:
    """Check what she gave, and remember in her session when. Logged either way. Raises NotProven."""
    employee = employee_of(request)
    try:
        tried = begin_try(account=code_account(employee.pk))
    except LockedOut:
        raise NotProven(_("Der er prøvet for mange gange. Vent lidt, og prøv igen.")) from None
    how = _checked(employee, given)
    if how:
        tried.forgive()
    with transaction.atomic():
        append_event(
            verb="employee.proven" if how else "employee.not_proven",
            actor=employee_actor(employee.pk),
            subject_kind="employee",
            subject_id=employee.pk,
            facts={"purpose": purpose.value, **({"how": how} if how else {})},
        )
    if not how:
        raise NotProven(_("Det passede ikke. Vent på den næste kode, eller prøv igen."))
    remember_proof(request)


def _checked(employee: Employee, given: dict[str, str]) -> str:
    """The way that what she gave proves it, "" when it does not."""
    ways = ways_of(employee)
    if given.get("proof_credential") and ways.passkey:
        return "passkey" if _is_her_passkey(employee, given["proof_credential"]) else ""
    if given.get("proof_code", "").strip() and ways.code:
        return "code" if _is_her_code(employee, given["proof_code"].replace(" ", "")) else ""
    if given.get("proof_password") and ways.password:
        return "password" if employee.check_password(given["proof_password"]) else ""
    return "demo" if ways.demo and "proof_demo" in given else ""


def _is_her_code(employee: Employee, code: str) -> bool:
    """A code of her app, each good once, or one of her reserve codes."""
    kinds = Authenticator.objects.filter(user=employee).exclude(type=Authenticator.Type.WEBAUTHN)
    return any(one.wrap().validate_code(code) for one in kinds)


def _is_her_passkey(employee: Employee, credential: str) -> bool:
    try:
        said = json.loads(credential)
        passkeys.parse_authentication_response(said)
        passkeys.complete_authentication(employee, said)
    except (ValidationError, ValueError, TypeError, KeyError):
        return False
    return True


def ask_for_proof(request: HttpRequest, *, purpose: Purpose, error: str = "") -> HttpResponse:
    """The page that asks, with all that was typed; nothing has been done."""
    if request.headers.get("X-Desk") or request.headers.get("HX-Request"):
        return HttpResponse(status=401, headers={"X-Step-Up": "1", "Cache-Control": "no-store"})
    employee = employee_of(request)
    ways = ways_of(employee)
    by_provider = PROVIDER_GRANT in request.session
    page = {
        "by_provider": by_provider,
        "why": WHY_PROVE[purpose],
        "address": request.get_full_path(),
        "fields": [(name, value) for name, value in typed_fields(request) if name not in PROOF],
        "to_read": request.method in {"GET", "HEAD"} or PAGE in request.POST,
        "had_files": bool(request.FILES),
        "ways": ways,
        "passkey_options": dict(passkeys.begin_authentication(employee)) if ways.passkey else None,
        "errors": [("proof_code" if ways.code else "proof_password", error)] if error else [],
        "error": error,
    }
    response = render(request, "people/step_up.html", page, status=401)
    response.headers["Cache-Control"] = "no-store"
    return response


def _without_proof(request: HttpRequest) -> None:
    """What the view is to see: her own fields, never the proof."""
    if any(name in request.POST for name in PROOF):
        sent: QueryDict = request.POST.copy()
        for name in PROOF:
            sent.pop(name, None)
        request.POST = sent  # type: ignore[assignment]
