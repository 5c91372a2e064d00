"""The p-median problem to proof: OR-Library's instances and networks by Beasley's recipe; spopt with HiGHS beside."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.ground import Ground
from benchmarks.lines import Line

ROOT = Path(__file__).resolve().parent.parent
LIMIT = 25.0  # CPU seconds; what is not proved by then counts as not proved
PROMISED = {100: 3.0, 400: 3.0, 800: 5.0, 900: 5.0}
HARD = (20, 45)  # of 800 and 900 nodes: there the relaxation leaves most to branch on
SEEDS = 2
OPTIMA = {"pmed1": 5819, "pmed5": 1355, "pmed10": 1255}

# Run by the peers' own Python: HiGHS and OR-Tools cannot share a process.
PEER = """
import json, sys, time
import numpy, pulp
from spopt.locate import PMedian
near, places = numpy.load(sys.argv[1]), int(sys.argv[2])
began = time.process_time()
model = PMedian.from_cost_matrix(near, numpy.ones(len(near)), p_facilities=places)
model = model.solve(pulp.HiGHS(msg=False, threads=1))
print(json.dumps([pulp.value(model.problem.objective), time.process_time() - began]))
"""


def measure(ground: Ground) -> list[Line]:
    from hovedindgang.planning.compiling import kept_in
    from hovedindgang.planning.siting.medians import solve_p_median
    from hovedindgang.planning.siting.networks import all_distances, read_network
    from hovedindgang.planning.tests.test_pmedian import beasley

    kept_in(ground.home)

    def solved(file: Path) -> tuple[bool, float, float]:
        began = time.process_time()
        network = read_network(file)
        found = solve_p_median(
            all_distances(network),
            network.medians,
            unit=network.unit,
            goes_on=lambda: time.process_time() - began < LIMIT,
        )
        return found.proved, time.process_time() - began, found.cost

    solved(beasley(ground.home, 50, 5, 1))  # compiles
    took: dict[int, list[float]] = {nodes: [] for nodes in PROMISED}
    proved = []
    for nodes in PROMISED:
        for places in sorted({5, 10, *(HARD if nodes >= 800 else ()), nodes // 10, nodes // 5, nodes // 3}):
            for seed in range(SEEDS):
                sure, seconds, _ = solved(beasley(ground.home, nodes, places, 7919 * seed + nodes + places))
                ground.say(f"{nodes} nodes, {places} places: {'proved' if sure else 'not proved'}, {seconds:.2f} s")
                proved.append(sure)
                took[nodes].append(seconds)
    lines = [
        Line(
            name="p-median: networks by Beasley's recipe solved to proof",
            measure="siting",
            product=100 * statistics.mean(proved),
            unit="%",
            goal=95,
            goal_is="product",
            at_least=True,
            beside={"networks:": len(proved), "CPU seconds at most each:": LIMIT},
        )
    ]
    for nodes, most in PROMISED.items():
        lines.append(
            Line(
                name=f"p-median: {nodes} nodes, 95 of 100 networks within",
                measure="siting",
                product=statistics.quantiles(took[nodes], n=20, method="inclusive")[-1],
                unit="s, CPU, warm",
                goal=most,
                goal_is="product",
                beside={
                    "median s:": round(statistics.median(took[nodes]), 2),
                    "slowest s:": round(max(took[nodes]), 2),
                },
            )
        )
    return [*lines, *_beside_spopt(ground, solved)]


def _beside_spopt(ground: Ground, solved: object) -> list[Line]:
    import numpy as np

    from hovedindgang.planning.siting.networks import all_distances, read_network

    folders = [Path(os.environ.get("HOVEDINDGANG_DATA", "")), ROOT.parent / "shared" / "data"]
    folder = next((folder / "orlib" for folder in folders if (folder / "orlib").exists()), None)
    if folder is None:
        ground.say("OR-Library's instances are not here: set HOVEDINDGANG_DATA to the folder that holds orlib/")
        return []
    lines = []
    for name, optimum in OPTIMA.items():
        sure, seconds, cost = solved(folder / f"{name}.txt")  # type: ignore[operator]
        assert sure
        assert cost == optimum
        network = read_network(folder / f"{name}.txt")
        np.save(ground.home / "near.npy", all_distances(network))
        done = subprocess.run(
            [_peers(), "-W", "ignore", "-c", PEER, str(ground.home / "near.npy"), str(network.medians)],
            capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": ""},
        )  # fmt: skip
        theirs, peer_seconds = json.loads(done.stdout.splitlines()[-1])
        assert round(theirs) == optimum
        lines.append(
            Line(
                name=f"p-median: OR-Library's {name}, proved, beside spopt with HiGHS",
                measure="siting",
                product=seconds,
                baseline=peer_seconds,
                unit="s, CPU, warm",
                goal=1,
                goal_is="ratio",
                beside={"optimum:": optimum, "both reach it": ""},
            )
        )
    return lines


def _peers() -> Path:
    """The Python of the peers' own environment, made when it is missing."""
    python = ROOT / ".venv-peers" / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(ROOT / ".venv-peers")], check=True)
        subprocess.run(
            [python, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", ROOT / "requirements" / "peers.txt"],
            check=True,
        )
    return python
