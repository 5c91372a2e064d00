"""The municipality's own sign-in (OpenID Connect): who she is there, what she may, and whether she still may.

allauth carries the questions and answers (state, PKCE, the code); what is believed of an answer is decided here.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.kernel.encryption import CannotDecrypt, decrypt, encrypt
from hovedindgang.kernel.events import append_event
from hovedindgang.people import closing
from hovedindgang.people.actions import EmployeeFacts, change_employee, create_employee, end_sessions, take_password
from hovedindgang.people.groups import Granted, granted_to
from hovedindgang.people.models import GRANT_PLACE, Employee, ProviderGrant, StaffSession
from hovedindgang.people.rules import NAME_LENGTH, PeopleRefused
from hovedindgang.people.set_up import groups, is_used, secret, strengths
from hovedindgang.people.strength import is_strong
from hovedindgang.people.tokens import OLDEST_LOGOUT_SECONDS, BadToken, verify_id_token, verify_logout_token

log = logging.getLogger(__name__)

PROVIDER = "kommune"
KEYS_KEPT_SECONDS = 300
FRESH_SECONDS = 300  # how lately she must have signed in there, where we asked her to do it again


def _secret_if_read() -> str:
    """Empty where it cannot be read: nobody signs in then (`needs_set_up`), and whoever signs out there is out here."""
    try:
        return secret()
    except ImproperlyConfigured:
        return ""


class StaffProviders(DefaultSocialAccountAdapter):
    """One provider, from the settings; employees come from its groups and from nowhere else."""

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        if not is_used() or provider not in {None, PROVIDER, "openid_connect"}:
            return []
        told = {
            "server_url": settings.OIDC_ISSUER,
            "oauth_pkce_enabled": True,
            "token_auth_method": "client_secret_basic",  # nosec B105 - the name of a method
        }
        return [
            SocialApp(
                provider="openid_connect",
                provider_id=PROVIDER,
                name=PROVIDER,
                client_id=settings.OIDC_CLIENT_ID,
                secret=_secret_if_read(),
                settings=told,
            )
        ]

    def get_requests_session(self) -> requests.Session:
        """As allauth's; where an answer leads on is not followed."""
        session: requests.Session = super().get_requests_session()
        session.max_redirects = 0
        return session

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Found by her subject there, or made now; her roles are those of her groups today."""
        claims: Mapping[str, Any] = request.provider_claims  # type: ignore[attr-defined]
        try:
            employee = let_in(claims, known=sociallogin.user if sociallogin.is_existing else None)
        except NotInAnyGroup as nobody:
            raise ImmediateHttpResponse(no_way_in(request, str(nobody))) from nobody
        if not sociallogin.is_existing:
            sociallogin.email_addresses = []
            sociallogin.connect(request, employee)
        else:
            take_password(actor=SYSTEM, employee_id=employee.pk)
            employee.refresh_from_db(fields=["password"])  # her session is signed with it
            sociallogin.user = employee

    def on_authentication_error(self, request: HttpRequest, provider: Any, **said: Any) -> None:
        """Cancelled, expired, tampered with or sent twice: nobody is signed in, and one may try again."""
        raise ImmediateHttpResponse(render(request, "people/provider_failed.html", status=401))


def scopes() -> list[str]:
    """What is asked for; with `offline_access` most providers give what is needed to ask again later."""
    return str(settings.OIDC_SCOPE).split()


class NotInAnyGroup(Exception):
    """Her groups give her nothing here, or what they give cannot be: the message is for whoever set it up."""


def no_way_in(request: HttpRequest, why: str) -> HttpResponse:
    page = {"whom": settings.OIDC_HELP, "why": why}
    return render(request, "people/no_group.html", page, status=403)


@transaction.atomic
def let_in(claims: Mapping[str, Any], *, known: Employee | None) -> Employee:
    """The employee with this subject, with the roles of her groups; made where she is new. Raises NotInAnyGroup.

    Whoever was closed here stays closed: only our administrator opens.
    """
    granted = granted_of(claims)
    if granted is None:
        raise NotInAnyGroup
    username = known.username if known else _free_username(str(claims.get("preferred_username") or claims["sub"]))
    facts = EmployeeFacts(
        username=username,
        name=(str(claims.get("name") or username))[:NAME_LENGTH],
        roles=granted.roles,
        email=str(claims.get("email") or ""),
        centre=granted.centre,
        department=granted.department,
    )
    try:
        if known is None:
            employee, _password = create_employee(actor=SYSTEM, facts=facts, by_password=False)
        elif _as_facts(known) == facts:
            employee = known
        else:
            employee = change_employee(actor=SYSTEM, employee_id=known.pk, facts=facts, is_active=known.is_active)
        own = str(claims.get(settings.OIDC_CPR_CLAIM) or "") if settings.OIDC_CPR_CLAIM else ""
        if own:
            closing.say_own_cpr(actor=SYSTEM, employee_id=employee.pk, cpr=own)
    except PeopleRefused as wrong:
        raise NotInAnyGroup(str(wrong)) from wrong
    return employee


def _as_facts(employee: Employee) -> EmployeeFacts:
    return EmployeeFacts(
        username=employee.username,
        name=employee.name,
        roles=employee.roles,
        email=employee.email,
        centre=employee.centre_id,
        department=employee.department_id,
    )


def granted_of(claims: Mapping[str, Any]) -> Granted | None:
    said = claims.get(settings.OIDC_GROUPS_CLAIM) or []
    listed = [said] if isinstance(said, str) else said
    return granted_to([str(one) for one in listed], groups())


def _free_username(wished: str) -> str:
    """A user name of hers; never one that somebody has: that would be another's account."""
    wished, number = wished[:50], 1
    name = wished
    while Employee.objects.filter(username__iexact=name).exists():
        number += 1
        name = f"{wished}-{number}"
    return name


# ------------------------------------------------------------------------------------------- questions and answers


class AnotherIssuer(requests.RequestException):
    """What describes itself at the address of the settings is another provider: nothing of it is believed."""


class OpenLine(requests.RequestException):
    """An address of the provider's that others on the way can read: nothing is asked or told there."""


def is_open_line(address: str) -> bool:
    """Whether it is http to another machine."""
    parts = urlsplit(address)
    return parts.scheme != "https" and parts.hostname not in {None, "localhost", "127.0.0.1", "::1"}


class AtProvider(OpenIDConnectOAuth2Adapter):
    """allauth's way there, with an answer that is checked in full."""

    state: Mapping[str, Any] = {}

    @property
    def openid_config(self) -> dict[str, Any]:
        """The provider's description of itself, if it is the one we know. Raises AnotherIssuer, RequestException."""
        if is_open_line(settings.OIDC_ISSUER):
            raise OpenLine(settings.OIDC_ISSUER)
        described: dict[str, Any] = super().openid_config
        if str(described.get("issuer", "")).rstrip("/") != settings.OIDC_ISSUER:
            raise AnotherIssuer
        if any(is_open_line(str(value)) for name, value in described.items() if name.endswith(("_endpoint", "_uri"))):
            raise OpenLine(settings.OIDC_ISSUER)
        return described

    def keys(self) -> dict[str, Any]:
        return keys_at(self.openid_config["jwks_uri"])

    def complete_login(self, request: HttpRequest, app: SocialApp, token: Any, **said: Any) -> SocialLogin:
        asked = self.state.get("data") or {}
        answer = said["response"]
        try:
            claims = verify_id_token(
                str(answer.get("id_token", "")),
                keys=self.keys(),
                issuer=self.openid_config["issuer"],
                client_id=app.client_id,
                nonce=asked.get("nonce") or "",
            )
            if asked.get("again") and time.time() - float(claims.get("auth_time", 0)) > FRESH_SECONDS:
                raise BadToken("she was not asked again")
            if not is_strong(claims, strengths()):
                log.warning("refused: signed in at %s, but not surely enough", settings.OIDC_ISSUER)
                page = {"whom": settings.OIDC_HELP}
                raise ImmediateHttpResponse(render(request, "people/too_weak.html", page, status=403))
            if settings.OIDC_GROUPS_CLAIM not in claims:
                claims = {**self.userinfo(answer["access_token"], claims["sub"]), **claims}
        except BadToken as bad:
            raise OAuth2Error(str(bad)) from bad
        request.provider_claims = claims  # type: ignore[attr-defined]
        request.provider_answer = answer  # type: ignore[attr-defined]
        # What allauth keeps of her is her subject, nothing else.
        return self.get_provider().sociallogin_from_response(request, {"id_token": {"sub": claims["sub"]}})

    def userinfo(self, access_token: str, subject: str) -> dict[str, Any]:
        found: dict[str, Any] = self._fetch_user_info(access_token)
        if found.get("sub") != subject:
            raise BadToken("another subject")
        return found


def keys_at(address: str) -> dict[str, Any]:
    """The provider's keys, asked for anew every few minutes: it changes them."""
    kept: dict[str, Any] | None = cache.get(f"provider-keys:{address}")
    if kept is None:
        with StaffProviders().get_requests_session() as session:
            answer = session.get(address)
            answer.raise_for_status()
            kept = dict(answer.json())
        cache.set(f"provider-keys:{address}", kept, KEYS_KEPT_SECONDS)
    return kept


class Callback(OAuth2CallbackView):
    """As allauth's; the adapter is told what was asked."""

    def _get_state(self, request: HttpRequest, provider: Any) -> tuple[Any, Any]:
        state, answer = super()._get_state(request, provider)
        self.adapter.state = state or {}
        return state, answer


# ------------------------------------------------------------------------------------------- while she is signed in


@dataclass(frozen=True, slots=True)
class Tokens:
    refresh: str
    id_token: str


def keep_grant(employee: Employee, answer: Mapping[str, Any]) -> ProviderGrant:
    """What is needed to end the sign-in there, and to ask again."""
    tokens = {"refresh": answer.get("refresh_token", ""), "id_token": answer.get("id_token", "")}
    sealed = encrypt(json.dumps(tokens), place=GRANT_PLACE)
    return ProviderGrant.objects.create(employee=employee, sealed=sealed, checked_at=clock.now())


def tokens_of(grant_id: int) -> Tokens | None:
    grant = ProviderGrant.objects.filter(pk=grant_id).first()
    if grant is None:
        return None
    try:
        kept = json.loads(decrypt(bytes(grant.sealed), place=GRANT_PLACE))
    except CannotDecrypt:
        return None
    return Tokens(kept["refresh"], kept["id_token"])


def forget_grants() -> None:
    """Those no session can still use."""
    oldest = clock.now() - dt.timedelta(hours=2 * settings.SESSION_HOURS)
    ProviderGrant.objects.filter(checked_at__lt=oldest).delete()


def may_still(request: HttpRequest, grant_id: int) -> bool:
    """Ask the provider whether she may still, and renew her roles. True also where it does not answer.

    An outage there must not close the counters here; the working day ends the session at the latest.
    """
    with transaction.atomic():
        grant = ProviderGrant.objects.select_for_update().filter(pk=grant_id).select_related("employee").first()
        if grant is None:
            return False
        if (clock.now() - grant.checked_at).total_seconds() < settings.OIDC_RECHECK_MINUTES * 60:
            return True  # another request has just asked
        kept = tokens_of(grant_id)
        if kept is None or not kept.refresh:
            return True
        grant.checked_at = clock.now()
        try:
            answer = _refreshed(request, kept.refresh)
            if answer is None:
                grant.save(update_fields=["checked_at"])
                return True
            adapter = AtProvider(request, PROVIDER)
            subject = SocialAccount.objects.get(user=grant.employee, provider=PROVIDER).uid
            _renew(grant.employee, _claims_now(adapter, answer, subject))
        except (BadToken, NotInAnyGroup, NotAnyMore, SocialAccount.DoesNotExist):
            grant.delete()
            append_event(
                verb="employee.left",
                actor=SYSTEM,
                subject_kind="employee",
                subject_id=grant.employee_id,
                facts={"how": "asked"},
            )
            end_sessions(actor=SYSTEM, employee_id=grant.employee_id)
            take_password(actor=SYSTEM, employee_id=grant.employee_id)
            return False
        tokens = {
            "refresh": answer.get("refresh_token") or kept.refresh,
            "id_token": answer.get("id_token") or kept.id_token,
        }
        grant.sealed = encrypt(json.dumps(tokens), place=GRANT_PLACE)
        grant.save(update_fields=["sealed", "checked_at"])
    return True


class NotAnyMore(Exception):
    """The provider does not know the sign-in any more."""


def _renew(employee: Employee, claims: Mapping[str, Any]) -> None:
    """What her groups give her today. Where they cannot be read here she keeps what she had, as in an outage there."""
    try:
        let_in(claims, known=employee)
    except ImproperlyConfigured:
        log.error("roles are not renewed: HOVEDINDGANG_OIDC_GROUPS cannot be read; run hovedindgang doctor")


def _refreshed(request: HttpRequest, refresh: str) -> dict[str, Any] | None:
    """A new answer; None where the provider is not to be reached, or our secret not to be read. Raises NotAnyMore."""
    try:
        adapter = AtProvider(request, PROVIDER)
        with StaffProviders().get_requests_session() as session:
            answer = session.post(
                adapter.access_token_url,
                data={"grant_type": "refresh_token", "refresh_token": refresh},
                auth=(settings.OIDC_CLIENT_ID, secret()),
            )
        if answer.status_code in {400, 401, 403}:
            raise NotAnyMore
        answer.raise_for_status()
        return dict(answer.json())
    except (requests.RequestException, ValueError, ImproperlyConfigured):
        return None


def _claims_now(adapter: AtProvider, answer: Mapping[str, Any], subject: str) -> dict[str, Any]:
    claims: dict[str, Any] = {"sub": subject}
    if answer.get("id_token"):
        claims = verify_id_token(
            str(answer["id_token"]),
            keys=adapter.keys(),
            issuer=adapter.openid_config["issuer"],
            client_id=settings.OIDC_CLIENT_ID,
            nonce=None,
            subject=subject,
        )
    if settings.OIDC_GROUPS_CLAIM not in claims:
        try:
            claims = {**adapter.userinfo(answer["access_token"], subject), **claims}
        except requests.HTTPError as gone:
            raise NotAnyMore from gone
    return claims


# --------------------------------------------------------------------------------------------------------- log-out


@transaction.atomic
def end_by_logout_token(request: HttpRequest, token: str) -> int:
    """The provider says that she has signed out there, or has left; gives how many sign-ins ended. Raises BadToken."""
    adapter = AtProvider(request, PROVIDER)
    issuer = adapter.openid_config["issuer"]
    claims = verify_logout_token(
        token,
        keys=adapter.keys(),
        issuer=issuer,
        client_id=settings.OIDC_CLIENT_ID,
        now=time.time(),
        typed=settings.OIDC_LOGOUT_TYPED,
    )
    number = hashlib.sha256(str(claims["jti"]).encode()).hexdigest()  # of whatever length and letters it is
    if not cache.add(f"provider-logout:{number}", True, 2 * OLDEST_LOGOUT_SECONDS):
        raise BadToken("came before")
    if claims.get("sid"):
        sessions = StaffSession.objects.filter(provider_sid=claims["sid"])
    else:
        employees = SocialAccount.objects.filter(provider=PROVIDER, uid=claims["sub"]).values("user_id")
        sessions = StaffSession.objects.filter(employee__in=employees)
    whose = sorted(set(sessions.exclude(employee=None).values_list("employee_id", flat=True)))
    ended, _rows = sessions.delete()
    for employee_id in whose:
        append_event(
            verb="employee.left",
            actor=SYSTEM,
            subject_kind="employee",
            subject_id=employee_id,
            facts={"how": "told", "sessions": ended},
        )
    return ended
