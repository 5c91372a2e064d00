"""The way to the municipality's own sign-in and back; and its word that somebody has signed out there."""

from __future__ import annotations

import secrets
from urllib.parse import urlencode, urlsplit

import requests
from allauth.socialaccount.models import SocialApp
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from hovedindgang.people import provider
from hovedindgang.people.doors import door, public
from hovedindgang.people.set_up import is_used, needs_set_up, strengths
from hovedindgang.people.strength import levels_of
from hovedindgang.people.tokens import BadToken


@public
@require_GET
@needs_set_up
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """To the municipality's sign-in. `igen`: she shows there once more that it is her, also where it knows her.

    It is begun by her own press alone: led here by another site, she is asked first, as that sign-in may ask nothing.
    """
    adapter = _adapter(request)
    if not _by_her_own_act(request):
        return render(request, "people/provider_ask.html", {"address": request.get_full_path()})
    again = "igen" in request.GET
    nonce = secrets.token_urlsafe(32)
    asked = {"nonce": nonce, **levels_of(strengths())}
    if again:
        asked |= {"prompt": "login", "max_age": "0"}
    try:
        _ = adapter.openid_config  # is it the one we know? allauth asks it by an adapter of its own
        answer: HttpResponseBase = adapter.get_provider().redirect(
            request,
            process="login",
            next_url=_way(request),
            data={"nonce": nonce, "again": again},
            auth_params=asked,
            scope=provider.scopes(),
        )
    except requests.RequestException:
        return render(request, "people/provider_failed.html", status=503)
    return answer


@public
@require_GET
@needs_set_up
def callback(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Her answer from there: believed when everything in it is right, and once."""
    if provider_id != provider.PROVIDER:
        raise Http404
    try:
        answer: HttpResponseBase = provider.Callback.adapter_view(_adapter(request))(request)
    except (requests.RequestException, KeyError, ValueError, TypeError):
        return render(request, "people/provider_failed.html", status=401)
    return answer


@door()
@require_GET
def proven(request: HttpRequest) -> HttpResponse:
    """She has shown there that it is her, in a tab of its own: back to the first one, where all she typed stands."""
    return render(request, "people/proven.html")


@csrf_exempt
@public
@require_POST
def end_from_there(request: HttpRequest) -> HttpResponse:
    """Back-channel log-out: the provider itself calls, with a token that says whose sign-in has ended."""
    _adapter(request)
    try:
        provider.end_by_logout_token(request, request.POST.get("logout_token", ""))
    except (BadToken, requests.RequestException, KeyError, ValueError):
        return HttpResponse(status=400, headers={"Cache-Control": "no-store"})
    return HttpResponse(status=200, headers={"Cache-Control": "no-store"})


def end_there(request: HttpRequest, id_token: str) -> str:
    """The address at which her sign-in ends there too, and that leads back here; "" where the provider has none."""
    try:
        address = _adapter(request).openid_config.get("end_session_endpoint", "")
    except requests.RequestException:
        return ""
    if not address:
        return ""
    back = request.build_absolute_uri(reverse("start"))
    return f"{address}?{urlencode({'id_token_hint': id_token, 'post_logout_redirect_uri': back})}"


def _adapter(request: HttpRequest) -> provider.AtProvider:
    if not is_used():
        raise Http404
    try:
        made = provider.AtProvider(request, provider.PROVIDER)
        made.get_provider()
    except SocialApp.DoesNotExist:
        raise Http404 from None
    return made


def _by_her_own_act(request: HttpRequest) -> bool:
    """She typed the address or pressed something on a page of ours. No site can make a browser say so."""
    said = request.headers.get("Sec-Fetch-Site")
    if said is not None:
        return said in {"same-origin", "none"}
    return urlsplit(request.headers.get("Referer", "")).netloc == request.get_host()


def _way(request: HttpRequest) -> str | None:
    asked = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return asked if safe else None
