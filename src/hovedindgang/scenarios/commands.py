"""`hovedindgang plan calibrate`: measure what planning rests on, from this municipality's own registers."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import click

from hovedindgang.servicemodel.asking import Day
from hovedindgang.servicemodel.language import words_of

_ = words_of(Path(__file__).parent)


@click.command(
    options_metavar=_("[VALG]"),
    help=_("""Mål det, planer hviler på, i kommunens egne registre, og gem det som et nyt grundlag.

\b
  hovedindgang plan calibrate                             det seneste år
  hovedindgang plan calibrate --from 2026-01-01 --to 2026-06-30 --out grundlag.toml

Kun summer læses: aldrig om en borger eller en medarbejder. Hvad der ikke er registreret, forbliver antaget."""),
)
@click.option("--from", "first", type=Day(), help=_("Den første dag; ellers et år tilbage."))
@click.option("--to", "last", type=Day(), help=_("Den sidste dag, der er med; ellers i går."))
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help=_("Skriv også dokumentet i en fil."))
@click.option("--json", "as_json", is_flag=True, help=_("Svar som JSON."))
def calibrate(first: dt.date | None, last: dt.date | None, out: Path | None, as_json: bool) -> None:
    # Needs Django's settings, which `--help` does without.
    from django.utils import translation

    from hovedindgang.kernel.actors import SYSTEM
    from hovedindgang.kernel.requests import one_request
    from hovedindgang.scenarios.calibrating import calibrate as measure
    from hovedindgang.scenarios.documents import kept_inputs
    from hovedindgang.scenarios.pages import counted_kinds
    from hovedindgang.scenarios.rules import PlanRefused
    from hovedindgang.servicemodel.language import current_language

    try:
        with one_request(), translation.override(current_language()):
            kept = measure(first=first, last=last, actor=SYSTEM)
    except PlanRefused as refused:
        raise click.ClickException(str(refused)) from None
    if out is not None:
        out.write_text(kept.text, encoding="utf-8")
    kinds = counted_kinds(kept_inputs(kept.text))
    if as_json:
        click.echo(json.dumps({"inputs": kept.pk, "title": kept.title, "numbers": kinds}, ensure_ascii=False))
        return
    text = _("Gemt som grundlag {number}: {title}. {measured} tal er målt, {assumed} er antaget.")
    click.echo(text.format(number=kept.pk, title=kept.title, measured=kinds["measured"], assumed=kinds["assumed"]))
