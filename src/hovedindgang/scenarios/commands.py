"""`hovedindgang plan calibrate`: measure what planning rests on, from this municipality's own registers."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from hovedindgang.planning.commands import answering, as_json, language
from hovedindgang.planning.commands.targets import must_be_writable, tell
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.servicemodel.asking import Day
from hovedindgang.servicemodel.language import words_of

_ = words_of(Path(__file__).parent)


@click.command(
    options_metavar=_("[VALG]"),
    help=_("""Mål det, planer hviler på, i kommunens egne registre, og gem det som et nyt grundlag.

\b
  hovedindgang plan calibrate                             det seneste år
  hovedindgang plan calibrate --from 2026-01-01 --to 2026-06-30 --out grundlag.toml
  hovedindgang plan calibrate --arrivals henvendelser.csv --interval 30

--arrivals skriver, hvor mange der kom i hvert interval, efter kanal og opgave, som plan forecast læser det.
Kun summer læses: aldrig om en borger eller en medarbejder. Hvad der ikke er registreret, forbliver antaget."""),
)
@click.option("--from", "first", type=Day(), help=_("Den første dag; ellers et år tilbage."))
@click.option("--to", "last", type=Day(), help=_("Den sidste dag, der er med; ellers i går."))
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help=_("Skriv også dokumentet i en fil."))
@click.option(
    "--arrivals",
    type=click.Path(dir_okay=False, path_type=Path),
    help=_("Skriv også henvendelserne i en fil: interval_start,channel,service,calls."),
)
@click.option(
    "--interval",
    type=click.Choice(["5", "15", "30", "60"]),
    default="30",
    show_default=True,
    help=_("Minutter i et interval i den fil."),
)
@as_json
@language
def calibrate(
    first: dt.date | None,
    last: dt.date | None,
    out: Path | None,
    arrivals: Path | None,
    interval: str,
    as_json: bool,
    language: str | None,
) -> None:
    # Needs Django's settings, which `--help` does without.
    from django.utils import translation

    from hovedindgang.kernel.actors import SYSTEM
    from hovedindgang.kernel.requests import one_request
    from hovedindgang.scenarios.calibrating import arrivals_of
    from hovedindgang.scenarios.calibrating import calibrate as measure
    from hovedindgang.scenarios.documents import kept_inputs
    from hovedindgang.scenarios.pages import counted_kinds
    from hovedindgang.scenarios.rules import PlanRefused
    from hovedindgang.servicemodel.language import current_language

    with answering(language, as_json):
        must_be_writable(out, arrivals)
        try:
            with one_request(), translation.override(current_language()):
                kept = measure(first=first, last=last, actor=SYSTEM)
                came = "" if arrivals is None else arrivals_of(kept, minutes=int(interval))
        except PlanRefused as refused:
            cure = _("Vælg en anden periode: --from og --to.")
            raise CannotPlan(str(refused), cure=cure) from None
        kinds = counted_kinds(kept_inputs(kept.text))
        text = _("Gemt som grundlag {number}: {title}. {measured} tal er målt, {assumed} er antaget.").format(
            number=kept.pk, title=kept.title, measured=kinds["measured"], assumed=kinds["assumed"]
        )
        tell(
            lambda: {"inputs": kept.pk, "title": kept.title, "numbers": kinds},
            lambda: [text],
            as_json=as_json,
            files={out: lambda: kept.text, arrivals: lambda: came} if arrivals else {out: lambda: kept.text},
        )
