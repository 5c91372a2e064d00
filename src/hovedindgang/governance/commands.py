"""`hovedindgang adopt`: adopt a service model from the command line."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import click

from hovedindgang.servicemodel.asking import Day
from hovedindgang.servicemodel.language import current_language, words_of

_ = words_of(Path(__file__).parent)


@click.command(
    options_metavar=_("[VALG]"),
    help=_("""Vedtag servicemodellen i FIL fra en dag. Fra den dag følger arbejdet den.

\b
  hovedindgang adopt models/demo.toml --from 2026-01-01
  hovedindgang adopt ny.toml --from 2027-01-01 --decided 2026-11-26 --body "Byrådet"

En dag, der er passeret, kræver --backdated: arbejdet siden da fulgte en anden."""),
)
@click.argument("file", metavar=_("FIL"), type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--from", "valid_from", type=Day(), required=True, help=_("Den dag, den gælder fra."))
@click.option("--decided", "decided_on", type=Day(), help=_("Den dag, den blev besluttet."))
@click.option("--body", default="", help=_("Hvem der besluttede den."))
@click.option("--backdated", is_flag=True, help=_("Dagen er passeret, og det er meningen."))
@click.option("--json", "as_json", is_flag=True, help=_("Svar som JSON."))
def adopt(
    file: Path, valid_from: dt.date, decided_on: dt.date | None, body: str, backdated: bool, as_json: bool
) -> None:
    # Needs Django's settings, which `--help` does without.
    from django.db import transaction
    from django.utils import translation

    from hovedindgang.governance.actions import adopt_model
    from hovedindgang.kernel.actors import SYSTEM
    from hovedindgang.kernel.requests import one_request
    from hovedindgang.policy.actions import save_draft
    from hovedindgang.policy.rules import DayPassed, VersionRefused
    from hovedindgang.servicemodel.loading import texts
    from hovedindgang.servicemodel.problems import ModelInvalid

    try:
        # One transaction: a refused adoption leaves no draft behind that nobody asked for.
        with one_request(), translation.override(current_language()), transaction.atomic():
            text, includes = texts(file)
            draft = save_draft(text=text, includes=includes, title=file.name, actor=SYSTEM)
            version = adopt_model(
                version_id=draft.pk,
                valid_from=valid_from,
                decided_on=decided_on,
                body=body,
                actor=SYSTEM,
                backdated=backdated,
            )
    except DayPassed as passed:
        meant = _("Er det meningen, så tilføj --backdated.")
        raise click.ClickException(f"{passed} {meant}") from None
    except (ModelInvalid, VersionRefused) as refused:
        raise click.ClickException(str(refused)) from None
    if as_json:
        click.echo(json.dumps({"version": version.pk, "valid_from": valid_from.isoformat()}))
    else:
        click.echo(
            _("Vedtaget: {title}, fra {day}. Det er version {version}.").format(
                title=version.title, day=valid_from.isoformat(), version=version.pk
            )
        )


adopt.needs_django = True  # type: ignore[attr-defined]
