"""`hovedindgang practice`: make the practice house, and begin it anew."""

from __future__ import annotations

import time

import click

from hovedindgang.site.language import gettext


@click.group(
    options_metavar=gettext("[VALG]"),
    subcommand_metavar=gettext("KOMMANDO …"),
    help=gettext("""Lav et øvehus: de samme sider over en database for sig selv, fyldt med opdigtede mennesker.

    \b
    HOVEDINDGANG_PRACTICE=1 hovedindgang practice new
    HOVEDINDGANG_PRACTICE=1 hovedindgang serve --port 8001

    Alle kommandoer køres med HOVEDINDGANG_PRACTICE=1. Øvehuset har sin egen mappe, sine egne nøgler og sin egen
    database. Hvordan det stilles op ved siden af det rigtige hus, står i docs/guide/operator.md."""),
)
def practice() -> None:
    """Only groups."""


practice.needs_django = True  # type: ignore[attr-defined]


@practice.command(
    "new", options_metavar=gettext("[VALG]"), help=gettext("Lav øvehuset i en tom database, og fyld det.")
)
@click.option("--scale", default=0.1, show_default=True, help=gettext("Del af et års henvendelser, der opdigtes."))
def new(scale: float) -> None:
    from django.core.management import call_command  # after Django is ready

    from hovedindgang.kernel.house import OtherHouse, make_practice_house
    from hovedindgang.practice.keys import make_shared_key
    from hovedindgang.site.practice_house.refusing import RefusedHere, words_of_other_house

    _only_in_practice()
    call_command("migrate", verbosity=0, interactive=False)
    try:
        make_practice_house()
    except OtherHouse as other:
        raise RefusedHere(*words_of_other_house(other)) from other
    made_key = make_shared_key()
    _fill(scale)
    if made_key:
        click.echo(gettext("Øvehusets nøgle er lavet. Det rigtige hus skal have den samme fil."), err=True)


@practice.command(
    "clear", options_metavar=gettext("[VALG]"), help=gettext("Slet alt, der er øvet, og fyld øvehuset igen.")
)
@click.option("--yes", is_flag=True, help=gettext("Spørg ikke først."))
@click.option("--scale", default=0.1, show_default=True, help=gettext("Del af et års henvendelser, der opdigtes."))
def clear(yes: bool, scale: float) -> None:
    from hovedindgang.kernel.house import OtherHouse  # after Django is ready
    from hovedindgang.site.practice_house.clearing import empty
    from hovedindgang.site.practice_house.refusing import RefusedHere, words_of_other_house

    _only_in_practice()
    if not yes:
        click.confirm(gettext("Slet alt, der er øvet?"), abort=True)
    try:
        empty()
    except OtherHouse as other:
        raise RefusedHere(*words_of_other_house(other)) from other
    _fill(scale)


def _only_in_practice() -> None:
    from django.conf import settings  # after Django is ready

    from hovedindgang.site.practice_house.refusing import RefusedHere

    if not settings.PRACTICE:
        raise RefusedHere(
            gettext("Dette er det rigtige hus"),
            gettext(
                "Sæt HOVEDINDGANG_PRACTICE=1 for den ene kommando: HOVEDINDGANG_PRACTICE=1 hovedindgang practice new"
            ),
        )


def _fill(scale: float) -> None:
    from hovedindgang.site.demo.commands import STEPS  # after Django is ready
    from hovedindgang.site.practice_house.clearing import fill_practice_house

    began = time.monotonic()

    def say(step: str) -> None:
        click.echo(f"  {time.monotonic() - began:4.0f} s  {STEPS[step]} …", err=True)

    count = fill_practice_house(say=say, scale=scale)
    if count:
        click.echo(gettext("Klar: {count} opdigtede henvendelser.").format(count=count), err=True)
    else:
        click.echo(gettext("Øvehuset er der allerede. Begynd det forfra med: hovedindgang practice clear"), err=True)
