"""Whether scenarios can be compared at all: the same days, and citizens who are the same."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hovedindgang.planning.language import gettext, number
from hovedindgang.planning.problems import CannotPlan

if TYPE_CHECKING:
    from hovedindgang.planning.service.reading import Plan
    from hovedindgang.planning.simulation.scenario import Scenario

MOST_NAMED = 6


def must_be_alike(files: Sequence[Path], scenarios: Sequence[Scenario]) -> None:
    """Raises CannotPlan where a scenario has other days than the first, or not one flow of citizens in common with it.

    Chance is shared by flow and by day: what comes on other days, or in flows of other names, is drawn apart.
    """
    first = scenarios[0]
    for file, other in zip(files[1:], scenarios[1:], strict=True):
        if _period(first) != _period(other):
            raise CannotPlan(
                gettext("{file} og {first} har ikke de samme dage, så de har ikke de samme borgere.").format(
                    file=file, first=files[0]
                ),
                cure=gettext("Sæt first_day, days og warm_up_minutes ens i dem."),
                where=tuple(
                    gettext("{file}: {days} dage fra {first_day}, de første {minutes} minutter regnes ikke med").format(
                        file=path,
                        days=number(one.days - one.lead_days),
                        first_day=one.asked_from.isoformat(),
                        minutes=number(one.warm_up_minutes - 1440.0 * one.lead_days),
                    )
                    for path, one in ((files[0], first), (file, other))
                ),
            )
        if not _arriving(first) & _arriving(other):
            raise CannotPlan(
                gettext("{file} og {first} har ingen borgere til fælles: ikke én strøm hedder det samme.").format(
                    file=file, first=files[0]
                ),
                cure=gettext("Kald de borgere, der er de samme, det samme i begge filer, eller kør hver for sig."),
                where=tuple(f"{path}: {_named(_arriving(one))}" for path, one in ((files[0], first), (file, other))),
            )


def unlike(files: Sequence[Path], scenarios: Sequence[Scenario], plans: Sequence[Plan | None]) -> list[list[str]]:
    """For each file after the first, sentences on what of the difference is not the change's."""
    return [
        _unlike(files[0], scenarios[0], plans[0], other, plan)
        for other, plan in zip(scenarios[1:], plans[1:], strict=True)
    ]


def _unlike(file: Path, first: Scenario, base: Plan | None, other: Scenario, plan: Plan | None) -> list[str]:
    said = []
    if base is not None and plan is not None and (base.model, base.inputs) != (plan.model, plan.inputs):
        text = gettext("De hviler ikke på de samme tal som {file}: forskellen er også tallenes.")
        said.append(text.format(file=file))
    mine, theirs = _arriving(first), _arriving(other)
    if base is None and mine != theirs:
        text = gettext("Ikke de samme borgere kommer i begge: {names}. Deres del af forskellen er også tilfældets.")
        said.append(text.format(names=_named(mine ^ theirs)))
    return said


def _period(scenario: Scenario) -> tuple[object, ...]:
    """Of plans the days that were asked for: how long they are warmed up does not change who comes on them."""
    lead = scenario.lead_days
    return scenario.asked_from, scenario.days - lead, scenario.warm_up_minutes - 1440.0 * lead


def _arriving(scenario: Scenario) -> set[str]:
    return {key for key, flow in scenario.flows.items() if flow.arrivals is not None}


def _named(keys: set[str]) -> str:
    named = sorted(keys)
    more = len(named) - MOST_NAMED
    return ", ".join(named[:MOST_NAMED]) + (gettext(" og {more} til").format(more=number(more)) if more > 0 else "")
