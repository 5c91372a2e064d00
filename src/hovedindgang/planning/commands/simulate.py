"""`hovedindgang plan simulate`: a service as it is written down, simulated."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hovedindgang import __version__
from hovedindgang.planning.commands import answering, as_json, assuming, language
from hovedindgang.planning.commands.by_hour import by_hour_in_words
from hovedindgang.planning.commands.free_times import free_times_in_words
from hovedindgang.planning.commands.numbers import Whole
from hovedindgang.planning.commands.options import must_say_once_how_it_is_run, refused
from hovedindgang.planning.commands.simulating import (
    Precision,
    after_changes,
    growing,
    kept,
    kept_run,
    plan_of,
    scenario_after,
    simulated,
    warmed_as,
)
from hovedindgang.planning.commands.targets import must_be_writable, tell
from hovedindgang.planning.language import gettext, gettext_noop, ngettext, number
from hovedindgang.planning.naming import channel_name, source_name
from hovedindgang.planning.problems import CannotPlan

if TYPE_CHECKING:
    from hovedindgang.planning.service.inputs import Inputs
    from hovedindgang.planning.simulation.outcome import Results
    from hovedindgang.planning.simulation.running import Asked
    from hovedindgang.planning.simulation.scenario import Scenario
    from hovedindgang.servicemodel.document import ServiceModel

HELP = gettext("""Hvad sker der med dem, der kommer, ringer og skriver, når tjenesten er, som filen siger?

FIL er et scenarie: hvem der kommer, hvor de venter, hvem der betjener dem, hvornår, og hvad der bliver ud af det
(docs/guide/planning-simulate.md viser, hvordan det skrives), eller en servicemodel med sine tal og ændringer. Samme fil
og samme --seed giver samme svar. Ctrl-C giver det, der er nået.""")

run_options = [
    click.option("--replications", type=Whole(1, 100_000), help=gettext("Så mange gentagelser.")),
    click.option("--seed", type=Whole(0, 2**63 - 1), default=1, show_default=True, help=gettext("Tilfældets frø.")),
    click.option(
        "--precision",
        metavar=gettext("PROCENT"),
        type=Precision(),
        default="5%",
        show_default=True,
        help=gettext("Uden --replications: gentag, til middelventetidens interval er så smalt til hver side."),
    ),
    click.option(
        "--engine",
        type=click.Choice(["compiled", "reference"]),
        default="compiled",
        show_default=True,
        help=gettext("Motoren, eller den læselige udgave af samme løkke (300 gange langsommere)."),
    ),
    click.option(
        "--processes", type=Whole(1, 512), default=1, show_default=True, help=gettext("Processer på maskinen.")
    ),
    click.option("--dask", "address", help=gettext("En Dask-klynges adresse, fx tcp://127.0.0.1:8786.")),
]


def running(function: Any) -> Any:
    """How a run is done, as options."""
    for option in reversed(run_options):
        function = option(function)
    return function


@click.command("simulate", help=HELP)
@click.argument("file", metavar=gettext("FIL"), type=click.Path(path_type=Path), required=False)
@running
@assuming.assumptions
@click.option("--hours", is_flag=True, help=gettext("Også time for time i ugen."))
@click.option(
    "--save", metavar=gettext("FIL"), type=click.Path(path_type=Path), help=gettext("Gem kørslen, så den kan gentages.")
)
@click.option(
    "--repeat",
    metavar=gettext("FIL"),
    type=click.Path(path_type=Path),
    help=gettext("Gentag en gemt kørsel nøjagtigt."),
)
@as_json
@language
def simulate(
    file: Path | None,
    replications: int | None,
    seed: int,
    precision: float,
    engine: str,
    processes: int,
    address: str | None,
    assumptions: bool,
    hours: bool,
    save: Path | None,
    repeat: Path | None,
    as_json: bool,
    language: str | None,
) -> None:
    with answering(language, as_json):
        if (file is None) == (repeat is None):
            raise CannotPlan(
                gettext("Der skal være netop én fil at køre."),
                cure=gettext("Skriv FIL, eller --repeat med en gemt kørsel."),
            )
        must_be_writable(save, read=(file, repeat))
        _must_be_as_it_was(repeat)
        must_say_once_how_it_is_run(replications=replications is not None, address=address is not None)
        # numpy and numba: only who asks waits for them
        from hovedindgang.planning.simulation.running import Asked

        before: dict[str, Any] | None = None
        after: tuple[ServiceModel, Inputs] | None = None
        plan = plan_of(file) if file is not None else None
        if assumptions:
            assuming.must_be_plans([plan])
        if repeat is not None:
            scenario, before = kept_run(repeat)
            seed, replications, engine = before["seed"], before["replications"], before["engine"]
        else:
            assert file is not None
            after = None if plan is None else after_changes(plan, jit=engine == "compiled")
            scenario = scenario_after(file, plan, after)
            plan = warmed_as(plan, after) if plan and after else None
        asked = Asked(
            seed=seed,
            replications=replications,
            precision=precision,
            jit=engine == "compiled",
            processes=processes,
            address=address,
        )
        answer = _answer(scenario, asked, hours=hours, after=after)
        if before is not None:
            answer["differs"] = _differs({**before["results"], "version": before["version"]}, answer)
            answer["repeats"] = not answer["differs"]
        if assumptions and plan is not None and not answer["interrupted"]:
            answer["assumptions"] = assuming.tried([plan], seed=seed, jit=asked.jit, replications=replications)
        tell(
            lambda: answer,
            lambda: [*_in_words(answer, scenario.names), *_hangs_on(answer)],
            as_json=as_json,
            files={save: lambda: kept(scenario, asked, answer["replications"], answer)},
        )


def _must_be_as_it_was(repeat: Path | None) -> None:
    if repeat is not None:
        refused(
            ("replications", "seed", "precision", "engine"),
            gettext("En gemt kørsel gentages, som den var: {options} gør intet."),
            gettext("Udelad {options}, eller kør filen, den er af, på ny."),
        )


def _answers(answer: dict[str, Any]) -> dict[tuple[str, str], float | None]:
    """The figures that assumptions move."""
    groups = {**answer["channels"], "all": answer["all"]}
    return {
        (of, key): one["value"]
        for of, figures in groups.items()
        for key, one in figures.items()
        if isinstance(one, dict)
    }


def _hangs_on(answer: dict[str, Any]) -> list[str]:
    return assuming.in_words(answer["assumptions"], [_answers(answer)]) if "assumptions" in answer else []


def _answer(
    scenario: Scenario, asked: Asked, *, hours: bool, after: tuple[ServiceModel, Inputs] | None
) -> dict[str, Any]:
    from hovedindgang.planning.simulation.summary import summary

    (results,), seconds = simulated([scenario], asked)
    return {
        **summary(results, hours=hours),
        "cost": _cost(results, after),
        "free_times": _free_times(results, after),
        "precision_asked_percent": None if asked.replications else 100 * asked.precision,
        "engine": "compiled" if asked.jit else "reference",
        "version": __version__,
        "seconds": round(seconds, 3),
    }


def _free_times(results: Results, after: tuple[ServiceModel, Inputs] | None) -> list[dict[str, Any]]:
    """Of a plan with booked times."""
    from hovedindgang.planning.service.free_times import as_data, free_times

    return as_data(free_times(results, after[1])) if after is not None else []


def _cost(results: Results, after: tuple[ServiceModel, Inputs] | None) -> dict[str, Any] | None:
    """Of a plan all of it; of a scenario the wages, where it says what an hour is paid."""
    from hovedindgang.planning.service.costs import cost_as_data, cost_of, wages_as_data

    if after is not None:
        return cost_as_data(results, *after)
    paid = any(one.own and one.kr_per_hour for one in results.prepared.scenario.employees)
    return wages_as_data(cost_of(results)) if paid else None


NOT_OF_THE_RUN = {"seconds", "precision_asked_percent", "interrupted", "repeats", "differs", "assumptions"}
NOT_OF_THE_RUN |= {"free_times", "cost", "hours", "hours_by_place"}  # told of a plan alone, and to who asks for hours


def _differs(before: dict[str, Any], answer: dict[str, Any]) -> list[str]:
    """The keys by which a run did not come out as it did before, the version that ran it among them."""
    known = json.loads(json.dumps(answer))
    for each in (before, known):  # hours of the week are told only to who asks for them
        if isinstance(each.get("queues"), list):
            told = [one for one in each["queues"] if isinstance(one, dict)]
            each["queues"] = [{key: value for key, value in one.items() if key != "hours"} for one in told]
    keys = [*known, *(key for key in before if key not in known)]
    return [key for key in keys if key not in NOT_OF_THE_RUN and (key not in before or before[key] != known.get(key))]


# ---------------------------------------------------------------------------------------------------------- in words


def _in_words(answer: dict[str, Any], names: Mapping[str, str]) -> list[str]:
    """`names`: what the scenario calls its places, by their keys."""
    lines = [
        ngettext(
            "{title}: {days} dage fra {first_day}, {replications} gentagelse, frø {seed}.",
            "{title}: {days} dage fra {first_day}, {replications} gentagelser, frø {seed}.",
            answer["replications"],
        ).format(
            title=answer["title"] or gettext("Scenariet"),
            days=number(answer["days"]),
            first_day=answer["first_day"],
            replications=number(answer["replications"]),
            seed=answer["seed"],
        )
    ]
    lines += warm_up_in_words(answer["warm_up"])
    if answer["interrupted"]:
        lines.append(gettext("Afbrudt: svaret er af det, der blev nået."))
    if answer["replications"] < 2:
        lines.append(gettext("Én gentagelse siger intet om usikkerheden."))
    if answer["channels"]:
        lines += ["", *_table(gettext("Kanal"), [(channel_name(key), row) for key, row in answer["channels"].items()])]
    if answer["centres"]:
        lines += [
            "",
            *_table(gettext("Center"), [(names.get(key, key), row) for key, row in answer["centres"].items()]),
        ]
    lines += growing(answer["queues"], names)
    staff, all_ = answer["employees"], answer["all"]
    lines += [
        "",
        gettext("Løst i Borgerservice: {a} %. Løst i én henvendelse: {b} %.").format(
            a=_said(all_["resolved_in_house_percent"]), b=_said(all_["first_contact_resolution_percent"])
        ),
        gettext(
            "Overdraget til en fagforvaltning: {handed} %, heraf tilbage uløst: {returned} %. Videre til en kollega: "
            "{transferred} %."
        ).format(
            handed=_said(all_["handed_over_percent"]),
            returned=_said(all_["returned_percent"]),
            transferred=_said(all_["transferred_percent"]),
        ),
        gettext("Borgeren selv sendt et andet sted hen: {sent} %, heraf fra en lukket dør: {closed} %.").format(
            sent=_said(all_["sent_on_percent"]), closed=_said(all_["closed_door_percent"])
        ),
        gettext("Medarbejderne er optaget {occupancy} % af tiden og går {overtime} timer over om dagen.").format(
            occupancy=_said(staff["occupancy_percent"]), overtime=_said(staff["overtime_hours_per_day"], 2)
        ),
        *free_times_in_words(answer["free_times"], names),
        *_costs(answer["cost"]),
        *by_hour_in_words(answer.get("hours")),
        gettext("± er det halve 95 %-interval. {events} hændelser på {seconds} sekunder.").format(
            events=number(answer["events"]), seconds=number(answer["seconds"], 1)
        ),
    ]
    if "repeats" in answer:
        lines.append(_repeats(answer))
    return lines


def _costs(cost: dict[str, Any] | None) -> list[str]:
    """Kroner a year, what they are made of, and where the prices are from."""
    if cost is None:
        return []
    wages = gettext("Løn {kr} mio. kr. om året for {hours} betalte timer").format(
        kr=_millions(cost["wages_kr_per_year"]), hours=number(cost["paid_hours_per_year"])
    )
    if "wage" not in cost:
        return [f"{wages}."]
    wage, places = cost["wage"], cost["places_kr_per_year"]
    lines = [
        gettext("Borgerservice koster {kr} mio. kr. om året, løn og steder.").format(kr=_millions(cost["kr_per_year"])),
        "  "
        + gettext("{wages} à {kr} kr. ({source}).").format(
            wages=wages, kr=number(wage["kr_per_hour"]), source=_source(wage["source"])
        ),
        "  "
        + gettext("Steder {kr} mio. kr. om året, fra {low} til {high} ({source}).").format(
            **{key: number(places[of] / 1e6, 2) for key, of in (("kr", "value"), ("low", "low"), ("high", "high"))},
            source="; ".join(dict.fromkeys(_source(f"{one['source']}: {one['reference']}") for one in cost["places"])),
        ),
        gettext(
            "Efter pris pr. henvendelse koster de {kr} mio. kr. om året; lønnen er i prisen, så det lægges ikke til:"
        ).format(kr=_millions(cost["contacts_kr_per_year"])),
    ]
    for channel, one in cost["contacts"].items():
        if one["contacts_per_year"]["value"]:
            lines.append(
                "  "
                + gettext("{channel}: {contacts} × {kr} kr. ({source})").format(
                    channel=channel_name(channel),
                    contacts=_said(one["contacts_per_year"], 0),
                    kr=number(one["kr_per_contact"]["value"]),
                    source=_source(one["source"]),
                )
            )
    return lines


def _millions(figure: dict[str, float | None]) -> str:
    return _said({key: None if value is None else value / 1e6 for key, value in figure.items()}, 2)


def _source(written: str) -> str:
    """`assumed: what` in her language."""
    kind, _colon, reference = written.partition(": ")
    return f"{source_name(kind)}: {gettext(reference)}" if reference else source_name(kind)


def warm_up_in_words(lead: dict[str, Any] | None) -> list[str]:
    """How long before the first day it begins, and how that was chosen."""
    if lead is None or (not lead["days"] and lead["chosen"] != "asked"):
        return []
    if not lead["days"]:
        return [gettext("Den begynder med intet liggende: warm_up_weeks = 0.")]
    weeks = lead["days"] // 7
    if lead["chosen"] == "asked":
        text = ngettext(
            "Opvarmning: {weeks} uge før, som der er bedt om, regnes ikke med.",
            "Opvarmning: {weeks} uger før, som der er bedt om, regnes ikke med.",
            weeks,
        )
    elif lead["settled"]:
        text = gettext(
            "Opvarmning: {weeks} uger før regnes ikke med; da ligger så meget åbent, som var der begyndt et halvt år "
            "før (forskel {left} %)."
        )
    else:
        text = gettext(
            "Opvarmning: {weeks} uger før regnes ikke med, og endda er det, der ligger åbent, ikke faldet til ro: det "
            "vokser, eller det svinger med året. Svaret afhænger af, hvornår der begyndes."
        )
    return [text.format(weeks=number(weeks), left=number(lead["left_percent"] or 0.0, 1))]


def _repeats(answer: dict[str, Any]) -> str:
    if answer["repeats"]:
        return gettext("Den gemte kørsel kom ud nøjagtigt som før.")
    said = ", ".join(answer["differs"])
    return gettext("Den gemte kørsel kom ikke ud som før; forskelligt: {keys}.").format(keys=said)


COLUMNS = (
    ("arrivals_per_day", gettext_noop("kommer/dag"), 1),
    ("wait_mean_minutes", gettext_noop("venter, min."), 2),
    ("wait_p95_minutes", gettext_noop("95 % højst"), 1),
    ("answered_in_time_percent", gettext_noop("til tiden, %"), 1),
    ("abandoned_percent", gettext_noop("opgiver, %"), 1),
    ("answered_by_the_day_percent", gettext_noop("aftalt dag, %"), 1),
)


def _table(heading: str, rows: Sequence[tuple[str, Mapping[str, Any]]]) -> list[str]:
    shown = [[heading, *(gettext(title) for _key, title, _decimals in COLUMNS)]]
    for name, row in rows:
        shown.append([name, *(_said(row[key], decimals) for key, _title, decimals in COLUMNS)])
    widths = [max(len(row[at]) for row in shown) for at in range(len(shown[0]))]
    return [
        "  ".join(
            [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        )
        for row in shown
    ]


def _said(figure: dict[str, float | None] | None, decimals: int = 1) -> str:
    """12.3 ± 0.4; a dash where there is nothing to say."""
    if figure is None or figure["value"] is None:
        return "-"
    value = number(figure["value"], decimals)
    if figure["low"] is None or figure["high"] is None:
        return value
    # A share's interval ends at 0 and 100: the side that does not says how wide it is.
    half = max(figure["high"] - figure["value"], figure["value"] - figure["low"])
    return f"{value} ± {number(half, decimals)}"
