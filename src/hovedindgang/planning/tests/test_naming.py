"""People read names, in their own language; keys and English words are for programs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from hovedindgang.planning.commands import COMMANDS, plan
from hovedindgang.planning.hours.reading import read_question
from hovedindgang.planning.naming import CHANNELS, SOURCES, channel_name, queue_name, source_name
from hovedindgang.planning.service.changes import Volume
from hovedindgang.planning.service.changes.finding import team_name
from hovedindgang.planning.service.reading import read_plan
from hovedindgang.planning.tests.towns import written
from hovedindgang.servicemodel.document import Channel, SourceKind
from hovedindgang.servicemodel.language import speaking

ROOT = Path(__file__).resolve().parents[4]
PLANNING = ROOT / "models" / "planning"


def test_every_channel_and_every_kind_of_source_has_a_name_in_both_languages() -> None:
    assert {one.value for one in Channel} <= set(CHANNELS)
    assert {one.value for one in SourceKind} == set(SOURCES)
    for language in ("da", "en"):
        with speaking(language):
            assert not [key for key in CHANNELS if "_" in channel_name(key)]
    with speaking("da"):
        assert source_name("assumed") == "antaget"
        assert (
            queue_name("in_person:pandrup", {"pandrup": "Borgerservice Pandrup"}) == "personligt, Borgerservice Pandrup"
        )


def weeks_of(folder: Path, *names: str) -> list[str]:
    """A week of each of the shipped plans."""
    for name in names:
        text = (PLANNING / name).read_text(encoding="utf-8").replace('"../', f'"{PLANNING.parent}/')
        (folder / name).write_text(re.sub("^days = 36[45]$", "days = 7", text, flags=re.MULTILINE), encoding="utf-8")
    return [str(folder / name) for name in names]


@pytest.mark.parametrize("language", ["da", "en"])
def test_a_comparison_with_one_replication_says_why_it_shows_no_differences_and_calls_centres_by_name(
    language: str, tmp_path: Path
) -> None:
    files = weeks_of(tmp_path, "jammerbugt-2006.toml", "jammerbugt-rullende.toml")
    answer = CliRunner().invoke(plan, ["compare", *files, "--replications", "1", "--language", language])
    assert answer.exit_code == 0, answer.stderr
    says = {"da": "Én gentagelse viser ingen forskelle", "en": "One replication shows no differences"}[language]
    assert says in answer.stdout
    called = {"da": "Tre skranker lukkes", "en": "Three counters close"}
    assert {one for one, words in called.items() if words in answer.stdout} == {language}
    nearest = {"da": r"De, der har (.*) nærmest", "en": "Those who have (.*) nearest"}[language]
    assert set(re.findall(nearest, answer.stdout)) == {
        f"Borgerservice {town}" for town in ("Aabybro", "Brovst", "Fjerritslev", "Pandrup")
    }


@pytest.mark.parametrize("name", COMMANDS)
def test_the_usage_line_of_every_command_is_danish_where_the_reader_is(name: str) -> None:
    with speaking("da"):
        said = CliRunner().invoke(plan, [name, "--help"]).stdout
    assert "[VALG]" in said
    assert "[OPTIONS]" not in said


def test_each_proposal_calls_its_new_place_what_it_does_itself(tmp_path: Path) -> None:
    files = weeks_of(tmp_path, "fredensborg.toml", "fredensborg-filialer.toml", "fredensborg-rullende.toml")
    said = CliRunner().invoke(plan, ["compare", *files, "--replications", "1", "--language", "da"]).stdout
    branches, library = said.partition("filialer.toml (")[2].split("rullende.toml (")
    assert "De, der har Humlebæk nærmest" in branches
    assert "De, der har Humlebæk Bibliotek nærmest" in library


def test_a_simulated_plan_is_told_by_the_names_of_its_channels_and_centres(tmp_path: Path) -> None:
    file = written(tmp_path, days=7)
    for language, telephone in (("da", "telefon"), ("en", "telephone")):
        said = CliRunner().invoke(plan, ["simulate", str(file), "--replications", "1", "--language", language]).stdout
        heads = {line.split("  ")[0] for line in said.splitlines()}
        assert {telephone, "Borgerservice Pandrup"} <= heads
        assert not heads & {"phone", "in_person", "pandrup"}


def test_what_has_an_english_name_is_called_by_it_in_english() -> None:
    model = read_plan(PLANNING / "jammerbugt-2006.toml").model
    moved, question = Volume(2.0, "flytning"), PLANNING / "fredensborg-timer.toml"
    with speaking("da"):
        assert moved.words(model) == "2,00 gange så mange henvendelser om Flytning i Danmark."
        assert read_question(question).groups[1].name == "Pensionister"
    with speaking("en"):
        assert model.services["flytning"].name_en
        assert model.services["flytning"].name_en in moved.words(model)
        asked = read_question(question)
        assert [asked.title, *(group.name for group in asked.groups)][::2] == [
            "Opening hours in Fredensborg",
            "Pensioners",
        ]
        assert read_plan(PLANNING / "fredensborg-et-center.toml").title == "One centre in Kokkedal, no branch"
        assert team_name(model, "pandrup") == "Borgerservice Pandrup"


def test_where_a_number_is_from_is_said_in_the_readers_language_and_kept_as_it_was_written() -> None:
    inputs = read_plan(PLANNING / "jammerbugt-2006.toml").inputs
    known, own = inputs.demand.day_cv, inputs.staff.travel_km_per_hour  # of the file, and of the program itself
    with speaking("da"):
        assert (known.said, own.said) == (known.reference, own.reference)
        assert "vægtene er antaget" in known.said
    with speaking("en"):
        assert "the weights are assumed" in known.said
        assert own.said.startswith("driving with a travelling team")


def test_every_source_of_the_shipped_plans_and_of_what_plans_leave_out_is_said_in_english_too() -> None:
    for file in sorted(PLANNING.glob("*.toml")):
        if "[sources]" in (text := file.read_text(encoding="utf-8")) and "model = " in text and "kind = " in text:
            with speaking("en"):
                said = {one.said: one.reference for _key, one in read_plan(file).inputs.figures()}
            assert not [new for new, old in said.items() if new == old], file.name


def test_a_portfolio_calls_services_and_centres_by_name() -> None:
    said = {}
    for language in ("da", "en"):
        words = ["portfolio", str(ROOT / "models" / "places" / "fredensborg-portfolio.toml"), "--next-best", "1"]
        said[language] = CliRunner().invoke(plan, [*words, "--language", language]).stdout
        assert not re.search(r"humlebaek|sundhedskort\b|[+-]\w+@", said[language])
    assert "uden Sundhedskort, nyt i Humlebæk" in said["da"]
    assert "without Health card, new in Humlebæk" in said["en"]
