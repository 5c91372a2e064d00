"""`hovedindgang plan compare`: up to five scenarios with the same citizens, and what differs between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hovedindgang import __version__
from hovedindgang.planning.commands import answering, as_json, assuming, language
from hovedindgang.planning.commands.alike import must_be_alike, unlike
from hovedindgang.planning.commands.free_times import free_times_in_words
from hovedindgang.planning.commands.options import must_say_once_how_it_is_run
from hovedindgang.planning.commands.simulate import running, warm_up_in_words
from hovedindgang.planning.commands.simulating import (
    after_changes,
    growing,
    plan_of,
    scenario_after,
    simulated,
    warmed_as,
)
from hovedindgang.planning.commands.targets import must_be_writable, tell
from hovedindgang.planning.language import gettext, gettext_noop, ngettext, number
from hovedindgang.planning.naming import channel_name
from hovedindgang.planning.problems import CannotPlan

if TYPE_CHECKING:
    from hovedindgang.planning.service.inputs import Inputs
    from hovedindgang.servicemodel.document import ServiceModel

HELP = gettext("""Hvad er forskellen på op til fem scenarier?

Alle får de samme borgere (fælles tilfældige tal): samme ankomster, samme behov. Så viser forskellen kun det, der er
ændret, og dens interval er parrenes. Den første fil er den, de andre måles mod. Filer med andre dage eller helt andre
borgere afvises; en kø, der vokser uden ende, nævnes ved filen.""")
MOST = 5


@click.command("compare", help=HELP)
@click.argument("files", metavar=gettext("FIL …"), type=click.Path(path_type=Path), nargs=-1, required=True)
@running
@assuming.assumptions
@click.option("--svg", metavar=gettext("FIL"), type=click.Path(path_type=Path), help=gettext("Tegn dem i denne fil."))
@as_json
@language
def compare(
    files: tuple[Path, ...],
    replications: int | None,
    seed: int,
    precision: float,
    engine: str,
    processes: int,
    address: str | None,
    assumptions: bool,
    svg: Path | None,
    as_json: bool,
    language: str | None,
) -> None:
    with answering(language, as_json):
        if not 2 <= len(files) <= MOST:
            raise CannotPlan(
                ngettext(
                    "Der er {number} fil; der kan sammenlignes 2 til {most}.",
                    "Der er {number} filer; der kan sammenlignes 2 til {most}.",
                    len(files),
                ).format(number=len(files), most=MOST),
                cure=gettext("Skriv den, der måles mod, først."),
            )
        must_be_writable(svg, read=files)
        must_say_once_how_it_is_run(replications=replications is not None, address=address is not None)
        # numpy and numba: only who asks waits for them
        from hovedindgang.planning.service.effects import effects_of
        from hovedindgang.planning.simulation.comparing import differences
        from hovedindgang.planning.simulation.running import Asked
        from hovedindgang.planning.simulation.summary import summary

        plans = [plan_of(file) for file in files]
        if svg is not None and None in plans:
            raise CannotPlan(
                gettext("Kun planer kan tegnes: et scenarie siger ikke, hvor stederne ligger."),
                cure=gettext("Skriv filerne som planer (models/planning), eller udelad --svg."),
            )
        if assumptions:
            assuming.must_be_plans(plans)
        after = [after_changes(plan, jit=engine == "compiled") if plan else None for plan in plans]
        scenarios = [scenario_after(file, plan, ground) for file, plan, ground in zip(files, plans, after, strict=True)]
        must_be_alike(files, scenarios)
        asked = Asked(
            seed=seed,
            replications=replications,
            precision=precision,
            jit=engine == "compiled",
            processes=processes,
            address=address,
        )
        results, seconds = simulated(scenarios, asked)
        interrupted = any(one.interrupted for one in results)
        each_flow = as_json and not interrupted  # whoever stopped it waits for the answer
        answer: dict[str, Any] = {
            "version": __version__,
            "seed": seed,
            "seconds": round(seconds, 3),
            "interrupted": interrupted,
            "scenarios": [
                {
                    "file": str(file),
                    **summary(one, each_flow=each_flow),
                    "effects": effects_of(plan, one, ground) if plan else None,
                }
                for file, plan, ground, one in zip(files, plans, after, results, strict=True)
            ],
            "differences": [
                {"file": str(file), "from": str(files[0]), "not_alike": said, **differences(results[0], other)}
                for file, other, said in zip(files[1:], results[1:], unlike(files, scenarios, plans), strict=True)
            ],
        }
        if assumptions and not interrupted:
            every = [warmed_as(plan, at) for plan, at in zip(plans, after, strict=True) if plan and at]
            answer["assumptions"] = assuming.tried(every, seed=seed, jit=asked.jit, replications=replications)
        names = [one.names for one in scenarios]
        tell(
            lambda: answer,
            lambda: [*_in_words(answer, names), *_hangs_on(answer)],
            as_json=as_json,
            files={svg: lambda: _drawn(after, answer, names)},
        )


def _answers(answer: Mapping[str, Any]) -> list[dict[tuple[str, str], float | None]]:
    """The differences that assumptions move, of each plan but the first."""
    first, *others = answer["scenarios"]
    found = []
    for other, change in zip(others, answer["differences"], strict=True):
        groups = {**change["channels"], "all": change["all"]}
        told = {(of, key): one and one["value"] for of, figures in groups.items() for key, one in figures.items()}
        costs = [one["effects"]["cost"]["kr_per_year"]["value"] for one in (first, other)]
        found.append(told | {("cost", "kr_per_year"): costs[1] - costs[0]})
    return found


def _hangs_on(answer: Mapping[str, Any]) -> list[str]:
    return assuming.in_words(answer["assumptions"], _answers(answer)) if "assumptions" in answer else []


def _drawn(
    after: Sequence[tuple[ServiceModel, Inputs] | None], answer: dict[str, Any], names: Sequence[Mapping[str, str]]
) -> str:
    from hovedindgang.planning.service.drawing import Told, draw
    from hovedindgang.planning.service.tornado import Deciding
    from hovedindgang.planning.service.weeks import with_visits

    told = [
        Told(
            one["title"] or one["file"],
            with_visits(ground[0], ground[1].staff.outings),
            one["effects"],
            one["channels"],
            growing(one["queues"], centres),
        )
        for ground, one, centres in zip(after, answer["scenarios"], names, strict=True)
        if ground is not None
    ]
    found = assuming.tornados(answer["assumptions"], _answers(answer)) if "assumptions" in answer else []
    return draw(told, [Deciding(*one) for one in found])


NAMES = {
    "arrivals_per_day": gettext_noop("kommer om dagen"),
    "wait_mean_minutes": gettext_noop("venter, minutter"),
    "answered_in_time_percent": gettext_noop("svar til tiden, %"),
    "abandoned_percent": gettext_noop("opgiver, %"),
    "unserved_percent": gettext_noop("gik forgæves, %"),
    "answered_by_the_day_percent": gettext_noop("svar på aftalt dag, %"),
}
OUTCOMES = {
    "resolved_in_house_percent": gettext_noop("løst i Borgerservice, %"),
    "first_contact_resolution_percent": gettext_noop("løst i én henvendelse, %"),
    "handed_over_percent": gettext_noop("overdraget til fagforvaltning, %"),
    "sent_on_percent": gettext_noop("borgeren selv sendt et andet sted hen, %"),
}
STAFF = {
    "occupancy_percent": gettext_noop("optaget, %"),
    "occupancy_percent_of_departments": gettext_noop("optaget i fagforvaltningerne, %"),
    "overtime_hours_per_day": gettext_noop("over tid, timer om dagen"),
}


def _in_words(answer: dict[str, Any], names: Sequence[Mapping[str, str]]) -> list[str]:
    """`names`: of each scenario, what it calls its places; a new place of one is not another's."""
    first, *others = answer["scenarios"]
    usual, *theirs = names
    lines = [
        ngettext(
            "Målt mod {file} ({title}), {replications} gentagelse med de samme borgere:",
            "Målt mod {file} ({title}), {replications} gentagelser med de samme borgere:",
            first["replications"],
        ).format(file=first["file"], title=first["title"] or "-", replications=number(first["replications"]))
    ]
    lines += [f"  {words}" for words in (*growing(first["queues"], usual), *warm_up_in_words(first["warm_up"]))]
    lines += [f"  {words}" for words in free_times_in_words((first["effects"] or {}).get("free_times", ()), usual)]
    for other, change, centres in zip(others, answer["differences"], theirs, strict=True):
        lines += ["", f"{other['file']} ({other['title'] or '-'})"]
        lines += [f"  {words}" for words in (other["effects"] or {}).get("changes", [])]
        lines += [f"  {words}" for words in change["not_alike"]]
        lines += [f"  {words}" for words in growing(other["queues"], centres)]
        if other["warm_up"] and not other["warm_up"]["settled"]:
            lines += [f"  {words}" for words in warm_up_in_words(other["warm_up"])]
        for channel, figures in change["channels"].items():
            lines += _differences(channel_name(channel), NAMES, figures)
        lines += _differences("", OUTCOMES, change["all"])
        lines += _differences("", STAFF, change["employees"])
        times = free_times_in_words((other["effects"] or {}).get("free_times", ()), centres)
        lines += [f"  {words}" for words in times]
        for move in (other["effects"] or {}).get("moves", []):
            lines += _followers(move)
        if first["effects"] and other["effects"]:
            lines += _who(first["effects"], other["effects"], {**usual, **centres})
    if answer["interrupted"]:
        lines += ["", gettext("Afbrudt: svaret er af det, der blev nået.")]
    if first["replications"] < 2:
        one = gettext("Én gentagelse viser ingen forskelle, for den har intet interval. Skriv --replications 20.")
        return [*lines, "", one]
    return [*lines, "", gettext("± er det halve 95 %-interval; * er en forskel, der ikke ligner tilfældet.")]


def _who(first: dict[str, Any], other: dict[str, Any], centres: Mapping[str, str]) -> list[str]:
    """What it costs, and what each centre's own people get."""
    lines = _costs(first["cost"], other["cost"], centres)
    before = {one["centre"]: one for one in first["catchments"]}
    for one in other["catchments"]:
        usual = before.get(one["centre"])
        went = ", ".join(
            f"{gettext('ringer') if to == 'phone' else centres.get(to, to)} {number(100 * share)} %"
            for to, share in one["shares"].items()
            if share > 0.005
        )
        lines.append(
            gettext(
                "  De, der har {centre} nærmest: {went}; {km} km længere; venter {wait} min. (før {usual})."
            ).format(
                centre=centres.get(one["centre"], one["centre"]),
                went=went,
                km=number(one["extra_km"] or 0, 1),
                wait=_minutes(one["wait_minutes"]),
                usual=_minutes(usual["wait_minutes"]) if usual else "-",
            )
        )
    return lines


def _costs(first: dict[str, Any], other: dict[str, Any], centres: Mapping[str, str]) -> list[str]:
    """Kroner with what they are made of: whoever pays for fewer hours has saved them, and it is said where."""

    def millions(key: str) -> dict[str, str]:
        now, usual = other[key]["value"], first[key]["value"]
        return {"kr": number(now / 1e6, 2), "change": _signed((now - usual) / 1e6, 2)}

    hours, usual = other["paid_hours_per_year"], first["paid_hours_per_year"]
    places = other["places_kr_per_year"]
    lines = [
        gettext("  Borgerservice koster {kr} mio. kr. om året ({change}), løn og steder.").format(
            **millions("kr_per_year")
        ),
        gettext("    Løn {kr} mio. kr. ({change}) for {hours} betalte timer ({more}).").format(
            **millions("wages_kr_per_year"), hours=number(hours), more=_signed(hours - usual, 0)
        ),
        gettext("    Steder {kr} mio. kr. ({change}); kan være {low} til {high}.").format(
            **millions("places_kr_per_year"), low=number(places["low"] / 1e6, 2), high=number(places["high"] / 1e6, 2)
        ),
    ]
    at = {**dict.fromkeys(first["paid_hours_at"], 0.0), **other["paid_hours_at"]}
    moved = {key: now - first["paid_hours_at"].get(key, 0.0) for key, now in at.items()}
    said = ", ".join(f"{centres.get(key, key)} {_signed(more, 0)}" for key, more in moved.items() if abs(more) >= 1)
    if said:
        lines.append(gettext("    Betalte timer om året: {places}.").format(places=said))
    return lines


def _signed(value: float, decimals: int) -> str:
    text = number(value, decimals)
    return f"+{text}" if round(value, decimals) > 0 else text


def _followers(move: dict[str, Any]) -> list[str]:
    """How many a move takes along, and who cannot follow."""
    lines = [
        gettext("  {moved} henvendelser om året flytter fra {since} til {to}.").format(
            moved=number(move["moved_per_year"]), since=channel_name(move["from"]), to=channel_name(move["to"])
        )
    ]
    if move["cannot_follow_by_age"]:
        age = gettext("{age} år: {contacts}")
        lines.append(
            gettext("  {stay} kan ikke flytte med, efter alder: {ages} ({source}).").format(
                stay=number(move["cannot_follow_per_year"]),
                ages=", ".join(age.format(age=a, contacts=number(n)) for a, n in move["cannot_follow_by_age"].items()),
                source=gettext(move["source"]),
            )
        )
    if move["without_channel_per_year"]:
        lines.append(
            gettext("  {contacts} handler om opgaver, der ikke fås sådan, og bliver, hvor de er.").format(
                contacts=number(move["without_channel_per_year"])
            )
        )
    return lines


def _minutes(figure: dict[str, Any]) -> str:
    return "-" if figure["value"] is None else number(figure["value"], 1)


def _differences(channel: str, names: dict[str, str], figures: dict[str, Any]) -> list[str]:
    lines = []
    for key, name in names.items():
        figure = figures.get(key)
        if figure is None or figure["low"] is None or not (figure["value"] or figure["high"] - figure["low"]):
            continue
        sure = "*" if figure["low"] > 0 or figure["high"] < 0 else " "
        sign = "+" if figure["value"] > 0 else ""
        half = number((figure["high"] - figure["low"]) / 2, 2)
        lines.append(
            f"{sure} {channel + ': ' if channel else ''}{gettext(name)} {sign}{number(figure['value'], 2)} ± {half}"
        )
    return lines
