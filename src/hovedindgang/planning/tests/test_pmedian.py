"""The p-median problem: published optima, an independent solver, every choice counted, and what is typed wrongly."""

from __future__ import annotations

import itertools
import json
import os
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.random import Generator, Philox
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array
from scipy.sparse.csgraph import shortest_path

from hovedindgang.planning.commands import plan
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.siting import medians, parts
from hovedindgang.planning.siting.medians import solve_p_median
from hovedindgang.planning.siting.networks import all_distances, read_network
from hovedindgang.planning.tests.pressing import stopped_by_hand

OPTIMA = {"pmed1": 5819, "pmed5": 1355, "pmed10": 1255}


def beasley(folder: Path, nodes: int, places: int, seed: int) -> Path:
    """A network by Beasley's recipe: n²/50 edges, costs uniform 1 to 100, connected by a random tree among them."""
    chance = Generator(Philox(seed))
    ends = [(node, int(chance.integers(node))) for node in range(1, nodes)]
    while len(ends) < nodes * nodes // 50:
        one, other = (int(end) for end in chance.integers(nodes, size=2))
        if one != other:
            ends.append((one, other))
    lines = [f" {one + 1} {other + 1} {int(chance.integers(1, 101))}" for one, other in ends]
    file = folder / f"{nodes}-{places}-{seed}.txt"
    file.write_text("\n".join([f" {nodes} {len(lines)} {places}", *lines]) + "\n", encoding="utf-8")
    return file


def least_by_highs(near: np.ndarray, places: int) -> float:
    """The optimum by HiGHS on the classical formulation (ReVelle & Swain 1970), which shares nothing with ours."""
    candidates, clients = near.shape
    pairs = candidates * clients
    costs = np.concatenate([np.zeros(candidates), near.ravel()])
    served = coo_array(
        (np.ones(pairs), (np.tile(np.arange(clients), candidates), candidates + np.arange(pairs))),
        shape=(clients, candidates + pairs),
    )
    only_open = coo_array(
        (
            np.concatenate([np.ones(pairs), -np.ones(pairs)]),
            (
                np.tile(np.arange(pairs), 2),
                np.concatenate([candidates + np.arange(pairs), np.repeat(np.arange(candidates), clients)]),
            ),
        ),
        shape=(pairs, candidates + pairs),
    )
    count = np.concatenate([np.ones(candidates), np.zeros(pairs)])[None]
    found = milp(
        costs,
        constraints=[
            LinearConstraint(served, 1, 1),
            LinearConstraint(only_open, -np.inf, 0),
            LinearConstraint(count, places, places),
        ],
        bounds=Bounds(0, 1),
        integrality=np.concatenate([np.ones(candidates), np.zeros(pairs)]),
        options={"mip_rel_gap": 0},
    )
    return float(found.fun)


@pytest.mark.parametrize("name", OPTIMA)
def test_the_published_optima_are_reached_and_proved(name: str) -> None:
    folders = [Path(os.environ.get("HOVEDINDGANG_DATA", "")), Path(__file__).parents[5] / "shared" / "data"]
    files = [folder / "orlib" / f"{name}.txt" for folder in folders]
    file = next((file for file in files if file.exists()), None)
    if file is None:
        pytest.skip(f"OR-Library's {name} is not here: set HOVEDINDGANG_DATA to the folder that holds orlib/")
    network = read_network(file)
    found = solve_p_median(all_distances(network), network.medians, unit=network.unit)
    assert (found.cost, found.bound, found.proved) == (OPTIMA[name], OPTIMA[name], True)


@pytest.mark.parametrize(("nodes", "places", "seed"), [(30, 3, 1), (40, 5, 2), (50, 16, 3), (60, 6, 4), (60, 2, 5)])
def test_an_independent_solver_finds_nothing_better(nodes: int, places: int, seed: int, tmp_path: Path) -> None:
    distances = all_distances(read_network(beasley(tmp_path, nodes, places, seed)))
    found = solve_p_median(distances, places, unit=1.0)
    assert found.proved
    assert found.cost == pytest.approx(least_by_highs(distances, places))
    assert found.cost == distances[list(found.open)].min(axis=0).sum()


@pytest.mark.parametrize("seed", [2912, *range(40)])
def test_one_place_at_real_costs_is_found_without_swapping_to_and_fro(seed: int) -> None:
    near, pieces = Generator(Philox(seed)).random((5, 11)), itertools.count()
    found = solve_p_median(near, 1, seed=seed, goes_on=lambda: next(pieces) < 50)
    assert found.proved
    assert found.cost == pytest.approx(near.sum(axis=1).min())


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 9), st.integers(1, 12), st.booleans(), st.data())
def test_of_all_choices_none_is_cheaper_than_the_one_proved(
    seed: int, candidates: int, clients: int, whole: bool, data: st.DataObject
) -> None:
    places = data.draw(st.integers(1, candidates))
    chance = Generator(Philox(seed))
    near = chance.integers(0, 6, (candidates, clients)).astype(float) if whole else chance.random((candidates, clients))
    found = solve_p_median(near, places, unit=1.0 if whole else 0.0, seed=seed)
    least = min(near[list(some)].min(axis=0).sum() for some in itertools.combinations(range(candidates), places))
    assert found.proved
    assert len(found.open) == places
    assert found.cost == pytest.approx(least, abs=1e-9)
    assert found.cost == pytest.approx(near[list(found.open)].min(axis=0).sum())


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(4, 9), st.integers(4, 12), st.sampled_from([1, 16]), st.data())
def test_without_any_swaps_the_search_itself_finds_the_best(
    seed: int, candidates: int, clients: int, sure: int, data: st.DataObject
) -> None:
    places = data.draw(st.integers(2, candidates - 1))
    near = Generator(Philox(seed)).integers(0, 40, (candidates, clients)).astype(float)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(medians._Search, "_improve", lambda search, chosen: None)
        patched.setattr(medians._Search, "_shake", lambda search, state: None)
        patched.setattr(parts, "SURE", sure)  # tries each cut once, or each time: neither may lose the best
        found = solve_p_median(near, places, unit=1.0, seed=seed)
    least = min(near[list(some)].min(axis=0).sum() for some in itertools.combinations(range(candidates), places))
    assert (found.cost, found.proved) == (least, True)


def test_a_cut_is_expected_to_gain_what_it_gained_before_more_where_it_moves_more() -> None:
    gains = parts.Gains(2)
    for _ in range(parts.SURE):
        assert gains.unsure(1)
        gains.learn(1, 0.5, opened=True, gain=3.0)
        gains.learn(1, 0.5, opened=False, gain=4.0)
    assert not gains.unsure(1)
    assert gains.expected(1, 0.5) == pytest.approx(3.0 * 4.0)
    assert gains.expected(1, 0.75) == pytest.approx(1.5 * 6.0)  # opened is now half as far away, closed half again
    assert gains.unsure(0)


def test_the_readable_reference_and_the_engine_search_the_same_parts(tmp_path: Path) -> None:
    distances = all_distances(read_network(beasley(tmp_path, 50, 4, 9)))
    engine = solve_p_median(distances, 4, unit=1.0)
    reference = solve_p_median(distances, 4, unit=1.0, jit=False)
    assert reference == engine
    slow = all_distances(read_network(beasley(tmp_path, 30, 4, 9)), jit=False)
    assert np.array_equal(slow, all_distances(read_network(beasley(tmp_path, 30, 4, 9))))


def test_a_search_that_is_stopped_says_how_far_from_the_best_it_may_be(tmp_path: Path) -> None:
    distances = all_distances(read_network(beasley(tmp_path, 100, 10, 3)))
    whole = solve_p_median(distances, 10, unit=1.0)
    for asked in range(12):
        left = itertools.count()
        found = solve_p_median(distances, 10, unit=1.0, goes_on=lambda left=left, asked=asked: next(left) < asked)
        assert found.bound <= whole.cost <= found.cost
        assert found.proved == (found.bound == found.cost)
        assert found.cost == distances[list(found.open)].min(axis=0).sum()


def test_ways_are_shortest_and_the_last_of_two_edges_counts(tmp_path: Path) -> None:
    file = tmp_path / "net.txt"
    file.write_text("4 6 1\n1 2 5\n2 3 5\n3 4 5\n1 4 50\n1 2 7\n4 1 9\n")
    network = read_network(file)
    kept = np.full((4, 4), np.inf)
    for one, other, cost in ((0, 1, 7), (1, 2, 5), (2, 3, 5), (0, 3, 9)):
        kept[one, other] = kept[other, one] = cost
    assert np.array_equal(all_distances(network), shortest_path(kept, directed=False))
    assert network.unit == 1.0


def test_a_network_saved_by_an_editor_of_windows_is_read_as_well(tmp_path: Path) -> None:
    file = tmp_path / "net.txt"
    file.write_bytes(b"\xef\xbb\xbf" + b"3 3 1\r\n1 2 1\r\n2 3 2\r\n1 3 9\r\n")
    assert json.loads(typed(file, "--json").stdout)["cost"] == 3


def test_costs_that_are_not_whole_numbers_are_solved_too(tmp_path: Path) -> None:
    file = tmp_path / "net.txt"
    file.write_text("3 3 1\n1 2 1.5\n2 3 2.25\n1 3 9\n")
    data = json.loads(typed(file, "--json").stdout)
    assert (data["cost"], data["proved"], data["medians"]) == (3.75, True, [2])


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("", 1, "empty"),
        ("100 200\n", 1, "three whole numbers"),
        ("3 2 4\n1 2 1\n2 3 1\n", 1, "4 places cannot be chosen among 3 nodes"),
        ("3 2 0\n1 2 1\n2 3 1\n", 1, "0 places"),
        ("3 3 1\n1 2 1\n2 3 1\n", 1, "promises 3 edges, and there are 2"),
        ("3 1 1\n1 2 1\n2 3 1\n", 1, "promises 1 edges, and there are 2"),
        ("3 2 1\n1 2 1\n\n2 9 1\n", 4, "go from 1 to 3"),
        ("3 2 1\n1 2 1\n2 0 1\n", 3, "go from 1 to 3"),
        ("3 2 1\n1 2 ten\n2 3 1\n", 2, "three numbers"),
        ("3 2 1\n1 2 1 1\n2 3 1\n", 2, "three numbers"),
        ("3 2 1\n1 2 -4\n2 3 1\n", 2, "nought or more"),
        ("3 2 1\n1 2 nan\n2 3 1\n", 2, "nought or more"),
        ("9000000 1 1\n1 2 1\n", 1, "between 1 and"),
    ],
)
def test_a_network_that_is_written_wrongly_is_told_by_its_line(text: str, line: int, said: str, tmp_path: Path) -> None:
    file = tmp_path / "net.txt"
    file.write_text(text)
    answer = typed(file)
    assert answer.exit_code == 1
    assert said in answer.stderr
    assert f"line {line}" in answer.stderr


def test_a_network_in_two_parts_names_the_nodes_that_nobody_reaches(tmp_path: Path) -> None:
    file = tmp_path / "net.txt"
    file.write_text("5 3 1\n1 2 1\n3 4 1\n4 5 2\n")
    answer = typed(file)
    assert answer.exit_code == 1
    assert "no way to 3 nodes" in answer.stderr
    assert "3, 4, 5" in answer.stderr


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(CannotPlan, match="kan ikke læses"):
        read_network(tmp_path / "nothing.txt")
    assert typed(tmp_path / "nothing.txt", "--json").exit_code == 1


# The command as it is typed, but that it says on standard error when the search begins.
TYPED_AND_TOLD = """
import sys
from hovedindgang.planning.commands import plan
from hovedindgang.planning.siting import medians

def told(*given, **named):
    print("begun", file=sys.stderr, flush=True)
    return solve(*given, **named)

solve, medians.solve_p_median = medians.solve_p_median, told
plan()
"""


def test_whoever_presses_ctrl_c_gets_what_is_known_by_then(tmp_path: Path) -> None:
    file = beasley(tmp_path, 600, 20, 1020)
    data = json.loads(stopped_by_hand(TYPED_AND_TOLD, ["pmedian", str(file), "--json"], lambda line: line == "begun"))
    assert data["proved"] or data["interrupted"]
    if not data["proved"]:
        assert 0 <= data["bound"] < data["cost"]
        assert len(data["medians"]) == 20


def typed(file: Path, *more: str) -> Result:
    return CliRunner().invoke(plan, ["pmedian", str(file), *more], env={"HOVEDINDGANG_LANGUAGE": "en"})
