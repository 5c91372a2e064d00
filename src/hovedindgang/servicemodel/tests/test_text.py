"""Danish notes as they are searched: stems, compounds, æ ø å in any spelling."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hovedindgang.servicemodel.tests.small import small_model
from hovedindgang.servicemodel.text import fold, query_groups, query_terms, synonyms_of, terms, words_of

NOTES = [
    "Borgeren ringer om pasfornyelse til barnet.",
    "Spørger til åbningstider i Aabybro, vil forny kørekortet.",
    "Har fået afslag på boligstøtte; vejledt om klage.",
    "Skal bruge hjælpemidler efter operation, henvist til visitationen.",
    "Passageren havde glemt sin taske.",
]


def found(typed: str) -> list[int]:
    """Numbers of the notes that hold every term of what was typed."""
    return [n for n, note in enumerate(NOTES) if query_terms(typed) and set(query_terms(typed)) <= set(terms(note))]


@pytest.mark.parametrize(
    ("typed", "notes"),
    [
        ("pas", [0]),
        ("fornyelse af pas", [0]),
        ("pasfornyelsen", [0]),
        ("forny", [0, 1]),
        ("åbybro", [1]),
        ("KØREKORT", [1]),
        ("koerekort", [1]),
        ("støtte", [2]),
        ("boligstoette", [2]),
        ("hjælpemiddel", [3]),
        ("hvordan klager jeg", [2]),
        ("cykel", []),
        ("...", []),
    ],
)
def test_an_employee_finds_the_notes_that_are_about_what_she_typed(typed: str, notes: list[int]) -> None:
    assert found(typed) == notes


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("pasfornyelse", ["pas", "forny"]),
        ("hjælpemidler", ["hjaelp", "middel"]),
        ("beboerindskudslån", ["bebo", "indskud", "laan"]),
        ("kørekortfoto", ["koerekort", "foto"]),
        ("boligstøtteansøgningen", ["bol", "stoet", "ansoegning"]),
    ],
)
def test_a_compound_is_found_by_each_of_its_parts(word: str, parts: list[str]) -> None:
    assert query_terms(word) == parts


@pytest.mark.parametrize("word", ["passager", "pastor", "bilist", "Skovbovej", "sagte"])
def test_a_word_that_only_looks_like_a_compound_stays_whole(word: str) -> None:
    assert len(terms(word)) == 1


def test_a_municipality_own_services_split_compounds_too() -> None:
    words = words_of(small_model())
    assert terms("mitidflytning", words=words)[1:] == terms("mitid flytning", words=words)
    assert len(terms("mitidflytning")) == 1


def test_the_citizens_word_finds_the_catalogues_word() -> None:
    synonyms = synonyms_of(small_model(('["rejsepas", "passport"]', '["rejsepas", "passport", "pas"]')))
    assert query_groups("nyt passport", synonyms=synonyms) == [("nyt",), ("passport", "pas")]


def test_a_word_of_two_services_is_nobodys_synonym() -> None:
    synonyms = synonyms_of(
        small_model(
            ('["rejsepas", "passport"]', '["pas", "adresse"]'),
            ('name_en = "Moving house"', 'search_words = ["flytning", "adresse"]'),
        )
    )
    assert synonyms == {}


@given(st.text(max_size=80))
def test_terms_hold_nothing_that_a_search_index_would_cut_up(text: str) -> None:
    for term in terms(text):
        assert re.fullmatch(r"[^\W_]+", term)
        assert term == fold(term)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyzæøåÆØÅ ", max_size=40))
def test_what_is_written_is_found_by_the_same_words(text: str) -> None:
    assert set(query_terms(text)) <= set(terms(text))


@given(st.text(alphabet="abekøåæ ", max_size=30))
def test_the_spelling_of_ae_oe_and_aa_makes_no_difference(text: str) -> None:
    spelled = text.replace("æ", "ae").replace("ø", "oe").replace("å", "aa")
    assert terms(text) == terms(spelled.upper())


@pytest.mark.parametrize("text", ["x" * 1_000_000, "pas" * 300_000, "dagpenge" * 100_000, "pas " * 250_000])
def test_a_note_of_a_million_characters_does_not_hold_up_the_desk(text: str) -> None:
    before = time.process_time()
    terms(text)
    query_terms(text)
    assert time.process_time() - before < 3


def test_five_thousand_short_notes_are_read_in_a_second_of_cpu() -> None:
    terms(NOTES[0])
    before = time.process_time()
    for number in range(1000):
        terms(f"{NOTES[number % 5]} {number}")
    assert time.process_time() - before < 0.2
