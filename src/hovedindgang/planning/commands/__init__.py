"""`hovedindgang plan`: every method of planning on files alone, without Django and without a database.

Exit codes: 0 done, 1 it cannot be planned from what was given (the message says why), 2 asked for wrongly.
A method is loaded when it is called, not to list it.
"""

from __future__ import annotations

import errno
import importlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import click

from hovedindgang.planning.compiling import kept_in
from hovedindgang.planning.documents import cause
from hovedindgang.planning.language import gettext, gettext_noop
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.stopping import nothing_yet
from hovedindgang.servicemodel.language import LANGUAGES, speaking

Function = TypeVar("Function", bound=Callable[..., Any])


class Entry(NamedTuple):
    """Where a command is (`module:attribute`), and its line in the list."""

    target: str
    line: str


COMMANDS: dict[str, Entry] = {
    "erlang": Entry(
        "hovedindgang.planning.commands.erlang:erlang",
        gettext_noop("Hvor længe venter de, der ringer, og hvor mange skal svare?"),
    ),
    "site": Entry(
        "hovedindgang.planning.commands.site:site",
        gettext_noop("Hvor mange steder, hvilke og hvor, og hvem har langt?"),
    ),
    "portfolio": Entry(
        "hovedindgang.planning.commands.portfolio:portfolio",
        gettext_noop("Hvilke opgaver løser hvert center, og hvad koster en mere?"),
    ),
    "pmedian": Entry(
        "hovedindgang.planning.commands.pmedian:pmedian",
        gettext_noop("Hvilke steder i et vejnet giver den korteste vej i alt?"),
    ),
    "forecast": Entry(
        "hovedindgang.planning.commands.forecast:forecast",
        gettext_noop("Hvor mange ringer en dag, og hvor sikkert er det?"),
    ),
    "backtest": Entry(
        "hovedindgang.planning.commands.backtest:backtest",
        gettext_noop("Ville prognosen have holdt, og bedre end noget enklere?"),
    ),
    "channels": Entry(
        "hovedindgang.planning.commands.channels:channels",
        gettext_noop("Hvad sker der, når henvendelser flyttes til en anden kanal, og for hvem?"),
    ),
    "division": Entry(
        "hovedindgang.planning.commands.division:division",
        gettext_noop("Hvad sker der, når en opgave eller et trin flyttes mellem Borgerservice og fagforvaltning?"),
    ),
    "staff": Entry(
        "hovedindgang.planning.commands.staff:staff",
        gettext_noop("Hvor mange skal der være på hvert hold, for at løfterne holder?"),
    ),
    "roster": Entry(
        "hovedindgang.planning.commands.roster:roster",
        gettext_noop("Hvem arbejder hvor og hvornår?"),
    ),
    "courses": Entry(
        "hovedindgang.planning.commands.courses:courses",
        gettext_noop("Hvem lærer hvad hvornår?"),
    ),
    "hours": Entry(
        "hovedindgang.planning.commands.hours:hours",
        gettext_noop("Hvad gør en anden åbningstid for hvem, og hvilken er bedst?"),
    ),
    "simulate": Entry(
        "hovedindgang.planning.commands.simulate:simulate",
        gettext_noop("Hvad sker der med dem, der kommer, ringer og skriver?"),
    ),
    "compare": Entry(
        "hovedindgang.planning.commands.compare:compare",
        gettext_noop("Hvad er forskellen på op til fem scenarier?"),
    ),
}

LESSON = gettext_noop("""Prøv en ændring, før nogen beslutter den.

\b
Begynd her:
  hovedindgang plan erlang --calls-per-hour 360 --handle-seconds 240 --agents 28
                                hvor længe venter de, der ringer?

Hver kommando fortæller mere: hovedindgang plan KOMMANDO --help. Alle læser filer og rører ingen database;
kun calibrate læser husets egen.""")


class Methods(click.Group):
    """The commands of planning; a method is imported when it is called."""

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        context.meta[__name__] = list(args)
        with _usage(args):
            return super().parse_args(context, args)

    def invoke(self, context: click.Context) -> Any:
        with _usage(context.meta[__name__]):
            return super().invoke(context)

    def list_commands(self, context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[name].target.partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        command.options_metavar = gettext("[VALG]")
        return command

    def format_help_text(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(gettext(LESSON))

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(gettext("Kommandoer")):
            formatter.write_dl([(name, gettext(entry.line)) for name, entry in COMMANDS.items()])


@click.command(
    cls=Methods, options_metavar=gettext("[VALG]"), subcommand_metavar=gettext("KOMMANDO …"), help=gettext(LESSON)
)
def plan() -> None:
    """The group itself only shows the way."""
    if "NUMBA_CACHE_DIR" not in os.environ:
        kept_in(Path(os.environ.get("HOVEDINDGANG_HOME", "var")))


@contextmanager
def _usage(asked: list[str]) -> Iterator[None]:
    """What is typed wrongly, or broken off, is said in the language asked for, and as JSON where JSON is asked for."""
    with speaking(language_asked(asked)):
        try:
            yield
        except click.UsageError as wrong:
            if "--json" not in asked:
                raise
            path = wrong.ctx.command_path if wrong.ctx is not None else "hovedindgang plan"
            cure = gettext("Se, hvordan den skrives: {command} --help").format(command=path)
            hint = getattr(wrong, "option_name", None) or _named(wrong)
            print_json(said_wrong(CannotPlan(wrong.format_message(), cure=cure, where=(hint,) if hint else ())))
            raise SystemExit(2) from None
        except KeyboardInterrupt:  # while a file was read or a plan was made: every run keeps what it has by itself
            tell_problem(nothing_yet(), as_json="--json" in asked)
            raise SystemExit(1) from None


def _named(wrong: click.UsageError) -> str | None:
    """The option or argument that is wrong, as it is typed."""
    param = getattr(wrong, "param", None)
    return None if param is None else max(param.opts, key=len)


def language_asked(words: list[str]) -> str | None:
    """The language that `--language` names in what is typed, known before the command is read; None without."""
    for at, word in enumerate(words):
        option, equals, value = word.partition("=")
        if option == "--language":
            value = value if equals else "".join(words[at + 1 : at + 2])
            return value if value in LANGUAGES else None
    return None


as_json = click.option("--json", "as_json", is_flag=True, help=gettext("Svar som JSON, til andre programmer."))
language = click.option("--language", type=click.Choice(LANGUAGES), help=gettext("Svarets sprog; ellers maskinens."))


def print_json(answer: object) -> None:
    """`answer` on standard output; a number that is not finite is null, as JSON knows no other."""
    click.echo(json.dumps(_finite(answer), ensure_ascii=False, indent=2, allow_nan=False))


def _finite(answer: Any) -> Any:
    if isinstance(answer, float):
        return answer if answer - answer == 0 else None
    if isinstance(answer, dict):
        return {key: _finite(value) for key, value in answer.items()}
    if isinstance(answer, list | tuple):
        return [_finite(value) for value in answer]
    return answer


@contextmanager
def answering(language: str | None, as_json: bool) -> Iterator[None]:
    """Everything inside is said in `language`; what cannot be planned ends with 1 and says why and what to do."""
    with speaking(language):
        try:
            yield
        except CannotPlan as problem:
            tell_problem(problem, as_json=as_json)
            raise SystemExit(1) from None
        except OSError as error:
            if error.errno == errno.EPIPE:  # whoever read the answer has had enough
                raise
            text = gettext("{path} kan ikke bruges: {error}.").format(path=error.filename or "-", error=cause(error))
            cure = gettext("Se efter, om navnet er rigtigt, og om du har adgang.")
            tell_problem(CannotPlan(text, cure=cure, where=(str(error.filename or ""),)), as_json=as_json)
            raise SystemExit(1) from None


def said_wrong(problem: CannotPlan) -> dict[str, Any]:
    """What every problem is as JSON."""
    return {"problem": str(problem), "cure": problem.cure, "where": list(problem.where), **problem.more()}


def tell_problem(problem: CannotPlan, *, as_json: bool) -> None:
    """On standard output as JSON, else on standard error in words."""
    if as_json:
        print_json(said_wrong(problem))
        return
    click.echo(" ".join([str(problem), problem.cure]), err=True)
    for place in problem.where:
        click.echo(f"  {place}", err=True)
