"""A service by two or three letters."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hovedindgang.desk.search import find, searched, services_to_search
from hovedindgang.servicemodel.loading import load

MODEL = load(Path(__file__).resolve().parents[4] / "models" / "demo.toml")
DAY = dt.date(2026, 3, 11)
DANISH = services_to_search(MODEL, DAY, "da")


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("pas", "pas-ansoegning"),
        ("kør", "koerekort"),
        ("koer", "koerekort"),
        ("flyt", "flytning"),
        ("nødpas", "pas-provisorisk"),
    ],
)
def test_two_or_three_letters_find_what_citizens_come_for(typed, first):
    assert find(typed, DANISH)[0].key.startswith(first)


def test_an_english_employee_searches_in_english_and_still_finds_the_danish_word():
    english = services_to_search(MODEL, DAY, "en")
    assert find("driving", english)[0].key.startswith("koerekort")
    assert find("kørekort", english)[0].key.startswith("koerekort")


def test_every_service_is_found_by_its_own_name():
    for service in DANISH:
        assert service.key in {found.key for found in find(service.name, DANISH)}


def test_a_service_that_has_ended_is_not_offered():
    ended = [key for key, service in MODEL.services.items() if service.valid_to and service.valid_to <= DAY]
    assert ended
    assert not {service.key for service in DANISH} & set(ended)


@given(st.text(max_size=40))
def test_whatever_is_typed_gives_a_short_list(typed):
    assert len(find(typed, DANISH)) <= 8


def test_nothing_typed_finds_nothing():
    assert find("  -  ", DANISH) == []


def test_a_service_without_words_of_its_own_does_not_stop_the_search():
    one = next(iter(MODEL.services.values()))
    assert searched(one, "da").name_words
