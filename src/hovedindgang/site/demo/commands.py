"""`hovedindgang demo`: from nothing to an open page."""

from __future__ import annotations

import os
import time

import click

from hovedindgang.site.language import gettext
from hovedindgang.site.setup import django_ready

STEPS = {
    "policy": gettext("Vedtager to års servicemodeller"),
    "people": gettext("Ansætter 25 medarbejdere og opdigter borgere"),
    "guidance": gettext("Lægger vejledning frem"),
    "complaints": gettext("Opdigter klager, ros og idéer"),
    "contacts": gettext("Opdigter et års henvendelser og skriver dem"),
    "trust": gettext("Opdigter fuldmagter, fejl, advarsler og journalføring"),
    "figures": gettext("Regner et års nøgletal"),
    "plans": gettext("Måler det, planer hviler på"),
}


@click.command(
    help=gettext("""Åbn demonstrationen: en kommune af opdigtede mennesker med et års henvendelser.

    \b
    hovedindgang demo --port 8123

    Første gang fyldes databasen under HOVEDINDGANG_HOME (standard ./var). Stop med Ctrl-C; det skrevne bliver.""")
)
@click.option("--port", default=8000, show_default=True, help=gettext("Port på denne maskine."))
@click.option("--fill-only", is_flag=True, help=gettext("Fyld databasen, og stop uden at åbne siden."))
@click.option("--scale", default=1.0, show_default=True, help=gettext("Del af et års henvendelser, der opdigtes."))
def demo(port: int, fill_only: bool, scale: float) -> None:
    os.environ["HOVEDINDGANG_DEMO"] = "1"
    django_ready()
    # What follows needs Django's settings, which `--help` does without.
    from django.conf import settings
    from django.core.management import call_command

    from hovedindgang.site.commands import serve_at
    from hovedindgang.site.demo.filling import fill, is_filled

    call_command("migrate", verbosity=0, interactive=False)
    if not is_filled():
        began = time.monotonic()

        def say(step: str) -> None:
            click.echo(f"  {time.monotonic() - began:4.0f} s  {STEPS[step]} …", err=True)

        count = fill(models=settings.MODELS, say=say, scale=scale)
        click.echo(gettext("Klar: {count} opdigtede henvendelser.").format(count=count), err=True)
    if not fill_only:
        serve_at(port=port)
