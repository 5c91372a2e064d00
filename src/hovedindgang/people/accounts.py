"""How staff sign in: with user name and password, and a code from an app for those who want it or must."""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from hovedindgang.kernel import clock
from hovedindgang.kernel.encryption import decrypt, encrypt, sealed_column
from hovedindgang.people.idle import LOCKED_FOR, has_kept
from hovedindgang.people.lockout import LockedOut, begin_try, code_account
from hovedindgang.people.models import Employee
from hovedindgang.people.own_sessions import MACHINE, SEEN_AT, SIGNED_IN_AT, end_own, machine_of
from hovedindgang.people.provider import keep_grant
from hovedindgang.people.queries import comes_by_provider
from hovedindgang.people.sessions import PROVIDER_SID

log = logging.getLogger(__name__)
SECRET_PLACE = sealed_column(
    "mfa_authenticator.data", table="mfa_authenticator", column="data", within=("secret", "seed", "migrated_codes")
)
NEEDS_SECOND_FACTOR = "needs_second_factor"  # in the session: with a password alone
NEEDS_NEW_PASSWORD = "needs_new_password"  # in the session: with one that was given her  # noqa: S105  # nosec B105
PROVIDER_GRANT = "provider_grant"  # in the session: row number of what the municipality's sign-in gave
PROVIDER_CHECKED_AT = "provider_checked_at"  # when it was last asked whether she may still
PROVEN_AT = "proven_at"  # seconds since 1970: when she last proved that it is her


class StaffAccounts(DefaultAccountAdapter):
    """Employees are made by the administrator; nobody signs up, and nobody is told which user names exist."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("Brugernavn eller adgangskode passer ikke. Prøv igen."),
        "enter_current_password": _("Skriv den adgangskode, du har nu."),
        "incorrect_password": _("Adgangskoden passer ikke. Prøv igen."),
        "too_many_login_attempts": _(
            "Der er prøvet for mange gange. Vent lidt, og prøv igen. Din leder eller administrator kan åbne før."
        ),
        "first_password_over": _(
            "Den adgangskode, du fik, er udløbet. Bed din administrator om en ny, og skift den samme dag."
        ),
        "comes_by_provider": _(
            "Du logger ind med kommunens login, og ikke med en adgangskode her. Brug knappen til det."
        ),
        "first_password_kept": _("Det er den, du fik. Find på en, som kun du kender."),
        "rate_limited": _("Der er prøvet for mange gange. Vent lidt, og prøv igen."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            self._try = begin_try(account=credentials.get("username", ""), address=self.get_client_ip(request))
        except LockedOut:
            raise self.validation_error("too_many_login_attempts") from None

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Employee | None:
        found: Employee | None = super().authenticate(request, **credentials)
        if found is not None:
            self._try.forgive()
            if comes_by_provider(found.pk):  # who leaves there is out here, whatever she was given here once
                raise self.validation_error("comes_by_provider")
            if found.password_until is not None and found.password_until <= clock.now():
                raise self.validation_error("first_password_over")
        return found

    def clean_password(self, password: str, user: Employee | None = None) -> str:
        said: str = super().clean_password(password, user)
        if user is not None and user.password_until is not None and user.check_password(password):
            raise self.validation_error("first_password_kept")
        return said

    def _rollback_login_failed_rl_usage(self) -> None:
        """The count is ours, in the database: `lockout`."""

    def post_login(self, request: HttpRequest, user: Employee, **kwargs: Any) -> HttpResponse:
        sociallogin = (kwargs.get("signal_kwargs") or {}).get("sociallogin")
        by_provider = sociallogin is not None
        if by_provider:
            _note_provider(request, user, sociallogin)
        if settings.SECOND_FACTOR and not settings.PILOT and not by_provider and not has_second_factor(user):
            request.session[NEEDS_SECOND_FACTOR] = True
        if user.password_until is not None and not by_provider:
            request.session[NEEDS_NEW_PASSWORD] = True
        request.session.pop(LOCKED_FOR, None)
        response: HttpResponse = super().post_login(request, user, **kwargs)
        if has_kept(user) and not request.session.keys() & {NEEDS_SECOND_FACTOR, NEEDS_NEW_PASSWORD}:
            response = redirect("kept")
        return speak_her_language(response, user)


def _note_provider(request: HttpRequest, employee: Employee, sociallogin: Any) -> None:
    """The session remembers what it is called there, and when it was last asked whether she may still."""
    answer, claims = request.provider_answer, request.provider_claims  # type: ignore[attr-defined]
    request.session[PROVIDER_SID] = str(claims.get("sid") or "")
    request.session[PROVIDER_GRANT] = keep_grant(employee, answer).pk
    request.session[PROVIDER_CHECKED_AT] = clock.now().timestamp()
    if (sociallogin.state.get("data") or {}).get("again"):
        remember_proof(request)


def remember_proof(request: HttpRequest) -> None:
    """She has just proven that it is her. The session has a new key, which whoever saw the old one does not know."""
    request.session[PROVEN_AT] = clock.now().timestamp()
    request.session.cycle_key()


class StaffSecondFactor(DefaultMFAAdapter):
    """The secret of the app is kept encrypted."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("Koden passer ikke. Vent på den næste, og prøv igen."),
    }

    def encrypt(self, text: str) -> str:
        return encrypt(text, place=SECRET_PLACE).hex()

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(bytes.fromhex(encrypted_text), place=SECRET_PLACE)


class _Counted:
    """Her codes are counted as her passwords are, in the database."""

    def clean_code(self) -> str:
        try:
            tried = begin_try(account=code_account(self.user.pk))  # type: ignore[attr-defined]
        except LockedOut:
            raise StaffAccounts().validation_error("too_many_login_attempts") from None
        try:
            code: str = super().clean_code()  # type: ignore[misc]
        except ValidationError:
            log.warning("a code that was wrong: employee %s", self.user.pk)  # type: ignore[attr-defined]
            raise
        tried.forgive()
        return code


class CodeAtSignIn(_Counted, AuthenticateForm):
    pass


class CodeOnceMore(_Counted, ReauthenticateForm):
    pass


def speak_her_language(response: HttpResponse, employee: Employee) -> HttpResponse:
    """The language she has chosen follows her to this browser."""
    remember_language(response, employee.language)
    return response


def remember_language(response: HttpResponse, language: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 24 * 3600,
        samesite="Lax",
        secure=settings.HTTPS,
        httponly=True,
    )


def has_second_factor(employee: Employee) -> bool:
    """A code from an app or a passkey."""
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return Authenticator.objects.filter(user=employee, type__in=kinds).exists()


def note_second_factor(request: HttpRequest, user: Employee, **_kwargs: Any) -> None:
    """Receiver of `authenticator_added`: she has one now."""
    request.session.pop(NEEDS_SECOND_FACTOR, None)
    note_changed_way_in(request, user)


def note_new_password(request: HttpRequest, user: Employee, **_kwargs: Any) -> None:
    """Receiver of `password_changed`: it is her own choice now, and lasts."""
    if user.password_until is not None:
        user.password_until = None
        user.save(update_fields=["password_until"])
    request.session.pop(NEEDS_NEW_PASSWORD, None)


def note_changed_way_in(request: HttpRequest, user: Employee, **_kwargs: Any) -> None:
    """Receiver of what says that a factor or a password of hers was changed: whoever came in by the old one is out."""
    end_own(employee=user, here=request.session.session_key or "")


def note_sign_in(request: HttpRequest, user: Employee, **_kwargs: Any) -> None:
    """Receiver of `user_logged_in`: the working day of this sign-in begins, and the process's log has it."""
    ways = [str(way.get("method")) for way in request.session.get("account_authentication_methods", [])]
    log.info("signed in: employee %s by %s", user.pk, " and ".join(ways) or "no word of hers")
    request.session[SIGNED_IN_AT] = request.session[SEEN_AT] = clock.now().timestamp()
    request.session[MACHINE] = machine_of(request)


def note_failure(request: HttpRequest | None = None, **_kwargs: Any) -> None:
    """Receiver of `user_login_failed`: from where, and no name; people type their password where the name belongs."""
    address = StaffAccounts(request).get_client_ip(request) if request is not None else "nowhere"
    log.warning("a user name or password that was wrong, from %s", address)


def note_sign_out(user: Employee | None = None, **_kwargs: Any) -> None:
    """Receiver of `user_logged_out`."""
    if user is not None:
        log.info("signed out: employee %s", user.pk)


def cleared(response: HttpResponse) -> HttpResponse:
    """What the browser kept of the pages she saw goes with the sign-in: Back shows nothing of it."""
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    response.headers["Cache-Control"] = "no-store"
    return response
