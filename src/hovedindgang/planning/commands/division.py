"""`hovedindgang plan division`: what moving work between Borgerservice and a department does to both."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hovedindgang import __version__
from hovedindgang.planning.commands import answering, as_json, language, print_json
from hovedindgang.planning.commands.numbers import Number, Whole
from hovedindgang.planning.commands.options import must_say_once_how_it_is_run
from hovedindgang.planning.commands.simulate import running
from hovedindgang.planning.commands.simulating import after_changes, plan_of, simulated
from hovedindgang.planning.language import gettext, gettext_noop, ngettext, number
from hovedindgang.planning.naming import queue_name
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.servicemodel.wording import date_text, full_name_of

if TYPE_CHECKING:
    from hovedindgang.planning.division import Along, Divided, Shown
    from hovedindgang.planning.service.inputs import Inputs
    from hovedindgang.planning.service.moving_work import MoveWork
    from hovedindgang.planning.simulation.outcome import Estimate
    from hovedindgang.planning.simulation.running import Asked
    from hovedindgang.planning.simulation.scenario import Scenario
    from hovedindgang.servicemodel.document import ServiceModel

HELP = gettext("""Hvad sker der, når en opgave eller et trin flyttes mellem Borgerservice og en fagforvaltning?

FIL er en plan (models/planning). Begge køer simuleres før og efter, med de samme borgere. Uden --minutes flytter hele
opgaven: til fagforvaltningen, så borgerne går direkte dertil, eller til Borgerservice, så intet overdrages.

\b
Eksempler:
  hovedindgang plan division models/planning/jammerbugt-2006.toml
      --service boligstoette --to department
  hovedindgang plan division models/planning/jammerbugt-2006.toml
      --service boligstoette --minutes 10 --to borgerservice""")


@click.command("division", help=HELP)
@click.argument("file", metavar=gettext("FIL"), type=click.Path(path_type=Path))
@click.option("--service", required=True, help=gettext("Opgavens nøgle."))
@click.option("--to", required=True, type=click.Choice(["department", "borgerservice"]), help=gettext("Hvortil."))
@click.option(
    "--minutes", type=Number(0), default=0.0, help=gettext("Trinnets minutter, som en generalist bruger dem.")
)
@click.option("--share", type=Number(0, 1), default=1.0, help=gettext("Andelen af sagerne, der har trinnet, 0 til 1."))
@click.option("--centre", default="", help=gettext("Kun ved skranken i dette center; ellers alle veje ind."))
@click.option("--department", default="", help=gettext("Fagforvaltningens nøgle; ellers den, der hjælper med opgaven."))
@click.option(
    "--saves",
    type=Number(),
    default=0.0,
    help=gettext("Minutter pr. henvendelse, flytningen sparer; negativt: koster."),
)
@click.option(
    "--along",
    type=Whole(0, 1000),
    default=0,
    help=gettext("Så mange medarbejdere flytter med arbejdet, hele personer."),
)
@click.option(
    "--team", default="", help=gettext("Holdet i Borgerservice, de kommer fra eller til; ellers det største.")
)
@click.option("--source", default="", help=gettext("Hvem siger, hvad flytningen sparer eller koster."))
@click.option("--days", type=Whole(14, 3660), help=gettext("Dage, der simuleres; ellers planens."))
@running
@as_json
@language
def division(
    file: Path,
    service: str,
    to: str,
    minutes: float,
    share: float,
    centre: str,
    department: str,
    saves: float,
    along: int,
    team: str,
    source: str,
    days: int | None,
    replications: int | None,
    seed: int,
    precision: float,
    engine: str,
    processes: int,
    address: str | None,
    as_json: bool,
    language: str | None,
) -> None:
    with answering(language, as_json):
        must_say_once_how_it_is_run(replications=replications is not None, address=address is not None)
        # numpy and numba: only who asks waits for them
        from hovedindgang.planning.division import as_data
        from hovedindgang.planning.service.moving_work import MoveWork
        from hovedindgang.planning.simulation.running import Asked

        plan = plan_of(file)
        if plan is None:
            raise CannotPlan(
                gettext("{file} er et scenarie, ikke en plan.").format(file=file),
                cure=gettext("Brug en plan, der nævner en servicemodel; se models/planning."),
            )
        try:
            move = MoveWork(service, to, centre, department, minutes, share, saves, source, along, team)
        except ValueError as error:
            raise CannotPlan(f"{error}.", cure=gettext("Ret værdien.")) from None
        if days is not None:
            plan = dataclasses.replace(plan, inputs=dataclasses.replace(plan.inputs, days=days))
        model, inputs = after_changes(plan)
        asked = Asked(
            seed=seed,
            replications=replications,
            precision=precision,
            jit=engine == "compiled",
            processes=processes,
            address=address,
        )
        found, tried, interrupted, seconds = _tried(model, inputs, move, asked)
        words = move.words(model)
        if as_json:
            about = {"version": __version__, "seed": seed, "seconds": round(seconds, 3), "interrupted": interrupted}
            print_json({**about, "days": inputs.days, **as_data(found, move, words, tried)})
            return
        names = {key: full_name_of(one) for key, one in model.centres.items()}
        names |= {key: full_name_of(one) for key, one in model.departments.items()}
        click.echo("\n".join(_in_words(found, tried, words, names, interrupted=interrupted)))


def _tried(
    model: ServiceModel, inputs: Inputs, move: MoveWork, asked: Asked
) -> tuple[Divided, tuple[Along, ...], bool, float]:
    """The move with those who move along as was asked, and with none and others; whether it was stopped; seconds."""
    from hovedindgang.planning.division import along, divided, numbers_to_try, scenarios_of

    def after(people: int) -> Scenario:
        return scenarios_of(model, inputs, dataclasses.replace(move, people=people))[1]

    before, first, taker = scenarios_of(model, inputs, move)
    numbers = list(dict.fromkeys((move.people, 0)))
    results, seconds = simulated([before, first, *(after(one) for one in numbers[1:])], asked)
    stopped = any(one.interrupted for one in results)
    found = {one: divided(results[0], other, taker) for one, other in zip(numbers, results[1:], strict=True)}
    there = sum(not one.own and one.place == taker for one in before.employees)
    more = [one for one in numbers_to_try(move, inputs, there, found[0]) if one not in found]
    if more and not stopped:
        others, longer = simulated([before, *(after(one) for one in more)], asked)
        stopped, seconds = any(one.interrupted for one in others), seconds + longer
        found |= {one: divided(others[0], other, taker) for one, other in zip(more, others[1:], strict=True)}
    return found[move.people], tuple(along(one, found[one]) for one in sorted(found)), stopped, seconds


OURS = {
    "wait_in_person_minutes": (gettext_noop("venter ved skranken, min."), 1),
    "wait_phone_minutes": (gettext_noop("venter i telefonen, min."), 1),
    "not_served_percent": (gettext_noop("opgiver eller går forgæves, %"), 1),
    "answered_by_the_day_percent": (gettext_noop("breve besvaret på aftalt dag, %"), 1),
    "waiting_at_the_end": (gettext_noop("i kø ved periodens slutning"), 1),
    "occupancy_percent": (gettext_noop("optaget, %"), 1),
    "work_hours_per_year": (gettext_noop("arbejde, timer om året"), 0),
}
THEIRS = {
    "matters_per_year": (gettext_noop("sager om året"), 0),
    "wait_matters_minutes": (gettext_noop("sager venter, min. på uret"), 0),
    "answered_by_the_day_percent": (gettext_noop("sager besvaret på aftalt dag, %"), 1),
    "direct_per_year": (gettext_noop("kommer eller ringer direkte, om året"), 0),
    "wait_direct_minutes": (gettext_noop("de venter, min."), 1),
    "not_served_percent": (gettext_noop("af dem opgiver eller går forgæves, %"), 1),
    "waiting_at_the_end": (gettext_noop("i kø ved periodens slutning"), 1),
    "occupancy_percent": (gettext_noop("optaget, %"), 1),
    "work_hours_per_year": (gettext_noop("arbejde, timer om året"), 0),
}
TOGETHER = {
    "resolved_in_house_percent": (gettext_noop("løst i Borgerservice, %"), 1),
    "resolved_in_house_wide_percent": (gettext_noop("  af alle, også de direkte, %"), 1),
    "first_contact_resolution_percent": (gettext_noop("løst i én henvendelse, %"), 1),
    "first_contact_resolution_wide_percent": (gettext_noop("  af alle, også de direkte, %"), 1),
    "hand_offs_per_year": (gettext_noop("overdragelser om året"), 0),
    "work_hours_per_year": (gettext_noop("arbejde begge steder, timer om året"), 0),
    "work_kr_per_year": (gettext_noop("det samme, kr."), 0),
    "staff_kr_per_year": (gettext_noop("løn for tiden på arbejde, kr. om året"), 0),
}


def _in_words(
    found: Divided, tried: Sequence[Along], words: str, names: Mapping[str, str], *, interrupted: bool
) -> list[str]:
    lines = [words]
    if interrupted:
        lines.append(gettext("Afbrudt: svaret er af det, der blev nået."))
    there = names.get(found.department, gettext("fagforvaltning (antaget)"))
    for heading, known, shown in (
        (gettext("Borgerservice"), OURS, found.borgerservice),
        (there, THEIRS, found.of_department),
        (gettext("Tilsammen"), TOGETHER, found.whole),
    ):
        lines += ["", *_table(heading, known, shown)]
    for queue, grows in found.growth.items():
        for when, grown in zip((gettext("før"), gettext("efter")), grows, strict=True):
            if grown is not None:
                text = gettext("Køen {queue} vokser {when} uden ende, {growth} flere hver dag: den har ingen ventetid.")
                lines.append(text.format(queue=queue_name(queue, names), when=when, growth=number(grown, 1)))
    lines += ["", *_who_moves_along(tried, there), "", *_simulated(found)]
    lines.append(gettext("± er det halve 95 %-interval; * er en forskel, der ikke ligner tilfældet."))
    for key, name in ASSUMED.items():
        if key in found.assumed:
            lines.append(gettext("Antaget, {name}: {what}.").format(name=gettext(name), what=found.assumed[key]))
    return lines


def _who_moves_along(tried: Sequence[Along], there: str) -> list[str]:
    """For each number of people what is worse than before the move, and how many leave both queues no worse."""
    lines = []
    sides = {"borgerservice": (gettext("Borgerservice"), OURS), "department_queue": (there, THEIRS)}
    for one in tried:
        people = gettext("ingen") if not one.people else number(one.people)
        said = []
        for how, names in ((gettext("værre"), one.worse), (gettext("måske værre"), one.perhaps)):
            worse = [
                f"{where}: {', '.join(_figure(known, name) for name in names[side])}"
                for side, (where, known) in sides.items()
                if names[side]
            ]
            said += [f"{how} {'; '.join(worse)}"] if worse else []
        text = gettext("Flytter {people} med: {what}.")
        lines.append(text.format(people=people, what="; ".join(said) or gettext("ingen af køerne er værre end før")))
    fine = [one.people for one in tried if one.no_worse]
    if fine:
        both = gettext("Begge køer er ikke værre end før flytningen, når så mange flytter med: {numbers}.")
        lines.append(both.format(numbers=", ".join(map(number, fine))))
    else:
        lines.append(
            gettext(
                "Intet antal, der blev prøvet, lader begge køer være som før; er noget kun måske, så simulér længere."
            )
        )
    return lines


def _figure(known: Mapping[str, tuple[str, int]], name: str) -> str:
    if name in known:
        return gettext(known[name][0]).strip().partition(",")[0]
    return gettext("en kø, der vokser uden ende")


def _simulated(found: Divided) -> list[str]:
    """What was simulated, and how it became a year."""
    days = ngettext("{number} dag", "{number} dage", found.days).format(number=number(found.days))
    how = gettext("Simuleret: {days} fra {first}, {replications} gentagelser med de samme borgere før og efter.")
    lines = [how.format(days=days, first=date_text(found.first_day), replications=number(found.replications))]
    if abs(found.times - 1) > NEARLY_A_YEAR:
        year = gettext(
            "Tal om året, og deres intervaller, er disse dages ganget med 365/{days} = {times}. Intervallet er "
            "tilfældets i de dage; hvad resten af året har anderledes, er ikke i det. --days 365 simulerer det hele."
        )
        lines.append(year.format(days=number(found.days), times=number(found.times, 1)))
    return lines


NEARLY_A_YEAR = 0.01

ASSUMED = {
    "work.department_of": gettext_noop("hvem der får sagerne"),
    "work.department_kr_per_hour": gettext_noop("fagforvaltningens timeløn"),
    "work.department_minutes": gettext_noop("fagforvaltningens minutter pr. sag"),
    "work.department_occupancy": gettext_noop("fagforvaltningens antal sagsbehandlere"),
}


def _table(heading: str, known: Mapping[str, tuple[str, int]], shown: Mapping[str, Shown]) -> list[str]:
    rows = [[heading, gettext("før"), gettext("efter"), gettext("ændring")]]
    for key, (name, decimals) in known.items():
        one = shown[key]
        if one.before is None and one.after is None:
            continue
        change = _said(one.change, decimals, signed=True)
        rows.append(
            [
                f"  {gettext(name)}",
                _said(one.before, decimals),
                _said(one.after, decimals),
                f"{change} *" if one.sure else f"{change}  ",
            ]
        )
    widths = [max(len(row[at]) for row in rows) for at in range(4)]
    return [
        "  ".join(
            [row[0].ljust(widths[0]), *(cell.rjust(w) for cell, w in zip(row[1:], widths[1:], strict=True))]
        ).rstrip()
        for row in rows
    ]


def _said(one: Estimate | None, decimals: int, *, signed: bool = False) -> str:
    if one is None or not math.isfinite(one.value):
        return "-"
    said = ("+" if signed and one.value > 0 else "") + number(one.value, decimals)
    half = (one.high - one.low) / 2
    return f"{said} ± {number(half, decimals)}" if math.isfinite(half) else said
