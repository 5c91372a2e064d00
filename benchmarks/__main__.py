"""Measure: `make bench`, `make bench ONLY=register,search` or `make bench FULL=1`, beside a PostgreSQL."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from benchmarks import (
    access,
    board,
    cluster,
    desk,
    forecast,
    fuzz,
    history,
    importing,
    kills,
    parsers,
    queries,
    registering,
    restoring,
    rosters,
    rotation,
    search,
    serving,
    simulation,
    siting,
    stateful,
)
from benchmarks.ground import Ground
from benchmarks.lines import Line, keep, kept, table

# In the order in which they are done: what needs little is measured before the house is full.
MEASURES: dict[str, Callable[[Ground], list[Line]]] = {
    "server": serving.measure,
    "desk": desk.measure,
    "forecast": forecast.measure,
    "queries": queries.measure,
    "import": importing.measure,
    "kills": kills.measure,
    "access": access.measure,
    "fuzz": fuzz.measure,
    "parsers": parsers.measure,
    "stateful": stateful.measure,
    "rotation": rotation.measure,
    "siting": siting.measure,
    "simulation": simulation.measure,
    "cluster": cluster.measure,
    "register": registering.measure,
    "touched": history.measure_small,
    "history": history.measure,
    "search": search.measure,
    "board": board.measure,
    "roster": rosters.measure,
    "restore": restoring.measure,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--only", default="", help=f"names by comma, of {', '.join(MEASURES)}")
    parser.add_argument("--full", action="store_true", help="ten million contacts too; takes an hour")
    asked = parser.parse_args()
    chosen = [name for name in asked.only.split(",") if name] or list(MEASURES)
    if unknown := set(chosen) - MEASURES.keys():
        parser.error(f"no measure called {', '.join(sorted(unknown))}; there are {', '.join(MEASURES)}")
    database = os.environ.get("HOVEDINDGANG_DATABASE", "")
    if not database.startswith("postgres"):
        parser.error("no PostgreSQL: call it as `make bench`, or behind tests/with_postgres.py --durable --")
    with tempfile.TemporaryDirectory(prefix="hovedindgang-bench-") as home:
        broken = measured(Ground(Path(home), database, asked.full), chosen)
    rows = kept()
    print(f"\n{table(rows)}")
    for name in broken:
        print(f"BROKEN  {name} could not be measured; its lines above are older, or missing")
    return 0 if not broken and all(row["holds"] for row in rows) else 1


def measured(ground: Ground, chosen: list[str]) -> list[str]:
    """Do the measures in order, keep the lines of each at once, and give the names of those that broke down."""
    os.environ.update(HOVEDINDGANG_HOME=str(ground.home), HOVEDINDGANG_DEMO="1", HOVEDINDGANG_LANGUAGE="da")
    # What is measured asks faster than anybody may: the counting goes on, the refusing does not.
    most = ("LOOK_UPS", "FORMS", "API_READINGS", "API_CALLS")
    os.environ.update({f"HOVEDINDGANG_MOST_{what}": "1000000000" for what in most})
    from hovedindgang.site.setup import django_ready

    django_ready()
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)
    broken = []
    for name in (name for name in MEASURES if name in chosen):
        began = time.monotonic()
        print(f"{name} ...", flush=True)
        try:
            keep(MEASURES[name](ground))
        except Exception:  # an hour's other figures are not lost with it
            traceback.print_exc()
            broken.append(name)
        ground.say(f"{name} took {time.monotonic() - began:.0f} s")
    return broken


if __name__ == "__main__":
    sys.exit(main())
