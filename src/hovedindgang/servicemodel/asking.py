"""What the commands of several rooms ask for alike."""

from __future__ import annotations

import datetime as dt
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

from hovedindgang.servicemodel.language import gettext as _

PATIENCE_SECONDS = 2.0
_WRITTEN = ("%Y-%m-%d", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%Y")


class Day(click.ParamType):
    """A calendar day as `datetime.date`, written 2026-12-31 or 31.12.2026."""

    name = "day"

    def get_metavar(self, *_arguments: Any, **_options: Any) -> str:
        return _("ÅÅÅÅ-MM-DD")

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        if isinstance(value, dt.date):
            return value
        for form in _WRITTEN:
            try:
                return dt.datetime.strptime(value, form).date()  # noqa: DTZ007 (a day has no zone)
            except ValueError:
                continue
        wrong = _("{value} er ikke en dag i kalenderen. Skriv år-måned-dag, fx 2026-12-31.").format(value=value)
        raise click.BadParameter(wrong, ctx, param)


@contextmanager
def late_bar(label: str) -> Iterator[Callable[[float], None]]:
    """A progress bar on stderr, from the moment the work has taken two seconds. Give it the part done, 0 to 1."""
    started, drawn = time.monotonic(), False

    def show(done: float) -> None:
        nonlocal drawn
        if time.monotonic() - started > PATIENCE_SECONDS and sys.stderr.isatty():
            drawn = True
            filled = int(30 * done)
            click.echo(f"\r{label} [{'#' * filled}{'-' * (30 - filled)}] {done:4.0%}", nl=False, err=True)

    yield show
    if drawn:
        click.echo(err=True)
