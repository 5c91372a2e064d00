"""Which services a centre carries: every division counted beside the one that is proved."""

from __future__ import annotations

import itertools
import json
import math
import tracemalloc
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.random import Generator, Philox
from numpy.typing import NDArray

from hovedindgang.planning.commands import plan
from hovedindgang.planning.portfolio import Portfolio, begun, divided, divisions, one_more, read_portfolio
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


@dataclass
class Told:
    """A year's kroner, told group by group: all of one service who live by one centre."""

    standby: float = 0.0
    travel: float = 0.0
    elsewhere: float = 0.0
    people_elsewhere: float = 0.0

    @property
    def total(self) -> float:
        return self.standby + self.travel + self.elsewhere


def told(portfolio: Portfolio, carried: NDArray[np.bool_]) -> Told | None:
    """None where somebody must come in person and has nowhere to."""
    year = Told()
    for service, centres in enumerate(carried.tolist()):
        other = float(portfolio.elsewhere_kr[service])
        year.standby += sum(centres) * float(portfolio.standby_kr[service])
        for own, people in enumerate(portfolio.volume[service].tolist()):
            hours = [2 * float(portfolio.minutes[own, to]) / 60 for to, here in enumerate(centres) if here]
            way = min((each * portfolio.hour_kr for each in hours), default=math.inf)
            if not people:
                continue
            if way <= other < math.inf or way < other:
                year.travel += people * way
            elif other < math.inf:
                year.elsewhere += people * other
                year.people_elsewhere += people
            else:
                return None
    return year


def allowed(portfolio: Portfolio, carried: NDArray[np.bool_]) -> bool:
    kept = (portfolio.fixed == -1) | (portfolio.fixed == carried)
    return bool(kept.all() and (carried.sum(axis=0) <= portfolio.room).all())


def every_total(portfolio: Portfolio) -> list[float]:
    """What each allowed division costs, one by one."""
    shape = portfolio.fixed.shape
    every = (np.array(bits).reshape(shape) for bits in itertools.product((False, True), repeat=shape[0] * shape[1]))
    found = (told(portfolio, carried) for carried in every if allowed(portfolio, carried))
    return sorted(year.total for year in found if year)


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
    for one in found:
        year = told(portfolio, one.carried)
        assert year
        assert allowed(portfolio, one.carried)
        assert one.standby_kr.sum() == pytest.approx(year.standby)
        assert one.travel_kr.sum() == pytest.approx(year.travel)
        assert one.elsewhere_kr.sum() == pytest.approx(year.elsewhere)
        assert one.elsewhere.sum() == pytest.approx(year.people_elsewhere)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_what_one_change_costs_is_said_of_all_that_is_free_the_cheapest_first(seed: int) -> None:
    portfolio = invented(seed)
    if not every_total(portfolio):
        return
    best = divided(portfolio, count=1)[0]
    changes = one_more(portfolio, best)
    assert {(service, centre) for service, centre, _ in changes} == set(
        zip(*(at.tolist() for at in np.nonzero(portfolio.fixed == -1)), strict=True)
    )
    assert [more for _, _, more in changes] == sorted(more for _, _, more in changes)
    for service, centre, more in changes:
        carried = best.carried.copy()
        carried[service, centre] = not carried[service, centre]
        year = told(portfolio, carried) if allowed(portfolio, carried) else None
        assert more == pytest.approx(year.total - best.total_kr if year else math.inf, abs=1e-6)
        assert more >= -1e-6  # no single change betters the best


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_who_stops_early_gets_a_division_that_may_be_and_no_single_change_betters(seed: int) -> None:
    portfolio = invented(seed)
    with pytest.MonkeyPatch.context() as patient:
        patient.setattr("hovedindgang.planning.portfolio.BEGUN_SECONDS", 60.0)  # however busy the machine is
        early = begun(portfolio)
    every = every_total(portfolio)
    if early is None:
        return
    year = told(portfolio, early.carried)
    assert year
    assert allowed(portfolio, early.carried)
    assert not early.proved
    assert early.total_kr == pytest.approx(year.total)
    assert early.total_kr >= every[0] - 1e-6
    assert all(more >= -1e-6 for _, _, more in one_more(portfolio, early))


def test_thirty_services_and_ten_places_need_no_large_machine() -> None:
    """Each rule names two or eleven of 3,600 columns. A table of all would take 95 MB; for eighty services 680."""
    chance = Generator(Philox(1))
    many = Portfolio(
        services=tuple(f"s{n}" for n in range(30)),
        centres=tuple(f"c{n}" for n in range(10)),
        volume=chance.integers(0, 500, (30, 10)).astype(float),
        minutes=chance.integers(0, 40, (10, 10)) * (1.0 - np.eye(10)),
        standby_kr=np.full(30, 1.0),
        elsewhere_kr=np.full(30, 100.0),
        room=np.full(10, 30.0),
        fixed=np.full((30, 10), -1),
        hour_kr=100.0,
        sources={},
    )
    tracemalloc.start()
    try:
        assert next(divisions(many)).proved
        assert tracemalloc.get_traced_memory()[1] < 30e6
    finally:
        tracemalloc.stop()


def test_what_is_shipped_says_who_carries_what_and_what_one_more_costs() -> None:
    data = json.loads(typed(SHIPPED, "--json").stdout)
    assert data["proved"]
    assert {service["service"] for service in data["services"]} == {"passport", "pension", "moving", "wedding"}
    assert "aabybro" in next(one for one in data["services"] if one["service"] == "wedding")["carried_by"]
    assert [one["more_kr"] for one in data["next_best"]] == sorted(one["more_kr"] for one in data["next_best"])
    assert data["one_changed"][0]["more_kr"] >= 0


def test_services_and_centres_are_called_by_their_names_in_the_language_of_whoever_asks() -> None:
    said = typed(SHIPPED).stdout
    assert "Weddings: Aabybro;" in said
    assert "Vielse" not in said


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
        ('must = ["aabybro"]', 'must = ["aabybro"]\nmay_not = ["aabybro"]', "services.wedding.may_not"),
        ("hour_kr = 100", "hour_kr = true", "hour_kr"),
        ("hour_kr = 100", "hour_kr = inf", "hour_kr"),
        ("pandrup = 2200, ", "pandrup = inf, ", "services.passport.volume.pandrup"),
        ("pandrup = 10, ", "pandrup = nan, ", "minutes.aabybro.pandrup"),
        ("room = 4", "room = -1", "centres.aabybro.room"),
        ("elsewhere_kr = 60", "elsewhere_kr = inf", "services.pension.elsewhere_kr"),
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
