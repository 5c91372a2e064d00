"""Any service by two or three letters: by name, synonym, the citizen's word, however æ, ø, å are typed."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from hovedindgang.servicemodel.document import ServiceModel
from hovedindgang.servicemodel.loading import examine, texts
from hovedindgang.servicemodel.matching import ServiceIndex, index_services, match_services
from hovedindgang.servicemodel.tests.small import small_model

TODAY = dt.date(2026, 11, 22)
IN_2007 = dt.date(2007, 6, 1)
CATALOGUE = Path(__file__).resolve().parents[4] / "models" / "catalogue.toml"


@pytest.fixture(scope="module")
def catalogue() -> ServiceModel:
    text, includes = texts(CATALOGUE)
    model, _problems = examine(text, name="catalogue.toml", includes=includes)
    assert model is not None
    return model


@pytest.fixture(scope="module")
def index(catalogue: ServiceModel) -> ServiceIndex:
    return index_services(catalogue)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("pas", "pas-ansoegning"),
        ("kør", "koerekort-fornyelse"),
        ("KOER", "koerekort-fornyelse"),
        ("kor", "koerekort-fornyelse"),
        ("koerekrot", "koerekort-fornyelse"),
        ("mit id", "mitid"),
        ("far", "faderskab"),
        ("bryllup", "vielse"),
        ("passport", "pas-ansoegning"),
        ("fly ud", "flytning-udland"),
        ("hente pas", "pas-udlevering"),
        ("nødpas", "pas-provisorisk"),
        ("rollator", "hjaelpemidler"),
    ],
)
def test_the_employee_types_what_the_citizen_says(index: ServiceIndex, typed: str, first: str) -> None:
    assert match_services(index, typed, TODAY)[0] == first


@pytest.mark.parametrize("day", [TODAY, IN_2007])
def test_every_service_of_the_day_is_first_by_its_two_or_three_letters(
    catalogue: ServiceModel, index: ServiceIndex, day: dt.date
) -> None:
    for key in catalogue.services_on(day):
        letters = index.shortcuts[key]
        assert 2 <= len(letters) <= 3
        assert match_services(index, letters, day)[0] == key


@pytest.mark.parametrize("day", [TODAY, IN_2007])
def test_the_first_letters_of_its_name_bring_a_service_among_the_first_five(
    catalogue: ServiceModel, index: ServiceIndex, day: dt.date
) -> None:
    services = catalogue.services_on(day)
    missed = []
    for key, service in services.items():
        letters = "".join(re.findall(r"[^\W_]+", service.name.lower()))
        if key not in match_services(index, letters[:3], day, limit=5):
            missed.append(key)
    assert len(missed) <= len(services) * 0.05, missed


def test_only_services_that_exist_on_the_day_are_offered() -> None:
    model = small_model()
    assert match_services(model, "nem", dt.date(2026, 1, 1)) == ["nemid"]
    assert match_services(model, "nem", dt.date(2026, 7, 1)) == []
    assert match_services(model, "mit", dt.date(2026, 5, 31)) == []


def test_a_whole_word_comes_before_one_that_only_begins_so() -> None:
    moved = small_model(('name_en = "Moving house"', 'search_words = ["rejs"]'))
    assert match_services(moved, "rejs", TODAY) == ["flytning", "pas"]


def test_what_this_employee_uses_most_comes_first_among_equals(index: ServiceIndex) -> None:
    usual = match_services(index, "digital", TODAY)
    other = next(key for key in usual[1:] if key.startswith("digital"))
    assert match_services(index, "digital", TODAY, weights={other: 3.0})[0] == other


@pytest.mark.parametrize("typed", ["", "  ", "?!", "x" * 10_000, "\x00", "🙂"])
def test_what_is_no_word_finds_nothing_and_harms_nothing(index: ServiceIndex, typed: str) -> None:
    assert match_services(index, typed, TODAY) == []


def test_a_service_added_at_the_end_takes_nobodys_letters() -> None:
    added = '[services.passkift]\nname = "Pas, ansøgning igen"\nkind = "transaction"\nlevel = "guide"\n\n[[portfolio]]'
    before = index_services(small_model()).shortcuts
    after = index_services(small_model(("[[portfolio]]", added))).shortcuts
    assert {key: after[key] for key in before} == dict(before)
    assert after["passkift"] not in before.values()
