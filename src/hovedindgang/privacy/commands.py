"""The retention at the command line."""

from __future__ import annotations

import datetime as dt
import json
import sys
from pathlib import Path
from typing import Any

import click

from hovedindgang.servicemodel.asking import Day
from hovedindgang.servicemodel.language import words_of

_ = words_of(Path(__file__).parent)


@click.group(
    options_metavar=_("[VALG]"),
    subcommand_metavar=_("KOMMANDO …"),
    help=_("""Slet det, der har haft sin tid, og behold tallene.

\b
Eksempel:
  hovedindgang retention plan --days 30
  hovedindgang retention run
"""),
)
def retention() -> None:
    """Only groups."""


@retention.command(
    "plan", options_metavar=_("[VALG]"), help=_("Vis, hvad der ville blive glemt på hvilken dag. Intet skrives.")
)
@click.option("--days", type=click.IntRange(0, 3660), default=30, show_default=True, help=_("Så mange dage frem."))
@click.option("--json", "as_json", is_flag=True, help=_("Svar som JSON, til andre programmer."))
def plan(days: int, as_json: bool) -> None:
    from hovedindgang.policy.queries import NoPolicyInForce  # after Django is ready
    from hovedindgang.privacy.labels import KEPT
    from hovedindgang.privacy.pages import ground_said
    from hovedindgang.privacy.queries import Plan
    from hovedindgang.privacy.queries import plan as planned

    try:
        found = planned(days=days, said=lambda so_far: _progress(_("Set på"), so_far.seen))
    except NoPolicyInForce as nothing:
        raise click.ClickException(str(nothing)) from nothing
    _progress_done()
    if as_json:
        click.echo(json.dumps(_as_data(found), ensure_ascii=False, indent=2))
        return
    assert isinstance(found, Plan)
    if not found.lines:
        click.echo(_("Intet har haft sin tid inden for {days} dage.").format(days=days))
    for (day, service, ground), number in sorted(found.lines.items()):
        click.echo(f"{day.isoformat()}  {number:>7}  {service}  ({ground_said(ground)})")
    for service, number in sorted(found.archive.items()):
        click.echo(_("Heraf til arkivet først: {number} {service}").format(number=number, service=service))
    for reason, number in found.kept.items():
        click.echo(_("Beholdes: {number}: {why}").format(number=number, why=KEPT[reason]))


@retention.command(
    "run",
    options_metavar=_("[VALG]"),
    help=_("Glem det, der har haft sin tid. Kan stoppes og tages op igen."),
)
@click.option("--dry-run", is_flag=True, help=_("Vis kun, hvad der ville ske i dag; det samme som plan --days 0."))
@click.option("--json", "as_json", is_flag=True, help=_("Svar som JSON, til andre programmer."))
@click.pass_context
def run(context: click.Context, dry_run: bool, as_json: bool) -> None:
    from hovedindgang.kernel.requests import one_request  # after Django is ready
    from hovedindgang.policy.queries import NoPolicyInForce
    from hovedindgang.privacy.actions import begin_run, retention_run
    from hovedindgang.privacy.labels import COUNTS, KEPT
    from hovedindgang.privacy.pages import ground_said
    from hovedindgang.privacy.rules import Kept

    if dry_run:
        context.invoke(plan, days=0, as_json=as_json)
        return
    made = begin_run(nightly=False)
    assert made is not None
    try:
        with one_request():
            retention_run(run=made, said=lambda so_far: _progress(_("Glemt"), so_far.counts.get("contacts", 0)))
    except NoPolicyInForce as nothing:
        raise click.ClickException(str(nothing)) from nothing
    _progress_done()
    waiting = made.kept.get(Kept.NOT_ARCHIVED, 0)
    if as_json:
        said: dict[str, Any] = {"run": made.pk, "day": made.day.isoformat()}
        click.echo(json.dumps(said | {"gone": made.gone, "kept": made.kept, "counts": made.counts}, ensure_ascii=False))
    else:
        for service, ground, number in made.gone:
            click.echo(f"{number:>7}  {service}  ({ground_said(ground)})")
        for word, number in made.counts.items():
            click.echo(f"{COUNTS.get(word, word)}: {number}")
        for reason, number in made.kept.items():
            click.echo(_("Beholdes: {number}: {why}").format(number=number, why=KEPT[Kept(reason)]))
    if waiting:
        raise click.ClickException(
            _(
                "{number} venter på arkivet. Se efter, om HOVEDINDGANG_ARCHIVE er en mappe med plads, og kør igen."
            ).format(number=waiting)
        )


def _as_data(found: Any) -> dict[str, Any]:
    return {
        "from": found.today.isoformat(),
        "to": found.until.isoformat(),
        "contacts": [
            {"day": day.isoformat(), "service": service, "ground": ground, "contacts": number}
            for (day, service, ground), number in sorted(found.lines.items())
        ],
        "archive": dict(found.archive),
        "kept": {reason.value: number for reason, number in found.kept.items()},
    }


def _progress(what: str, number: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{what}: {number}", nl=False, err=True)


def _progress_done() -> None:
    if sys.stderr.isatty():
        click.echo("", err=True)


@click.group(
    options_metavar=_("[VALG]"),
    subcommand_metavar=_("KOMMANDO …"),
    help=_("""Find ud af, hvis oplysninger et brud kan have ramt.

\b
Eksempel:
  hovedindgang breach list --from 2026-11-01 --to 2026-11-20 --employee anna
"""),
)
def breach() -> None:
    """Only groups."""


@breach.command(
    "list",
    options_metavar=_("[VALG]"),
    help=_("Hvilke borgere der er set i en periode, hvordan og hvornår, som CSV med numre og ingen navne."),
)
@click.option("--from", "first", type=Day(), required=True, help=_("Periodens første dag."))
@click.option("--to", "last", type=Day(), required=True, help=_("Periodens sidste dag; den er med."))
@click.option("--employee", default="", metavar=_("BRUGERNAVN"), help=_("Kun det, denne medarbejder så."))
@click.option("--client", default="", metavar=_("NAVN"), help=_("Kun det, dette system fik."))
@click.option("--centre", default="", metavar=_("NØGLE"), help=_("Kun det, der blev set fra dette center."))
@click.option("--json", "as_json", is_flag=True, help=_("Svar som JSON, til andre programmer."))
def list_(first: dt.date, last: dt.date, employee: str, client: str, centre: str, as_json: bool) -> None:
    from hovedindgang.privacy.breaches import exposed, months_gone  # after Django is ready
    from hovedindgang.privacy.rules import PrivacyRefused

    scopes = [(name, who) for name, who in (("employee", employee), ("client", client), ("centre", centre)) if who]
    if len(scopes) > 1:
        raise click.UsageError(_("Vælg ét af medarbejder, system og center, eller ingen for det hele."))
    if last < first:
        raise click.UsageError(_("Den sidste dag er før den første. Byt dem om."))
    scope, who = scopes[0] if scopes else ("everything", "")
    try:
        found = list(exposed(first=first, last=last, scope=scope, who=who))
    except PrivacyRefused as refused:
        raise click.ClickException(str(refused)) from refused
    if gone := months_gone(first=first, last=last):
        said = _("Listen er ikke hel: opslagene er glemt for {months}.")
        click.echo(said.format(months=", ".join(gone)), err=True)
    rows = [
        {
            "citizen": one.citizen_id,
            "uses": list(one.uses),
            "times": one.times,
            "first_at": one.first_at.isoformat(),
            "last_at": one.last_at.isoformat(),
        }
        for one in found
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    click.echo("citizen;uses;times;first_at;last_at")
    for one in found:
        times = f"{one.times};{one.first_at.isoformat()};{one.last_at.isoformat()}"
        click.echo(f"{one.citizen_id};{' '.join(one.uses)};{times}")
    click.echo(_("{number} borgere").format(number=len(rows)), err=True)


retention.needs_django = breach.needs_django = True  # type: ignore[attr-defined]
