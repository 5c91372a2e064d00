"""Where centres and branches lie: every choice counted beside what is proved, and what is written wrongly."""

from __future__ import annotations

import dataclasses
import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.random import Generator, Philox

from hovedindgang.planning.commands import plan
from hovedindgang.planning.distances import straight_km
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.siting.places import (
    Candidate,
    Figure,
    Kind,
    Places,
    Service,
    Town,
    read_places,
)
from hovedindgang.planning.siting.sites import QUESTIONS, Asked, Choice, measured, ranked

MODELS = Path(__file__).parents[4] / "models" / "places"

SMALL = """
name = "Øby"
[sources]
counted = { kind = "measured", text = "counted" }
chosen = { kind = "assumed", text = "chosen" }
[travel]
matrix = "minutes.csv"
source = "counted"
[demand]
visits_per_person_per_year = { value = 1, source = "counted" }
hour_kr = { value = 60, source = "chosen" }
[[towns]]
key = "a"
people = { value = 100, source = "counted" }
lat = 57.0
lon = 9.0
position_source = "counted"
[[towns]]
key = "b"
people = { value = 50, source = "counted" }
lat = 57.1
lon = 9.1
position_source = "counted"
[[services]]
key = "all"
share = { value = 1, source = "counted" }
[[kinds]]
key = "centre"
fixed_kr = { value = 1000, source = "chosen" }
visit_kr = { value = 10, source = "chosen" }
[[candidates]]
town = "a"
[[candidates]]
town = "b"
"""
NOWHERE = Candidate("", (), False)
MATRIX = "from,a,b\na,0,30\nb,30,0\n"


def written(folder: Path, text: str = SMALL, matrix: str = MATRIX) -> Path:
    (folder / "minutes.csv").write_text(matrix, encoding="utf-8")
    (folder / "places.toml").write_text(text, encoding="utf-8")
    return folder / "places.toml"


def invented(seed: int, small: Places) -> Places:
    """Towns, kinds and costs by chance; the second kind carries one of two services only."""
    chance = Generator(Philox(seed))

    def figure(value: float) -> Figure:
        return Figure(float(value), "counted", float(value), float(value))

    towns, sites = int(chance.integers(2, 6)), int(chance.integers(2, 5))
    town = Town("", "", figure(0), 57.0, 9.0)
    kind, service, candidate = Kind("", "", figure(0), figure(0), (), 0, None), Service("", "", figure(0)), NOWHERE
    return dataclasses.replace(
        small,
        towns=tuple(  # nobody may live in any but the last
            dataclasses.replace(town, key=str(n), people=figure(10 if n == towns - 1 else chance.integers(0, 90)))
            for n in range(towns)
        ),
        services=(
            dataclasses.replace(service, key="one", share=figure(0.75)),
            dataclasses.replace(service, key="two", share=figure(0.25)),
        ),
        kinds=(
            dataclasses.replace(
                kind, key="centre", fixed_kr=figure(chance.integers(0, 3000)), visit_kr=figure(chance.integers(0, 9)),
                services=("one", "two"), at_most=int(chance.integers(1, 4)),
            ),
            dataclasses.replace(
                kind, key="branch", fixed_kr=figure(chance.integers(0, 1500)), visit_kr=figure(chance.integers(0, 9)),
                services=("one",), at_least=int(chance.integers(0, 2)),
            ),
        ),
        candidates=tuple(
            dataclasses.replace(
                candidate,
                town=str(min(n, towns - 1)),
                kinds=("centre", "branch") if chance.random() < 0.8 else ("centre",),
                must_stay=bool(chance.random() < 0.2),
            )
            for n in range(sites)
        ),
        minutes=chance.integers(0, 40, (towns, sites)).astype(float),
    )  # fmt: skip


def every_choice(places: Places, asked: Asked) -> list[Choice]:
    """Each allowed choice, counted one by one."""
    numbers = {kind.key: number for number, kind in enumerate(places.kinds)}
    each = [
        [(at, numbers[key]) for key in candidate.kinds] + ([] if candidate.must_stay else [None])
        for at, candidate in enumerate(places.candidates)
    ]
    found = []
    for picked in itertools.product(*each):
        options = tuple(option for option in picked if option is not None)
        counts = [sum(which == number for _, which in options) for number in range(len(places.kinds))]
        kept = all(
            kind.at_least <= count <= (99 if kind.at_most is None else kind.at_most)
            for kind, count in zip(places.kinds, counts, strict=True)
        )
        carried = {key for _, which in options for key in places.kinds[which].services}
        if not kept or len(carried) < len(places.services):
            continue
        if asked.places is not None and len(options) != asked.places:
            continue
        choice = measured(places, options, asked.within_minutes)
        if asked.question != "cover" or choice.covered_share > 1 - 1e-9:
            found.append(choice)
    return found


def worth(asked: Asked, choice: Choice) -> float:
    return {
        "travel": choice.mean_minutes,
        "coverage": -choice.covered_share,
        "worst": choice.worst_minutes,
        "cover": choice.fixed_kr,
        "cost": choice.total_kr,
    }[asked.question]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from(QUESTIONS), st.one_of(st.none(), st.integers(1, 3)))
def test_of_all_choices_those_named_best_are_the_best(seed: int, question: str, number: int | None) -> None:
    places, asked = invented(seed, SMALL_PLACES), Asked(question, number, 15.0)
    every = sorted(every_choice(places, asked), key=lambda choice: worth(asked, choice))
    if not every:
        with pytest.raises(CannotPlan):
            ranked(places, asked)
        return
    found = ranked(places, asked, count=4)
    assert all(found.proved)
    assert len({choice.options for choice in found.choices}) == len(found.choices) == min(4, len(every))
    for choice, best in zip(found.choices, every, strict=False):
        assert worth(asked, choice) == pytest.approx(worth(asked, best), abs=1e-6)
    ties = [choice.mean_minutes for choice in every if worth(asked, choice) < worth(asked, every[0]) + 1e-9]
    assert found.choices[0].mean_minutes == pytest.approx(min(ties), abs=1e-3)


def test_everybody_goes_to_the_nearest_that_carries_what_she_comes_for(tmp_path: Path) -> None:
    text = SMALL.replace('key = "all"\nshare = { value = 1,', 'key = "all"\nshare = { value = 0.5,') + (
        '[[services]]\nkey = "passport"\nshare = { value = 0.5, source = "counted" }\n'
        '[[kinds]]\nkey = "branch"\nservices = ["all"]\n'
        'fixed_kr = { value = 400, source = "chosen" }\nvisit_kr = { value = 10, source = "chosen" }\n'
    )
    places = read_places(written(tmp_path, text))
    choice = measured(places, ((0, 0), (1, 1)), 20)
    assert choice.minutes.tolist() == [0, 30]  # of the fifty in b those with a passport go to a
    assert choice.mean_minutes == pytest.approx(25 * 30 / 150)
    assert choice.covered_share == pytest.approx(125 / 150)
    assert (choice.fixed_kr, choice.visits_kr) == (1400, 1500)
    assert choice.time_kr == pytest.approx(2 * 25 * 30 / 60 * 60)
    assert choice.visits.tolist() == [125, 25]


def test_the_straight_line_is_what_the_map_says() -> None:
    aabybro, pandrup = (read_places(MODELS / "jammerbugt.toml").town(key) for key in ("aabybro", "pandrup"))
    assert straight_km(aabybro.position, pandrup.position) == pytest.approx(7.14, abs=0.02)
    north = dataclasses.replace(aabybro, lat=aabybro.lat + 1)
    assert straight_km(aabybro.position, north.position) == pytest.approx(111.195, abs=0.01)


def test_jammerbugts_four_centres_are_where_four_lie_best() -> None:
    places = read_places(MODELS / "jammerbugt.toml")
    best = ranked(places, Asked("travel", 4, 20), count=1)
    assert best.proved == (True,)
    towns = {places.candidates[at].town for at, _ in best.choices[0].options}
    assert towns == {"aabybro", "fjerritslev", "pandrup", "brovst"}


@pytest.mark.parametrize(
    ("name", "more", "next_best"), [("jammerbugt", ["--next-best", "2"], 2), ("fredensborg", [], 10)]
)
def test_an_answer_carries_what_a_map_needs_and_says_what_is_assumed(
    name: str, more: list[str], next_best: int
) -> None:
    data = json.loads(typed(MODELS / f"{name}.toml", *more, "--json").stdout)
    assert data["best"]["proved"]
    assert len(data["by_number"]) >= 4
    assert len(data["next_best"]) == next_best
    assert data["travel"]["is"] == "estimate"
    assert "travel.minutes" in data["assumed"]
    for town in data["best"]["people"]:
        assert {"lat", "lon", "people", "source", "nearest"} <= town.keys()
        assert town["minutes_low"] <= town["minutes"] <= town["minutes_high"]
    for place in data["best"]["places"]:
        assert {"lat", "lon", "kind", "visits_per_year", "people_nearest"} <= place.keys()
    assert [more["more"]["total_kr"] for more in data["next_best"]] == sorted(
        more["more"]["total_kr"] for more in data["next_best"]
    )
    assert "sources" in data


def test_a_centre_that_must_stay_stays(tmp_path: Path) -> None:
    text = SMALL.replace('[[candidates]]\ntown = "b"', '[[candidates]]\ntown = "b"\nmust_stay = true')
    data = json.loads(typed(written(tmp_path, text), "--json").stdout)
    assert all("b:centre" in one["open"] for one in [data["best"], *data["next_best"]])


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('town = "b"', 'town = "a"', "twice"),
        ('{ value = 50, source = "counted" }', "50", "towns[2].people"),
        ('{ value = 50, source = "counted" }', '{ value = 50, source = "nobody" }', "towns[2].people.source"),
        ("value = 50,", "value = 50, low = 60,", "between low and high"),
        ('kind = "measured"', 'kind = "heard"', "sources.counted"),
        ("lat = 57.1", "lat = 157.1", "degrees"),
        ("lat = 57.1\nlon = 9.1", "lat = 9.1\nlon = 57.1", "write lat = 57.1 and lon = 9.1"),
        ('town = "b"', 'town = "c"', "candidates[2].town"),
        ("share = { value = 1,", "share = { value = 0.9,", "add up to 1"),
        ('name = "Øby"', 'name = "Øby"\ncolour = "red"', "colour"),
        ('name = "Øby"', "name = ", "not written as TOML"),
        ('matrix = "minutes.csv"', 'matrix = "none.csv"', "travel.matrix"),
    ],
)
def test_what_is_written_wrongly_is_told_by_its_key(old: str, new: str, said: str, tmp_path: Path) -> None:
    answer = typed(written(tmp_path, SMALL.replace(old, new, 1)))
    assert answer.exit_code == 1
    assert said in answer.stderr


def test_a_matrix_without_a_way_names_the_line_and_both_ends(tmp_path: Path) -> None:
    answer = typed(written(tmp_path, matrix="from,a,b\na,0,30\nb,,0\n"))
    assert answer.exit_code == 1
    assert "from b to a" in answer.stderr
    assert "line 3" in answer.stderr


def test_a_matrix_saved_by_a_danish_spreadsheet_is_the_same(tmp_path: Path) -> None:
    usual = json.loads(typed(written(tmp_path, matrix="from,a,b\na,0,30.5\nb,30.5,0\n"), "--json").stdout)
    danish = json.loads(typed(written(tmp_path, matrix="from;a;b\r\na;0;30,5\r\nb;30,5;0\r\n"), "--json").stdout)
    assert danish == usual
    file = written(tmp_path)
    (tmp_path / "minutes.csv").write_bytes("from,a,b,ø\n".encode("latin-1"))
    assert "not saved in UTF-8, but rather in Windows-1252" in typed(file).stderr


def test_what_nobody_can_keep_is_said_so(tmp_path: Path) -> None:
    answer = typed(written(tmp_path), "--question", "cover", "--within", "10", "--places", "1")
    assert answer.exit_code == 1
    assert "No choice of places" in answer.stderr
    many = typed(written(tmp_path), "--places", "50")
    assert "At most 2 places can be opened, and 50 are asked for" in many.stderr
    assert "more places" not in many.stderr
    stays = SMALL.replace('town = "a"\n[[', 'town = "a"\nmust_stay = true\n[[') + "must_stay = true\n"
    assert (
        "There must be at least 2 places, and 1 are asked for"
        in typed(written(tmp_path, stays), "--places", "1").stderr
    )
    one = SMALL[: SMALL.rindex("[[candidates]]")]
    far = typed(written(tmp_path, one), "--question", "cover", "--within", "10")
    assert "b: 30.0 minutes to the nearest place that can be opened" in far.stderr
    assert "--within 30" in far.stderr
    assert typed(written(tmp_path, one), "--question", "cover", "--within", "30").exit_code == 0
    assert typed(written(tmp_path), "--question", "travel").exit_code == 1


def typed(file: Path, *more: str) -> Result:
    return CliRunner().invoke(plan, ["site", str(file), *more], env={"HOVEDINDGANG_LANGUAGE": "en"})


def _small_places() -> Places:
    return Places(
        name="Øby",
        sources={"counted": {"kind": "measured", "text": "counted"}},
        towns=(),
        services=(),
        kinds=(),
        candidates=(),
        minutes=np.zeros((0, 0)),
        estimated=False,
        shortest_factor=1.0,
        longest_factor=1.0,
        visits_per_person=Figure(1.0, "counted", 1.0, 1.0),
        hour_kr=Figure(60.0, "counted", 60.0, 60.0),
    )


SMALL_PLACES = _small_places()
