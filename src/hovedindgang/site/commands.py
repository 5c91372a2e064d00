"""Commands that concern the house as a whole."""

from __future__ import annotations

import os
import signal
import sys
import threading

import click

from hovedindgang.site.language import gettext, gettext_noop


@click.command(help=gettext("Opret databasens tabeller, eller bring dem à jour. Kan gentages; data røres ikke."))
@click.option("--plan", is_flag=True, help=gettext("Vis kun, hvad der ville ske."))
@click.option(
    "--grant",
    "role",
    default=None,
    metavar=gettext("ROLLE"),
    help=gettext("Giv derefter en anden rolle i PostgreSQL adgang til rækkerne og intet andet; huset åbnes som den."),
)
def migrate(plan: bool, role: str | None) -> None:
    from django.core.management import call_command  # needs settings, which `--help` does without

    from hovedindgang.site.backups.unfinished import restore_has_ended
    from hovedindgang.site.roles import CannotGrant, bind_again, grant

    restore_has_ended()  # its tables are of the backup's version, and must be until the rows are in
    call_command("migrate", plan=plan, interactive=False)
    if plan:
        return
    bind_again()
    if role is None:
        return
    try:
        grant(role)
    except CannotGrant as refused:
        cause, cure = _WHY_NO_GRANT[refused.why]
        raise NotGranted(gettext(cause).format(role=role), gettext(cure)) from refused
    click.echo(gettext("Rollen {role} kan læse og skrive rækker, og ikke ændre tabeller.").format(role=role))


class NotGranted(Exception):
    """The tables are as they should be, and the role got nothing; `cure` says what to do."""

    def __init__(self, cause: str, cure: str) -> None:
        super().__init__(cause)
        self.cure = cure


_WHY_NO_GRANT = {
    "not_postgresql": (
        gettext_noop("SQLite har ingen roller"),
        gettext_noop("Udelad --grant, eller sæt HOVEDINDGANG_DATABASE til en PostgreSQL."),
    ),
    "no_such_role": (
        gettext_noop("Der er ingen rolle {role} i databasen"),
        gettext_noop("Lav den først, i psql: CREATE ROLE … LOGIN PASSWORD …"),
    ),
    "owns_the_tables": (
        gettext_noop("Rollen {role} ejer tabellerne, eller er medlem af den, der gør"),
        gettext_noop("Vælg en rolle, der hverken ejer tabellerne, er superbruger eller er medlem af dem, der er."),
    ),
    "may_create": (
        gettext_noop("Rollen {role} må lave tabeller i databasen"),
        gettext_noop("Tag det fra den, i psql: REVOKE CREATE ON SCHEMA … FROM …, også fra roller, den er medlem af."),
    ),
}


@click.command(
    help=gettext("""Åbn hovedindgangen: websider og det arbejde, der kører bagved.

    \b
    hovedindgang serve --port 8123

    Stop med Ctrl-C. Hvem der må spørge, og hvor data ligger, står i indstillingerne.""")
)
@click.option("--host", default=None, help=gettext("Adresse at lytte på; ellers HOVEDINDGANG_HOST."))
@click.option("--port", default=8000, show_default=True, help=gettext("Port på denne maskine."))
def serve(host: str | None, port: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hovedindgang.site.settings")
    serve_at(port=port, host=host)


def serve_at(*, port: int, host: str | None = None) -> None:
    """Serve until told to stop, then end the command; needs no more of Django than its settings."""
    from django.conf import settings

    from hovedindgang.site import serving  # needs settings, which `--help` does without

    def ready(address: str) -> None:
        click.echo(gettext("Hovedindgang er åben på {address} (stop med Ctrl-C)").format(address=address))

    sys.exit(serving.serve(host=host or settings.SERVE_HOST, port=port, ready=ready))


@click.command(help=gettext("Kør arbejdet bagved: besked til dem, der lytter, og det, der kommer igen hver dag."))
def worker() -> None:
    from hovedindgang.kernel.worker import run_worker  # needs settings, which `--help` does without
    from hovedindgang.site.jobs import jobs
    from hovedindgang.site.setup import house_must_fit, keys_must_fit

    house_must_fit()
    keys_must_fit()

    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: stop.set())
    run_worker(stop, jobs=jobs())


for command in (migrate, worker):
    command.needs_django = True  # type: ignore[attr-defined]
