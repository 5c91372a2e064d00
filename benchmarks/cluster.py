"""A thousand replications on a Dask cluster of two workers beside two plain processes, turn about, by wall clock."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.ground import Ground
from benchmarks.lines import Line

ROOT = Path(__file__).resolve().parent.parent
CASES = ("jammerbugt-2006", "jammerbugt-rullende", "fredensborg", "fredensborg-callcenter", "fredensborg-filialer")
WORKERS, TURNS = 2, 5
EACH = 1000 // len(CASES) // TURNS  # replications of each case in a turn


def measure(ground: Ground) -> list[Line]:
    """In a process of its own: the workers are begun anew, and import what it imports."""
    environment = {**os.environ, "HOVEDINDGANG_HOME": str(ground.home), "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.cluster"], check=True, capture_output=True, text=True, env=environment
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    dask, plain = (found["replications"] / found[name] for name in ("dask", "plain"))
    return [
        Line(
            name=f"{found['replications']:,} replications of {len(CASES)} plans for a year on a Dask cluster",
            measure="cluster",
            product=dask,
            baseline=plain,
            unit="a second by the wall clock, beside two processes'",
            goal=0.9,
            goal_is="ratio",
            at_least=True,
            beside={
                "workers:": WORKERS,
                "the least and most of a turn:": " to ".join(f"{one:.2f}" for one in found["turns"]),
                "replications that differ:": found["different"],
            },
        )
    ]


def _scenarios() -> list[Any]:
    from hovedindgang.planning.commands.simulating import scenario_of

    return [scenario_of(ROOT / "models" / "planning" / f"{case}.toml") for case in CASES]


def _main() -> None:
    from distributed import LocalCluster

    from hovedindgang.planning.compiling import kept_in
    from hovedindgang.planning.simulation.cluster import Cluster, Processes
    from hovedindgang.planning.simulation.replications import warm

    kept_in(Path(os.environ["HOVEDINDGANG_HOME"]))
    warm()
    scenarios = _scenarios()
    seconds: dict[str, list[float]] = {"dask": [], "plain": []}
    sums: dict[str, dict[tuple[int, int], float]] = {"dask": {}, "plain": {}}
    with (
        LocalCluster(n_workers=WORKERS, threads_per_worker=1, host="127.0.0.1", dashboard_address=None) as local,
        Cluster(scenarios, seed=1, address=local.scheduler_address) as dask,
        Processes(scenarios, 1, WORKERS) as plain,
    ):
        turns: dict[str, Any] = {"dask": dask, "plain": plain}
        for name in turns:  # both have begun, and have read what they need
            list(turns[name].done(0, 2 * WORKERS))
        for turn in range(TURNS):
            first = 2 * WORKERS + turn * EACH
            for name in turns if turn % 2 else reversed(turns):
                began = time.monotonic()
                for scenario, tally in turns[name].done(first, first + EACH):
                    sums[name][scenario, tally.replication] = float(tally.by_flow.sum())
                seconds[name].append(time.monotonic() - began)
    ratios = sorted(p / d for d, p in zip(seconds["dask"], seconds["plain"], strict=True))
    found = {name: sum(each) for name, each in seconds.items()}
    different = sum(sums["dask"].get(key) != value for key, value in sums["plain"].items())
    print(
        json.dumps(
            {**found, "replications": len(sums["dask"]), "turns": [ratios[0], ratios[-1]], "different": different}
        )
    )


if __name__ == "__main__":
    _main()
