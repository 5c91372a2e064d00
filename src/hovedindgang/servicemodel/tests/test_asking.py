"""What the commands of several rooms ask for alike."""

from __future__ import annotations

import datetime as dt

import click
import pytest
from click.testing import CliRunner

from hovedindgang.servicemodel.asking import Day


@click.command()
@click.option("--on", type=Day(), required=True)
def told(on: dt.date) -> None:
    click.echo(on.isoformat())


@pytest.mark.parametrize("written", ["2026-12-31", "31.12.2026", "31-12-2026", "31/12/2026"])
def test_a_day_is_read_as_danes_write_it(written: str) -> None:
    assert CliRunner().invoke(told, ["--on", written]).output == "2026-12-31\n"


@pytest.mark.parametrize("written", ["2026-02-30", "31.2.2026", "i morgen", "12/31/2026", ""])
def test_a_day_that_is_none_is_told_in_one_language_with_what_to_write(written: str) -> None:
    wrong = CliRunner().invoke(told, ["--on", written])
    assert wrong.exit_code == 2
    assert f"{written} er ikke en dag i kalenderen. Skriv år-måned-dag, fx 2026-12-31." in wrong.output
