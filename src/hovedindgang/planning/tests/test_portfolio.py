"""Which services a centre carries: every division counted beside the one that is proved."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.random import Generator, Philox

from hovedindgang.planning.commands import plan
from hovedindgang.planning.portfolio import Portfolio, counted, divided, one_more, read_portfolio
from hovedindgang.planning.problems import CannotPlan

SHIPPED = Path(__file__).parents[4] / "models" / "places" / "portfolio.toml"


def invented(seed: int) -> Portfolio:
    chance = Generator(Philox(seed))
    services, centres = int(chance.integers(1, 4)), int(chance.integers(1, 4))
    minutes = chance.integers(0, 40, (centres, centres)).astype(float)
    np.fill_diagonal(minutes, 0)
    return Portfolio(
        services=tuple(f"s{n}" for n in range(services)),
        centres=tuple(f"c{n}" for n in range(centres)),
        volume=chance.integers(0, 50, (services, centres)).astype(float),
        minutes=minutes,
        standby_kr=chance.integers(0, 900, services).astype(float),
        elsewhere_kr=np.where(chance.random(services) < 0.5, np.inf, chance.integers(0, 60, services)),
        room=chance.integers(0, services + 1, centres).astype(float),
        fixed=np.where(chance.random((services, centres)) < 0.8, -1, chance.integers(0, 2, (services, centres))),
        hour_kr=100.0,
        sources={},
    )


def every_total(portfolio: Portfolio) -> list[float]:
    """What each allowed division costs, one by one."""
    shape = portfolio.fixed.shape
    totals = []
    for bits in itertools.product((False, True), repeat=shape[0] * shape[1]):
        carried = np.array(bits).reshape(shape)
        kept = (portfolio.fixed == -1) | (portfolio.fixed == carried)
        if kept.all() and (carried.sum(axis=0) <= portfolio.room).all():
            total = counted(portfolio, carried).total_kr
            if np.isfinite(total):
                totals.append(total)
    return sorted(totals)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_of_all_divisions_the_cheapest_are_found_in_order(seed: int) -> None:
    portfolio = invented(seed)
    every = every_total(portfolio)
    if not every:
        with pytest.raises(CannotPlan):
            divided(portfolio)
        return
    found = divided(portfolio, count=4)
    assert all(one.proved for one in found)
    assert [one.total_kr for one in found] == pytest.approx(every[:4], abs=1e-5)
    for _, _, more in one_more(portfolio, found[0]):
        assert more >= -1e-6  # no single change betters the best


def test_what_is_shipped_says_who_carries_what_and_what_one_more_costs() -> None:
    data = json.loads(typed(SHIPPED, "--json").stdout)
    assert data["proved"]
    assert {service["service"] for service in data["services"]} == {"passport", "pension", "moving", "wedding"}
    assert "aabybro" in next(one for one in data["services"] if one["service"] == "wedding")["carried_by"]
    assert [one["more_kr"] for one in data["next_best"]] == sorted(one["more_kr"] for one in data["next_best"])
    assert data["one_changed"][0]["more_kr"] >= 0


def test_who_must_come_in_person_and_may_go_nowhere_is_said_so(tmp_path: Path) -> None:
    file = tmp_path / "portfolio.toml"
    text = SHIPPED.read_text(encoding="utf-8")
    file.write_text(text.replace('must = ["aabybro"]', 'may_not = ["aabybro", "pandrup", "brovst"]'), encoding="utf-8")
    answer = typed(file)
    assert answer.exit_code == 1
    assert "nowhere to be" in answer.stderr


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("standby_kr = 60_000", 'standby_kr = "much"', "services.passport.standby_kr"),
        ('source = "invented"', 'source = "nobody"', "services.passport.source"),
        ("pandrup = 2200, ", "", "services.passport.volume"),
        ('must = ["aabybro"]', 'must = ["paris"]', "services.wedding.must"),
        ("[minutes]", "[hours]", "minutes"),
    ],
)
def test_what_is_written_wrongly_is_told_by_its_key(old: str, new: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "portfolio.toml"
    file.write_text(SHIPPED.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CannotPlan) as problem:
        read_portfolio(file)
    assert said in problem.value.where[0]


def typed(file: Path, *more: str) -> Result:
    return CliRunner().invoke(plan, ["portfolio", str(file), *more], env={"HOVEDINDGANG_LANGUAGE": "en"})
