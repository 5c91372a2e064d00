"""The lines of the speed table: what each holds, how they are kept and how they are printed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path

RESULTS = Path(__file__).resolve().parent / "results.json"
QUERIES = Path(__file__).resolve().parent / "queries.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One promise and what was found. `baseline` is measured in the same run; `ratio` is product to baseline.

    Where there is nothing to compare with, `ratio` is product to goal. `at_least`: the goal is a floor, not a ceiling.
    `beside` holds what is printed beside, in its own words; figures published elsewhere say so.
    """

    name: str
    measure: str  # the measure it belongs to, what ONLY names
    product: float
    unit: str
    goal: float
    goal_is: str  # "ratio" or "product": what the goal limits
    baseline: float | None = None
    at_least: bool = False
    beside: dict[str, object] = field(default_factory=dict)

    @property
    def ratio(self) -> float:
        return self.product / (self.baseline if self.baseline is not None else self.goal)

    @property
    def judged(self) -> float:
        return self.ratio if self.goal_is == "ratio" else self.product

    @property
    def holds(self) -> bool:
        return self.judged >= self.goal if self.at_least else self.judged <= self.goal

    def row(self) -> dict[str, object]:
        row = asdict(self)
        sign = "≥" if row.pop("at_least") else "≤"
        unit = "×" if row.pop("goal_is") == "ratio" else self.unit
        row |= {
            "product": _short(self.product),
            "baseline": None if self.baseline is None else _short(self.baseline),
            "ratio": _short(self.ratio),
            "goal": f"{sign} {self.goal:g} {unit}",
            "holds": self.holds,
        }
        return row


def _short(number: float) -> float:
    """Four digits that say something."""
    return float(f"{number:.4g}")


def kept() -> list[dict[str, object]]:
    """The whole table as it lies in `results.json`."""
    rows: list[dict[str, object]] = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else []
    return rows


def keep(lines: Iterable[Line]) -> None:
    """Write the lines, with their day, in the place of those of the same measures; the others stay as they were."""
    rows = [line.row() | {"measured": date.today().isoformat()} for line in lines]
    measures = {row["measure"] for row in rows}
    write(RESULTS, [row for row in kept() if row["measure"] not in measures] + rows)


def write(file: Path, rows: object) -> None:
    file.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def table(rows: Iterable[dict[str, object]]) -> str:
    """The rows for people."""
    written = []
    for row in rows:
        beside = "; ".join(f"{name} {value}" for name, value in dict(row["beside"]).items())  # type: ignore[call-overload]
        baseline = "" if row["baseline"] is None else f" (baseline {row['baseline']})"
        written.append(
            f"{'holds ' if row['holds'] else 'MISSED'}  {row['name']}\n"
            f"        {row['product']} {row['unit']}{baseline}, ratio {row['ratio']}, goal {row['goal']},"
            f" measured {row['measured']}" + (f"\n        {beside}" if beside else "")
        )
    return "\n".join(written)
