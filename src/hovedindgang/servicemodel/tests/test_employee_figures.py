"""An agreement about figures of single employees: discussed, told, in force, in that order."""

from __future__ import annotations

import datetime as dt

import pytest

from hovedindgang.servicemodel.differences import differences
from hovedindgang.servicemodel.document import ServiceModel
from hovedindgang.servicemodel.loading import loads
from hovedindgang.servicemodel.problems import ModelInvalid
from hovedindgang.servicemodel.schema import json_schema
from hovedindgang.servicemodel.summary import summary
from hovedindgang.servicemodel.tests.small import SMALL

AGREEMENT = """
[employee_figures.coaching]
purpose = "Sidemandsoplæring"
figures = ["registrations"]
seen_by = ["leader"]
discussed_on = 2026-01-10
told_on = 2026-01-20
valid_from = 2026-02-01
valid_to = 2026-06-01
source = "paper"
"""


def read(text: str) -> ServiceModel:
    return loads(text, name="small.toml")


def test_an_agreement_in_order_is_read_and_said_in_words() -> None:
    model = read(SMALL + AGREEMENT)
    agreement = model.employee_figures["coaching"]
    assert agreement.holds_on(dt.date(2026, 2, 1))
    assert not agreement.holds_on(dt.date(2026, 6, 1))
    said = summary(model, "da")
    assert "Sidemandsoplæring: registrerede henvendelser; ses af ledere" in said
    assert "besked givet 20. januar 2026" in said


def test_what_changes_in_an_agreement_is_told_among_the_differences() -> None:
    old, new = read(SMALL + AGREEMENT), read(SMALL + AGREEMENT.replace('"registrations"', '"handling"'))
    (first,) = differences(read(SMALL), old, language="da")
    assert first.text == "Aftaler om tal om medarbejdere: Sidemandsoplæring kommer til"
    changed = [one.text for one in differences(old, new, language="da")]
    assert any("Sidemandsoplæring" in text and "ekspeditionstid" in text for text in changed)
    assert all("tal, der må ses" in text for text in changed)


def test_the_schema_offers_the_figures_and_the_roles_there_are() -> None:
    made = json_schema()["$defs"]["EmployeeFigures"]
    assert made["properties"]["figures"]["items"]["enum"] == ["registrations", "handling", "resolved"]
    assert made["properties"]["seen_by"]["items"]["enum"] == ["leader", "planner"]
    assert {"discussed_on", "told_on", "valid_from", "valid_to"} <= set(made["required"])


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("discussed_on = 2026-01-10", "discussed_on = 2026-02-01", "Drøft den først"),
        ("told_on = 2026-01-20", "told_on = 2026-02-01", "Giv besked først"),
        ("told_on = 2026-01-20", "told_on = 2026-01-09", "først drøftes aftalen"),
        ("valid_to = 2026-06-01", "valid_to = 2026-02-01", "slutter"),
        ('figures = ["registrations"]', "figures = []", "Aftalen nævner intet her"),
        ('["leader"]', '["leader", "leader"]', "nævnt to gange"),
        ('["leader"]', '["mayor"]', "mayor"),
        ("told_on = 2026-01-20\n", "", '"told_on" mangler'),
        ("discussed_on = 2026-01-10\n", "", '"discussed_on" mangler'),
    ],
)
def test_an_agreement_out_of_order_is_refused_with_what_to_do(old: str, new: str, said: str) -> None:
    assert old in AGREEMENT
    with pytest.raises(ModelInvalid, match=said):
        read(SMALL + AGREEMENT.replace(old, new))
