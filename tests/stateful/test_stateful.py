"""Whatever people do, in whatever order: the house stands as a plain model of it says, on either database.

Here a few hundred steps; `make bench ONLY=stateful` plays twenty thousand on each, and compares all rows of the two.
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stateful import dump
from stateful.broken import BROKEN
from stateful.house import House
from stateful.running import fault_of, play
from stateful.script import WORDS, Step, steps

pytestmark = pytest.mark.django_db
SHORT = {"look_every": 15, "count_every": 40}
LONG = {"look_every": 40, "count_every": 125}
STEPS_OF_A_HISTORY = 250  # then the next begins, in an empty house


@settings(max_examples=2, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.sampled_from(WORDS), st.integers(0, 2**32 - 1)), min_size=50, max_size=70))
def test_the_house_stands_as_the_plain_model_says(script: list[Step]) -> None:
    play(script, **SHORT)


def test_history_after_history_it_stands_as_the_model_says(tmp_path: Path) -> None:
    """As many as it takes for the steps that are asked for; each one's end is written down as it comes."""
    folder = Path(os.environ.get("STATEFUL_FOLDER", tmp_path))
    asked = int(os.environ.get("STATEFUL_STEPS", 0))
    histories = _long(asked) if asked else _short()
    faults = []
    with (folder / "found.jsonl").open("a", encoding="utf-8") as written:
        for number, (found, rows) in enumerate(histories, start=1):
            (folder / f"{number}.txt").write_text("\n".join(rows), encoding="utf-8")
            written.write(json.dumps({"history": number, **found}) + "\n")
            written.flush()
            faults += [found["fault"]] if found["fault"] else []
            assert not [row for row in rows if ' ?"' in row], "a row number that the town does not know"
    assert faults == []


Found = tuple[dict[str, Any], list[str]]


def _short() -> Iterator[Found]:
    found, rows = _played(steps("short", 120), SHORT)
    ends: Counter[str] = Counter()
    for of_deed in found["ends"].values():
        ends.update(of_deed)
    assert found["fault"] or (ends["done"] > 40 and ends["refused"] > 5 and ends["no access"] > 2)
    assert found["fault"] or len(rows) > 100
    yield found, rows


def _long(asked: int) -> Iterator[Found]:
    seed, done, number = os.environ["STATEFUL_SEED"], 0, 0
    while done < asked and number < asked:  # a house that breaks at once is not asked for ever
        number += 1
        found, rows = _played(steps(f"{seed} {number}", STEPS_OF_A_HISTORY), LONG)
        done += sum(sum(of_deed.values()) for of_deed in found["ends"].values())
        yield found, rows


def _played(script: Iterator[Step], how_often: dict[str, int]) -> Found:
    rows: list[str] = []

    def keep(house: House) -> None:
        rows.extend(dump.lines(house))

    began, fault, ends = time.monotonic(), None, {}
    try:
        ends = play(script, then=keep, **how_often).ends
    except Exception as error:
        fault = f"{type(error).__name__}: {error}"[:2000]
    digest = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    seconds = round(time.monotonic() - began, 1)
    return {"fault": fault, "ends": ends, "rows": len(rows), "sha256": digest, "seconds": seconds}, rows


@pytest.mark.parametrize("name", BROKEN)
def test_a_promise_that_is_broken_on_purpose_is_found(name: str) -> None:
    broken, words, seed = BROKEN[name]
    with broken():
        found = fault_of(steps(f"broken {seed}", 40, words), look_every=4, count_every=2)
    assert found is not None
    assert found.startswith("Parted"), found


def test_the_plain_model_knows_nothing_of_the_house() -> None:
    """What it expects is worked out apart from what is tried."""
    folder = Path(__file__).parent
    for name in ("town", "deeds", "figures", "forgetting", "script"):
        tree = ast.parse((folder / f"{name}.py").read_text(encoding="utf-8"))
        imported = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        imported += [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
        assert not {module.split(".")[0] for module in imported} & {"hovedindgang", "django"}, name
