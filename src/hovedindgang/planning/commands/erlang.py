"""`hovedindgang plan erlang`: how long people wait at a telephone, and how many must answer it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from hovedindgang.planning.commands import answering, as_json, language, print_json
from hovedindgang.planning.commands.numbers import Number, Whole
from hovedindgang.planning.language import gettext, number
from hovedindgang.planning.problems import CannotPlan

if TYPE_CHECKING:
    from hovedindgang.planning.queues import Goals, Queue, Waits

NUMBER = Number()
HELP = gettext("""Hvor længe venter de, der ringer, og hvor mange skal svare?

Alle kan svare på alt, og den første i køen får svar først. Med --patience-seconds regnes med, at folk lægger på
(Erlang A; 0: straks, Erlang B); uden venter alle, til de får svar (Erlang C). Et mål (--target-…) finder det mindste
antal medarbejdere.""")


@click.command("erlang", help=HELP)
@click.option("--calls-per-hour", type=NUMBER, required=True, help=gettext("Opkald pr. time."))
@click.option("--handle-seconds", type=NUMBER, required=True, help=gettext("Gennemsnitlig behandlingstid, sekunder."))
@click.option("--agents", type=Whole(), help=gettext("Medarbejdere, der svarer på samme tid."))
@click.option("--patience-seconds", type=NUMBER, help=gettext("Gennemsnitlig tålmodighed, sekunder; ellers uendelig."))
@click.option(
    "--answer-within",
    type=NUMBER,
    default=20.0,
    show_default=True,
    help=gettext("Svarmål: sekunder, før der svares."),
)
@click.option("--target-percent", type=NUMBER, help=gettext("Mål: procent af alle, der ringer, besvaret inden da."))
@click.option("--target-abandoned-percent", type=NUMBER, help=gettext("Mål: højst så mange procent lægger på."))
@click.option(
    "--target-wait-seconds", type=NUMBER, help=gettext("Mål: gennemsnitlig ventetid højst så mange sekunder.")
)
@as_json
@language
def erlang(
    calls_per_hour: float,
    handle_seconds: float,
    agents: int | None,
    patience_seconds: float | None,
    answer_within: float,
    target_percent: float | None,
    target_abandoned_percent: float | None,
    target_wait_seconds: float | None,
    as_json: bool,
    language: str | None,
) -> None:
    with answering(language, as_json):
        # scipy: only who asks waits for it
        from hovedindgang.planning.queues import Goals, Queue, agents_needed, waits

        goals = Goals(
            answered_within=None if target_percent is None else target_percent / 100,
            answer_within=answer_within,
            abandoned=None if target_abandoned_percent is None else target_abandoned_percent / 100,
            wait_mean=target_wait_seconds,
        )
        if agents is None and not goals.any:
            raise CannotPlan(
                gettext("Der mangler enten et antal medarbejdere eller et mål."),
                cure=gettext("Skriv --agents 28, eller --target-percent 80 for at finde antallet."),
            )
        if goals.abandoned is not None and patience_seconds is None:
            raise CannotPlan(
                gettext("Uden tålmodighed lægger ingen på."),
                cure=gettext("Skriv --patience-seconds, eller lad --target-abandoned-percent ude."),
            )
        queue = Queue(
            calls_per_hour=calls_per_hour,
            handle_seconds=handle_seconds,
            agents=1 if agents is None else agents,
            patience_seconds=patience_seconds,
        )
        needed = agents_needed(queue, goals) if goals.any else None
        asked = Queue(
            calls_per_hour=calls_per_hour,
            handle_seconds=handle_seconds,
            agents=agents if agents is not None else needed or 1,
            patience_seconds=patience_seconds,
        )
        found = waits(asked, answer_within=answer_within)
        if as_json:
            print_json(_as_data(asked, found, goals, needed))
        else:
            click.echo("\n".join(_in_words(asked, found, goals, needed)))


def _as_data(queue: Queue, found: Waits, goals: Goals, needed: int | None) -> dict[str, Any]:
    def percent(share: float | None) -> float | None:
        return None if share is None else 100 * share

    half, most, nearly_all = found.wait_percentiles
    return {
        "method": {None: "Erlang C", 0.0: "Erlang B"}.get(queue.patience_seconds, "Erlang A"),
        "calls_per_hour": queue.calls_per_hour,
        "handle_seconds": queue.handle_seconds,
        "agents": queue.agents,
        "patience_seconds": queue.patience_seconds,
        "answer_within_seconds": goals.answer_within,
        "stable": found.stable,
        "growth_calls_per_hour": found.growth_per_hour,
        "offered_load_erlangs": found.load_erlangs,
        "occupancy_percent": percent(found.occupancy),
        "must_wait_percent": percent(found.waits),
        "answered_within_percent": percent(found.answered_within),
        "answered_within_of_answered_percent": percent(found.answered_within_of_answered),
        "abandoned_percent": percent(found.abandoned),
        "wait_mean_seconds": found.wait_mean,
        "wait_mean_of_waiting_seconds": found.wait_mean_of_waiting,
        "wait_mean_of_answered_seconds": found.wait_mean_of_answered,
        "wait_p50_seconds": half,
        "wait_p80_seconds": most,
        "wait_p95_seconds": nearly_all,
        "queue_mean_calls": found.queue_mean,
        "blocked_without_queue_percent": percent(found.blocked_without_queue),
        "target_answered_within_percent": percent(goals.answered_within),
        "target_abandoned_percent": percent(goals.abandoned),
        "target_wait_mean_seconds": goals.wait_mean,
        "agents_needed": needed,
    }


def _in_words(queue: Queue, found: Waits, goals: Goals, needed: int | None) -> list[str]:
    if not queue.calls_per_hour:
        lines = [gettext("Ingen ringer, så ingen venter, og medarbejderne taler 0 % af tiden.")]
        return lines if needed is None else [*lines, gettext("Målet kræver ingen.")]
    lines = [
        gettext("{agents} svarer på {calls} opkald i timen à {seconds} sekunder ({erlangs} erlang).").format(
            agents=number(queue.agents),
            calls=number(queue.calls_per_hour, 0 if queue.calls_per_hour >= 10 else 1),
            seconds=number(queue.handle_seconds),
            erlangs=number(found.load_erlangs, 1),
        )
    ]
    if found.stable:
        lines += _settled(queue, found, goals)
    else:
        lines.append(
            gettext(
                "Køen falder aldrig til ro: den vokser med {growth} opkald i timen, så længe der ringes så meget."
            ).format(growth=number(found.growth_per_hour, 1))
        )
        lines.append(gettext("Gennemsnit siger intet her. Sæt flere på, eller regn med, at folk lægger på."))
    if needed is not None:
        lines.append(gettext("Målet kræver mindst {needed} på samme tid.").format(needed=number(needed)))
    return lines


def _settled(queue: Queue, found: Waits, goals: Goals) -> list[str]:
    if queue.patience_seconds == 0:
        return [
            gettext("Får svar straks: {percent} %. De andre {lost} % lægger på, for ingen venter (Erlang B).").format(
                percent=_percent(found.answered_within), lost=_percent(found.abandoned)
            ),
            gettext("Medarbejderne taler {percent} % af tiden.").format(percent=_percent(found.occupancy)),
        ]
    half, most, nearly_all = found.wait_percentiles
    lines = [
        gettext("Besvaret inden {seconds} sekunder: {percent} % af alle, der ringer.").format(
            seconds=number(goals.answer_within), percent=_percent(found.answered_within)
        ),
        gettext(
            "Må vente: {percent} %. Ventetid i gennemsnit: {mean} sekunder; for dem, der må vente: {waiting}."
        ).format(percent=_percent(found.waits), mean=_one(found.wait_mean), waiting=_one(found.wait_mean_of_waiting)),
        gettext("Halvdelen venter højst {half}, 80 % højst {most} og 95 % højst {nearly_all} sekunder.").format(
            half=_one(half), most=_one(most), nearly_all=_one(nearly_all)
        ),
        gettext("I kø i gennemsnit: {queue}. Medarbejderne taler {percent} % af tiden.").format(
            queue=_one(found.queue_mean), percent=_percent(found.occupancy)
        ),
    ]
    if queue.patience_seconds is None:
        lines.append(gettext("Regnet, som om ingen lægger på (Erlang C); i virkeligheden venter færre så kortere."))
    else:
        lines.append(gettext("Lægger på, før der svares: {percent} %.").format(percent=_percent(found.abandoned)))
    return lines


def _percent(share: float | None) -> str:
    return _one(None if share is None else 100 * share)


def _one(value: float | None) -> str:
    return "?" if value is None else number(value, 1)
