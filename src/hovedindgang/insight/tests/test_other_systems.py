"""What other systems and the command line get of the board."""

from __future__ import annotations

import datetime as dt

import pytest
from click.testing import CliRunner
from django.http import HttpRequest

from hovedindgang.contacts.rules import Refused
from hovedindgang.insight.api import indicators
from hovedindgang.insight.commands import figures


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (dt.date(9999, 12, 30), dt.date(9999, 12, 31)),
        (dt.date(1, 1, 1), dt.date(1, 1, 2)),
        (dt.date(2026, 3, 2), dt.date(2026, 3, 1)),
        (dt.date(2020, 1, 1), dt.date(2026, 3, 1)),
    ],
)
@pytest.mark.usefixtures("policy_in_force")
def test_a_period_that_cannot_be_is_refused_with_what_to_do(first: dt.date, last: dt.date) -> None:
    with pytest.raises(Refused) as refused:
        indicators(HttpRequest(), first, last)
    assert list(refused.value.errors) == ["to"]
    told = CliRunner().invoke(figures, ["--from", first.isoformat(), "--to", last.isoformat()])
    assert told.exit_code == 2
    if first <= last:  # the command says the days themselves
        assert refused.value.errors["to"] in told.output
