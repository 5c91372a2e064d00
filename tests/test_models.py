"""The models that come with the house are valid, tell their history whole, and can be found by a citizen's words."""

from __future__ import annotations

import dataclasses
import datetime as dt
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from hovedindgang.servicemodel.document import ServiceModel, SourceKind
from hovedindgang.servicemodel.loading import load

pytestmark = pytest.mark.once

REPOSITORY = Path(__file__).resolve().parents[1]
MODELS = REPOSITORY / "models"
DOCUMENTS = ("jammerbugt-2006", "fredensborg-2007", "demo-2025", "demo")
TODAY = dt.date(2026, 6, 1)
A_LINE_OF_CHOICES = 9  # what one digit can choose from


@pytest.fixture(scope="module")
def demo() -> ServiceModel:
    return load(MODELS / "demo.toml")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_municipality_can_load_every_model(name: str) -> None:
    assert load(MODELS / f"{name}.toml").adoption.title


@pytest.mark.parametrize("name", DOCUMENTS)
def test_whoever_reads_english_finds_no_danish_sentence_where_the_model_can_hold_an_english_one(name: str) -> None:
    """Titles of papers and laws are cited as they are written."""
    silent = [
        (type(thing).__name__, field.name)
        for thing in parts_of(load(MODELS / f"{name}.toml"))
        for field in dataclasses.fields(thing)
        if field.name.endswith("_en") and field.name != "reference_en"
        if getattr(thing, field.name.removesuffix("_en")) and not getattr(thing, field.name)
    ]
    assert silent == []


def parts_of(thing: Any) -> Iterator[Any]:
    """Each object of the model, at any depth."""
    if dataclasses.is_dataclass(thing):
        yield thing
        thing = [getattr(thing, field.name) for field in dataclasses.fields(thing)]
    elif isinstance(thing, Mapping):
        thing = thing.values()
    if not isinstance(thing, str) and isinstance(thing, Iterable):
        for part in thing:
            yield from parts_of(part)


def test_what_a_service_was_called_before_leads_to_what_it_is_called_today(demo: ServiceModel) -> None:
    today = demo.services_on(TODAY)
    for service in demo.services.values():
        last = service
        while last.successor:
            last = demo.services[last.successor]
        if service.successor:
            assert last.key in today, service.key


def test_a_task_that_left_the_municipality_is_still_helped_with() -> None:
    """Since 2013 pensions are Udbetaling Danmark's, and the citizen still comes to the counter."""
    demo = load(MODELS / "demo.toml")
    for key in ("folkepension", "boligstoette", "boernetilskud"):
        assert demo.services[key].handed_to == "udbetaling-danmark"
        assert demo.services[key].successor == "udk-bistand"


@pytest.mark.parametrize(("name", "day"), [("demo", TODAY), ("demo-2025", dt.date(2025, 6, 1))])
def test_every_centre_of_the_demonstration_knows_what_to_do_with_every_service(name: str, day: dt.date) -> None:
    model = load(MODELS / f"{name}.toml")
    for centre in model.centres:
        said = {key for entry in model.portfolio if centre in entry.centres for key in entry.services}
        assert said == set(model.services_on(day)), centre


def test_every_service_is_found_by_three_letters_of_a_citizens_word(demo: ServiceModel) -> None:
    found = defaultdict(set)
    services = demo.services_on(TODAY)
    for key, service in services.items():
        for word in [service.name.lower(), *service.search_words]:
            for part in word.split():
                found[part[:3]].add(key)

    for key in services:
        assert any(key in keys and len(keys) <= A_LINE_OF_CHOICES for keys in found.values()), key


def test_what_nobody_has_adopted_never_passes_for_adopted(demo: ServiceModel) -> None:
    """Only a sentence of the paper makes a source adopted."""
    for name in DOCUMENTS:
        for source in load(MODELS / f"{name}.toml").sources.values():
            assert (source.kind is SourceKind.ADOPTED) <= (source.sentence is not None), source.key
    for centre in demo.centres.values():
        assert demo.sources[centre.hours_source or ""].kind is SourceKind.ASSUMED


@pytest.mark.parametrize("name", [*DOCUMENTS, "fredensborg-start"])
def test_where_a_number_is_from_is_read_in_english_too_and_a_councils_paper_keeps_its_title(name: str) -> None:
    for source in load(MODELS / f"{name}.toml").sources.values():
        assert source.reference_en or source.kind is SourceKind.ADOPTED, source.key
        assert bool(source.note) == bool(source.note_en), source.key


def test_the_goal_of_jammerbugt_is_80_percent_and_its_reading_is_open() -> None:
    model = load(MODELS / "jammerbugt-2006.toml")
    goal = model.goals["solved_in_borgerservice"]

    assert goal.target_percent
    assert (goal.target_percent.value, model.sources[goal.target_percent.source].sentence) == (80, "J-053")
    assert goal.reading is None
    assert "goals.solved_in_borgerservice.reading" in {question.key for question in model.open}
    assert model.goals["solved_in_one_contact"].target_percent is None
    assert model.adoption.body is None
    assert model.adoption.decided_on is None


def test_fredensborgs_paper_orders_a_model_and_nothing_is_invented_for_it() -> None:
    model = load(MODELS / "fredensborg-2007.toml")

    assert model.adoption.status == "draft"
    assert not model.portfolio
    assert not model.goals
    assert not model.departments
    assert [centre.hours for centre in model.centres.values()] == [{}]
    assert sum(statement.kind == "task" for statement in model.statements.values()) >= 6


def test_guidance_is_about_services_of_today_and_complete_in_both_languages(demo: ServiceModel) -> None:
    path = REPOSITORY / "src" / "hovedindgang" / "knowledge" / "demo_guidance.toml"
    articles = tomllib.loads(path.read_text(encoding="utf-8"))["article"]

    assert len(articles) >= 25
    for article in articles:
        assert article["service"] in demo.services_on(TODAY)
        assert all(article[name].strip() for name in ("title", "title_en", "text", "text_en")), article["service"]
        assert len(article["bring"]) == len(article["bring_en"]), article["service"]
