"""How staff sign in: with user name and password, and a code from an app for those who want it or must."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from hovedindgang.kernel import clock
from hovedindgang.kernel.encryption import decrypt, encrypt
from hovedindgang.people.models import Employee

SECRET_PLACE = "mfa_authenticator.data"  # noqa: S105 (a place, not a secret)
SIGNED_IN_AT = "signed_in_at"  # seconds since 1970, in the session


class StaffAccounts(DefaultAccountAdapter):
    """Employees are made by the administrator; nobody signs up, and nobody is told which user names exist."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("Brugernavn eller adgangskode passer ikke. Prøv igen."),
        "enter_current_password": _("Skriv den adgangskode, du har nu."),
        "incorrect_password": _("Adgangskoden passer ikke. Prøv igen."),
        "too_many_login_attempts": _("Der er prøvet for mange gange. Vent fem minutter, og prøv igen."),
        "rate_limited": _("Der er prøvet for mange gange. Vent lidt, og prøv igen."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def post_login(self, request: HttpRequest, user: Employee, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **kwargs)
        return speak_her_language(response, user)


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


def note_sign_in(request: HttpRequest, **_kwargs: Any) -> None:
    """Receiver of `user_logged_in`: the working day of this sign-in begins."""
    request.session[SIGNED_IN_AT] = clock.now().timestamp()
