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
  hovedindgang lookups verify
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


@lookups.command(
    "verify",
    options_metavar=_("[VALG]"),
    help=_("""Se efter, om opslagsloggen siger det, den sagde.

Hver dags opslag er talt sammen i en hændelse, når dagen ikke længere kan forklares. Kør også hovedindgang audit verify:
den siger, om hændelserne selv er, som de var. Slutter med 1, når en dag er en anden."""),
)
@click.option("--json", "as_json", is_flag=True, help=_("Svar som JSON, til andre programmer."))
def verify(as_json: bool) -> None:
    from hovedindgang.oversight.proving import prove  # after Django is ready

    days, differ = prove()
    if as_json:
        told = [{"day": one.day, "rows_then": one.was.rows, "rows_now": one.now.rows} for one in differ]
        click.echo(json.dumps({"days": days, "differ": told}))
    else:
        for one in differ:
            said = _("{day}: {was} opslag da, {now} nu, eller andre end dem.")
            click.echo(said.format(day=one.day, was=one.was.rows, now=one.now.rows))
        click.echo(_("Talt sammen igen: {days} dage. Af dem er {n} anderledes.").format(days=days, n=len(differ)))
    if differ:
        raise SystemExit(1)


@lookups.command(
    "of", options_metavar=_("[VALG]"), help=_("Vis, hvornår og til hvad en borger er slået op, uden navne.")
)
@click.argument("citizen", metavar=_("BORGERNUMMER"), type=click.IntRange(1, 2**62))
@click.option("--json", "as_json", is_flag=True, help=_("Svar som JSON, til andre programmer."))
def of(citizen: int, as_json: bool) -> None:
    from hovedindgang.kernel.actors import SYSTEM  # after Django is ready
    from hovedindgang.oversight.prints import print_by
    from hovedindgang.people.rules import NoAccess

    try:
        rows = print_by(SYSTEM, citizen)
    except NoAccess:
        raise click.ClickException(_("Ingen borger har det nummer.")) from None
    if as_json:
        click.echo(json.dumps([row.as_data() for row in rows], ensure_ascii=False, indent=2))
    else:
        for row in rows:
            click.echo(" · ".join(filter(None, [f"{row.at:%Y-%m-%d %H:%M}", row.unit, row.purpose, row.use, row.name])))


lookups.needs_django = True  # type: ignore[attr-defined]
