"""What a choice of places means, as data and in words: who is how far, what it costs, and what is assumed."""

from __future__ import annotations

from typing import Any

from hovedindgang.planning.language import gettext, number
from hovedindgang.planning.siting.places import Places
from hovedindgang.planning.siting.sites import Asked, Choice, Ranked, measured


def as_data(plan: Places, asked: Asked, best: Ranked, numbers: list[tuple[int, Ranked]]) -> dict[str, Any]:
    first = best.choices[0]
    return {
        "name": plan.name,
        "question": asked.question,
        "places_asked_for": asked.places,
        "within_minutes": asked.within_minutes,
        "travel": {
            "is": "estimate" if plan.estimated else "matrix",
            "shortest_factor": plan.shortest_factor,
            "longest_factor": plan.longest_factor,
        },
        "best": _choice(plan, asked, first) | {"proved": best.proved[0]},
        "next_best": [
            _short(plan, asked, choice) | {"proved": sure, "more": _more(first, choice)}
            for choice, sure in zip(best.choices[1:], best.proved[1:], strict=True)
        ],
        "by_number": [
            {"number": count} | _short(plan, asked, found.choices[0]) | {"proved": found.proved[0]}
            for count, found in numbers
        ],
        "sources": plan.sources,
        "assumed": _assumed(plan),
    }


def _choice(plan: Places, asked: Asked, choice: Choice) -> dict[str, Any]:
    """Everything a map needs: where the places and the people are, and who goes where."""
    names = [plan.town(plan.candidates[at].town) for at, _ in choice.options]
    people = [town.people.value for town in plan.towns]
    return _short(plan, asked, choice) | {
        "places": [
            {
                "town": town.key,
                "name": town.name,
                "kind": plan.kinds[kind].key,
                "lat": town.lat,
                "lon": town.lon,
                "visits_per_year": round(float(choice.visits[row])),
                "people_nearest": round(sum(people[i] for i, to in enumerate(choice.nearest) if to == row)),
                "fixed_kr": plan.kinds[kind].fixed_kr.value,
            }
            for row, (town, (_, kind)) in enumerate(zip(names, choice.options, strict=True))
        ],
        "people": [
            {
                "town": town.key,
                "name": town.name,
                "people": town.people.value,
                "source": town.people.source,
                "lat": town.lat,
                "lon": town.lon,
                "nearest": names[choice.nearest[i]].key,
                **_span("minutes", plan, float(choice.minutes[i])),
            }
            for i, town in enumerate(plan.towns)
        ],
    }


def _short(plan: Places, asked: Asked, choice: Choice) -> dict[str, Any]:
    farthest = max(range(len(plan.towns)), key=lambda i: (plan.towns[i].people.value > 0, choice.minutes[i]))
    sooner, later = (
        measured(plan, choice.options, asked.within_minutes / factor).covered_share
        for factor in (plan.shortest_factor, plan.longest_factor)
    )
    return {
        "open": [f"{plan.candidates[at].town}:{plan.kinds[kind].key}" for at, kind in choice.options],
        **_span("mean_minutes", plan, choice.mean_minutes),
        **_span("worst_minutes", plan, choice.worst_minutes),
        "farthest": plan.towns[farthest].key,
        "covered_percent": round(100 * choice.covered_share, 2),
        "covered_percent_low": round(100 * later, 2),
        "covered_percent_high": round(100 * sooner, 2),
        "fixed_kr": round(choice.fixed_kr),
        "visits_kr": round(choice.visits_kr),
        "time_kr": round(choice.time_kr),
        "total_kr": round(choice.total_kr),
    }


def _span(name: str, plan: Places, minutes: float) -> dict[str, float]:
    return {
        name: round(minutes, 2),
        f"{name}_low": round(minutes * plan.shortest_factor, 2),
        f"{name}_high": round(minutes * plan.longest_factor, 2),
    }


def _more(best: Choice, other: Choice) -> dict[str, float]:
    return {
        "mean_minutes": round(other.mean_minutes - best.mean_minutes, 2),
        "worst_minutes": round(other.worst_minutes - best.worst_minutes, 2),
        "covered_percent": round(100 * (other.covered_share - best.covered_share), 2),
        "total_kr": round(other.total_kr - best.total_kr),
    }


def _assumed(plan: Places) -> list[str]:
    """What nobody has measured: the names of the figures whose source is an assumption."""
    figures = [(f"people.{town.key}", town.people) for town in plan.towns]
    figures += [(f"share.{service.key}", service.share) for service in plan.services]
    for kind in plan.kinds:
        figures += [(f"{kind.key}.fixed_kr", kind.fixed_kr), (f"{kind.key}.visit_kr", kind.visit_kr)]
    figures += [("visits_per_person_per_year", plan.visits_per_person), ("hour_kr", plan.hour_kr)]
    assumed = [name for name, figure in figures if plan.sources[figure.source]["kind"] == "assumed"]
    return [*assumed, *(["travel.minutes"] if plan.estimated else [])]


def in_words(plan: Places, asked: Asked, best: Ranked, numbers: list[tuple[int, Ranked]], stopped: bool) -> list[str]:
    first = best.choices[0]
    lines = [gettext("{name}: det bedste er {places}.").format(name=plan.name, places=_names(plan, first))]
    lines.append(
        gettext("Bevist: intet andet er bedre.") if best.proved[0] else gettext("Ikke bevist inden for tiden.")
    )
    lines += [f"  {line}" for line in _measures(plan, asked, first)]
    lines.append(gettext("Hvem har hvor langt (minutter, én vej):"))
    for i in sorted(range(len(plan.towns)), key=lambda i: -first.minutes[i]):
        town = plan.towns[i]
        to = plan.town(plan.candidates[first.options[first.nearest[i]][0]].town)
        lines.append(f"  {_minutes(plan, first.minutes[i])}  {town.name} ({number(town.people.value)}) → {to.name}")
    if numbers:
        lines.append(gettext("Det bedste for hvert antal:"))
        lines += [f"  {count}  {_line(plan, asked, found.choices[0])}" for count, found in numbers]
    if best.choices[1:]:
        lines.append(gettext("De næstbedste, og hvad de koster mere om året:"))
        lines += [
            f"  {number(choice.total_kr - first.total_kr):>12} kr.  {_line(plan, asked, choice)}"
            for choice in best.choices[1:]
        ]
    lines += resting(plan)
    return [*lines, gettext("Afbrudt: svaret er det bedste indtil da.")] if stopped else lines


def _names(plan: Places, choice: Choice) -> str:
    return ", ".join(
        f"{plan.town(plan.candidates[at].town).name} ({gettext(plan.kinds[kind].name)})" for at, kind in choice.options
    )


def _minutes(plan: Places, minutes: float) -> str:
    if not plan.estimated:
        return f"{number(minutes, 1):>5}"
    low, high = minutes * plan.shortest_factor, minutes * plan.longest_factor
    return f"{number(minutes):>3} ({number(low)}-{number(high)})"


def _measures(plan: Places, asked: Asked, choice: Choice) -> list[str]:
    return [
        gettext("I gennemsnit {mean} minutter, længst {worst}; {share} % har højst {within}.").format(
            mean=_minutes(plan, choice.mean_minutes).strip(),
            worst=_minutes(plan, choice.worst_minutes).strip(),
            share=number(100 * choice.covered_share),
            within=number(asked.within_minutes),
        ),
        gettext("Om året: steder {fixed} kr., besøg {visits} kr., borgernes tid {time} kr.; i alt {total} kr.").format(
            fixed=number(choice.fixed_kr),
            visits=number(choice.visits_kr),
            time=number(choice.time_kr),
            total=number(choice.total_kr),
        ),
    ]


def _line(plan: Places, asked: Asked, choice: Choice) -> str:
    return gettext("{places}: {mean} min., længst {worst}, {share} % inden for {within}, {total} kr.").format(
        places=_names(plan, choice),
        mean=number(choice.mean_minutes, 1),
        worst=number(choice.worst_minutes),
        share=number(100 * choice.covered_share),
        within=number(asked.within_minutes),
        total=number(choice.total_kr),
    )


# ------------------------------------------------------------------------------------------- now and then, side by side


def beside_as_data(plan: Places, asked: Asked, now: Choice, then: Choice) -> dict[str, Any]:
    """Both choices, and for each town how far it is now and then."""
    return {
        "name": plan.name,
        "within_minutes": asked.within_minutes,
        "travel_is": "estimate" if plan.estimated else "matrix",
        "now": _choice(plan, asked, now),
        "then": _choice(plan, asked, then),
        "people": [
            {
                "town": town.key,
                "name": town.name,
                "people": town.people.value,
                "minutes_now": round(float(now.minutes[i]), 2),
                "minutes_then": round(float(then.minutes[i]), 2),
                "minutes_more": round(float(then.minutes[i] - now.minutes[i]), 2),
            }
            for i, town in enumerate(plan.towns)
        ],
        "more": _more(now, then),
        "sources": plan.sources,
        "assumed": _assumed(plan),
    }


def beside_in_words(plan: Places, asked: Asked, now: Choice, then: Choice) -> list[str]:
    lines = [gettext("{name}, nu: {places}.").format(name=plan.name, places=_names(plan, now))]
    lines += [f"  {line}" for line in _measures(plan, asked, now)]
    lines.append(gettext("Bagefter: {places}.").format(places=_names(plan, then)))
    lines += [f"  {line}" for line in _measures(plan, asked, then)]
    lines.append(gettext("Hvem får hvor langt (minutter, én vej; nu → bagefter):"))
    more = then.minutes - now.minutes
    for i in sorted(range(len(plan.towns)), key=lambda i: (-more[i], -then.minutes[i])):
        town = plan.towns[i]
        to = plan.town(plan.candidates[then.options[then.nearest[i]][0]].town)
        lines.append(
            f"  {_minutes(plan, now.minutes[i])} → {_minutes(plan, then.minutes[i])}  "
            f"{town.name} ({number(town.people.value)}) → {to.name}"
        )
    longer = sum(town.people.value for town, change in zip(plan.towns, more, strict=True) if change >= 0.5)
    shorter = sum(town.people.value for town, change in zip(plan.towns, more, strict=True) if change <= -0.5)
    lines.append(
        gettext("{longer} mennesker får længere, {shorter} kortere; i alt {kr} kr. om året til forskel.").format(
            longer=number(longer), shorter=number(shorter), kr=number(then.total_kr - now.total_kr)
        )
    )
    return lines


def resting(plan: Places) -> list[str]:
    """What the figures rest on."""
    lines = []
    if plan.estimated:
        lines.append(
            gettext(
                "Rejsetider er et skøn: luftlinje gange omvej delt med hastighed; spændet er {low}-{high} gange."
            ).format(low=number(plan.shortest_factor, 2), high=number(plan.longest_factor, 2))
        )
    if assumed := _assumed(plan):
        lines.append(gettext("Antaget, ikke målt: {names}.").format(names=", ".join(assumed)))
    return lines
