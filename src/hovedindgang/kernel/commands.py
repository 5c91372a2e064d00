"""`hovedindgang audit`: seal the event log, check it, and forget whole months of it.

Exit codes: 0 all is well, 1 the log was tampered with, 2 asked for wrongly, 3 it could not be told.
"""

from __future__ import annotations

import dataclasses
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hovedindgang.kernel import copy_command
from hovedindgang.kernel.copy_command import compared_with, told_of
from hovedindgang.kernel.telling import CannotDo, some_of
from hovedindgang.servicemodel.asking import late_bar
from hovedindgang.servicemodel.language import words_of

if TYPE_CHECKING:
    from hovedindgang.kernel.verifying import Finding, Verified

_ = words_of(Path(__file__).parent)
CANNOT_TELL = 3
_json_option = click.option("--json", "as_json", is_flag=True, help=_("Svar som JSON, til andre programmer."))


def gettext_noop(message: str) -> str:
    """Marks what is translated when it is shown."""
    return message


@click.group(
    options_metavar=_("[VALG]"),
    subcommand_metavar=_("KOMMANDO …"),
    help=_("""Forsegl hændelsesloggen, kontrollér den, og glem hele måneder af den.

Hvert minut forsegler arbejdet bagved de nye hændelser: en kontrolsum over dem og seglet før. Ændres, fjernes eller
indsættes noget bagefter, ses det her. Det forhindres ikke. Skær nogen de nyeste segl af, ses det kun af den, der har
gemt et segl et andet sted: gem derfor det øverste segl hver dag, eller kopiér loggen til et andet system.

\b
Eksempler:
  hovedindgang audit head --out /mnt/andetsteds/segl.txt
  hovedindgang audit verify --expect "$(cat /mnt/andetsteds/segl.txt)"
  hovedindgang audit copy /mnt/andetsteds/hændelser.jsonl
  hovedindgang audit drop 2020-03

Slutter med 0, når alt er, som det blev forseglet, med 1, når der er pillet ved loggen, og med 3, når det ikke
kunne afgøres."""),
)
def audit() -> None:
    """Only groups."""


audit.needs_django = True  # type: ignore[attr-defined]
audit.when_it_cannot = CANNOT_TELL  # type: ignore[attr-defined]
audit.add_command(copy_command.copy)


@audit.command("seal", options_metavar=_("[VALG]"), help=_("Forsegl nu, hvad der ikke er forseglet endnu."))
@_json_option
def seal(as_json: bool) -> None:
    from hovedindgang.kernel.models import Event  # after Django is ready
    from hovedindgang.kernel.seals import last_seal, seal_events

    before = last_seal()
    left = max(1, Event.objects.filter(pk__gt=before.high if before else 0).count())
    with late_bar(_("Forsegler")) as show:
        sealed = seal_events(progress=lambda done: show(min(1.0, done / left)))
    head = last_seal()
    if as_json:
        click.echo(json.dumps({"sealed": sealed, "head": str(head) if head else None}))
        return
    click.echo(_("Forseglet nu: {n}. Øverste segl: {head}").format(n=sealed, head=head or "-"))


@audit.command("head", options_metavar=_("[VALG]"), help=_("Vis det øverste segl, så det kan gemmes et andet sted."))
@click.option("--out", metavar=_("FIL"), type=click.Path(path_type=Path, dir_okay=False), help=_("Skriv det i en fil."))
def head(out: Path | None) -> None:
    from hovedindgang.kernel.seals import last_seal  # after Django is ready

    found = last_seal()
    if found is None:
        raise CannotDo(_("Intet er forseglet endnu"), _("Kør først: hovedindgang audit seal"))
    if out:
        out.write_text(f"{found}\n", encoding="utf-8")
        click.echo(_("Skrevet: {file}").format(file=click.format_filename(out)))
    else:
        click.echo(str(found))


@audit.command("verify", options_metavar=_("[VALG]"), help=_("Regn alle segl efter. Ændrer intet."))
@click.option(
    "--expect", default="", metavar=_("SEGL"), help=_("Et segl, der blev gemt et andet sted; det skal være i kæden.")
)
@click.option(
    "--copy",
    "copies",
    metavar=_("FIL"),
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    multiple=True,
    help=_("En kopi, som audit copy skrev: dens hændelser regnes efter, og loggen skal have de samme segl."),
)
@_json_option
def verify_command(expect: str, copies: tuple[Path, ...], as_json: bool) -> None:
    from hovedindgang.kernel.models import Seal  # after Django is ready
    from hovedindgang.kernel.verifying import verify

    if expect and not is_seal(expect):
        raise click.BadParameter(_("Skriv seglet, som audit head viste det: NUMMER:KONTROLSUM."), param_hint="--expect")
    seals = max(1, Seal.objects.count())
    with late_bar(_("Regner efter")) as show:
        found = verify(expect=expect, progress=lambda done: show(min(1.0, done / seals)))
    compared = {click.format_filename(copy): compared_with(copy) for copy in copies}
    if as_json:
        more = {"copies": {name: dataclasses.asdict(one) for name, one in compared.items()}} if copies else {}
        click.echo(json.dumps(_as_data(found) | more, ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join([*(line for name, one in compared.items() for line in told_of(name, one)), *_told(found)]))
    sys.exit(0 if found.all_well and all(one.all_well for one in compared.values()) else 1)


def is_seal(text: str) -> bool:
    """Whether it looks like a seal: NUMBER:HASH, or the hash alone."""
    number, _colon, kept = text.strip().rpartition(":")
    digits = set("0123456789abcdefABCDEF")
    return len(kept) == 64 and set(kept) <= digits and (not number or number.isdigit())


_SAID = {
    "event_changed": gettext_noop("Segl {seal} ({minute}): ændret efter forseglingen: {events}."),
    "event_removed": gettext_noop("Segl {seal} ({minute}): fjernet efter forseglingen: {events}."),
    "event_inserted": gettext_noop("Uden segl: indsat med et gammelt nummer, siger selv {minute}: {events}."),
    "seal_changed": gettext_noop("Segl {seal} ({minute}): seglet selv er ændret."),
    "seal_removed": gettext_noop("Segl {seal} mangler: kæden er brudt."),
    "month_dropped_wrongly": gettext_noop(
        "Måneden {month} er fjernet, men ikke af en handling, der passer til dens segl."
    ),
    "head_not_found": gettext_noop(
        "Det gemte segl {seal} findes ikke i kæden: de nyeste segl er skåret af eller lavet om."
    ),
}


def _told(found: Verified) -> list[str]:
    """What was found, line by line."""
    said = [
        _("Regnet efter: {seals} segl med {events} hændelser.").format(seals=found.seals, events=found.events),
        *(
            _("{month}: {events} hændelser er glemt efter deres tid, ved hændelse {deed}. Seglene står.").format(
                month=month, events=events, deed=deed
            )
            for month, (events, deed) in found.dropped.items()
        ),
        *(_sentence(one) for one in found.findings),
    ]
    if found.unsealed:
        waiting = _("Ikke forseglet endnu: {n}, den ældste fra {at}. Forsegl med: hovedindgang audit seal")
        said.append(waiting.format(n=found.unsealed, at=f"{found.oldest_unsealed[:19]}Z"))
    if found.all_well:
        said.append(_("Alt er, som det blev forseglet. Øverste segl: {head}").format(head=found.head or "-"))
    else:
        said.append(
            _("Der er pillet ved loggen. Tag en kopi af databasen, og sammenlign med en tidligere sikkerhedskopi.")
        )
    return said


def _sentence(one: Finding) -> str:
    events = _("hændelse {numbers}").format(numbers=some_of(one.events))
    minute = one.minute.replace("T", " ") + "Z" if one.minute else ""
    return (
        _(_SAID[one.wrong])
        .format(seal=one.seal or "", minute=minute, events=events, month=one.month)
        .replace("  ", " ")
    )


def _as_data(found: Verified) -> dict[str, object]:
    return {
        "all_well": found.all_well,
        "seals": found.seals,
        "events": found.events,
        "head": str(found.head) if found.head else None,
        "findings": [
            {"wrong": one.wrong, "seal": one.seal, "minute": one.minute, "events": list(one.events), "month": one.month}
            for one in found.findings
        ],
        "not_sealed_yet": found.unsealed,
        "oldest_not_sealed": found.oldest_unsealed or None,
        "dropped_months": {month: {"events": rows, "deed": deed} for month, (rows, deed) in found.dropped.items()},
    }


# ------------------------------------------------------------------------------------------------------- forgetting

_WHY = {
    "not_a_month": (gettext_noop("Det er ikke en måned"), gettext_noop("Skriv den som 2020-03.")),
    "too_early": (
        gettext_noop("Månedens tid er ikke gået"),
        gettext_noop("Hvor længe den gemmes, står i HOVEDINDGANG_LOG_MONTHS og HOVEDINDGANG_LOOK_UP_MONTHS."),
    ),
    "not_sealed": (gettext_noop("Måneden er ikke forseglet helt"), gettext_noop("Kør: hovedindgang audit verify")),
    "undelivered": (
        gettext_noop("Nogen har ikke fået besked om en hændelse i måneden"),
        gettext_noop("Lad arbejdet bagved gøre sig færdigt, eller se på de leveringer, det har opgivet."),
    ),
    "breach": (
        gettext_noop("Et brud, der ikke er lukket, gælder måneden"),
        gettext_noop("Luk bruddet først: hvem det rammer, læses i opslagene."),
    ),
    "dropped_before": (gettext_noop("Måneden er glemt før"), gettext_noop("Der er intet at gøre.")),
    "tampered": (gettext_noop("Seglene passer ikke"), gettext_noop("Kør: hovedindgang audit verify")),
}


@audit.command(
    "drop",
    options_metavar=_("[VALG]"),
    help=_("""Glem en hel måned af en log, når dens tid er gået. Uden MÅNED: vis, hvilke det kan gælde.

Måneder regnes i UTC. Hændelser glemmes kun, når hele måneden er forseglet, seglene passer, og alle har fået besked;
seglene og deres tal bliver."""),
)
@click.argument("month", metavar=_("[MÅNED]"), required=False, default="")
@click.option(
    "--log",
    "which",
    type=click.Choice(["events", "lookups"]),
    default="events",
    show_default=True,
    help=_("Hændelser, eller opslag på borgere."),
)
@_json_option
def drop(month: str, which: str, as_json: bool) -> None:
    from hovedindgang.kernel.actors import SYSTEM  # after Django is ready
    from hovedindgang.kernel.models import Log
    from hovedindgang.kernel.months import MayNotDrop, drop_month, droppable
    from hovedindgang.kernel.verifying import verify

    log = Log(which)
    if not month:
        months = droppable(log)
        click.echo(
            json.dumps({"months": months}) if as_json else "\n".join(months) or _("Ingen måned kan glemmes endnu.")
        )
        return
    try:
        if log is Log.EVENTS and not verify().all_well:
            raise MayNotDrop("tampered")
        dropped = drop_month(actor=SYSTEM, log=log, month=month)
    except MayNotDrop as refused:
        cause, cure = _WHY[refused.why]
        raise CannotDo(_(cause), _(cure)) from refused
    told = {"month": month, "log": which, "rows": dropped.rows, "deed": dropped.deed}
    said = _("Glemt: {month}, {n} rækker, ved hændelse {deed}.").format(month=month, n=dropped.rows, deed=dropped.deed)
    click.echo(json.dumps(told) if as_json else said)
