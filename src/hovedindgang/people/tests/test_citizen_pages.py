"""The citizen's page: the key to what is hidden, her protection, and who acts for her."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from hovedindgang.conftest import prove_for_tests
from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.kernel.models import Event, LookUp
from hovedindgang.people.actions import protect_citizen, record_death, register_citizen
from hovedindgang.people.models import Citizen, Protection, Representation

ANNA, BENT = "6101500001", "6101500002"
SECRETS = ("Anna Prøve", "Skjulestien 7", "11223344", "anna@example.dk")
PDF = b"%PDF-1.7\n1 0 obj\nfuldmagt\nendobj\ntrailer\n%%EOF\n"


@pytest.fixture
def anna(cast: SimpleNamespace, clock: object) -> Citizen:
    name, address, phone, email = SECRETS
    return register_citizen(actor=SYSTEM, cpr=ANNA, name=name, address=address, phone=phone, email=email)


@pytest.fixture
def alice(cast: SimpleNamespace, client_of: Callable[[Any], Client]) -> Client:
    return client_of(cast.alice)


def protect(citizen: Citizen, protection: Protection = Protection.ORDINARY) -> None:
    protect_citizen(actor=SYSTEM, citizen_id=citizen.pk, protection=protection)


def secrets_in(answer: Any) -> list[str]:
    return [secret for secret in SECRETS if secret in answer.content.decode()]


def test_her_page_shows_who_she_is_and_hides_it_when_she_is_protected(anna: Citizen, alice: Client) -> None:
    page = f"/borgere/{anna.pk}/"
    assert secrets_in(alice.get(page)) == list(SECRETS)
    protect(anna)
    hidden = alice.get(page)
    assert secrets_in(hidden) == []
    assert f"<title>Beskyttet borger {anna.pk}" in hidden.content.decode()


def test_the_key_shows_her_once_for_a_reason_that_is_logged(
    anna: Citizen, alice: Client, cast: SimpleNamespace
) -> None:
    protect(anna)
    shown = alice.post(f"/borgere/{anna.pk}/vis/", {"reason": "letter", "contact": "12"})
    assert secrets_in(shown) == list(SECRETS)
    title = shown.content.decode().partition("<title>")[2].partition("</title>")[0]
    assert [secret for secret in SECRETS if secret in title] == []
    assert "no-store" in shown.headers["Cache-Control"]
    seen = LookUp.objects.get(use="protected")
    assert (seen.actor_id, seen.citizen_id, seen.reason) == (cast.alice.pk, anna.pk, "protected:letter")
    event = Event.objects.get(verb="citizen.protected_shown")
    assert event.facts == {"reason": "letter", "protection": "ordinary", "contact": 12}
    assert secrets_in(alice.get(f"/borgere/{anna.pk}/")) == []  # the next page knows nothing of it


@pytest.mark.parametrize("reason", ["", "because", "letter' OR 1=1"])
def test_without_a_reason_of_the_list_nothing_is_shown(anna: Citizen, alice: Client, reason: str) -> None:
    protect(anna)
    refused = alice.post(f"/borgere/{anna.pk}/vis/", {"reason": reason})
    assert (refused.status_code, secrets_in(refused)) == (422, [])
    assert "Grunden gemmes" in refused.content.decode()
    assert not Event.objects.filter(verb="citizen.protected_shown").exists()


def test_the_key_is_turned_by_a_form_and_never_by_an_address(anna: Citizen, alice: Client) -> None:
    assert alice.get(f"/borgere/{anna.pk}/vis/?reason=letter").status_code == 405


def test_after_threats_she_who_looks_proves_once_more_who_she_is(anna: Citizen, alice: Client) -> None:
    protect(anna, Protection.THREAT)
    asked = alice.post(f"/borgere/{anna.pk}/vis/", {"reason": "danger"})
    assert (asked.status_code, secrets_in(asked)) == (401, [])
    assert not Event.objects.filter(verb="citizen.protected_shown").exists()
    prove_for_tests(alice)
    assert secrets_in(alice.post(f"/borgere/{anna.pk}/vis/", {"reason": "danger"})) == list(SECRETS)


def test_protection_after_threats_is_ended_only_by_who_proves_who_she_is(anna: Citizen, alice: Client) -> None:
    protect(anna, Protection.THREAT)
    assert alice.post(f"/borgere/{anna.pk}/beskyt/", {"protection": "none"}).status_code == 401
    prove_for_tests(alice)
    assert alice.post(f"/borgere/{anna.pk}/beskyt/", {"protection": "none"}).status_code == 302
    anna.refresh_from_db()
    assert anna.protection == "none"


@pytest.mark.parametrize(
    "less",
    [
        {"protection": "threat", "from_day": "2030-01-01"},
        {"protection": "threat", "to_day": "2026-03-12"},
        {"protection": "ordinary"},
        {"protection": "own"},
    ],
)
def test_protection_after_threats_is_not_ended_by_giving_it_other_days(
    anna: Citizen, alice: Client, less: dict[str, str]
) -> None:
    protect(anna, Protection.THREAT)
    assert alice.post(f"/borgere/{anna.pk}/beskyt/", less).status_code == 401
    anna.refresh_from_db()
    assert (anna.protection, anna.protected_to) == ("threat", None)


@pytest.mark.parametrize("protection", [Protection.ORDINARY, Protection.OWN])
def test_nobody_ends_a_protection_to_read_what_it_hid_without_the_key(
    anna: Citizen, alice: Client, protection: Protection
) -> None:
    protect(anna, protection)
    assert alice.post(f"/borgere/{anna.pk}/beskyt/", {"protection": "none"}).status_code == 401
    assert secrets_in(alice.get(f"/borgere/{anna.pk}/")) == []
    prove_for_tests(alice)
    assert alice.post(f"/borgere/{anna.pk}/beskyt/", {"protection": "none"}).status_code == 302


def test_a_protection_is_renewed_and_strengthened_without_a_proof(anna: Citizen, alice: Client) -> None:
    protect(anna)
    for more in ({"protection": "ordinary"}, {"protection": "own"}, {"protection": "threat"}):
        assert alice.post(f"/borgere/{anna.pk}/beskyt/", more).status_code == 302
    anna.refresh_from_db()
    assert anna.protection == "threat"


def test_she_is_protected_at_the_counter_for_a_year(anna: Citizen, alice: Client) -> None:
    done = alice.post(f"/borgere/{anna.pk}/beskyt/", {"protection": "ordinary", "from_day": "1.3.2026"})
    assert done.status_code == 302
    anna.refresh_from_db()
    assert (str(anna.protected_from), str(anna.protected_to)) == ("2026-03-01", "2027-03-01")


@pytest.mark.parametrize(
    "wrong",
    [
        {"protection": "secret"},
        {"protection": "own", "from_day": "31.2.2026"},
        {"protection": "own", "from_day": "2026-03-11", "to_day": "2026-03-11"},
        {"protection": "own", "to_day": "x" * 5000},
        {"protection": "own", "to_day": "1.3." + "9" * 30},
        {"protection": "own", "to_day": "9" * 30 + ".3.2026"},
    ],
)
def test_what_cannot_be_read_is_told_at_its_field(anna: Citizen, alice: Client, wrong: dict[str, str]) -> None:
    assert alice.post(f"/borgere/{anna.pk}/beskyt/", wrong).status_code == 422
    anna.refresh_from_db()
    assert anna.protection == "none"


def test_who_has_died_is_shown_as_dead_with_what_may_be_said(anna: Citizen, alice: Client) -> None:
    assert alice.post(f"/borgere/{anna.pk}/doed/", {"dead_on": "1.3.2026"}).status_code == 302
    said = alice.get(f"/borgere/{anna.pk}/").content.decode()
    assert "Borgeren er død" in said
    assert "skifteretsattest" in said
    assert "Registrér en repræsentation" not in said
    assert alice.post(f"/borgere/{anna.pk}/doed/", {"dead_on": "1.3.2099"}).status_code == 422


# --------------------------------------------------------------------------------------------------- representations


def register(alice: Client, anna: Citizen, **said: Any) -> Any:
    form = {
        "holder_cpr": BENT,
        "holder_name": "Bent Prøve",
        "basis": "mandate",
        "proof": "seen",
        "scope": "all",
        **said,
    }
    return alice.post(f"/borgere/{anna.pk}/repraesentation/", form)


def test_a_mandate_is_registered_with_its_document_and_downloaded_as_a_file(
    anna: Citizen, alice: Client, cast: SimpleNamespace
) -> None:
    file = SimpleUploadedFile("Annas hemmelige fuldmagt.exe", PDF, content_type="application/x-msdownload")
    assert register(alice, anna, proof="document", file=file).status_code == 302
    one = Representation.objects.get()
    page = alice.get(f"/borgere/{anna.pk}/").content.decode()
    assert "Fuldmagt" in page
    assert "Bent Prøve" in page
    given = alice.get(f"/repraesentation/{one.pk}/bilag/")
    assert given.content == PDF
    assert given.headers["Content-Disposition"] == f'attachment; filename="bilag-{one.evidence_id}.pdf"'
    assert given.headers["X-Content-Type-Options"] == "nosniff"
    assert LookUp.objects.filter(use="document", citizen_id=anna.pk, actor_id=cast.alice.pk).count() == 1


def test_what_was_typed_stands_there_when_something_is_wrong(anna: Citizen, alice: Client) -> None:
    refused = register(alice, anna, proof="document", scope="some", services=["pas"], to_day="ved ikke")
    said = refused.content.decode()
    assert refused.status_code == 422
    assert 'value="Bent Prøve"' in said
    assert 'name="services" value="pas" checked' in said
    assert "Skriv datoen som dag, måned og år" in said


def test_an_older_file_is_named_by_nobody_and_a_program_is_refused(anna: Citizen, alice: Client) -> None:
    file = SimpleUploadedFile("fuldmagt.pdf", b"MZ\x90\x00 a program", content_type="application/pdf")
    refused = register(alice, anna, proof="document", file=file)
    assert refused.status_code == 422
    assert "hverken en PDF" in refused.content.decode()


def test_a_mandate_is_revoked_with_one_key_and_stays_to_be_seen(anna: Citizen, alice: Client) -> None:
    register(alice, anna)
    assert alice.post(f"/repraesentation/{Representation.objects.get().pk}/slut/").status_code == 302
    said = alice.get(f"/borgere/{anna.pk}/").content.decode()
    assert "tilbagekaldt 11. marts 2026 af Alice" in said
    assert "Uden gyldig fuldmagt" in said


def test_a_protected_holder_is_shown_by_number_too(anna: Citizen, alice: Client) -> None:
    register(alice, anna)
    bent = Representation.objects.get().holder
    protect(bent)
    said = alice.get(f"/borgere/{anna.pk}/").content.decode()
    assert "Bent Prøve" not in said
    assert f"beskyttet borger {bent.pk}" in said


@pytest.mark.parametrize("who", ["charlie", "erik", "frida", "gorm"])
def test_nobody_but_borgerservice_opens_a_citizens_page(
    anna: Citizen, cast: SimpleNamespace, client_of: Callable[[Any], Client], alice: Client, who: str
) -> None:
    file = SimpleUploadedFile("f.pdf", PDF)
    register(alice, anna, proof="document", file=file)
    one, other = Representation.objects.get(), client_of(getattr(cast, who))
    for address in (
        f"/borgere/{anna.pk}/",
        f"/borgere/{anna.pk}/repraesentation/",
        f"/repraesentation/{one.pk}/bilag/",
    ):
        assert other.get(address).status_code == 403
    assert other.post(f"/borgere/{anna.pk}/vis/", {"reason": "letter"}).status_code == 403
    assert other.post(f"/repraesentation/{one.pk}/slut/").status_code == 403


def test_what_is_not_there_is_refused_as_what_may_not_be_seen(alice: Client, db: None) -> None:
    for address in ("/borgere/4711/", "/repraesentation/4711/bilag/"):
        assert alice.get(address).status_code in {403, 404}


def test_her_page_asks_the_database_few_times_however_many_act_for_her(
    anna: Citizen, alice: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(5):
        register(
            alice, anna, holder_cpr="", holder_name=f"Advokat {number}", scope="some", services=["pas", "byggesag"]
        )
    record_death(actor=SYSTEM, citizen_id=anna.pk, dead_on=None)
    with django_assert_max_num_queries(8):
        alice.get(f"/borgere/{anna.pk}/")
