"""Other systems at the command line: tokens for the API."""

from __future__ import annotations

import datetime as dt
import json

import click


@click.group(
    help=(
        "Luk andre systemer ind og ud af API'et / let other systems in and out of the API.\n\n"
        "hovedindgang client add ESDH --scope contacts:write --scope history:read"
    )
)
def client() -> None:
    """Only groups."""


@client.command("add", help="Lav et token; det vises kun denne ene gang / make a token, shown this once.")
@click.argument("name")
@click.option("--scope", "scopes", multiple=True, required=True, help="contacts:write, history:read …")
@click.option("--expires", type=click.DateTime(["%Y-%m-%d"]), help="Sidste dag / last day.")
@click.option("--json", "as_json", is_flag=True, help="JSON.")
def add(name: str, scopes: tuple[str, ...], expires: dt.datetime | None, as_json: bool) -> None:
    from hovedindgang.kernel.actors import SYSTEM  # after Django is ready
    from hovedindgang.people.clients import let_client_in
    from hovedindgang.people.rules import PeopleRefused

    try:
        made, token = let_client_in(
            actor=SYSTEM, name=name, scopes=scopes, expires_on=expires.date() if expires else None
        )
    except PeopleRefused as refused:
        raise click.ClickException(str(refused)) from refused
    click.echo(json.dumps({"name": made.name, "scopes": made.scopes, "token": token}) if as_json else token)


@client.command("close", help="Luk et system ude fra dets næste kald / let a system out from its next call.")
@click.argument("name")
def close(name: str) -> None:
    from hovedindgang.kernel.actors import SYSTEM  # after Django is ready
    from hovedindgang.people.clients import let_client_out
    from hovedindgang.people.rules import PeopleRefused

    try:
        let_client_out(actor=SYSTEM, name=name)
    except PeopleRefused as refused:
        raise click.ClickException(str(refused)) from refused


client.needs_django = True  # type: ignore[attr-defined]
