"""What everyone can read of the policy."""

from __future__ import annotations

import pytest
from django.test import Client

from hovedindgang.conftest import small_model
from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.policy.actions import save_draft
from hovedindgang.policy.queries import InForce, adopted_versions


def read(address: str, language: str = "da") -> str:
    client = Client()
    client.cookies["hovedindgang_language"] = language
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_policy_in_force_shows_each_number_with_where_it_comes_from(
    policy_in_force: InForce, clock: object
) -> None:
    page = read("/politik/")
    goal = page[page.index("80 % af alle borgerhenvendelser") :][:600]
    assert "source-adopted" in goal
    assert "Borgerservicepolitik for Lilleby, vedtaget 1. december 2025" in goal
    assert "source-assumed" in page
    assert "source-measured" in page


def test_what_a_number_rests_on_is_read_in_english_where_the_document_says_it_in_english(
    policy_in_force: InForce, clock: object
) -> None:
    assert "Antaget til brug for prøver. Ingen har vedtaget det" in read("/politik/")
    page = read("/politik/", "en")
    assert "Assumed for use in tests. Nobody has adopted it" in page
    assert "Antaget til brug" not in page
    assert "Borgerservicepolitik for Lilleby, vedtaget 1. december 2025" in page  # a paper's own title stands


@pytest.mark.parametrize("language", ["da", "en"])
def test_every_page_of_the_policy_reads_in_both_languages(
    policy_in_force: InForce, clock: object, language: str
) -> None:
    old, new = (adopted.version_id for adopted in adopted_versions())
    for address in ("", "versioner/", f"versioner/{old}/", f"versioner/{old}/til/{new}/", "aabne-spoergsmaal/"):
        assert f'<html lang="{language}">' in read(f"/politik/{address}", language)


def test_an_open_question_is_read_in_the_readers_own_language(policy_in_force: InForce, clock: object) -> None:
    danish, english = (read("/politik/aabne-spoergsmaal/", language) for language in ("da", "en"))
    assert "Hvor stor en del skal løses i én henvendelse?" in danish
    assert "What share is to be solved in one contact?" in english
    assert "no target" in english
    assert "intet måltal" not in english


def test_the_difference_between_two_versions_is_told_in_words(policy_in_force: InForce) -> None:
    old, new = (adopted.version_id for adopted in adopted_versions())
    said = read(f"/politik/versioner/{old}/til/{new}/")
    assert "75 %" in said
    assert "80 %" in said
    assert "Pandrup" in said
    assert "Thursday" in read(f"/politik/versioner/{old}/til/{new}/", "en")


def test_a_draft_is_nobodys_policy_and_is_not_shown(policy_in_force: InForce) -> None:
    draft = save_draft(text=small_model(old="value = 80", new="value = 85"), includes={}, title="x", actor=SYSTEM)
    client = Client()
    assert client.get(f"/politik/versioner/{draft.pk}/").status_code == 404
    assert client.get(f"/politik/versioner/{draft.pk}/til/{policy_in_force.version_id}/").status_code == 404
    assert client.get("/politik/versioner/4711/").status_code == 404


@pytest.mark.django_db
def test_before_the_first_adoption_the_page_says_so() -> None:
    assert "Ingen politik endnu" in read("/politik/")
    assert "Ingen politik endnu" in read("/politik/aabne-spoergsmaal/")
    assert "Ingen politik er vedtaget endnu" in read("/politik/versioner/")
