"""Rosters of an invented unit: 25 employees, 4 weeks, 4 centres; how soon within 3 % of the bound, for each seed.

The people, needs and wishes are invented (`staffing.rosters.inventing`), drawn anew from each seed. Seconds are those
on the clock, as whoever waits counts them, with the two searches that a person has by default. The gap is by the
question's own prices, all of which are weights; an independent check without a solver goes through every rule.
"""

from __future__ import annotations

from benchmarks.ground import Ground
from benchmarks.lines import Line

SEEDS = (1, 2, 3, 4, 5)
LIMIT_SECONDS = 60
NEAR = 0.03


def measure(ground: Ground) -> list[Line]:
    from hovedindgang.planning.staffing.rosters.checking import broken_rules, missing
    from hovedindgang.planning.staffing.rosters.inventing import invented
    from hovedindgang.planning.staffing.rosters.solving import solve_roster

    lines = []
    for seed in SEEDS:
        question = invented(seed, employees=25, weeks=4, centres=4)
        found = solve_roster(question, seconds=LIMIT_SECONDS, seed=seed, gap=NEAR)
        gap = found.gap if found.gap is not None else float("inf")
        broken = broken_rules(question, found.duties)
        beside: dict[str, object] = {
            "gap": f"{100 * gap:.2f} %",
            "price": f"{found.price_kr:.0f} kr",
            "bound": "none" if found.bound_kr is None else f"{found.bound_kr:.0f} kr",
            "rules broken": len(broken),
            "person-hours missing": round(sum(one.hours for one in missing(question, found.duties))),
            "duties": len(found.duties),
        }
        near = gap <= NEAR and not broken
        lines.append(
            Line(
                name=f"a roster of 25 employees, 4 weeks, 4 centres within 3 % of its bound, seed {seed}",
                measure="roster",
                product=found.seconds if near else float(10 * LIMIT_SECONDS),
                unit="s",
                goal=LIMIT_SECONDS,
                goal_is="product",
                beside=beside if near else {**beside, "not reached in": f"{found.seconds:.0f} s"},
            )
        )
        ground.say(f"seed {seed}: {found.seconds:.1f} s, gap {100 * gap:.2f} %")
    return lines
