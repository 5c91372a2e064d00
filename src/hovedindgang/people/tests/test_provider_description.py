"""Whoever describes itself at the provider's address must be the provider; the exchange itself is in tests/signin."""

from __future__ import annotations

import pytest
import requests
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.test import Client
from django.urls import reverse

from hovedindgang.people.provider import StaffProviders

PRESSED = {"Sec-Fetch-Site": "same-origin"}  # on a page of ours


@pytest.fixture
def provider(settings, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("a secret")
    settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID = "https://login.kommune.example", "hovedindgang"
    settings.OIDC_SECRET_FILE = str(secret)


@pytest.mark.parametrize(
    ("issuer", "status"),
    [
        ("https://login.kommune.example", 302),
        ("https://login.kommune.example/", 302),
        ("https://login.another.example", 503),
        (None, 503),
    ],
)
def test_a_provider_that_says_it_is_another_is_not_gone_to(db, monkeypatch, provider, issuer, status):
    there = "https://login.kommune.example"
    described = {"issuer": issuer, "authorization_endpoint": f"{there}/auth", "token_endpoint": f"{there}/token"}
    monkeypatch.setattr(OpenIDConnectOAuth2Adapter, "openid_config", property(lambda self: described))
    assert Client(headers=PRESSED).get(reverse("provider_sign_in")).status_code == status


@pytest.mark.parametrize(
    ("issuer", "named"),
    [
        ("http://login.kommune.example", {}),
        ("https://login.kommune.example", {"token_endpoint": "http://login.kommune.example/token"}),
        ("https://login.kommune.example", {"jwks_uri": "http://login.kommune.example/keys"}),
    ],
)
def test_nothing_is_asked_of_a_provider_over_an_open_line(db, monkeypatch, provider, settings, issuer, named):
    settings.OIDC_ISSUER = issuer
    described = {"issuer": issuer, "authorization_endpoint": f"{issuer}/auth", "token_endpoint": f"{issuer}/token"}
    told = {**described, **named}
    monkeypatch.setattr(OpenIDConnectOAuth2Adapter, "openid_config", property(lambda self: told))
    assert Client(headers=PRESSED).get("/konto/kommune/").status_code == 503


@pytest.mark.parametrize("said", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {}])
def test_another_site_that_leads_her_here_begins_no_sign_in(db, monkeypatch, provider, said):
    there = "https://login.kommune.example"
    described = {"issuer": there, "authorization_endpoint": f"{there}/auth", "token_endpoint": f"{there}/token"}
    monkeypatch.setattr(OpenIDConnectOAuth2Adapter, "openid_config", property(lambda self: described))
    led = {"Referer": "https://evil.example/", **said}
    page = Client().get("/konto/kommune/?next=/mig/", headers=led)
    assert (page.status_code, "Vil du logge ind?" in page.content.decode()) == (200, True)
    assert 'href="/konto/kommune/?next=/mig/"' in page.content.decode()
    for by_her in (PRESSED, {"Sec-Fetch-Site": "none"}, {"Referer": "http://testserver/"}):
        assert Client().get("/konto/kommune/", headers=by_her).status_code == 302


def test_where_the_provider_leads_on_is_not_followed(db):
    session = StaffProviders().get_requests_session()
    session.mount("https://", LedOn())
    with pytest.raises(requests.TooManyRedirects):
        session.get("https://login.kommune.example/keys")


class LedOn(requests.adapters.BaseAdapter):
    def send(self, request, **_kwargs):
        answer = requests.Response()
        answer.status_code, answer.url, answer.request = 302, request.url, request
        answer.headers["Location"] = "https://login.another.example/keys"
        answer.raw = None
        answer._content = b""
        return answer

    def close(self):
        pass


def test_a_provider_that_is_silent_is_waited_for_five_seconds(monkeypatch, provider):
    waited = []

    def silent(_session, _request, **said):
        waited.append(said["timeout"])
        raise requests.Timeout

    monkeypatch.setattr(requests.Session, "send", silent)
    with StaffProviders().get_requests_session() as session, pytest.raises(requests.Timeout):
        session.get("https://login.kommune.example/.well-known/openid-configuration")
    assert waited == [5]
