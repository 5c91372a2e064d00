"""`hovedindgang plan site`: how many places, which kind and where, and who is how far from one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hovedindgang.planning.commands import answering, as_json, language, print_json
from hovedindgang.planning.language import gettext, number
from hovedindgang.planning.problems import CannotPlan

if TYPE_CHECKING:
    from hovedindgang.planning.siting.places import Places
    from hovedindgang.planning.siting.sites import Asked, Choice, Ranked

QUESTIONS = ("travel", "coverage", "worst", "cover", "cost")
HELP = gettext("""Hvor mange steder, hvilke og hvor, og hvem har langt?

FIL er TOML: byer med indbyggere, steder der kan åbnes, hvad de koster, og hvor lang tid vejen tager.
Spørgsmålet (--question) er et af: travel, den korteste vej for alle under ét; coverage, flest mennesker inden for
--within minutter; worst, den korteste længste vej; cover, alle inden for --within minutter for færrest penge;
cost, færrest kroner i alt, borgernes tid regnet med.""")


@click.command("site", help=HELP)
@click.argument("file", metavar=gettext("FIL"), type=click.Path(path_type=Path))
@click.option(
    "--question", type=click.Choice(QUESTIONS), default="cost", show_default=True, help=gettext("Spørgsmålet.")
)
@click.option(
    "--places", type=click.IntRange(min=1), help=gettext("Så mange steder; ellers så mange, det betaler sig.")
)
@click.option(
    "--within", type=click.FloatRange(min=0), default=20.0, show_default=True, help=gettext("Minutter, én vej.")
)
@click.option(
    "--up-to",
    type=click.IntRange(0),
    default=5,
    show_default=True,
    help=gettext("Vis det bedste for 1, 2, … så mange steder."),
)
@click.option(
    "--next-best", type=click.IntRange(0), default=10, show_default=True, help=gettext("Så mange næstbedste.")
)
@as_json
@language
def site(
    file: Path,
    question: str,
    places: int | None,
    within: float,
    up_to: int,
    next_best: int,
    as_json: bool,
    language: str | None,
) -> None:
    with answering(language, as_json):
        # numpy and scipy: only who asks waits for them
        from hovedindgang.planning.siting.places import read_places
        from hovedindgang.planning.siting.sites import Asked, ranked

        if places is None and question in {"travel", "coverage", "worst"}:
            raise CannotPlan(
                gettext("Uden et antal ville alle steder blive åbnet: det giver altid den korteste vej."),
                cure=gettext("Skriv --places 3, eller spørg med --question cost."),
            )
        plan = read_places(file)
        asked = Asked(question, places, within)
        stopped = False
        best = ranked(plan, asked, count=1)
        numbers: list[tuple[int, Ranked]] = []
        try:
            for count in range(1, min(up_to, len(plan.candidates)) + 1):
                try:
                    numbers.append((count, ranked(plan, Asked(question, count, within), count=1)))
                except CannotPlan:  # so few places, or so many, keep nobody's promise
                    continue
            best = ranked(plan, asked, count=1 + next_best)
        except KeyboardInterrupt:
            stopped = True
        if as_json:
            print_json(_as_data(plan, asked, best, numbers) | {"interrupted": stopped})
        else:
            click.echo("\n".join(_in_words(plan, asked, best, numbers, stopped)))


def _as_data(plan: Places, asked: Asked, best: Ranked, numbers: list[tuple[int, Ranked]]) -> dict[str, Any]:
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
    from hovedindgang.planning.siting.sites import measured

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


def _in_words(plan: Places, asked: Asked, best: Ranked, numbers: list[tuple[int, Ranked]], stopped: bool) -> list[str]:
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
    if plan.estimated:
        lines.append(
            gettext(
                "Rejsetider er et skøn: luftlinje gange omvej delt med hastighed; spændet er {low}-{high} gange."
            ).format(low=number(plan.shortest_factor, 2), high=number(plan.longest_factor, 2))
        )
    if assumed := _assumed(plan):
        lines.append(gettext("Antaget, ikke målt: {names}.").format(names=", ".join(assumed)))
    return [*lines, gettext("Afbrudt: svaret er det bedste indtil da.")] if stopped else lines


def _names(plan: Places, choice: Choice) -> str:
    return ", ".join(
        f"{plan.town(plan.candidates[at].town).name} ({plan.kinds[kind].name})" for at, kind in choice.options
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
