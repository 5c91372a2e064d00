"""What `plan simulate` and `plan compare` say of how many days one waits for a free time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from hovedindgang.planning.language import gettext, number
from hovedindgang.planning.naming import source_name


def free_times_in_words(found: Iterable[Mapping[str, Any]], names: Mapping[str, str]) -> list[str]:
    """Nothing where nobody books a time. `names`: of the centres."""
    found = [one for one in found if one["mean_days"] is not None or one["growth_per_week"]]
    if not found:
        return []
    lines = [
        gettext("Dage, til der er en ledig tid (regnet ved siden af, af hele dage; den første ledige fra i morgen):"),
        *(f"  {names.get(one['centre'], one['centre'])}: {_one(one)}" for one in found),
    ]
    for said in dict.fromkeys((one["source"], one["reference"]) for one in found):
        lines.append("  " + gettext("Hvor mange tider: {source}.").format(source=f"{source_name(said[0])}: {said[1]}"))
    if any(one["slots_follow_demand"] for one in found):
        lines.append(
            "  "
            + gettext(
                "Så er der flere tider, når flere beder om en: skriv appointments.slots_per_week for at se andet."
            )
        )
    return lines


def _one(one: Mapping[str, Any]) -> str:
    slots = gettext("{slots} tider om ugen til {asked}, der beder om en").format(
        slots=number(one["slots_per_week"], 1), asked=number(one["asked_per_week"], 1)
    )
    if one["mean_days"] is None:
        text = gettext("ventetiden vokser uden ende, {growth} flere hver uge")
        return f"{text.format(growth=number(one['growth_per_week'], 1))}; {slots}"
    mean = _with_width(one["mean_days"])
    if one["mean_days_at_the_ends"]:
        low, high = (gettext("uden ende") if end is None else number(end, 1) for end in one["mean_days_at_the_ends"])
        mean = gettext("{mean} (måske {low} til {high})").format(mean=mean, low=low, high=high)
    text = gettext("{mean} dage i gennemsnit, 90 % højst {most}")
    return f"{text.format(mean=mean, most=_with_width(one['p90_days']))}; {slots}"


def _with_width(figure: Mapping[str, float | None]) -> str:
    value, low, high = (figure[key] for key in ("value", "low", "high"))
    assert value is not None
    if low is None or high is None:
        return number(value, 1)
    return f"{number(value, 1)} ± {number((high - low) / 2, 1)}"
