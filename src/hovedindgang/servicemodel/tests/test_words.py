"""Everything has a name in both languages, and the summary shows every number with the kind of its source."""

from __future__ import annotations

import dataclasses
import tomllib
from pathlib import Path

import jsonschema
import pytest

from hovedindgang.servicemodel import document
from hovedindgang.servicemodel.labels import field_label
from hovedindgang.servicemodel.language import current_language, gettext, ngettext, pgettext, read_catalogue, speaking
from hovedindgang.servicemodel.loading import load, loads
from hovedindgang.servicemodel.plain import plain
from hovedindgang.servicemodel.reading import hints_of
from hovedindgang.servicemodel.schema import json_schema
from hovedindgang.servicemodel.summary import summary
from hovedindgang.servicemodel.tests.small import SMALL, small_model, spoiled
from hovedindgang.servicemodel.wording import full_name_of

MODELS = Path(__file__).resolve().parents[4] / "models"
KINDS = [kind for kind in vars(document).values() if dataclasses.is_dataclass(kind) and isinstance(kind, type)]


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_of_the_document_has_a_name_in_both_languages(kind: type) -> None:
    for name in hints_of(kind):
        with speaking("da"):
            danish = field_label(name)
        with speaking("en"):
            assert field_label(name)
        assert danish


def test_the_summary_shows_every_number_with_the_kind_of_its_source() -> None:
    text = summary(small_model(), "da")
    assert "75 % løses i Borgerservice (løst i Borgerservice): 75 % (vedtaget)" in text
    assert "personlig henvendelse 12 minutter (antaget)" in text
    assert "Personlig henvendelse: 75 kr. (antaget)" in text
    assert "  personlig henvendelse: mandag 10:00-14:00; torsdag 10:00-13:00 og 14:00-17:00; fredag" in text


def test_the_summary_says_what_the_employee_must_know_of_a_service() -> None:
    kept = 'retention = { days = { value = 1, source = "guess" }, ground = "loven siger det" }'
    model = small_model(
        ("others_who_help", f"personal_appearance = true\n{kept}\nothers_who_help"),
        ('indicator = "resolved_in_house"', 'indicator = "guided_outside_portfolio"'),
    )
    text = summary(model, "da")
    assert "opbevares 1 dag (antaget): loven siger det; personligt fremmøde; andre, der kan hjælpe: Politiet" in text
    assert "(vejledt uden for egne områder)" in text


def test_the_summary_is_english_for_the_english() -> None:
    text = summary(small_model(), "en")
    assert "Passport, application: 23.09.02; in person 12 minutes (assumed)" in text
    assert "75 % are solved in Borgerservice (solved in Borgerservice): 75 % (adopted)" in text


def test_the_summary_says_in_english_what_a_number_rests_on_where_the_document_does() -> None:
    model = small_model(('reference = "Antaget"', 'reference = "Antaget"\nreference_en = "Assumed by us"'))
    assert "(assumed): Assumed by us" in summary(model, "en")
    assert "(antaget): Antaget" in summary(model, "da")
    assert "(adopted): Borgerservicepolitik, vedtaget 1. december 2025" in summary(model, "en")


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("name", ["jammerbugt-2006.toml", "fredensborg-2007.toml", "demo.toml"])
def test_the_models_of_the_house_can_be_read_in_both_languages(name: str, language: str) -> None:
    assert summary(load(MODELS / name), language).strip()


@pytest.mark.parametrize("name", ["jammerbugt-2006.toml", "fredensborg-2007.toml", "demo.toml", "demo-2025.toml"])
def test_an_english_reader_meets_no_danish_sentence_where_the_paper_was_put_in_words(name: str) -> None:
    model = load(MODELS / name)
    text = summary(model, "en")
    parts = [*model.competences.values(), *model.surveys.values(), *model.reporting.values()]
    for part in [*parts, *model.milestones.values(), *model.open]:
        with speaking("da"):
            danish = full_name_of(part) if not hasattr(part, "scope") else part.text
        with speaking("en"):
            english = full_name_of(part)
        assert english in text
        assert str(danish) not in text


def test_a_language_that_nobody_speaks_is_refused() -> None:
    with pytest.raises(ValueError, match="no such language"), speaking("tlh"):
        pass


def test_the_language_comes_from_the_setting_before_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOVEDINDGANG_LANGUAGE", "en")
    monkeypatch.setenv("LANG", "da_DK.UTF-8")
    assert current_language() == "en"
    monkeypatch.delenv("HOVEDINDGANG_LANGUAGE")
    assert current_language() == "da"
    monkeypatch.setenv("LANG", "C.UTF-8")
    assert current_language() == "da"


def test_words_are_found_by_context_and_number() -> None:
    with speaking("en"):
        assert pgettext("hver uge", "torsdag") == "Thursdays"
        assert gettext("torsdag") == "Thursday"
        assert ngettext("{number} fejl", "{number} fejl", 1) == "{number} error"
        assert ngettext("{number} fejl", "{number} fejl", 2) == "{number} errors"
        assert gettext("noget helt andet") == "noget helt andet"


def test_a_catalogue_is_read_over_several_lines_and_without_what_is_unsure() -> None:
    text = '#, fuzzy\nmsgid "a"\nmsgstr "x"\n\nmsgid ""\n"b "\n"\\"c\\"\\n"\nmsgstr ""\n"y"\n\nmsgid "d"\nmsgstr ""\n'
    assert read_catalogue(text) == {'b "c"\n': "y"}


@pytest.mark.parametrize("name", ["jammerbugt-2006.toml", "fredensborg-2007.toml", "demo.toml"])
def test_the_schema_holds_for_the_models_of_the_house(name: str) -> None:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(plain(load(MODELS / name)), schema)


def test_the_schema_of_a_shared_file_holds_for_the_catalogue() -> None:
    said = tomllib.loads((MODELS / "catalogue.toml").read_text(encoding="utf-8"))
    jsonschema.validate(_as_json(said), json_schema(catalogue=True))


def test_an_editor_explains_every_table_and_field_in_the_authors_language() -> None:
    told = {}
    for language in ("da", "en"):
        with speaking(language):
            told[language] = _descriptions(json_schema())
    assert len(told["da"]) == len(told["en"]) > 200
    alike = {danish for danish, english in zip(told["da"], told["en"], strict=True) if danish == english}
    assert alike <= {"status", "postcode"}
    assert not alike & {kind.__name__ for kind in KINDS}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("in_person = 12,", "in_person = -12,"),
        ("in_person = 12,", "in_person = 99999,"),
        ('town = "Skovby"', 'town = "Skovby", latitude = 557.1'),
        ('town = "Skovby"', 'town = "Skovby", postcode = "94"'),
        ("[costs_kr]", '[surveys.x]\nname = "X"\nmonth = 13\n\n[costs_kr]'),
        ("[costs_kr]", '[parameters]\nsmallest_group = { value = 0, source = "guess" }\n\n[costs_kr]'),
        ('name = "Politiet"', 'name = "Politiet"\nwebsite = "javascript:alert(1)"'),
    ],
)
def test_an_editor_sees_what_the_check_would_refuse(before: str, after: str) -> None:
    said = _as_json(tomllib.loads(spoiled((before, after))))
    assert list(jsonschema.Draft202012Validator(json_schema()).iter_errors(said))


def _descriptions(schema: object) -> list[str]:
    if isinstance(schema, list):
        return [text for part in schema for text in _descriptions(part)]
    if not isinstance(schema, dict):
        return []
    own = [schema["description"]] if isinstance(schema.get("description"), str) else []
    return own + [text for part in schema.values() for text in _descriptions(part)]


def test_the_schema_refuses_a_number_without_its_source_and_a_key_it_does_not_know() -> None:
    said = plain(small_model())
    validator = jsonschema.Draft202012Validator(json_schema())
    assert list(validator.iter_errors(said)) == []
    assert list(validator.iter_errors({**said, "costs_kr": {"in_person": 75}}))
    assert list(validator.iter_errors({**said, "costs_kr": {"in_person": {"value": 75}}}))
    assert list(validator.iter_errors({**said, "opening": {}}))


def test_a_model_that_names_its_schema_for_an_editor_is_read_like_any_other() -> None:
    text = "#:schema servicemodel.schema.json\n" + SMALL
    assert loads(text, name="a.toml") == small_model()


def _as_json(said: object) -> object:
    """As an editor hands TOML to a schema: dates as text."""
    if isinstance(said, dict):
        return {key: _as_json(part) for key, part in said.items()}
    if isinstance(said, list):
        return [_as_json(part) for part in said]
    return said.isoformat() if hasattr(said, "isoformat") else said
