"""Staff sign in through the municipality's own provider: who she is, what she may, and that a leaver is out."""

from __future__ import annotations

import time
from typing import Any

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client, RequestFactory

from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.kernel.models import Event
from hovedindgang.people import provider as at_provider
from hovedindgang.people.actions import give_new_password, replace_second_step
from hovedindgang.people.models import Employee, ProviderGrant, StaffSession
from hovedindgang.people.rules import PeopleRefused
from hovedindgang.people.tokens import LOGOUT_EVENT, BadToken, verify_id_token
from signin.conftest import CLIENT_ID, PEOPLE, Provider

OLD_WORD = "kobberhane ved gadekaeret"
pytestmark = pytest.mark.django_db


def test_ida_comes_in_with_the_role_and_place_of_her_group(provider: Provider, browser: Any) -> None:
    ida = browser()
    answer = ida.sign_in("ida", way="/mig/")
    assert (answer.status_code, answer["Location"]) == (302, "/mig/")
    assert ida.is_in
    made = Employee.objects.get(username="ida")
    assert ({str(role) for role in made.roles}, made.centre_id, made.name) == ({"employee"}, "aabybro", "Ida Opdigtet")
    assert not made.has_usable_password()
    assert Event.objects.filter(verb="employee.created", subject_id=str(made.pk)).count() == 1


def test_our_question_carries_pkce_state_and_nonce(provider: Provider, browser: Any) -> None:
    asked = requests.compat.urlsplit(browser().leave()).query
    for part in ("code_challenge_method=S256", "code_challenge=", "state=", "nonce=", "response_type=code"):
        assert part in asked


def test_roles_are_renewed_at_each_sign_in(provider: Provider, browser: Any) -> None:
    browser().sign_in("ida")
    provider.change(ida={**PEOPLE["sub-ida"], "name": "Ida Gift", "groups": ["Ledelse"]})
    browser().sign_in("ida")
    ida = Employee.objects.get(username="ida")
    assert ({str(role) for role in ida.roles}, ida.name) == ({"leader"}, "Ida Gift")
    assert Employee.objects.filter(name__startswith="Ida").count() == 1


def test_who_is_in_no_group_is_told_whom_to_ask(provider: Provider, browser: Any) -> None:
    jens = browser()
    answer = jens.sign_in("jens")
    assert answer.status_code == 403
    assert "Gorm i it-afdelingen, lokal 1234" in answer.content.decode()
    assert not jens.is_in
    assert not Employee.objects.filter(username="jens").exists()


def test_who_has_a_colleagues_user_name_there_does_not_become_her(provider: Provider, browser: Any, cast: Any) -> None:
    provider.change(ida={**PEOPLE["sub-ida"], "preferred_username": "Alice", "email": "alice@example.dk"})
    ida = browser()
    ida.sign_in("ida")
    assert ida.is_in
    assert int(ida.ours.session["_auth_user_id"]) != cast.alice.pk
    assert Employee.objects.filter(username="Alice-2").exists()


def test_whom_our_administrator_has_closed_stays_closed(provider: Provider, browser: Any) -> None:
    browser().sign_in("ida")
    Employee.objects.filter(username="ida").update(is_active=False)
    ida = browser()
    ida.sign_in("ida")
    assert not ida.is_in
    assert not Employee.objects.get(username="ida").is_active


# -------------------------------------------------------------------------------------------------------- how surely

SUBSTANTIAL = "https://data.gov.dk/concept/core/nsis/loa/Substantial"


@pytest.mark.parametrize("said", [{"amr": ["pwd", "mfa"]}, {"acr": SUBSTANTIAL}])
def test_who_signed_in_there_with_two_steps_comes_in(
    provider: Provider, browser: Any, settings: Any, said: dict[str, Any]
) -> None:
    settings.OIDC_STRENGTH = f"acr={SUBSTANTIAL}; amr=mfa"
    provider.change(ida={**PEOPLE["sub-ida"], **said})
    ida = browser()
    ida.sign_in("ida")
    assert ida.is_in


@pytest.mark.parametrize("said", [{}, {"amr": ["pwd"]}, {"acr": "https://data.gov.dk/concept/core/nsis/loa/Low"}])
def test_who_signed_in_there_with_a_password_alone_is_told_what_to_do_and_is_not_in(
    provider: Provider, browser: Any, settings: Any, said: dict[str, Any]
) -> None:
    settings.OIDC_STRENGTH = f"acr={SUBSTANTIAL}; amr=mfa"
    provider.change(ida={**PEOPLE["sub-ida"], **said})
    ida = browser()
    answer = ida.sign_in("ida")
    assert answer.status_code == 403
    assert "log ind igen med to trin" in answer.content.decode()
    assert "Gorm i it-afdelingen, lokal 1234" in answer.content.decode()
    assert not ida.is_in
    assert not Employee.objects.filter(username="ida").exists()


def test_nor_does_a_proof_made_with_a_password_alone_count_here(
    provider: Provider, browser: Any, settings: Any
) -> None:
    settings.OIDC_STRENGTH = "amr=mfa"
    provider.change(ida={**PEOPLE["sub-ida"], "amr": ["mfa"]})
    ida = browser()
    ida.sign_in("ida")
    provider.change(ida={**PEOPLE["sub-ida"], "amr": ["pwd"]})
    answer = ida.sign_in("ida", again=True)
    assert answer.status_code == 403


def test_our_question_says_which_level_is_asked_for(provider: Provider, browser: Any, settings: Any) -> None:
    settings.OIDC_STRENGTH = f"amr=mfa; acr={SUBSTANTIAL}"
    asked = requests.compat.urlsplit(browser().leave()).query
    assert requests.compat.quote(SUBSTANTIAL, safe="") in asked.partition("acr_values=")[2].partition("&")[0]
    settings.OIDC_STRENGTH = ""
    assert "acr_values" not in browser().leave()


# --------------------------------------------------------------------------------------------- a set-up that is wrong


@pytest.mark.parametrize(
    ("setting", "line"),
    [
        ("OIDC_STRENGTH", "Brigitte mfa"),
        ("OIDC_GROUPS", "BS-Aabybro employee; Brigitte: leader"),
        ("OIDC_SECRET_FILE", "/nowhere/brigitte"),
    ],
)
@pytest.mark.parametrize("is_on_her_way", [False, True])
def test_where_the_sign_in_is_set_up_wrong_nobody_comes_in_and_she_reads_that_it_is_not_her(
    provider: Provider, browser: Any, settings: Any, caplog: Any, setting: str, line: str, is_on_her_way: bool
) -> None:
    ida = browser()
    way = ida.come_back(ida.leave(), "ida") if is_on_her_way else "/konto/kommune/"
    setattr(settings, setting, line)
    answer = ida.ours.get(way, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 503
    page = answer.content.decode()
    for said in ("ikke noget galt med dig", "Gorm i it-afdelingen, lokal 1234", "hovedindgang doctor"):
        assert said in page
    assert not ida.is_in
    assert not Employee.objects.filter(username="ida").exists()
    told = [message for message in caplog.messages if f"HOVEDINDGANG_{setting}" in message]
    assert len(told) == 1
    assert "rigitte" not in caplog.text + page  # what stands in the line may name people


def test_who_is_told_that_the_set_up_is_wrong_reads_it_in_english_too(
    provider: Provider, browser: Any, settings: Any
) -> None:
    settings.OIDC_STRENGTH, settings.OIDC_HELP = "mfa", ""
    ida = browser()
    ida.ours.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = ida.ours.get("/konto/kommune/", headers={"Sec-Fetch-Site": "same-origin"}).content.decode()
    assert "Nothing is wrong with you" in page
    assert "Tell the IT department." in page


@pytest.mark.parametrize(("setting", "line"), [("OIDC_GROUPS", "BS-Aabybro"), ("OIDC_SECRET_FILE", "/nowhere")])
def test_a_set_up_that_went_wrong_meanwhile_does_not_close_the_counter_and_lets_her_sign_out(
    provider: Provider, browser: Any, settings: Any, clock: Any, setting: str, line: str
) -> None:
    ida = browser()
    ida.sign_in("ida")
    whole = getattr(settings, setting)
    setattr(settings, setting, line)
    clock.go(minutes=31)
    assert ida.is_in
    provider.change(ida={**PEOPLE["sub-ida"], "groups": ["Ledelse"]})
    setattr(settings, setting, whole)
    clock.go(minutes=31)
    assert ida.ours.get("/lukket/").status_code == 200  # what was asked for meanwhile is not spent
    setattr(settings, setting, line)
    assert ida.ours.post("/konto/log-ud/").status_code < 400
    assert not ida.is_in


# ---------------------------------------------------------------------------------------------------------- leavers


def test_a_leaver_is_out_when_she_is_next_asked_after(provider: Provider, browser: Any, clock: Any) -> None:
    ida = browser()
    ida.sign_in("ida")
    provider.change(ida=None)
    clock.go(minutes=29)
    assert ida.is_in
    clock.go(minutes=1)
    assert not ida.is_in
    assert Event.objects.get(verb="employee.left").facts == {"how": "asked"}
    assert not StaffSession.objects.filter(employee__username="ida").exists()


def test_who_loses_her_group_is_out_and_who_changes_group_has_its_role(
    provider: Provider, browser: Any, clock: Any
) -> None:
    ida = browser()
    ida.sign_in("ida")
    provider.change(ida={**PEOPLE["sub-ida"], "groups": ["Ledelse"]})
    clock.go(minutes=31)
    assert ida.ours.get("/lukket/").status_code == 200
    provider.change(ida={**PEOPLE["sub-ida"], "groups": []})
    clock.go(minutes=31)
    assert not ida.is_in


def test_an_outage_there_does_not_close_the_counter(
    provider: Provider, browser: Any, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ida = browser()
    ida.sign_in("ida")

    def no_answer(*_args: Any, **_kwargs: Any) -> Any:
        raise requests.ConnectionError

    monkeypatch.setattr(requests.Session, "request", no_answer)
    clock.go(minutes=31)
    assert ida.is_in


def by_password(word: str) -> Client:
    """A browser in which somebody has tried to sign in as Ida with that word."""
    tried = Client()
    tried.post("/konto/log-ind/", {"login": "ida", "password": word})
    return tried


def test_a_password_she_was_given_once_opens_nothing_for_who_comes_in_by_the_municipalitys_sign_in(
    provider: Provider, browser: Any
) -> None:
    browser().sign_in("ida")
    ida = Employee.objects.get(username="ida")
    ida.set_password(OLD_WORD)  # from a day when the provider was not used here
    ida.save()
    provider.change(ida=None)  # she leaves while she is not signed in: nobody tells us
    assert "_auth_user_id" not in by_password(OLD_WORD).session


def test_the_leavers_old_password_is_gone_when_we_hear_that_she_has_left(
    provider: Provider, browser: Any, clock: Any, settings: Any
) -> None:
    ida = browser()
    ida.sign_in("ida")
    hers = Employee.objects.get(username="ida")
    hers.set_password(OLD_WORD)
    hers.save()
    grant = ProviderGrant.objects.get()
    provider.change(ida=None)
    clock.go(minutes=31)
    assert not at_provider.may_still(RequestFactory().get("/"), grant.pk)
    settings.OIDC_ISSUER = ""  # as in an emergency, when passwords open again
    assert "_auth_user_id" not in by_password(OLD_WORD).session


def test_an_old_password_goes_at_the_next_sign_in_there(provider: Provider, browser: Any, settings: Any) -> None:
    browser().sign_in("ida")
    hers = Employee.objects.get(username="ida")
    hers.set_password(OLD_WORD)
    hers.save()
    again = browser()
    again.sign_in("ida")
    assert again.is_in
    settings.OIDC_ISSUER = ""
    assert "_auth_user_id" not in by_password(OLD_WORD).session
    assert Event.objects.filter(verb="employee.password_taken").count() == 1


def test_gorm_gives_no_password_to_who_comes_in_by_the_municipalitys_sign_in(
    provider: Provider, browser: Any, cast: Any, client_of: Any
) -> None:
    browser().sign_in("ida")
    ida = Employee.objects.get(username="ida")
    gorm = client_of(cast.gorm)
    assert "Giv en ny adgangskode" not in gorm.get(f"/medarbejdere/{ida.pk}/").content.decode()
    with pytest.raises(PeopleRefused, match="kommunens login"):
        give_new_password(actor=SYSTEM, employee_id=ida.pk)
    assert replace_second_step(administrator=cast.gorm, employee_id=ida.pk, shown="id_seen") == ""
    assert not StaffSession.objects.filter(employee=ida).exists()
    assert not Employee.objects.get(pk=ida.pk).has_usable_password()


def test_the_list_of_employees_names_those_whom_no_leaving_elsewhere_shuts_out(
    provider: Provider, browser: Any, cast: Any, client_of: Any
) -> None:
    browser().sign_in("ida")
    page = client_of(cast.gorm).get("/medarbejdere/").content.decode()
    rows = {row.split("</a>")[0].split(">")[-1]: "Med adgangskode her" in row for row in page.split("<tr>")[2:]}
    assert (rows["Ida Opdigtet"], rows[cast.alice.name]) == (False, True)


# ---------------------------------------------------------------------------------------------------------- log-out


def test_signing_out_here_signs_out_there_so_that_the_next_one_is_asked_who_she_is(
    provider: Provider, browser: Any
) -> None:
    ida = browser()
    ida.sign_in("ida")
    answer = ida.ours.post("/konto/log-ud/")
    there = answer["Refresh"].removeprefix("0; url=")
    assert "id_token_hint=" in there
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert not ida.is_in
    page = ida.theirs.get(there, timeout=10).text
    assert "action=" in page, page
    form = requests.compat.urljoin(provider.issuer, page.split('action="')[1].split('"')[0])
    token = page.split('name="xsrf" value="')[1].split('"')[0]
    back = ida.theirs.post(form, {"xsrf": token, "logout": "yes"}, allow_redirects=False, timeout=10)
    assert back.headers["Location"].startswith("http://testserver/")
    asked = ida.theirs.get(ida.leave(), timeout=10).text
    assert 'name="login"' in asked


@pytest.mark.parametrize("wrong", [(), ("OIDC_SECRET_FILE", "OIDC_GROUPS", "OIDC_STRENGTH")])
def test_signing_out_there_signs_out_here_however_the_sign_in_is_set_up(
    provider: Provider, browser: Any, settings: Any, wrong: tuple[str, ...]
) -> None:
    ida, other = browser(), browser()
    ida.sign_in("ida")
    other.sign_in("ida")
    end(provider, ida)
    for setting in wrong:
        setattr(settings, setting, "/nowhere")
    (token,) = provider.told
    assert Client().post("/konto/kommune/ud/", {"logout_token": token}).status_code == 200
    assert (ida.is_in, other.is_in) == (False, True)
    assert Event.objects.get(verb="employee.left").facts == {"how": "told", "sessions": 1}
    again = Client().post("/konto/kommune/ud/", {"logout_token": token})
    assert (again.status_code, again["Cache-Control"]) == (400, "no-store")


def end(provider: Provider, browser: Any) -> None:
    """She signs out at the provider's own page."""
    page = browser.theirs.get(f"{provider.issuer}/session/end", timeout=10).text
    form = page.split('action="')[1].split('"')[0]
    token = page.split('name="xsrf" value="')[1].split('"')[0]
    browser.theirs.post(form, {"xsrf": token, "logout": "yes"}, timeout=10)


TYPED = {"typ": "logout+jwt"}


def logout_claims(provider: Provider, **changed: Any) -> dict[str, Any]:
    now = int(time.time())
    claims = {"iss": provider.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 120, "jti": f"jti {now}"}
    return {**claims, "sub": "sub-ida", "events": {LOGOUT_EVENT: {}}, **changed}


@pytest.mark.parametrize(
    "wrong",
    [
        {"aud": "another"},
        {"iss": "https://evil.example"},
        {"events": {}},
        {"events": "all"},
        {"nonce": "x"},
        {"sub": None},
        {"iat": int(time.time()) - 3600},
        {"exp": int(time.time()) - 3600},
        {"jti": None},
    ],
    ids=["audience", "issuer", "no event", "odd event", "nonce", "nobody", "old", "expired", "no number"],
)
def test_a_log_out_that_is_not_right_in_every_part_ends_nothing(
    provider: Provider, browser: Any, wrong: dict[str, Any]
) -> None:
    ida = browser()
    ida.sign_in("ida")
    claims = {name: value for name, value in logout_claims(provider, **wrong).items() if value is not None}
    assert Client().post("/konto/kommune/ud/", {"logout_token": provider.signed(claims, **TYPED)}).status_code == 400
    assert ida.is_in
    right = {"logout_token": provider.signed(logout_claims(provider, jti="right"), **TYPED)}
    assert Client().post("/konto/kommune/ud/", right).status_code == 200
    assert not ida.is_in


@pytest.mark.parametrize("kind", ["JWT", "at+jwt", None])
def test_a_log_out_that_does_not_say_it_is_one_ends_nothing_unless_the_operator_lets_it(
    provider: Provider, browser: Any, settings: Any, kind: str | None
) -> None:
    ida = browser()
    ida.sign_in("ida")
    token = {"logout_token": provider.signed(logout_claims(provider), typ=kind)}
    assert Client().post("/konto/kommune/ud/", token).status_code == 400
    assert ida.is_in
    settings.OIDC_LOGOUT_TYPED = False
    assert (Client().post("/konto/kommune/ud/", token).status_code == 200) is (kind != "at+jwt")
    assert ida.is_in is (kind == "at+jwt")


def test_a_log_out_signed_by_another_or_by_nobody_ends_nothing(provider: Provider, browser: Any) -> None:
    ida = browser()
    ida.sign_in("ida")
    claims = logout_claims(provider)
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    for token in (
        provider.signed(claims, key=stranger, **TYPED),
        provider.signed(claims, key=None, alg="none", **TYPED),
        provider.signed(claims, key="a secret that only the tests know", alg="HS256", **TYPED),
        provider.signed(claims, **TYPED)[:-4] + "AAAA",
        "",
        "no.token.atall",
    ):
        assert Client().post("/konto/kommune/ud/", {"logout_token": token}).status_code == 400
    assert Client().get("/konto/kommune/ud/").status_code == 405
    assert ida.is_in


# ------------------------------------------------------------------------------- tampered with, expired, sent twice


def id_claims(provider: Provider, **changed: Any) -> dict[str, Any]:
    now = int(time.time())
    right = {"iss": provider.issuer, "sub": "sub-ida", "aud": CLIENT_ID, "iat": now, "exp": now + 60, "nonce": "n"}
    return {**right, **changed}


WRONG = {
    "audience": {"aud": "another"},
    "several audiences": {"aud": [CLIENT_ID, "another"]},
    "given to another": {"azp": "another"},
    "issuer": {"iss": "https://evil.example"},
    "nonce": {"nonce": "another"},
    "expired": {"exp": int(time.time()) - 3600},
    "no subject": {"sub": ""},
    "from the future": {"iat": int(time.time()) + 3600},
}


@pytest.mark.parametrize("what", WRONG)
def test_an_id_token_that_is_not_right_in_every_part_lets_nobody_in(
    provider: Provider, browser: Any, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """The whole way: her browser comes back with a true code, and the token is exchanged on its way to us."""
    ida = browser()
    claims = id_claims(provider, **WRONG[what])
    exchange(provider, monkeypatch, lambda nonce: provider.signed({"nonce": nonce, **claims, **_nonce(what, nonce)}))
    answer = ida.sign_in("ida")
    assert (answer.status_code, ida.is_in) == (401, False)
    assert "Du blev ikke logget ind" in answer.content.decode()
    assert not Employee.objects.filter(username="ida").exists()


def _nonce(what: str, nonce: str) -> dict[str, str]:
    return {} if what == "nonce" else {"nonce": nonce}


def test_an_id_token_signed_by_another_or_by_nobody_lets_nobody_in(
    provider: Provider, browser: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    for made in (
        lambda claims: provider.signed(claims, key=stranger),
        lambda claims: provider.signed(claims, kid="two"),
        lambda claims: provider.signed(claims, key=None, alg="none"),
        lambda claims: provider.signed(claims, key="a secret that only the tests know", alg="HS256"),
        lambda claims: "",
    ):
        ida = browser()
        exchange(provider, monkeypatch, lambda nonce, made=made: made(id_claims(provider, nonce=nonce)))
        assert ida.sign_in("ida").status_code == 401
        assert not ida.is_in


def test_the_same_exchange_with_a_true_token_lets_her_in(
    provider: Provider, browser: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that the two tests above do not succeed for another reason."""
    ida = browser()
    exchange(provider, monkeypatch, lambda nonce: provider.signed(id_claims(provider, nonce=nonce)))
    assert ida.sign_in("ida").status_code == 302
    assert ida.is_in


def exchange(provider: Provider, monkeypatch: pytest.MonkeyPatch, made: Any) -> None:
    true = at_provider.OpenIDConnectOAuth2Adapter.get_access_token_data

    def exchanged(self: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {**true(self, *args, **kwargs), "id_token": made(self.state["data"]["nonce"])}

    monkeypatch.setattr(at_provider.AtProvider, "get_access_token_data", exchanged)


def test_a_code_and_a_state_are_good_once_and_in_the_browser_that_asked(provider: Provider, browser: Any) -> None:
    ida, thief = browser(), browser()
    back = ida.come_back(ida.leave(), "ida")
    assert thief.ours.get(back).status_code == 401
    assert not thief.is_in
    assert ida.ours.get(back).status_code == 302
    ida.ours.post("/konto/log-ud/")
    assert ida.ours.get(back).status_code == 401
    assert not ida.is_in


@pytest.mark.parametrize("spoiled", ["code=another", "state=another", "state=", "error=access_denied"])
def test_a_spoiled_answer_lets_nobody_in(provider: Provider, browser: Any, spoiled: str) -> None:
    ida = browser()
    path, _mark, query = ida.come_back(ida.leave(), "ida").partition("?")
    name = spoiled.partition("=")[0]
    parts = [part for part in query.split("&") if not part.startswith(f"{name}=")]
    answer = ida.ours.get(f"{path}?{'&'.join([*parts, spoiled])}")
    assert answer.status_code == 401
    assert not ida.is_in


def test_a_proof_there_is_asked_for_anew_and_counts_here(provider: Provider, browser: Any) -> None:
    ida = browser()
    ida.sign_in("ida")
    assert "proven_at" not in ida.ours.session
    assert "prompt=login" in ida.leave(again=True)
    ida.sign_in("ida", again=True, way="/konto/kommune/bekraeftet/")
    assert "proven_at" in ida.ours.session
    assert ida.ours.get("/konto/kommune/bekraeftet/").status_code == 200


def test_what_is_kept_of_her_there_is_sealed_and_little(provider: Provider, browser: Any) -> None:
    from allauth.socialaccount.models import SocialAccount, SocialToken

    ida = browser()
    ida.sign_in("ida")
    assert SocialAccount.objects.get().extra_data == {"id_token": {"sub": "sub-ida"}}
    assert not SocialToken.objects.exists()
    assert b"eyJ" not in bytes(ProviderGrant.objects.get().sealed)
    assert "eyJ" not in str(dict(ida.ours.session.items()))


def test_where_no_provider_is_set_up_its_pages_are_not_there(cast: Any) -> None:
    for address in ("/konto/kommune/", "/konto/kommune/kommune/svar/", "/konto/kommune/andet/svar/"):
        assert Client().get(address).status_code == 404
    assert Client().post("/konto/kommune/ud/", {"logout_token": "x"}).status_code == 404
    assert "kommunens login" not in Client().get("/").content.decode()


def test_an_id_token_of_another_person_does_not_renew_hers(provider: Provider) -> None:
    keys = at_provider.keys_at(f"{provider.issuer}/jwks")
    said = {"keys": keys, "issuer": provider.issuer, "client_id": CLIENT_ID, "nonce": None}
    token = provider.signed(id_claims(provider))
    assert verify_id_token(token, subject="sub-ida", **said)["sub"] == "sub-ida"
    with pytest.raises(BadToken, match="another subject"):
        verify_id_token(token, subject="sub-jens", **said)
