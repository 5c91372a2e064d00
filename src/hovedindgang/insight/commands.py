"""The figures at the command line."""

from __future__ import annotations

import datetime as dt
import json

import click


@click.command(
    help=(
        "Vis nøgletallene for en periode / show the figures of a period.\n\n"
        "hovedindgang figures --from 2026-01-01 --to 2026-03-31 --json"
    )
)
@click.option("--from", "first", type=click.DateTime(["%Y-%m-%d"]), required=True, help="Første dag / first day.")
@click.option("--to", "last", type=click.DateTime(["%Y-%m-%d"]), required=True, help="Sidste dag / last day.")
@click.option("--json", "as_json", is_flag=True, help="JSON.")
def figures(first: dt.datetime, last: dt.datetime, as_json: bool) -> None:
    from hovedindgang.insight.periods import Period, what_is_wrong  # after Django is ready
    from hovedindgang.insight.queries import board
    from hovedindgang.insight.told import as_data, as_lines
    from hovedindgang.kernel import clock
    from hovedindgang.policy.queries import NoPolicyInForce

    period = Period(first.date(), last.date())
    wrong = what_is_wrong(period, clock.today())
    if wrong:
        raise click.BadParameter(wrong, param_hint="--to")
    try:
        found = board(period)
    except NoPolicyInForce as nothing:
        raise click.ClickException(str(nothing)) from nothing
    click.echo(json.dumps(as_data(found), ensure_ascii=False, indent=2) if as_json else "\n".join(as_lines(found)))


figures.needs_django = True  # type: ignore[attr-defined]
