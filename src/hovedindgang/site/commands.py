"""Commands that concern the house as a whole."""

from __future__ import annotations

import click

from hovedindgang.site.cli import gettext


@click.command(help=gettext("Opret databasens tabeller, eller bring dem à jour. Kan gentages; data røres ikke."))
@click.option("--plan", is_flag=True, help=gettext("Vis kun, hvad der ville ske."))
def migrate(plan: bool) -> None:
    from django.core.management import call_command  # needs settings, which `--help` does without

    call_command("migrate", plan=plan, interactive=False)


migrate.needs_django = True  # type: ignore[attr-defined]
