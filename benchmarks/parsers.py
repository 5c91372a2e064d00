"""Anything at all is thrown at every parser that takes what comes from outside: crashes, hangs, and what explodes."""

from __future__ import annotations

import os
import re
from pathlib import Path

from benchmarks.ground import Ground
from benchmarks.lines import Line

SECONDS = 600.0  # for each kind; PARSERS_SECONDS asks for fewer (the line says how many), PARSERS_KINDS for some kinds


def measure(ground: Ground) -> list[Line]:
    """The parsers of a kind share its time alike."""
    from parsers.parsers import GROUPS

    kinds = [kind for kind in os.environ.get("PARSERS_KINDS", "").split(",") if kind] or list(GROUPS)
    return [*(_of(ground, kind) for kind in kinds), _broken()]


def _of(ground: Ground, group: str) -> Line:
    from parsers.fuzzing import fuzz
    from parsers.parsers import GROUPS

    folder = Path(ground.home) / "parsers"
    folder.mkdir(exist_ok=True)
    parsers = GROUPS[group](folder)
    seconds = float(os.environ.get("PARSERS_SECONDS", SECONDS))
    faults: list[str] = []
    inputs, longest = 0, 0.0
    for parser in parsers:
        found = fuzz(parser, seconds=seconds / len(parsers))
        inputs, longest = inputs + found.inputs, max(longest, found.longest)
        faults += [f"{parser.name}: {fault}" for fault in found.faults.values()]
    for fault in faults:
        ground.say(fault)
    return Line(
        name=f"anything thrown at the {group} parsers: crashes, hangs over 1 s, and over 3× for twice the input",
        measure="parsers",
        product=len(faults),
        unit="faults",
        goal=0.5,
        goal_is="product",
        beside={
            "parsers:": len(parsers),
            "minutes:": round(seconds / 60, 1),
            "inputs:": f"{inputs:,}",
            "longest, ms of CPU:": round(longest * 1000),
            "longest input, signs:": max(parser.longest for parser in parsers),
            **({"found:": "; ".join(faults[:5])} if faults else {}),
        },
    )


def _broken() -> Line:
    """Three parsers that are wrong on purpose: the same throwing must find each."""
    from parsers.broken import BROKEN
    from parsers.fuzzing import fuzz

    caught = {name: list(fuzz(parser, first=True).faults) for name, parser in BROKEN.items()}
    return Line(
        name="parsers that are wrong on purpose, and caught",
        measure="parsers",
        product=sum(bool(faults) for faults in caught.values()),
        unit="parsers",
        goal=len(BROKEN),
        goal_is="product",
        at_least=True,
        beside={f"{name}:": re.sub(r"\s+", " ", "; ".join(faults))[:80] for name, faults in caught.items()},
    )
