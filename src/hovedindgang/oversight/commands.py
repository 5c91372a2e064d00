"""Look-ups at the command line: draw a month's sample again to prove it."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import click

from hovedindgang.servicemodel.language import words_of

_ = words_of(Path(__file__).parent)


class Month(click.ParamType):
    """A month as 2026-03."""

    name = "month"

    def convert(self, value: object, param: click.Parameter | None, context: click.Context | None) -> dt.date:
        if isinstance(value, dt.date):
            return value
        try:
            return dt.date.fromisoformat(f"{value}-01")
        except ValueError:
            self.fail(_("{value} er ikke en måned. Skriv den som 2026-03.").format(value=value), param, context)


@click.group(
    options_metavar=_("[VALG]"),
    subcommand_metavar=_("KOMMANDO …"),
    help=_("""Se efter, hvem der har slået borgere op.

\b
Eksempel:
  hovedindgang lookups redraw 2026-03
"""),
)
def lookups() -> None:
    """Only groups."""


@lookups.command(
    "redraw", options_metavar=_("[VALG]"), help=_("Træk en måneds stikprøve om, og se, om den er den samme.")
)
@click.argument("month", metavar=_("MÅNED"), type=Month())
@click.option("--json", "as_json", is_flag=True, help=_("Svar som JSON, til andre programmer."))
def redraw(month: dt.date, as_json: bool) -> None:
    from hovedindgang.oversight.queries import sample  # after Django is ready
    from hovedindgang.oversight.sampling import draw_again, seed_of
    from hovedindgang.people.rules import NoAccess

    try:
        found, _rows = sample(month)
    except NoAccess:
        raise click.ClickException(_("Der er ingen stikprøve for den måned.")) from None
    differs = draw_again(found)
    told = {
        "month": f"{month:%Y-%m}",
        "same": not differs,
        "differs": differs,
        "seed": seed_of(month).hex(),
        "drawn": found.drawn_fingerprint,
    }
    if as_json:
        click.echo(json.dumps(told))
    elif not differs:
        click.echo(_("Den samme: frøet er {seed}.").format(seed=told["seed"]))
    if differs:
        wrong = _("Trækningen giver noget andet nu: {what}. Er loggen tømt siden, eller er nøglen en anden?")
        raise click.ClickException(wrong.format(what=", ".join(differs)))


lookups.needs_django = True  # type: ignore[attr-defined]
