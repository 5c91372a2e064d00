"""The figures at the command line."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import click

from hovedindgang.servicemodel.asking import Day
from hovedindgang.servicemodel.language import words_of

_ = words_of(Path(__file__).parent)


@click.command(
    options_metavar=_("[VALG]"),
    help=_("""Vis nøgletallene for en periode.

\b
Eksempel:
  hovedindgang figures --from 2026-01-01 --to 2026-03-31 --json
"""),
)
@click.option("--from", "first", type=Day(), required=True, help=_("Periodens første dag."))
@click.option("--to", "last", type=Day(), required=True, help=_("Periodens sidste dag; den er med."))
@click.option("--json", "as_json", is_flag=True, help=_("Svar som JSON, til andre programmer."))
def figures(first: dt.date, last: dt.date, as_json: bool) -> None:
    from hovedindgang.insight.periods import Period, what_is_wrong  # after Django is ready
    from hovedindgang.insight.queries import board
    from hovedindgang.insight.told import as_data, as_lines
    from hovedindgang.kernel import clock
    from hovedindgang.policy.queries import NoPolicyInForce

    period = Period(first, last)
    wrong = what_is_wrong(period, clock.today())
    if wrong:
        raise click.BadParameter(wrong, param_hint="--to")
    try:
        found = board(period)
    except NoPolicyInForce as nothing:
        raise click.ClickException(str(nothing)) from nothing
    click.echo(json.dumps(as_data(found), ensure_ascii=False, indent=2) if as_json else "\n".join(as_lines(found)))


figures.needs_django = True  # type: ignore[attr-defined]
