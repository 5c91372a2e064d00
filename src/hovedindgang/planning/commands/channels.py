"""`hovedindgang plan channels`: what moving enquiries to another channel does, and to whom."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hovedindgang.planning.commands import answering, as_json, language, print_json
from hovedindgang.planning.commands.numbers import Number, Whole
from hovedindgang.planning.commands.widths import enough, interval, too_wide
from hovedindgang.planning.language import gettext, number
from hovedindgang.planning.naming import channel_name, queue_name, source_name

if TYPE_CHECKING:
    from hovedindgang.planning.channels import Moved
    from hovedindgang.planning.simulation.outcome import Estimate

HELP = gettext("""Hvad sker der, når henvendelser flyttes til en anden kanal, og for hvem?

Ingen ved på forhånd, hvor mange der flytter sig. Derfor regnes en lav, en middel og en høj andel: svaret er et spænd.
Borgere, der er fritaget for Digital Post, flyttes ikke til digitale kanaler.

\b
Eksempel:
  hovedindgang plan channels models/planning/jammerbugt-2006.toml
      --from phone --to self_service --service flytning --share 0.3 --low 0.1 --high 0.5""")


@click.command("channels", help=HELP)
@click.argument("file", metavar=gettext("FIL"), type=click.Path(path_type=Path))
@click.option("--from", "from_channel", required=True, help=gettext("Kanalen, der flyttes fra: in_person, phone, …"))
@click.option(
    "--to",
    "to_channel",
    required=True,
    help=gettext("Kanalen, der flyttes til; også self_service, appointment og assisted."),
)
@click.option("--service", default="", help=gettext("Opgavens nøgle; ellers alle."))
@click.option("--open", "open_channel", is_flag=True, help=gettext("Åbn kanalen for opgaver, der ikke fås sådan."))
@click.option("--share", type=Number(0, 1), required=True, help=gettext("Andelen af dem, der kan flytte, 0 til 1."))
@click.option("--low", type=Number(0, 1), help=gettext("Den laveste; ellers det halve."))
@click.option("--high", type=Number(0, 1), help=gettext("Den højeste; ellers halvanden gang, højst 1."))
@click.option("--days", type=Whole(7, 3660), default=84, show_default=True, help=gettext("Dage, der simuleres."))
@click.option(
    "--replications", help=gettext("Så mange gentagelser."), type=Whole(2, 500), default=10, show_default=True
)
@click.option("--seed", type=Whole(0, 2**63 - 1), default=1, show_default=True, help=gettext("Tilfældets frø."))
@as_json
@language
def channels(
    file: Path,
    from_channel: str,
    to_channel: str,
    service: str,
    open_channel: bool,
    share: float,
    low: float | None,
    high: float | None,
    days: int,
    replications: int,
    seed: int,
    as_json: bool,
    language: str | None,
) -> None:
    with answering(language, as_json):
        # numba and scipy: only who asks waits for them
        from hovedindgang.planning.channels import move, with_days
        from hovedindgang.planning.service.changes import changed
        from hovedindgang.planning.service.costs import price_of
        from hovedindgang.planning.service.exempt import EXEMPT_SOURCE
        from hovedindgang.planning.service.reading import read_plan
        from hovedindgang.planning.service.warming import warmed

        plan = read_plan(file)
        model, inputs = changed(plan.model, with_days(plan.inputs, days), plan.changes)
        inputs = warmed(model, inputs)
        shares = (share / 2 if low is None else low, share, min(1.0, 1.5 * share) if high is None else high)
        found = move(
            model,
            inputs,
            from_channel=from_channel,
            to_channel=to_channel,
            shares=shares,
            service=service,
            open_channel=open_channel,
            seed=seed,
            replications=replications,
        )
        prices = {channel: price_of(model, channel) for channel in (from_channel, to_channel)}
        if as_json:
            sources = {
                channel: {
                    "value": one.value,
                    "kind": one.kind.value,
                    "reference": one.said,
                    "low": one.low,
                    "high": one.high,
                }
                for channel, one in prices.items()
            }
            print_json(
                {
                    "shares": [_as_data(one) for one in found],
                    "kr_per_contact": sources,
                    "exempt_source": gettext(EXEMPT_SOURCE),
                    "seed": seed,
                    "replications": found[0].replications,
                    "interrupted": found[0].replications < replications,
                    "replications_for_narrower": enough(_changes(found), found[0].replications, NEAR_MINUTES),
                    "days": days,
                }
            )
            return
        for one in found:
            _say(one, to_channel)
        if found[0].replications < replications:
            click.echo(gettext("Afbrudt: svaret er af det, der blev nået."))
        if (wide := too_wide(_changes(found), found[0].replications, NEAR_MINUTES)) is not None:
            click.echo(wide)
        for channel, price in prices.items():
            click.echo(
                gettext("Pris pr. henvendelse, {channel}: {kr} kr. ({kind}: {reference}).").format(
                    channel=channel_name(channel),
                    kr=number(price.value),
                    kind=source_name(price.kind.value),
                    reference=price.said,
                )
            )
        click.echo(gettext("Fritagne: {source}.").format(source=gettext(EXEMPT_SOURCE)))


NEAR_MINUTES = 0.5  # of waits, to each side


def _changes(found: Sequence[Moved]) -> list[Estimate]:
    return [change for one in found for change in one.wait_change.values()]


def _as_data(one: Moved) -> dict[str, Any]:
    data = dataclasses.asdict(one)
    data["wait_change"] = {key: change.as_dict() for key, change in one.wait_change.items()}
    data["wait_moved"] = one.wait_moved.as_dict() if one.wait_moved else None
    data["hours_freed"] = one.hours_freed.as_dict()
    return data


def _say(one: Moved, to_channel: str) -> None:
    from hovedindgang.planning.service.moving import named

    click.echo(
        gettext("Flytter {share} %: {moved} henvendelser om året; {stay} kan ikke flytte med.").format(
            share=number(100 * one.share), moved=number(one.moved), stay=number(one.not_moved)
        )
    )
    if one.exempt:
        said = gettext("{age} år: {contacts}")
        ages = ", ".join(said.format(age=age, contacts=number(of)) for age, of in one.exempt.items())
        click.echo(gettext("  kan ikke, efter alder: {ages}").format(ages=ages))
    if one.without:
        click.echo(
            gettext("  {contacts} handler om opgaver, der ikke fås {to}, og bliver, hvor de er (--open åbner).").format(
                contacts=number(one.without), to=named(to_channel)
            )
        )
    for channel, change in one.wait_change.items():
        words = gettext("  ventetid, {channel}: {change} min. ({interval})").format(
            channel=queue_name(channel, {}), change=number(change.value, 2), interval=interval(change, 2)
        )
        chance = gettext(", kan ikke skelnes fra tilfældet") if change.low <= 0 <= change.high else ""
        click.echo(words + chance)
    if one.wait_moved is not None:
        click.echo(
            gettext("  de, der er flyttet, venter {wait} min. ({interval})").format(
                wait=number(one.wait_moved.value, 2), interval=interval(one.wait_moved, 2)
            )
        )
    click.echo(
        gettext("  arbejde sparet: {hours} timer om året ({interval})").format(
            hours=number(one.hours_freed.value), interval=interval(one.hours_freed, 0)
        )
    )
    click.echo(
        gettext("  kanalpriser: {kr} kr. sparet om året ({low} – {high})").format(
            kr=number(one.kr_saved), low=number(one.kr_saved_low), high=number(one.kr_saved_high)
        )
    )
