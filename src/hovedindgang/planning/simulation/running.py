"""How many replications: as many as were asked for, or as many as the precision asked for takes.

The number is decided from whole rounds alone, so it is the same whoever does the work (Law 2015, section 9.4.1, the
sequential procedure with at least ten replications; the half-width is checked after each round, not after each
replication, which loses a little of what was asked for and never more than the interval shows).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hovedindgang.planning.language import gettext as _
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.simulation.cluster import team
from hovedindgang.planning.simulation.network import Of
from hovedindgang.planning.simulation.outcome import LEVEL, Results, student
from hovedindgang.planning.simulation.preparing import Prepared, prepare
from hovedindgang.planning.simulation.replications import Tally
from hovedindgang.planning.simulation.scenario import Scenario

FEWEST = 10
MOST = 1000
MOST_BYTES = 1 << 30  # of tallies kept
SHORT_MINUTES = 1 / 60  # a mean wait below a second is precise enough


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How a run is done. `replications` None: by `precision`, the half-width of mean waits relative to them."""

    seed: int = 1
    replications: int | None = None
    precision: float = 0.05
    jit: bool = True
    processes: int = 1
    address: str | None = None


def run(
    scenarios: Sequence[Scenario],
    asked: Asked,
    *,
    goes_on: Callable[[], bool] = lambda: True,
    progress: Callable[[int, int], None] = lambda done, wanted: None,
) -> list[Results]:
    """The results of each scenario, with the same replications of each (common random numbers).

    Stops early when `goes_on` says no; then the results are of what was done, and say so. `progress` is told how many
    replications are done, and how many are wanted so far.
    """
    prepared = [prepare(scenario) for scenario in scenarios]
    tallies: list[list[Tally]] = [[] for _scenario in scenarios]
    done, wanted = 0, asked.replications or FEWEST
    student(LEVEL, FEWEST)  # scipy is loaded now: whoever stops the run waits for nothing then
    with team(scenarios, seed=asked.seed, jit=asked.jit, processes=asked.processes, address=asked.address) as workers:
        while True:
            count = done * len(scenarios)
            for at, tally in workers.done(done, wanted, goes_on):
                tallies[at].append(tally)
                count += 1
                progress(count // len(scenarios), wanted)
                _must_fit(tallies, wanted)
            done = wanted
            results = [
                Results(one, asked.seed, tuple(found), interrupted=not goes_on())
                for one, found in zip(prepared, tallies, strict=True)
            ]
            more = done if asked.replications else _enough(results, asked.precision)
            if more <= done or not goes_on():
                return results
            wanted = more


def _must_fit(tallies: Sequence[Sequence[Tally]], wanted: int) -> None:
    """What is kept of each replication must have room."""
    size = sum(_bytes(tally) for one in tallies for tally in one[:1])
    if size * wanted > MOST_BYTES:
        raise CannotPlan(
            _("{wanted} gentagelser kræver mere hukommelse, end der regnes med.").format(wanted=wanted),
            cure=_("Bed om højst {most}; færre giver som regel samme svar.").format(most=MOST_BYTES // size),
        )


def _enough(results: Sequence[Results], precision: float) -> int:
    """How many replications it takes, judged by those that are done."""
    done = len(results[0].tallies)
    size = sum(_bytes(tally) for one in results for tally in one.tallies[:1])
    most = max(FEWEST, min(MOST, MOST_BYTES // size))
    worst = max(relative_half_width(one) for one in results)
    if worst <= precision:
        return done
    needed = math.ceil(done * (worst / precision) ** 2 * 1.1)
    return min(most, max(done + 5, min(needed, 4 * done)))


def _bytes(tally: Tally) -> int:
    return sum(
        getattr(tally, name).nbytes
        for name in ("by_flow", "outcomes", "waits", "by_hour", "busy_at", "duty_at", "hour_waits", "series", "queue")
    )


def relative_half_width(results: Results) -> float:
    """The widest of the channels: half the interval of the mean wait beside that mean; growing queues are left out."""
    widths = [0.0]
    for flows in channels_of(results.prepared).values():
        groups = {int(results.prepared.network.group_of[flow]) for flow in flows}
        if any(results.growth(group) is not None for group in groups) or not results.column(Of.SERVED, flows).any():
            continue
        wait = results.mean_wait(flows)
        if wait.value > SHORT_MINUTES:
            widths.append(wait.half_width / wait.value)
    return max(widths)


def channels_of(prepared: Prepared) -> dict[str, list[int]]:
    """Flows that somebody serves, by channel."""
    found: dict[str, list[int]] = {}
    for at, flow in enumerate(prepared.scenario.flows.values()):
        if flow.line is not None:
            found.setdefault(flow.channel, []).append(at)
    return found
