"""Models and what they include; the models that come with the house."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from hovedindgang.servicemodel.document import Channel, Level, Period, Sourced
from hovedindgang.servicemodel.loading import examine, load, loads, loads_kept, texts
from hovedindgang.servicemodel.plain import plain
from hovedindgang.servicemodel.problems import ModelInvalid, Severity
from hovedindgang.servicemodel.tests.small import SMALL, small_model, spoiled

MODELS = Path(__file__).resolve().parents[4] / "models"
WHOLE = ["jammerbugt-2006.toml", "fredensborg-2007.toml", "demo.toml"]

CATALOGUE = """
[sources.catalogue]
kind = "assumed"
reference = "Katalog"

[services.koerekort]
name = "Kørekort"
kind = "transaction"
level = "administer"
deadline_working_days = { value = 5, source = "catalogue" }
"""


def including(text: str = SMALL) -> str:
    return 'include = ["catalogue.toml"]\n' + text


def test_a_model_says_what_its_document_says() -> None:
    model = small_model()
    havnen = model.centres["havnen"]
    assert havnen.key == "havnen"
    assert havnen.hours[Channel.IN_PERSON][3] == (
        Period(dt.time(10), dt.time(13)),
        Period(dt.time(14), dt.time(17)),
    )
    assert model.services["pas"].handle_minutes == Sourced({Channel.IN_PERSON: 12.0}, "guess")
    assert model.level_of("pas", "skoven", dt.date(2026, 3, 1)) is Level.ADMINISTER
    assert model.costs_kr[Channel.IN_PERSON] == Sourced(75.0, "guess")


def test_a_model_takes_its_services_from_the_file_it_includes() -> None:
    model = loads(including(), name="a.toml", includes={"catalogue.toml": CATALOGUE})
    assert set(model.services) == {"pas", "flytning", "nemid", "mitid", "koerekort"}
    assert "catalogue" in model.sources


def test_the_same_service_in_both_files_is_a_problem_in_the_included_one() -> None:
    twice = CATALOGUE.replace("koerekort", "pas")
    with pytest.raises(ModelInvalid) as caught:
        loads(including(), name="folder/a.toml", includes={"catalogue.toml": twice})
    (problem,) = caught.value.problems
    assert (problem.file, problem.line, problem.key) == ("folder/catalogue.toml", 6, "services.pas")
    assert "folder/a.toml, linje" in problem.wrong


def test_an_included_file_whose_name_is_longer_than_any_is_told_not_to_be_there(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_text(f'include = ["{"k" * 300}.toml"]\n{SMALL}', encoding="utf-8")
    text, includes = texts(file)
    _model, problems = examine(text, name="a.toml", includes=includes)
    assert [(p.key, p.line) for p in problems] == [("include[1]", 1)]
    assert "findes ikke" in problems[0].wrong


def test_a_file_that_includes_itself_is_told_just_that() -> None:
    text = 'include = ["a.toml"]\n' + SMALL
    _model, problems = examine(text, name="models/a.toml", includes={"a.toml": text})
    assert [(p.key, p.wrong) for p in problems] == [("include[1]", "Filen kan ikke tage sig selv med.")]


def test_a_file_included_twice_is_told_where_it_is_written_the_second_time() -> None:
    text = 'include = [\n  "catalogue.toml",\n  "catalogue.toml",\n]\n' + SMALL
    _model, problems = examine(text, name="a.toml", includes={"catalogue.toml": CATALOGUE})
    assert [(p.line, p.wrong) for p in problems if p.severity is Severity.ERROR] == [
        (3, '"catalogue.toml" står her to gange.')
    ]


def test_a_mistake_in_the_included_file_is_told_with_its_own_line() -> None:
    wrong = CATALOGUE.replace('kind = "transaction"', 'kind = "ekspedition"')
    with pytest.raises(ModelInvalid) as caught:
        loads(including(), name="a.toml", includes={"catalogue.toml": wrong})
    assert [(p.file, p.line, p.key) for p in caught.value.problems] == [
        ("catalogue.toml", 8, "services.koerekort.kind")
    ]


def test_an_included_file_cannot_hold_goals() -> None:
    wrong = CATALOGUE + '\n[goals.x]\ntext = "x"\n'
    with pytest.raises(ModelInvalid, match="kan ikke stå i en fil, der tages med"):
        loads(including(), name="a.toml", includes={"catalogue.toml": wrong})


@pytest.mark.parametrize("name", ["../secret.toml", "/etc/passwd", "sub/x.toml", "x.txt", "", 7])
def test_a_model_never_reads_outside_its_own_folder(name: object, tmp_path: Path) -> None:
    (tmp_path / "secret.toml").write_text(CATALOGUE, encoding="utf-8")
    inner = tmp_path / "inner"
    inner.mkdir()
    file = inner / "a.toml"
    file.write_text(f"include = [{name!r}]\n{SMALL}", encoding="utf-8")
    assert texts(file)[1] == {}
    with pytest.raises(ModelInvalid, match="kan ikke tages med"):
        load(file)


def test_what_was_loaded_can_be_kept_and_loaded_again(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(including(), encoding="utf-8")
    (tmp_path / "catalogue.toml").write_text(CATALOGUE, encoding="utf-8")
    text, includes = texts(tmp_path / "a.toml")
    assert loads(text, name="kept", includes=includes) == load(tmp_path / "a.toml")


def test_a_text_found_right_before_is_read_also_where_todays_checks_would_refuse_it() -> None:
    text = spoiled(("search_words", 'self_service = "se borger.dk"\nsearch_words'))
    with pytest.raises(ModelInvalid, match="er ikke en adresse på nettet"):
        loads(text, name="a.toml")
    assert loads_kept(text, name="a.toml").services["pas"].self_service == "se borger.dk"
    with pytest.raises(ModelInvalid, match="mangler"):
        loads_kept(text.replace('code = "999"', ""), name="a.toml")


def test_a_shared_catalogue_is_checked_by_itself() -> None:
    model, problems = examine(CATALOGUE, name="catalogue.toml")
    assert model is not None
    assert problems == []


def test_a_catalogue_is_no_policy_and_says_which_file_to_take_instead() -> None:
    with pytest.raises(ModelInvalid) as caught:
        loads(CATALOGUE, name="models/catalogue.toml")
    (problem,) = caught.value.problems
    assert problem.wrong.startswith("Filen er et katalog: den siger ikke, hvilken kommune den gælder for")
    assert problem.right == 'Brug den model, der tager kataloget med: include = ["catalogue.toml"].'


@pytest.mark.parametrize("name", WHOLE)
def test_the_models_of_the_house_are_right(name: str) -> None:
    load(MODELS / name)


def test_the_catalogue_of_the_house_is_right() -> None:
    text, includes = texts(MODELS / "catalogue.toml")
    _model, problems = examine(text, name="catalogue.toml", includes=includes)
    assert [p for p in problems if p.severity is Severity.ERROR] == []


@pytest.mark.parametrize("name", WHOLE)
def test_nothing_that_a_file_says_is_lost_on_the_way(name: str) -> None:
    import tomllib

    said = tomllib.loads((MODELS / name).read_text(encoding="utf-8"))
    said.pop("include", None)
    assert _missing(said, plain(load(MODELS / name))) == []


def _missing(said: Any, kept: Any, path: str = "") -> list[str]:
    """Places where `kept` does not hold what was said; an empty table or list may be left out."""
    if isinstance(said, dict):
        return [m for key, part in said.items() for m in _missing(part, (kept or {}).get(key), f"{path}.{key}")]
    if isinstance(said, list) and isinstance(kept, list) and len(said) == len(kept):
        return [m for n, part in enumerate(said) for m in _missing(part, kept[n], f"{path}[{n}]")]
    if isinstance(said, dt.date | dt.time):
        said = said.isoformat()
    return [] if said == kept or said == [] else [path]
