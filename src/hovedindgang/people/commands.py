"""Other systems at the command line: tokens for the API."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import click

from hovedindgang.servicemodel.asking import Day
from hovedindgang.servicemodel.language import words_of

_ = words_of(Path(__file__).parent)


@click.group(
    options_metavar=_("[VALG]"),
    subcommand_metavar=_("KOMMANDO …"),
    help=_("""Luk andre systemer ind og ud af API'et.

\b
Eksempel:
  hovedindgang client add ESDH --scope contacts:write --scope history:read
"""),
)
def client() -> None:
    """Only groups."""


@client.command("add", options_metavar=_("[VALG]"), help=_("Lav et token; det vises kun denne ene gang."))
@click.argument("name", metavar=_("NAVN"))
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    metavar=_("ADGANG"),
    help=_("Hvad systemet må, fx contacts:write; skriv valget igen for hver."),
)
@click.option("--expires", type=Day(), help=_("Den sidste dag, tokenet gælder."))
@click.option("--json", "as_json", is_flag=True, help=_("Svar som JSON, til andre programmer."))
def add(name: str, scopes: tuple[str, ...], expires: dt.date | None, as_json: bool) -> None:
    from hovedindgang.kernel.actors import SYSTEM  # after Django is ready
    from hovedindgang.people.clients import let_client_in
    from hovedindgang.people.rules import PeopleRefused

    try:
        made, token = let_client_in(actor=SYSTEM, name=name, scopes=scopes, expires_on=expires)
    except PeopleRefused as refused:
        raise click.ClickException(str(refused)) from refused
    click.echo(json.dumps({"name": made.name, "scopes": made.scopes, "token": token}) if as_json else token)


@client.command("close", options_metavar=_("[VALG]"), help=_("Luk et system ude fra dets næste kald."))
@click.argument("name", metavar=_("NAVN"))
def close(name: str) -> None:
    from hovedindgang.kernel.actors import SYSTEM  # after Django is ready
    from hovedindgang.people.clients import let_client_out
    from hovedindgang.people.rules import PeopleRefused

    try:
        let_client_out(actor=SYSTEM, name=name)
    except PeopleRefused as refused:
        raise click.ClickException(str(refused)) from refused


client.needs_django = True  # type: ignore[attr-defined]
