"""CPR numbers: read however they are typed, kept where nobody can read them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hovedindgang.people.rules import BadCpr, born_on, cprs_in, parse_cpr

# Replacement numbers only: day + 60, so that no number in a test can belong to anybody.
DAYS = st.dates(dt.date(1920, 1, 1), dt.date(2019, 12, 31))


@st.composite
def cprs(draw: st.DrawFn) -> str:
    day, serial = draw(DAYS), draw(st.integers(0, 999))
    seventh = draw(st.integers(0, 3)) if day.year < 2000 else draw(st.sampled_from([4, 9] if day.year < 2037 else [5]))
    return f"{day.day + 60:02}{day:%m%y}{seventh}{serial:03}"


@given(cprs(), st.sampled_from(["", "-", " ", " - ", "\u2013"]))
def test_a_cpr_is_read_however_it_is_typed(cpr: str, between: str) -> None:
    assert parse_cpr(f" {cpr[:6]}{between}{cpr[6:]} ") == cpr


@given(cprs(), st.text(alphabet="abc æøå,.;:\n", max_size=20), st.text(alphabet="abc æøå,.;:\n", max_size=20))
def test_a_cpr_is_found_in_the_middle_of_what_people_write(cpr: str, before: str, after: str) -> None:
    text = f"{before}{cpr[:6]}-{cpr[6:]}{after}"
    found = cprs_in(text)
    assert [hit.cpr for hit in found] == [cpr]
    assert cpr[6:] not in text[: found[0].start] + text[found[0].end :]


@given(cprs(), st.dates(dt.date(1900, 1, 1), dt.date(2060, 1, 1)))
def test_nobody_is_born_after_today(cpr: str, today: dt.date) -> None:
    if born_on(cpr) <= today:
        assert parse_cpr(cpr, on=today) == cpr
    else:
        with pytest.raises(BadCpr, match="fremtiden"):
            parse_cpr(cpr, on=today)


OTHER_DIGITS = [str.maketrans("0123456789", other) for other in ("０１２３４５６７８９", "٠١٢٣٤٥٦٧٨٩", "०१२३४५६७८९")]


@given(cprs(), st.sampled_from(OTHER_DIGITS))
def test_a_cpr_in_the_digits_of_another_script_is_the_same_number(cpr: str, other: dict[int, int]) -> None:
    assert parse_cpr(cpr.translate(other)) == cpr
    text = f"Hun oplyste {cpr[:6].translate(other)}-{cpr[6:].translate(other)}."
    (found,) = cprs_in(text)
    assert (found.cpr, text[found.start : found.end].translate(other)) == (cpr, f"{cpr[:6]}-{cpr[6:]}".translate(other))


@given(
    st.dates(dt.date(2026, 1, 1), dt.date(2039, 12, 31)),
    st.times(),
    st.sampled_from([" ", "  ", " kl. ", " kl ", ", ", ". "]),
    st.sampled_from(["", ".", ":"]),
)
def test_an_appointment_is_no_cpr(day: dt.date, at: dt.time, between: str, sign: str) -> None:
    assert cprs_in(f"Ny tid aftalt {day:%d.%m.%y}{between}{at:%H}{sign}{at:%M}.") == []


def test_a_birthday_is_no_appointment_though_the_last_four_could_be_a_time() -> None:
    """The numbers of the CPR office's own test persons, who do not exist."""
    for number in ("1012620000", "1012620001", "1012620002", "1012620003"):
        assert [hit.cpr for hit in cprs_in(f"Borger 10.12.62 {number[6:]} kom.")] == [number]


@given(cprs(), st.sampled_from(["", "-", " ", " - ", "\u2013", "\u2212", "\u00a0"]), st.sampled_from(["", " ", "-"]))
def test_ten_digits_are_a_cpr_also_where_the_last_four_could_be_a_time(cpr: str, between: str, inside: str) -> None:
    assume(cpr[:4] != "8902")  # the 29th of February, which is a day in one century and none in another
    day = inside.join([cpr[:2], cpr[2:4], cpr[4:6]])
    for last in (cpr[6:], "1430", "0001"):
        assert [hit.cpr for hit in cprs_in(f"Borger {day}{between}{last} kom.")] == [cpr[:6] + last]


@given(cprs())
def test_the_birthday_in_a_cpr_is_the_day_it_was_made_of(cpr: str) -> None:
    day = born_on(cpr)
    assert f"{day.day + 60:02}{day:%m%y}" == cpr[:6]
    assert 1900 <= day.year < 2058


def refusal_of(typed: str) -> str:
    """What the refusal says; "" for a CPR."""
    try:
        parsed = parse_cpr(typed)
    except BadCpr as refusal:
        return str(refusal)
    assert len(parsed) == 10
    return ""


REFUSALS = {refusal_of("not a number"), refusal_of("323299-1234")}  # not ten digits; a day that is none


@given(st.one_of(st.text(max_size=30), st.text(alphabet="0123456789 -.x", max_size=14)))
def test_any_text_is_a_cpr_or_a_plain_refusal_that_does_not_repeat_it(typed: str) -> None:
    assert refusal_of(typed) in {"", *REFUSALS}


@pytest.mark.parametrize(
    "typed", ["", "123", "320190-1234", "011390-1234", "300201-1234", "6101901234567", "abcdefghij"]
)
def test_what_cannot_be_a_cpr_is_refused_with_what_to_write(typed: str) -> None:
    with pytest.raises(BadCpr, match=r"Skriv CPR-nummeret|ikke en dato"):
        parse_cpr(typed)


def test_a_cpr_that_fails_modulus_11_is_accepted() -> None:
    assert parse_cpr("610190-0001") == "6101900001"


@pytest.mark.parametrize("text", ["ring 12 34 56 78", "+45 12345678", "sag 2026-000123456", "beløb 1.250.000,00 kr."])
def test_phone_numbers_case_numbers_and_amounts_are_left_alone(text: str) -> None:
    assert cprs_in(text) == []


@pytest.mark.parametrize("text", ["61 01 90-0001", "61.01.90 - 0001", "61.01.90 0001", "6101900001", "(610190 0001)"])
def test_other_ways_to_write_a_cpr_in_a_note_are_found_too(text: str) -> None:
    assert [hit.cpr for hit in cprs_in(text)] == ["6101900001"]
