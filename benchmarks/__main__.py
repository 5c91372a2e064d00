"""Measure: `make bench`, `make bench ONLY=register,search` or `make bench FULL=1`, beside a PostgreSQL."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks import board, desk, history, importing, kills, queries, registering, search, serving
from benchmarks.ground import Ground
from benchmarks.lines import Line, keep, table

# In the order in which they are done: what needs little is measured before the house is full.
MEASURES: dict[str, Callable[[Ground], list[Line]]] = {
    "server": serving.measure,
    "desk": desk.measure,
    "queries": queries.measure,
    "import": importing.measure,
    "kills": kills.measure,
    "register": registering.measure,
    "touched": history.measure_small,
    "history": history.measure,
    "search": search.measure,
    "board": board.measure,
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
        lines = measured(Ground(Path(home), database, asked.full), chosen)
    rows = keep(lines, measured={line.measure for line in lines})
    print(f"\n{table(rows)}")
    return 0 if all(row["holds"] for row in rows) else 1


def measured(ground: Ground, chosen: list[str]) -> list[Line]:
    """Do the measures in order. One that breaks down is said aloud and leaves its old lines; the others go on."""
    os.environ.update(HOVEDINDGANG_HOME=str(ground.home), HOVEDINDGANG_DEMO="1", HOVEDINDGANG_LANGUAGE="da")
    from hovedindgang.site.setup import django_ready

    django_ready()
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)
    lines: list[Line] = []
    for name in (name for name in MEASURES if name in chosen):
        began = time.monotonic()
        print(f"{name} ...", flush=True)
        lines += MEASURES[name](ground)
        ground.say(f"{name} took {time.monotonic() - began:.0f} s")
    return lines


if __name__ == "__main__":
    sys.exit(main())
