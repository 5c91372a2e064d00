"""A day ahead on real calls: the time of one forecast, how much better than simpler methods, what it covers."""

from __future__ import annotations

import os
import time
from pathlib import Path

from benchmarks.ground import Ground
from benchmarks.lines import Line

LAST_DAYS = 20
FIRST_HISTORY = 60  # days before the first of all rolling days
PROBED = 5  # forecasts whose time is taken


def measure(ground: Ground) -> list[Line]:
    # scipy; and statsforecast in `backtest`
    from hovedindgang.planning import demand

    series = demand.read(_calls())
    every = demand.backtest(series, days=len(series) - FIRST_HISTORY)
    last = every.last(LAST_DAYS)
    return [_seconds(series), *_better(last, "the last 20 days"), *_better(every, "all days after the first 60")]


def _calls() -> Path:
    for folder in (
        Path(os.environ.get("HOVEDINDGANG_DATA", "")),
        Path(__file__).resolve().parents[2] / "shared" / "data",
    ):
        if (folder / "bank_calls.csv").exists():
            return folder / "bank_calls.csv"
    raise FileNotFoundError("bank_calls.csv: set HOVEDINDGANG_DATA to the folder that holds it")


def _seconds(series: object) -> Line:
    from hovedindgang.planning import demand

    assert isinstance(series, demand.Series)
    took = []
    for back in range(1, PROBED + 1):
        day = series.days[-back]
        began = time.process_time()
        demand.forecast(series, [day], history_days=120).counts().quantile(0.975)
        took.append(time.process_time() - began)
    return Line(
        name="one day-ahead forecast at five minutes from 120 days",
        measure="forecast",
        product=max(took),
        unit="s CPU, the slowest of five",
        goal=2.0,
        goal_is="product",
        beside={"days of history:": f"{len(series) - PROBED}–{len(series) - 1}"},
    )


def _better(found: object, which: str) -> list[Line]:
    from hovedindgang.planning import demand

    assert isinstance(found, demand.Backtest)
    model, low_high = found.scores["model"], found.coverage_interval()
    beside: dict[str, object] = {
        f"CRPS of {name}:": round(scores.mean("crps"), 3) for name, scores in found.scores.items()
    }
    middle, goal = (94, 4.0) if len(found.days) <= LAST_DAYS else (95, 2.0)  # 90 to 98, and 93 to 97
    return [
        Line(
            name=f"CRPS beside the best baseline's ({found.best_baseline}), {which}",
            measure="forecast",
            product=model.mean("crps"),
            unit="calls",
            baseline=found.scores[found.best_baseline].mean("crps"),
            goal=0.9,
            goal_is="ratio",
            beside={
                **beside,
                "Poisson floor:": round(found.floor_mean, 3),
                "share of the gap closed:": f"{found.gap_closed:.0%}",
                "RMSE:": round(model.rmse, 2),
            },
        ),
        Line(
            name=f"coverage of the 95 % range, away from {middle} %, {which}",
            measure="forecast",
            product=abs(100 * model.mean("covered") - middle),
            unit="percentage points",
            goal=goal,
            goal_is="product",
            beside={
                "covered, %:": round(100 * model.mean("covered"), 2),
                "whole days drawn again, 95 %:": "–".join(f"{100 * end:.1f}" for end in low_high),
            },
        ),
    ]
