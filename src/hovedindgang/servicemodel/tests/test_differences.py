"""What a decision would change, in words; and that nothing changes without a word."""

from __future__ import annotations

import copy
import dataclasses

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hovedindgang.servicemodel.differences import differences
from hovedindgang.servicemodel.document import ServiceModel
from hovedindgang.servicemodel.reading import hints_of
from hovedindgang.servicemodel.tests.changing import changed, values
from hovedindgang.servicemodel.tests.small import small_model

WORDS = [
    (
        [('thu = ["10:00-17:00"]', 'thu = ["10:00-16:00"]')],
        "Skoven lukker en time tidligere torsdag (personlig henvendelse)",
        "Skoven closes one hour earlier on Thursdays (in person)",
    ),
    (
        [('tue = ["10:00-14:00"], thu = ["10:00-17:00"]', 'tue = ["09:30-14:00"], thu = ["09:30-17:00"]')],
        "Skoven åbner en halv time tidligere tirsdag og torsdag (personlig henvendelse)",
        "Skoven opens half an hour earlier on Tuesdays and Thursdays (in person)",
    ),
    (
        [('tue = ["10:00-14:00"], thu', "thu")],
        "Skoven holder nu lukket tirsdag (personlig henvendelse)",
        "Skoven is now closed on Tuesdays (in person)",
    ),
    (
        [('thu = ["10:00-17:00"]', 'thu = ["10:00-12:00", "13:00-17:00"]')],
        "Skoven har åbent torsdag kl. 10:00-12:00 og 13:00-17:00 i stedet for 10:00-17:00 (personlig henvendelse)",
        "Skoven is open 10:00-12:00 and 13:00-17:00 on Thursdays instead of 10:00-17:00 (in person)",
    ),
    (
        [("target_percent = { value = 75", "target_percent = { value = 80")],
        "Mål, løst i Borgerservice: 75 % → 80 %",
        "Goal, solved in Borgerservice: 75 % → 80 %",
    ),
    (
        [("in_person = { value = 75", "in_person = { value = 82.5")],
        "Pris pr. henvendelse, personlig henvendelse: 75 kr. → 82,5 kr.",
        "Cost per contact, in person: 75 DKK → 82.5 DKK",
    ),
    (
        [("on = 2026-03-05", "on = 2026-03-06")],
        "Skoven: lukkedage: 5. marts 2026 (Flyttedag) udgår",
        "Skoven: closing days: 5 March 2026 (Moving day) is removed",
    ),
    (
        [('kle = "23.09.02"', 'kle = "23.09.02"\nvalid_to = 2026-10-01\nhanded_to = "politiet"')],
        "Pas, ansøgning overgår til Politiet fra 1. oktober 2026",
        "Passport, application is handed to Politiet from 1 October 2026",
    ),
    (
        [("phone = 6", "phone = 7")],
        "Flytning i Danmark: ekspeditionstid, telefon: 6 minutter → 7 minutter",
        "Moving house: handle time, phone: 6 minutes → 7 minutes",
    ),
    (
        [("answer_working_days = { value = 5", "answer_working_days = { value = 10")],
        "Jobcenter: svarfrist i arbejdsdage: 5 arbejdsdage → 10 arbejdsdage",
        "Jobcenter: answer within working days: 5 working days → 10 working days",
    ),
    (
        [('centres = ["havnen", "skoven"]', 'centres = ["havnen"]')],
        "Skoven har ikke længere Flytning i Danmark, MitID, NemID og Pas, ansøgning",
        "Skoven no longer has Moving house, MitID, NemID and Passport, application",
    ),
    (
        [('search_words = ["rejsepas", "passport"]', 'search_words = ["rejsepas", "nyt pas"]')],
        'Pas, ansøgning: søgeord: "nyt pas" kommer til',
        'Passport, application: search words: "nyt pas" is added',
    ),
    (
        [('constitution_day = "12:00"', 'constitution_day = "closed"')],
        "Kalender: grundlovsdag: lukker kl. 12:00 → lukket",
        "Calendar: Constitution Day: closes at 12:00 → closed",
    ),
    (
        [("phone = 6", "phone = 1")],
        "Flytning i Danmark: ekspeditionstid, telefon: 6 minutter → 1 minut",
        "Moving house: handle time, phone: 6 minutes → 1 minute",
    ),
    (
        [("answer_working_days = { value = 5", "answer_working_days = { value = 1")],
        "Jobcenter: svarfrist i arbejdsdage: 5 arbejdsdage → 1 arbejdsdag",
        "Jobcenter: answer within working days: 5 working days → 1 working day",
    ),
    (
        [
            (
                'kle = "23.09.02"',
                'kle = "23.09.02"\nretention = { days = { value = 1, source = "guess" }, ground = "GDPR" }',
            )
        ],
        'Pas, ansøgning: opbevaring: ikke sagt → 1 dag, begrundelse "GDPR"',
        'Passport, application: retention: not said → 1 day, ground "GDPR"',
    ),
    (
        [("[costs_kr]", '[parameters]\nsignpost_counts = "solved"\n\n[costs_kr]')],
        "Beregning: hvordan vejvisning tæller: for sig → som løst",
        "How figures are counted: how signposting counts: apart → as solved",
    ),
    (
        [('phone = 6, source = "guess"', 'phone = 6, source = "paper"')],
        "Flytning i Danmark: ekspeditionstid: kilden er nu vedtaget (før antaget)",
        "Moving house: handle time: the source is now adopted (was assumed)",
    ),
    (
        [('target_percent = { value = 75, source = "paper" }', 'target_percent = { value = 75, source = "guess" }')],
        "75 % løses i Borgerservice: måltal: kilden er nu antaget (før vedtaget)",
        "75 % are solved in Borgerservice: target: the source is now assumed (was adopted)",
    ),
    (
        [('hours_source = "paper"\nhours', 'hours_source = "guess"\nhours')],
        "Skoven: åbningstid: kilden er nu antaget (før vedtaget)",
        "Skoven: opening hours: the source is now assumed (was adopted)",
    ),
    (
        [
            ("[sources.guess]", '[sources.paper-2]\nkind = "adopted"\nreference = "Ny politik"\n\n[sources.guess]'),
            (
                '"Moving day"\nsource = "paper"\n\n[calendar]\nconstitution_day = "12:00"\nsource = "paper"',
                '"Moving day"\nsource = "paper"\n\n[calendar]\nconstitution_day = "12:00"\nsource = "paper-2"',
            ),
        ],
        "Kalender: kilden er nu vedtaget: Ny politik (før vedtaget: Borgerservicepolitik, vedtaget 1. december 2025)",
        "Calendar: the source is now adopted: Ny politik "
        "(was adopted: Borgerservicepolitik, vedtaget 1. december 2025)",
    ),
    (
        [("valid_from = 2026-01-01", "valid_from = 2026-02-01")],
        "Vedtagelse: gælder fra: 1. januar 2026 → 1. februar 2026",
        "Adoption: in force from: 1 January 2026 → 1 February 2026",
    ),
]


@pytest.mark.parametrize(("changes", "danish", "english"), WORDS)
def test_a_change_is_said_as_people_would_say_it(changes: list[tuple[str, str]], danish: str, english: str) -> None:
    old, new = small_model(), small_model(*changes)
    assert danish in [difference.text for difference in differences(old, new, language="da")]
    assert english in [difference.text for difference in differences(old, new, language="en")]


def test_a_service_that_comes_and_one_that_goes_are_told() -> None:
    new_service = (
        '[services.id]\nname = "Legitimationskort"\nkind = "transaction"\nlevel = "administer"\n\n[[portfolio]]'
    )
    old, new = small_model(), small_model(("[[portfolio]]", new_service))
    assert [d.text for d in differences(old, new, language="da")] == ["Ny opgave: Legitimationskort"]
    assert [(d.key, d.kind, d.text) for d in differences(new, old, language="da")] == [
        ("services.id", "removed", "Opgaven Legitimationskort udgår af modellen")
    ]


def test_a_service_that_is_succeeded_says_by_what_and_when() -> None:
    old = small_model(('valid_to = 2026-07-01\nsuccessor = "mitid"\n', ""))
    told = [difference.text for difference in differences(old, small_model(), language="da")]
    assert told == ["NemID ophører fra 1. juli 2026", "NemID afløses af MitID fra 1. juli 2026"]


def test_a_change_of_level_names_the_centre() -> None:
    guided = (
        '[[portfolio]]\ncentres = ["havnen"]\nlevel = "administer"\n'
        'services = ["pas", "flytning", "nemid", "mitid"]\nsource = "paper"\n\n'
        '[[portfolio]]\ncentres = ["skoven"]\nlevel = "administer"\nservices = ["flytning", "nemid", "mitid"]\n'
        'source = "paper"\n\n[[portfolio]]\ncentres = ["skoven"]\nlevel = "guide"\nservices = ["pas"]\nsource = "paper"'
    )
    before = (
        '[[portfolio]]\ncentres = ["havnen", "skoven"]\nlevel = "administer"\n'
        'services = ["pas", "flytning", "nemid", "mitid"]\nsource = "paper"'
    )
    told = differences(small_model(), small_model((before, guided)), language="da")
    assert [d.text for d in told] == ["Skoven: Pas, ansøgning: administrerer → vejleder"]


@pytest.mark.parametrize(
    ("level", "period", "told"),
    [
        ("guide", "", ["Skoven: Pas, ansøgning: administrerer → vejleder"]),
        ("administer", "", ["Opgaveporteføljen er delt op på en anden måde, men siger det samme"]),
        (
            "guide",
            "valid_from = 2026-09-01\n",
            ["Skoven: Pas, ansøgning: administrerer → administrerer, vejleder fra 1. september 2026"],
        ),
    ],
)
def test_what_is_written_over_an_earlier_entry_is_told_as_what_it_was_and_what_it_is(
    level: str, period: str, told: list[str]
) -> None:
    over = f'[[portfolio]]\ncentres = ["skoven"]\nlevel = "{level}"\nservices = ["pas"]\n{period}source = "paper"'
    before = 'services = ["pas", "flytning", "nemid", "mitid"]\nsource = "paper"'
    found = differences(small_model(), small_model((before, f"{before}\n\n{over}")), language="da")
    assert [difference.text for difference in found] == told


def test_a_portfolio_with_another_source_says_so() -> None:
    before = 'services = ["pas", "flytning", "nemid", "mitid"]\nsource = "paper"'
    told = differences(small_model(), small_model((before, before.replace("paper", "guess"))), language="da")
    assert [d.text for d in told] == ["Opgaveportefølje: kilden er nu antaget (før vedtaget)"]


def test_a_portfolio_written_in_another_way_that_says_the_same_says_so() -> None:
    turned = small_model(('centres = ["havnen", "skoven"]', 'centres = ["skoven", "havnen"]'))
    (told,) = differences(small_model(), turned, language="da")
    assert "siger det samme" in told.text


def test_another_order_of_the_same_is_told() -> None:
    turned = small_model(('["rejsepas", "passport"]', '["passport", "rejsepas"]'))
    assert [d.text for d in differences(small_model(), turned, language="da")] == [
        "Pas, ansøgning: søgeord: rækkefølgen er en anden"
    ]


SMALL_MODEL = small_model()
FIELDS = st.sampled_from(list(hints_of(ServiceModel)))


@given(FIELDS, st.data())
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
def test_equal_models_differ_in_nothing(field: str, data: st.DataObject) -> None:
    model = dataclasses.replace(SMALL_MODEL, **{field: data.draw(values(hints_of(ServiceModel)[field]))})
    assert differences(model, copy.deepcopy(model)) == []


@given(FIELDS, st.data())
@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_nothing_that_changes_is_silent(field: str, data: st.DataObject) -> None:
    hint = hints_of(ServiceModel)[field]
    before = data.draw(values(hint))
    after = data.draw(st.composite(changed)(hint, before))
    old = dataclasses.replace(SMALL_MODEL, **{field: before})
    new = dataclasses.replace(SMALL_MODEL, **{field: after})
    for language in ("da", "en"):
        told = differences(old, new, language=language)
        assert told
        for difference in told:
            assert difference.key.startswith(field)
            assert difference.text.strip()
            was, arrow, is_now = difference.text.partition(" → ")
            assert not arrow or was.rpartition(": ")[2] != is_now


def test_a_goal_that_is_raised_on_a_guess_says_both_that_it_is_raised_and_that_it_is_a_guess() -> None:
    raised = small_model(('value = 75, source = "paper" }', 'value = 80, source = "guess" }'))
    told = [one.text for one in differences(small_model(), raised, language="da")]
    assert told == [
        "Mål, løst i Borgerservice: 75 % → 80 %",
        "75 % løses i Borgerservice: måltal: kilden er nu antaget (før vedtaget)",
    ]
