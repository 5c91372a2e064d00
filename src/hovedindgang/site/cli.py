"""The command line: `hovedindgang`. Each command lives in the room that can do it and is loaded only when asked for.

Exit codes: 0 it is done, 1 it could not be done (one line says why and what to do), 2 it was asked for wrongly.
"""

from __future__ import annotations

import gettext as gettext_of_python
import importlib
import os
import sys
import traceback
from collections.abc import Callable
from copy import copy
from functools import cache, wraps
from pathlib import Path
from typing import Any, NamedTuple

import click

from hovedindgang import __version__
from hovedindgang.servicemodel.language import LANGUAGES, current_language
from hovedindgang.site.language import gettext, gettext_noop
from hovedindgang.site.setup import django_ready

LOCALE = Path(__file__).resolve().parent / "locale"


class Entry(NamedTuple):
    """Where a command is (`module:attribute`), and its line in the list of commands."""

    target: str
    line: str


COMMANDS = {
    "demo": Entry("hovedindgang.site.demo.commands:demo", gettext_noop("Åbn en opdigtet kommune, og prøv det hele.")),
    "serve": Entry(
        "hovedindgang.site.commands:serve", gettext_noop("Åbn hovedindgangen: websider og arbejdet bagved.")
    ),
    "model": Entry(
        "hovedindgang.servicemodel.commands:model", gettext_noop("Kontrollér, vis og sammenlign servicemodeller.")
    ),
    "plan": Entry("hovedindgang.planning.commands:plan", gettext_noop("Prøv en ændring, før nogen beslutter den.")),
    "report": Entry(
        "hovedindgang.registers.commands:report", gettext_noop("Lav en rapport direkte af et registers egen fil.")
    ),
    "import": Entry("hovedindgang.registers.commands:import_", gettext_noop("Læs et andet registers fil ind.")),
    "adopt": Entry("hovedindgang.governance.commands:adopt", gettext_noop("Vedtag en servicemodel fra en dato.")),
    "figures": Entry("hovedindgang.insight.commands:figures", gettext_noop("Vis nøgletallene for en periode.")),
    "lookups": Entry(
        "hovedindgang.oversight.commands:lookups", gettext_noop("Se efter, hvem der har slået borgere op.")
    ),
    "retention": Entry(
        "hovedindgang.privacy.commands:retention", gettext_noop("Slet det, der har haft sin tid, og behold tallene.")
    ),
    "breach": Entry(
        "hovedindgang.privacy.commands:breach", gettext_noop("Find ud af, hvis oplysninger et brud kan have ramt.")
    ),
    "client": Entry("hovedindgang.people.commands:client", gettext_noop("Luk andre systemer ind og ud af API'et.")),
    "audit": Entry(
        "hovedindgang.kernel.commands:audit",
        gettext_noop("Forsegl og kontrollér loggen over alt, der er gjort."),
    ),
    "keys": Entry(
        "hovedindgang.kernel.keys_commands:keys", gettext_noop("Kontrollér og skift nøglerne til CPR-numre.")
    ),
    "practice": Entry(
        "hovedindgang.site.practice_house.commands:practice",
        gettext_noop("Lav et øvehus af opdigtede mennesker, eller begynd det forfra."),
    ),
    "worker": Entry("hovedindgang.site.commands:worker", gettext_noop("Kør kun arbejdet bagved.")),
    "migrate": Entry(
        "hovedindgang.site.commands:migrate", gettext_noop("Opret databasens tabeller, eller bring dem à jour.")
    ),
    "doctor": Entry(
        "hovedindgang.site.doctor.commands:doctor", gettext_noop("Sig, hvad der er galt, og hvad der skal gøres.")
    ),
    "backup": Entry(
        "hovedindgang.site.backups.commands:backup", gettext_noop("Tag en sikkerhedskopi, mens huset er i brug.")
    ),
    "restore": Entry(
        "hovedindgang.site.backups.commands:restore", gettext_noop("Gendan en sikkerhedskopi i en tom database.")
    ),
}

LESSON = gettext_noop("""Kommunens hovedindgang: en borgerservicepolitik, der kører.

\b
Begynd her:
  hovedindgang report registrering.csv          hvad siger vores egne tal?
  hovedindgang model check models/demo.toml     er politikken skrevet rigtigt?
  hovedindgang model diff gammel.toml ny.toml   hvad laver en beslutning om?

Hver kommando fortæller mere: hovedindgang KOMMANDO --help. Sproget følger
HOVEDINDGANG_LANGUAGE (da eller en), ellers maskinens sprog. Kommandoer slutter
med 0, når alt gik godt, 1, når noget ikke kunne gøres, og 2, når de er skrevet forkert.""")


class Rooms(click.Group):
    """The commands of all rooms; a room is imported when its command is called, not to list it."""

    def list_commands(self, context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        return load(name) if name in COMMANDS else None

    def format_help_text(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(gettext(LESSON))

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(gettext("Kommandoer")):
            formatter.write_dl([(name, gettext(entry.line)) for name, entry in COMMANDS.items()])


@cache
def load(name: str) -> click.Command:
    """The command itself; one that says `needs_django = True` finds Django ready when it runs."""
    module, _, attribute = COMMANDS[name].target.partition(":")
    command: click.Command = getattr(importlib.import_module(module), attribute)
    if name == "plan":
        _measure_with_plans()
    if getattr(command, "needs_django", False):
        command = copy(command)  # the room's own stays as the room wrote it
        command.callback = after_django(command.callback, name)
    return command


def _measure_with_plans() -> None:
    """Planning knows no database. What measures on this house is a higher room's, and stands among its commands."""
    from hovedindgang.planning import commands

    line = gettext("Mål det, planer hviler på, i egne registre.")
    commands.COMMANDS["calibrate"] = commands.Entry("hovedindgang.site.measuring:calibrate", line)


def after_django(callback: Callable[..., Any] | None, name: str) -> Callable[..., Any]:
    def run(*arguments: Any, **options: Any) -> Any:
        django_ready()
        from django.utils import translation

        from hovedindgang.site.practice_house.refusing import must_fit_this_house

        translation.activate(current_language())
        must_fit_this_house(name)
        return callback(*arguments, **options) if callback else None

    return wraps(callback)(run) if callback else run


@click.command(
    cls=Rooms,
    options_metavar="",
    subcommand_metavar=gettext("KOMMANDO …"),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(
    __version__, prog_name="hovedindgang", message="%(prog)s %(version)s", help=gettext("Vis udgaven.")
)
def cli() -> None:
    """The group itself only shows the way."""


# What an error of another library means to whoever typed the command: its name → what to do.
CURES = {
    "KeysDoNotFit": gettext_noop("Nøglerne passer ikke til det, der er gemt. Kør: hovedindgang keys check"),
    "CannotDecrypt": gettext_noop("Nøglerne passer ikke til det, der er gemt. Kør: hovedindgang keys check"),
    "BadKeys": gettext_noop("Nøglerne kan ikke læses. Kør: hovedindgang keys check"),
    "NoPolicyInForce": gettext_noop("Vedtag en servicemodel: hovedindgang adopt FIL --from DATO"),
    "OperationalError": gettext_noop(
        "Kører databasen, og er HOVEDINDGANG_DATABASE rigtig? Er den ny, så opret tabellerne: hovedindgang migrate"
    ),
    "ProgrammingError": gettext_noop("Bring databasens tabeller à jour: hovedindgang migrate"),
    "ImproperlyConfigured": gettext_noop("Ret indstillingen; de står alle i docs/reference/settings.md"),
    "FileNotFoundError": gettext_noop("Er stien skrevet rigtigt?"),
    "PermissionError": gettext_noop("Giv dig selv adgang til filen, eller vælg en anden."),
    "UnicodeDecodeError": gettext_noop("Gem filen som UTF-8."),
}


def explain(error: BaseException) -> str:
    """One line: what stopped the command, and what to do about it."""
    cause = " ".join(str(error).split()) or type(error).__name__
    names = [kind.__name__ for kind in type(error).__mro__]
    cure = getattr(error, "cure", None) or next((gettext(CURES[name]) for name in names if name in CURES), None)
    cure = cure or gettext("Sæt HOVEDINDGANG_DEBUG=1 for at se, hvor det skete.")
    return f"{gettext('Det gik ikke')}: {cause.rstrip('.')}. {cure}"


def _listen(words: list[str]) -> None:
    """`--language en` holds for help and for what is typed wrongly too, which are said before options are read."""
    for at, word in enumerate(words):
        option, equals, value = word.partition("=")
        if option == "--language" and (asked := value if equals else "".join(words[at + 1 : at + 2])) in LANGUAGES:
            os.environ["HOVEDINDGANG_LANGUAGE"] = asked


def _speak() -> None:
    """Click's own words ("Usage", "Missing argument") in the same language as ours."""
    os.environ["LANGUAGE"] = current_language()
    gettext_of_python.bindtextdomain("click", str(LOCALE))
    gettext_of_python.textdomain("click")


def main() -> None:
    """Run the command line; never shows a traceback unless HOVEDINDGANG_DEBUG is set."""
    _listen(sys.argv[1:])
    _speak()
    try:
        cli()
    except Exception as error:
        if os.environ.get("HOVEDINDGANG_DEBUG") not in (None, "", "0"):
            traceback.print_exc()
        click.echo(explain(error), err=True)
        sys.exit(_code_of(sys.argv[1:2]))


def _code_of(asked: list[str]) -> int:
    """1, or what the command itself uses where 1 says something else."""
    return getattr(load(asked[0]), "when_it_cannot", 1) if asked and asked[0] in COMMANDS else 1


if __name__ == "__main__":
    main()
