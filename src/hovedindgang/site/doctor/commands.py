"""`hovedindgang doctor`."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from hovedindgang.site.language import gettext

if TYPE_CHECKING:
    from hovedindgang.site.doctor.examination import Finding


@click.command(
    help=gettext("""Undersøg installationen: hvad er galt, hvad betyder det, og hvad skal der gøres?

    \b
    hovedindgang doctor
    hovedindgang doctor --json --strict

    Intet ændres. Slutter med 0, når intet er galt, ellers med 1; med --strict også ved advarsler.
    Virker også, når databasen er væk.""")
)
@click.option("--json", "as_json", is_flag=True, help=gettext("Svar som JSON, til andre programmer."))
@click.option("--strict", is_flag=True, help=gettext("Advarsler tæller som fejl."))
def doctor(as_json: bool, strict: bool) -> None:
    from hovedindgang.site.doctor.examination import examine  # needs Django, which `--help` does without

    found = []
    for finding in examine():
        found.append(finding)
        if not as_json:
            _tell(finding)
    verdicts = [str(finding.verdict) for finding in found]
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in found], ensure_ascii=False, indent=2))
    else:
        click.echo(
            gettext("{well} er godt, {warnings} advarsler, {wrong} er galt, {rest} ikke undersøgt.").format(
                well=verdicts.count("well"),
                warnings=verdicts.count("warning"),
                wrong=verdicts.count("wrong"),
                rest=verdicts.count("not_asked"),
            )
        )
    if "wrong" in verdicts or (strict and "warning" in verdicts):
        sys.exit(1)


def _tell(finding: Finding) -> None:
    words = {
        "well": gettext("godt"),
        "warning": gettext("advarsel"),
        "wrong": gettext("GALT"),
        "not_asked": gettext("ikke undersøgt"),
    }
    click.echo(f"{words[finding.verdict]:<15} {finding.title}: {finding.found}")
    if finding.do:
        click.echo(f"{'':<15} → {finding.do}")


doctor.needs_django = True  # type: ignore[attr-defined]
