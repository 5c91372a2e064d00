"""Jammerbugt's plan as it is shipped, but with what people ask most often: a test of it takes a fifth of the time."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from functools import cache
from pathlib import Path

from hovedindgang.planning.service.reading import Plan, read_plan

JAMMERBUGT = Path(__file__).resolve().parents[4] / "models" / "planning" / "jammerbugt-2006.toml"
# As many come as for all 71, for these: each level and channel is among them, four of seven departments, and three of
# four seasons.
ASKED_MOST = frozenset(
    (
        *("boligstoette", "byggetilladelse", "flytning", "folkepension", "generel-oplysning", "hjaelpemidler"),
        *("jobsoegning", "koerekort-fornyelse", "kontanthjaelp", "pas-ansoegning", "pas-udlevering-2007", "rotter"),
        *("skat-delegeret", "status-paa-sag", "sundhedskort", "sygedagpenge", "valg", "vielse"),
    )
)


@cache
def jammerbugt(*, days: int, first_day: dt.date | None = None, whole: bool = False) -> Plan:
    """`whole`: with all its services, where a test is of how many there are."""
    read = read_plan(JAMMERBUGT)
    inputs = dataclasses.replace(read.inputs, days=days, first_day=first_day or read.inputs.first_day)
    services = {key: one for key, one in read.model.services.items() if whole or key in ASKED_MOST}
    return dataclasses.replace(read, model=dataclasses.replace(read.model, services=services), inputs=inputs)


def written(folder: Path, *, days: int) -> Path:
    """The same as files, to be asked for by a command: the plan, its model, and a catalogue of what is asked most."""
    models = JAMMERBUGT.parents[1]
    blocks = re.split(r"(?m)^(?=\[)", (models / "catalogue.toml").read_text(encoding="utf-8"))
    of = [found[1] if (found := re.match(r"\[+services\.([\w-]+)", block)) else "" for block in blocks]
    others = "|".join(set(of) - ASKED_MOST - {""})
    kept = [block for key, block in zip(of, blocks, strict=True) if not key or key in ASKED_MOST]
    texts = {
        "catalogue.toml": "".join(kept),
        "jammerbugt-2006.toml": (models / "jammerbugt-2006.toml").read_text(encoding="utf-8"),
        "plan.toml": JAMMERBUGT.read_text(encoding="utf-8").replace("../", "").replace("days = 365", f"days = {days}"),
    }
    for name, text in texts.items():
        less = re.sub(rf'(?m)^\w+ = "(?:{others})"\n|"(?:{others})",? *|^(?:{others}) = .*\n', "", text)
        (folder / name).write_text(less, encoding="utf-8")
    return folder / "plan.toml"
