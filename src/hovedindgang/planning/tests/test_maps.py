"""A map shows every place where it lies, with its words, and says with forms what it says with colours."""

from __future__ import annotations

import json
import math
import os
import re
import signal
import threading
import time
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from hovedindgang.planning.commands.compare import compare
from hovedindgang.planning.commands.site import site
from hovedindgang.planning.maps import Road, Spot, draw_map, short_names
from hovedindgang.planning.stopping import left_at_once
from hovedindgang.planning.tests.processes import told_by_each

MODELS = Path(__file__).resolve().parents[4] / "models"
JAMMERBUGT = str(MODELS / "places" / "jammerbugt.toml")
FOUR = "aabybro:centre,fjerritslev:centre,brovst:centre,pandrup:centre"
SVG = "{http://www.w3.org/2000/svg}"

spots = st.lists(
    st.tuples(st.floats(57.0, 57.3), st.floats(9.1, 9.9), st.integers(0, 9000), st.sampled_from(["", "open", "shut"])),
    min_size=1,
    max_size=8,
).map(
    lambda rows: [
        Spot(f"town {at}", (f"Town {at}", "3 min."), lat, lon, float(people), mark)
        for at, (lat, lon, people, mark) in enumerate(rows)
    ]
)


def drawn(given_spots: list[Spot], roads: list[Road]) -> ET.Element:
    parts = draw_map(given_spots, roads, x=0, y=0, width=1000, height=480, most=9000)
    return ET.fromstring(f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(parts)}</svg>')


@given(spots)
def test_every_town_is_named_once_and_inside_the_frame(given_spots: list[Spot]) -> None:
    found = drawn(given_spots, [Road(given_spots[0].key, given_spots[-1].key)])
    names = [one for one in found.iter(f"{SVG}text") if (one.text or "").startswith("Town")]
    assert sorted(one.text or "" for one in names) == sorted(spot.lines[0] for spot in given_spots)
    for one in names:
        assert 0 <= float(one.attrib["x"]) <= 1000
        assert 0 <= float(one.attrib["y"]) <= 480


JAMMERBUGT_TOWNS = [
    Spot(
        "pandrup",
        ("Pandrup", "venter 3,0 → 9,6 min.", "4,8 km længere", "1 af 5 hverdage"),
        57.226,
        9.671,
        5000,
        "part",
    ),
    Spot("aabybro", ("Aabybro", "venter 2,1 → 0,4 min."), 57.161, 9.727, 5400, "open"),
    Spot(
        "brovst", ("Brovst", "venter 4,3 → 6,4 min.", "9,3 km længere", "1 af 5 hverdage"), 57.097, 9.523, 4100, "part"
    ),
    Spot("fjerritslev", ("Fjerritslev", "venter 2,7 → 6,3 min.", "19,7 km længere"), 57.089, 9.265, 4200, "part"),
]


def test_no_name_is_written_across_a_road_and_one_far_from_its_place_has_a_line_to_it() -> None:
    roads = [Road(one.key, "aabybro") for one in JAMMERBUGT_TOWNS if one.key != "aabybro"]
    parts = draw_map(JAMMERBUGT_TOWNS, roads, x=0, y=0, width=540, height=334, most=5400)
    root = ET.fromstring(f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(parts)}</svg>')
    ways = [
        [float(one.attrib[at]) for at in ("x1", "y1", "x2", "y2")]
        for one in root.iter(f"{SVG}line")
        if one.attrib["class"] == "map-road"
    ]
    circles = [
        (float(one.attrib["cx"]), float(one.attrib["cy"]), float(one.attrib["r"])) for one in root.iter(f"{SVG}circle")
    ]
    leaders = [one for one in root.iter(f"{SVG}line") if one.attrib["class"] == "map-leader"]
    far = 0
    for name in (one for one in root.iter(f"{SVG}text") if "map-bold" in one.attrib["class"]):
        x, y, long = float(name.attrib["x"]), float(name.attrib["y"]), 6.5 * len(name.text or "")
        left = x - {"start": 0.0, "middle": long / 2, "end": long}[name.attrib.get("text-anchor", "start")]
        for x1, y1, x2, y2 in ways:
            for step in range(101):
                a, b = x1 + (x2 - x1) * step / 100, y1 + (y2 - y1) * step / 100
                inside = left < a < left + long and y - 10 < b < y
                hidden = any(math.hypot(a - cx, b - cy) <= r for cx, cy, r in circles)
                assert hidden or not inside, name.text
        far += min(max(left - cx, cx - left - long, 0.0) - r for cx, cy, r in circles if abs(cy - y) < 80) > 20
    assert len(leaders) >= far


def test_a_closed_counter_is_crossed_out_and_not_only_red() -> None:
    here = Spot("brovst", ("Brovst",), 57.1, 9.5, 100.0, "shut")
    assert any(path.attrib["class"] == "map-shut" for path in drawn([here], []).iter(f"{SVG}path"))


def test_north_is_up_and_east_is_right() -> None:
    pandrup, gjoel = Spot("p", ("P",), 57.22, 9.67, 1.0), Spot("g", ("G",), 57.07, 9.71, 1.0)
    first, second = (one.attrib for one in drawn([pandrup, gjoel], []).iter(f"{SVG}circle"))
    assert float(first["cy"]) < float(second["cy"])
    assert float(first["cx"]) < float(second["cx"])


def test_what_all_names_begin_with_is_left_out() -> None:
    assert short_names({"a": "Borgerservice Aabybro", "b": "Borgerservice Brovst", "c": "Blokhus"}) == {
        "a": "Aabybro",
        "b": "Brovst",
        "c": "Blokhus",
    }
    assert short_names({"a": "Nye Aabybro", "b": "Brovst"}) == {"a": "Nye Aabybro", "b": "Brovst"}


def test_of_two_beginnings_as_common_the_first_is_left_out_each_time_it_is_drawn() -> None:
    script = (
        "from hovedindgang.planning.maps import short_names;"
        "print(short_names({'a': 'Ny Aa', 'b': 'Hus By', 'c': 'Ny Kær', 'd': 'Hus Lund'}))"
    )
    assert told_by_each(script) == {"{'a': 'Aa', 'b': 'Hus By', 'c': 'Kær', 'd': 'Hus Lund'}\n"}


def test_places_are_drawn_in_the_order_of_the_model_so_that_a_drawing_is_the_same_each_time(tmp_path: Path) -> None:
    drawn = tmp_path / "places.svg"
    plan = str(MODELS / "planning" / "jammerbugt-2006.toml")
    command = [plan, plan, "--replications", "2", "--svg", str(drawn), "--language", "en"]
    assert CliRunner().invoke(compare, command).exit_code == 0
    said = drawn.read_text(encoding="utf-8")
    at = re.findall(r'<rect class="map-open" x="([^"]+)" y="([^"]+)"', said)
    model = (MODELS / "jammerbugt-2006.toml").read_text(encoding="utf-8")
    order = re.findall(r'^name = "Borgerservice (\w+)"', model, re.MULTILINE)
    by_place = {name: at[order.index(name)] for name in order}
    assert len(at) == 4 + 4 + 1  # in both maps, and in what the marks mean
    # West to east on the ground: Fjerritslev, Brovst, Pandrup, Aabybro.
    assert sorted(order, key=lambda name: float(by_place[name][0])) == ["Fjerritslev", "Brovst", "Pandrup", "Aabybro"]


def asked(*options: str) -> dict[str, object]:
    done = CliRunner().invoke(site, [JAMMERBUGT, *options, "--json", "--language", "en"])
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


def test_whoever_loses_her_counter_is_told_how_much_farther_she_goes(tmp_path: Path) -> None:
    found = asked("--now", FOUR, "--then", "aabybro:centre", "--svg", str(tmp_path / "map.svg"))
    people = {one["town"]: one for one in found["people"]}  # type: ignore[attr-defined]
    assert (people["fjerritslev"]["minutes_now"], people["aabybro"]["minutes_more"]) == (0.0, 0.0)
    assert people["fjerritslev"]["minutes_then"] == pytest.approx(38, abs=1)  # 29 km by the air
    text = (tmp_path / "map.svg").read_text(encoding="utf-8")
    assert "0 → 38 min." in text
    assert len(re.findall('path class="map-shut"', text)) == 3 + 1  # Fjerritslev, Brovst, Pandrup, and the legend's


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ("aabybro:branch", "Those places do not carry all services"),
        ("skagen", "There can be no place in skagen"),
        ("aabybro,aabybro", "aabybro cannot be opened"),
        ("aabybro:palace", "aabybro:palace cannot be opened"),
    ],
)
def test_places_that_cannot_be_today_are_refused_in_words(now: str, said: str) -> None:
    assert said in str(asked("--now", now, "--then", "aabybro")["problem"])


def test_a_solver_that_sees_no_signal_is_left_within_two_seconds() -> None:
    """As HiGHS, which looks at nothing before it is done; here it is done in 30 seconds."""
    began = time.monotonic()
    threading.Timer(0.3, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            left_at_once(lambda: threading.Event().wait(30))
    finally:
        signal.signal(signal.SIGINT, before)
    assert time.monotonic() - began < 2


def test_what_goes_wrong_beside_is_told_to_whoever_waits() -> None:
    with pytest.raises(ZeroDivisionError):
        left_at_once(lambda: 1 // 0)
    assert left_at_once(lambda: 7) == 7
