"""People read names, in their own language; keys and English words are for programs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from hovedindgang.planning.commands import COMMANDS, plan
from hovedindgang.planning.naming import CHANNELS, SOURCES, channel_name, queue_name, source_name
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


@pytest.mark.parametrize("language", ["da", "en"])
def test_a_comparison_with_one_replication_says_why_it_shows_no_differences_and_calls_centres_by_name(
    language: str, tmp_path: Path
) -> None:
    files = []
    for name in ("jammerbugt-2006.toml", "jammerbugt-rullende.toml"):  # a week of each
        (tmp_path / name).write_text(
            (PLANNING / name)
            .read_text(encoding="utf-8")
            .replace('"../', f'"{PLANNING.parent}/')
            .replace("days = 365", "days = 7"),
            encoding="utf-8",
        )
        files.append(str(tmp_path / name))
    answer = CliRunner().invoke(plan, ["compare", *files, "--replications", "1", "--language", language])
    assert answer.exit_code == 0, answer.stderr
    says = {"da": "Én gentagelse viser ingen forskelle", "en": "One replication shows no differences"}[language]
    assert says in answer.stdout
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
