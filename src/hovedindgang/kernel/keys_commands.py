"""`hovedindgang keys`: which keys there are, whether they fit, and changing them while the house is open."""

from __future__ import annotations

import json
import secrets
import sys
from pathlib import Path

import click

from hovedindgang.kernel.fitting_keys import misfits
from hovedindgang.kernel.telling import CannotDo
from hovedindgang.servicemodel.asking import late_bar
from hovedindgang.servicemodel.language import words_of

_ = words_of(Path(__file__).parent)
_json_option = click.option("--json", "as_json", is_flag=True, help=_("Svar som JSON, til andre programmer."))


@click.group(
    options_metavar=_("[VALG]"),
    subcommand_metavar=_("KOMMANDO …"),
    help=_("""Se, kontrollér og skift de nøgler, som CPR-numre og kladder er låst med.

Nøglerne ligger uden for databasen: i miljøet eller i en fil, kun dens ejer kan læse. Flere kan låse op, én låser.
Et nøgleskifte sker, mens huset er åbent, og kan afbrydes og begyndes igen. Tag først en kopi af nøglerne.

\b
Sådan skiftes nøgle:
  hovedindgang keys new        en ny nøgle, som låser fra nu af
  hovedindgang keys rotate     lås alt gemt om med den
  hovedindgang keys list       låser den gamle stadig noget?
  hovedindgang keys retire 1   tag den gamle ud, når intet er låst med den"""),
)
def keys() -> None:
    """Only groups."""


keys.needs_django = True  # type: ignore[attr-defined]


@keys.command("list", options_metavar=_("[VALG]"), help=_("Vis nøglernes numre, aldrig nøglerne selv."))
@_json_option
def list_keys(as_json: bool) -> None:
    from hovedindgang.kernel.keyring import ring  # after Django is ready
    from hovedindgang.kernel.rotation import values_by_key

    known, counted = ring(), values_by_key()
    rows = [
        {"key": number, "here": number in known.keys, "seals": number == known.current, "values": counted[number]}
        for number in sorted({*known.keys, *counted})
    ]
    if as_json:
        click.echo(json.dumps(rows))
        return
    for row in rows:
        state = _("låser nu") if row["seals"] else _("låser kun op") if row["here"] else _("MANGLER")
        click.echo(_("Nøgle {key}: {state}, {values} gemte værdier").format(**row, state=state))


@keys.command("check", options_metavar=_("[VALG]"), help=_("Låser nøglerne det gemte op? 0: ja, 1: nej."))
def check() -> None:
    lines = [*misfits(), *_open_file()]
    for line in lines:
        click.echo(line)
    if not lines:
        click.echo(_("Nøglerne passer til det, der er gemt."))
    sys.exit(1 if lines else 0)


def _open_file() -> list[str]:
    from hovedindgang.kernel.keyring import is_private, key_file  # after Django is ready

    try:
        private = is_private()
    except OSError:
        return []
    return [] if private else [_("Andre kan læse nøglefilen. Kør: chmod 600 {file}").format(file=key_file())]


@keys.command("new", options_metavar=_("[VALG]"), help=_("Lav en ny nøgle. Fra nu af låses der med den."))
def new() -> None:
    from django.conf import settings  # after Django is ready

    from hovedindgang.kernel.encryption import proven_ring
    from hovedindgang.kernel.keyring import add_key, ring

    proven_ring()  # a key beside one that does not fit would hide that
    if settings.CPR_KEY:
        known = ring()
        number = max(known.keys) + 1
        click.echo(
            _(
                "Nøglerne kommer fra miljøet. Sæt den nye foran den gamle, genstart, og kør keys rotate:\n"
                "HOVEDINDGANG_CPR_KEY={n}:{key},{old}:…"
            ).format(n=number, key=secrets.token_hex(32), old=known.current)
        )
        return
    number = add_key()
    proven_ring()
    click.echo(_("Nøgle {n} låser fra nu af. Tag en kopi af nøglefilen, og kør: keys rotate").format(n=number))


@keys.command("rotate", options_metavar=_("[VALG]"), help=_("Lås alt gemt om med den nøgle, der låser nu."))
@_json_option
def rotate_command(as_json: bool) -> None:
    from hovedindgang.kernel.actors import SYSTEM  # after Django is ready
    from hovedindgang.kernel.keyring import ring
    from hovedindgang.kernel.rotation import rotate, values_by_key

    others = max(1, sum(count for number, count in values_by_key().items() if number != ring().current))
    with late_bar(_("Låser om")) as show:
        done = rotate(actor=SYSTEM, progress=lambda values: show(min(1.0, values / others)))
    if as_json:
        told = {"key": done.to, "values": done.values, "left": done.left, "unreadable": done.unreadable}
        click.echo(json.dumps(told))
    else:
        click.echo(_("Nøgle {n}: {values} værdier er låst om.").format(n=done.to, values=done.values))
        if done.left:
            click.echo(_("{n} er stadig låst med en anden nøgle. Kør keys rotate igen.").format(n=done.left))
        for table, row in done.unreadable:
            click.echo(_("Ingen nøgle låser dette op: {table}, række {row}").format(table=table, row=row))
    sys.exit(1 if done.left or done.unreadable else 0)


@keys.command("retire", options_metavar=_("[VALG]"), help=_("Tag en nøgle ud, som intet gemt er låst med."))
@click.argument("number", metavar=_("NUMMER"), type=int)
def retire(number: int) -> None:
    from django.conf import settings  # after Django is ready

    from hovedindgang.kernel.keyring import ring, take_key_out
    from hovedindgang.kernel.rotation import values_by_key

    known, values = ring(), values_by_key()[number]
    if number == known.current:
        raise CannotDo(_("Nøgle {n} låser nu").format(n=number), _("Lav først en ny: hovedindgang keys new"))
    if values:
        cause = _("{values} gemte værdier er låst med nøgle {n}").format(values=values, n=number)
        raise CannotDo(cause, _("Lås dem om: hovedindgang keys rotate"))
    if number not in known.keys:
        raise CannotDo(_("Der er ingen nøgle {n}").format(n=number), _("Se dem: hovedindgang keys list"))
    if settings.CPR_KEY:
        click.echo(_("Tag nøgle {n} ud af HOVEDINDGANG_CPR_KEY, og genstart.").format(n=number))
        return
    take_key_out(number)
    click.echo(_("Nøgle {n} er ude. Ældre sikkerhedskopier af databasen kan kun læses med den.").format(n=number))
