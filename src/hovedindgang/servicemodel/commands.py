"""`hovedindgang model`: check, show, compare service models, and the schema for editors. Starts without Django.

Exit codes: 0 all is well (warnings too), 1 a model has errors or cannot be read, 2 the command was asked for wrongly.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click

from hovedindgang.servicemodel.differences import differences
from hovedindgang.servicemodel.document import ServiceModel
from hovedindgang.servicemodel.language import LANGUAGES, ngettext, speaking
from hovedindgang.servicemodel.language import gettext as _
from hovedindgang.servicemodel.loading import examine, texts
from hovedindgang.servicemodel.plain import plain
from hovedindgang.servicemodel.problems import ModelInvalid, Problem, Severity
from hovedindgang.servicemodel.schema import json_schema
from hovedindgang.servicemodel.summary import summary

_as_json = click.option("--json", "as_json", is_flag=True, help=_("Svar som JSON, til andre programmer."))
_language = click.option("--language", type=click.Choice(LANGUAGES), help=_("Svarets sprog; ellers maskinens."))
_one_file = click.argument("file", metavar=_("FIL"), type=click.Path(path_type=Path))


@click.group(
    options_metavar=_("[VALG]"),
    subcommand_metavar=_("KOMMANDO …"),
    help=_("""Kontrollér, vis og sammenlign servicemodeller: kommunens politik som data.

\b
Begynd her:
  hovedindgang model check models/demo.toml        er den skrevet rigtigt?
  hovedindgang model show models/demo.toml         hvad siger den?
  hovedindgang model diff gammel.toml ny.toml      hvad er ændret, i ord?
"""),
)
def model() -> None:
    pass


@model.command(
    options_metavar=_("[VALG]"),
    help=_("""Kontrollér en eller flere servicemodeller.

Hver fejl står med fil, linje og nøgle, hvad der er galt, og hvad der ville være rigtigt.
Advarsler hindrer ikke, at modellen kan bruges. Slutter med 1, når der er fejl.

\b
Eksempel:
  hovedindgang model check models/jammerbugt-2006.toml models/fredensborg-2007.toml
"""),
)
@click.argument("files", metavar=_("FIL…"), nargs=-1, required=True, type=click.Path(path_type=Path))
@_as_json
@_language
def check(files: Sequence[Path], as_json: bool, language: str | None) -> None:
    with speaking(language):
        _check(files, as_json)


def _check(files: Sequence[Path], as_json: bool) -> None:
    answers = [(file, *_examined(file)) for file in files]
    if as_json:
        said = [
            {"file": str(file), "valid": found is not None, "problems": [problem.as_dict() for problem in problems]}
            for file, found, problems in answers
        ]
        _print_json({"files": said})
    else:
        for file, found, problems in answers:
            for problem in problems:
                click.echo(str(problem))
            click.echo(_verdict(file, found, problems))
    if any(found is None for _file, found, _problems in answers):
        raise SystemExit(1)


@model.command(
    options_metavar=_("[VALG]"),
    help=_("""Vis en servicemodel som en tekst, hvor hvert tal har sin kilde.

\b
Eksempel:
  hovedindgang model show models/demo.toml | less
"""),
)
@_one_file
@_as_json
@_language
def show(file: Path, as_json: bool, language: str | None) -> None:
    with speaking(language):
        found = _loaded(file, as_json)
        if as_json:
            _print_json(plain(found))
        else:
            click.echo(summary(found), nl=False)


@model.command(
    options_metavar=_("[VALG]"),
    help=_("""Sig i ord, hvad der er ændret fra en servicemodel til en anden.

\b
Eksempel:
  hovedindgang model diff models/demo-2025.toml models/demo.toml
"""),
)
@click.argument("old", metavar=_("GAMMEL"), type=click.Path(path_type=Path))
@click.argument("new", metavar=_("NY"), type=click.Path(path_type=Path))
@_as_json
@_language
def diff(old: Path, new: Path, as_json: bool, language: str | None) -> None:
    with speaking(language):
        _diff(old, new, as_json)


def _diff(old: Path, new: Path, as_json: bool) -> None:
    told = differences(_loaded(old, as_json), _loaded(new, as_json))
    if as_json:
        _print_json({"differences": [{"key": d.key, "kind": d.kind, "text": d.text} for d in told]})
        return
    for difference in told:
        click.echo(difference.text)
    if not told:
        click.echo(_("De to modeller siger det samme."))


@model.command(
    options_metavar=_("[VALG]"),
    help=_("""Skriv JSON Schema for servicemodeller, så en editor kan foreslå og kontrollere, mens du skriver.

\b
Eksempel:
  hovedindgang model schema > servicemodel.schema.json
og skriv øverst i modellen:
  #:schema servicemodel.schema.json
"""),
)
@click.option("--catalogue", is_flag=True, help=_("Skemaet for en fil, som andre modeller tager med."))
@click.option("--json", "as_json", is_flag=True, help=_("Svaret er altid JSON."))
@_language
def schema(catalogue: bool, as_json: bool, language: str | None) -> None:
    with speaking(language):
        _print_json(json_schema(catalogue=catalogue))


def _examined(file: Path) -> tuple[ServiceModel | None, list[Problem]]:
    try:
        text, includes = texts(file)
    except ModelInvalid as invalid:
        return None, invalid.problems
    except OSError:
        wrong = _("Her er ingen fil, der kan læses.")
        return None, [Problem(str(file), 1, "", wrong, _("Se efter, om navnet er rigtigt, og om du må læse den."))]
    return examine(text, name=str(file), includes=includes)


def _loaded(file: Path, as_json: bool) -> ServiceModel:
    found, problems = _examined(file)
    if found is not None:
        return found
    if as_json:
        _print_json({"problems": [problem.as_dict() for problem in problems]})
    else:
        for problem in problems:
            click.echo(str(problem), err=True)
    raise SystemExit(1)


def _verdict(file: Path, found: ServiceModel | None, problems: list[Problem]) -> str:
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    warnings = len(problems) - errors
    noticed = ngettext("{number} advarsel", "{number} advarsler", warnings).format(number=warnings)
    if found is None:
        wrong = ngettext("{number} fejl", "{number} fejl", errors).format(number=errors)
        return _("{file}: kan ikke bruges: {errors}, {warnings}.").format(file=file, errors=wrong, warnings=noticed)
    centres, services, goals = len(found.centres), len(found.services), len(found.goals)
    return _("{file}: i orden: {centres}, {services}, {goals}, {warnings}.").format(
        file=file,
        centres=ngettext("{number} center", "{number} centre", centres).format(number=centres),
        services=ngettext("{number} opgave", "{number} opgaver", services).format(number=services),
        goals=ngettext("{number} mål", "{number} mål", goals).format(number=goals),
        warnings=noticed,
    )


def _print_json(answer: object) -> None:
    click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
