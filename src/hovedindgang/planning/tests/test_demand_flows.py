"""A long file: every service in every channel is foretold, and the parts add up to the whole."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from hovedindgang.planning.commands import plan
from hovedindgang.planning.demand.flows import Flows, read_flows
from hovedindgang.planning.demand.sharing import day_of_all, reordered, straying

FIRST = dt.date(2025, 1, 6)
A_DAY = {
    "telephone": {"passport": 60.0, "moving": 24.0, "church tax": 1.5},
    "counter": {"passport": 30.0, "coffin": 0.4},
}
LEVELS = (0.025, 0.5, 0.975)


def came(weeks: int = 8, seed: int = 1) -> Counter[tuple[dt.date, int, str, str]]:
    """Workdays from nine to three in halves of hours; for moving four times as many ring on a Wednesday."""
    chance = np.random.Generator(np.random.Philox(seed))
    found: Counter[tuple[dt.date, int, str, str]] = Counter()
    for day in (FIRST + dt.timedelta(days=at) for at in range(7 * weeks)):
        busy = np.exp(0.15 * chance.standard_normal())
        for channel, services in A_DAY.items() if day.weekday() < 5 else ():
            for service, many in services.items():
                factor = 1.0 if service != "moving" else 2.5 if day.weekday() == 2 else 0.625
                for at in chance.integers(0, 12, chance.poisson(many * busy * factor)):
                    found[day, 540 + 30 * int(at), channel, service] += 1
    return found


def written(file: Path, counts: Counter[tuple[dt.date, int, str, str]]) -> Path:
    """Services first, and not in order of time, as a spreadsheet may have it."""
    rows = sorted(counts.items(), key=lambda row: (row[0][3], row[0][2], row[0][:2]))
    lines = [
        f"{service},{many},{day}T{at // 60:02d}:{at % 60:02d},{channel}" for (day, at, channel, service), many in rows
    ]
    file.write_text("\n".join(["service,calls,interval_start,channel", *lines]) + "\n", encoding="utf-8")
    return file


@cache
def flows(tmp: Path) -> dict[str, Flows]:
    return read_flows(written(tmp / "long.csv", came()), gaps="zero")


@pytest.fixture
def long(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Flows]:
    return flows(tmp_path_factory.getbasetemp())


def typed(*arguments: object) -> Result:
    return CliRunner().invoke(plan, [str(one) for one in arguments], env={"HOVEDINDGANG_LANGUAGE": "en"})


def test_everybody_who_came_is_read_once_and_where_nobody_came_is_nought(long: dict[str, Flows]) -> None:
    counts = came()
    assert list(long) == ["counter", "telephone"]
    for channel, one in long.items():
        assert not np.isnan(one.total.counts).any(), "each workday is open from nine to three"
        assert np.array_equal(sum(one.services.values()), one.total.counts)
        for service, found in one.services.items():
            assert found.sum() == sum(many for key, many in counts.items() if key[2:] == (channel, service))


def test_the_parts_add_up_to_the_whole_in_the_mean_and_in_every_draw(long: dict[str, Flows]) -> None:
    told = day_of_all(long, FIRST + dt.timedelta(days=56), levels=LEVELS, seed=1, draws=300)
    for one in told.channels.values():
        assert sum(part.mean for part in one.services.values()) == pytest.approx(one.whole.mean)
        assert np.array_equal(sum(part.days for part in one.services.values()), one.whole.days)
    assert np.array_equal(told.days, sum(one.whole.days for one in told.channels.values()))


def test_many_have_a_model_of_their_own_and_know_their_weekdays_few_share_the_channels_curve(
    long: dict[str, Flows],
) -> None:
    means = {}
    for weekday in (1, 2):  # a Tuesday, a Wednesday
        told = day_of_all(long, FIRST + dt.timedelta(days=56 + weekday), levels=LEVELS, seed=1, draws=50)
        one = told.channels["telephone"]
        assert dict(zip(one.shares.services, one.shares.own, strict=True)) == {
            "passport": True, "moving": True, "church tax": False,
        }  # fmt: skip
        means[weekday] = {name: part.mean.sum() for name, part in one.services.items()}
    assert means[2]["moving"] > 2.5 * means[1]["moving"]
    assert means[2]["church tax"] < 2.0 * means[1]["church tax"]
    few = told.channels["telephone"].services["church tax"].mean / told.channels["telephone"].whole.mean
    assert few == pytest.approx(1.5 / 85.5, rel=0.5)


def test_what_comes_later_changes_no_forecast(long: dict[str, Flows], tmp_path: Path) -> None:
    day = FIRST + dt.timedelta(days=42)
    before = day_of_all(long, day, levels=LEVELS, seed=1, draws=50)
    other = came()
    for key in list(other):
        if key[0] >= day:
            other[key] = 99
    other[day, 540, "counter", "unheard of"] = 50
    file = written(tmp_path / "later.csv", other)
    after = day_of_all(read_flows(file, gaps="zero"), day, levels=LEVELS, seed=1, draws=50)
    for channel, one in before.channels.items():
        assert np.array_equal(after.channels[channel].whole.days, one.whole.days)
        assert list(after.channels[channel].services) == list(one.services)


def test_ranges_hold_what_came_nineteen_times_of_twenty(tmp_path: Path) -> None:
    inside = asked = 0
    for seed in range(2):
        counts = came(weeks=7, seed=10 + seed)
        found = read_flows(written(tmp_path / "long.csv", counts), gaps="zero")
        for day in found["telephone"].total.days[-3:]:
            told = day_of_all(found, day, levels=LEVELS, seed=2, draws=600)
            for channel, one in told.channels.items():
                for service, part in one.services.items():
                    low, high = np.quantile(part.days, [0.025, 0.975], method="inverted_cdf")
                    really = sum(many for key, many in counts.items() if (key[0], *key[2:]) == (day, channel, service))
                    inside, asked = inside + (low <= really <= high), asked + 1
    assert 0.88 <= inside / asked <= 1.0, (inside, asked)


def test_shares_that_stray_beyond_chance_are_seen_and_chance_alone_is_none() -> None:
    chance = np.random.Generator(np.random.Philox(5))
    weekdays = np.arange(400) % 5
    level, own = np.array([0.5, 0.3, 0.2]), np.array([True, True, False])
    steady = chance.multinomial(200, level, size=400).astype(float)
    tilted = level * np.exp(0.3 * chance.standard_normal((400, 3)))
    straying_ones = chance.multinomial(200, tilted / tilted.sum(axis=1, keepdims=True)).astype(float)
    assert straying(steady, weekdays, level, own).max() < 0.005
    assert straying(straying_ones, weekdays, level, own) == pytest.approx(np.exp(0.09) - 1, rel=0.35)


def test_channels_are_busy_on_the_same_days_as_far_as_they_were() -> None:
    chance = np.random.Generator(np.random.Philox(5))
    drawn = [chance.poisson(30, (2000, 4)), chance.poisson(9, (2000, 4))]
    one, other = reordered(drawn, np.array([[1.0, 0.8], [0.8, 1.0]]), chance)
    assert sorted(map(tuple, one)) == sorted(map(tuple, drawn[0])), "the same days, in another order"
    assert np.corrcoef(one.sum(axis=1), other.sum(axis=1))[0, 1] == pytest.approx(0.8, abs=0.06)


def test_a_planner_is_told_each_service_and_what_is_only_shared_is_marked(tmp_path: Path) -> None:
    file = written(tmp_path / "long.csv", came())
    asked = ("forecast", file, "--day", "2025-03-03", "--gaps", "zero")
    data = json.loads(typed(*asked, "--json").stdout)
    telephone = data["channels"]["telephone"]
    assert telephone["services"]["church tax"]["model"] == "shared_curve"
    assert sum(one["arrivals_mean"] for one in telephone["services"].values()) == pytest.approx(
        telephone["arrivals_mean"]
    )
    assert data["arrivals_mean"] == pytest.approx(sum(one["arrivals_mean"] for one in data["services"].values()))
    said = typed(*asked).stdout
    assert "  church tax" in said
    assert "* too few for a model of its own" in said
    refused = typed(*asked, "--until", "10:00", "--json")
    assert (refused.exit_code, json.loads(refused.stdout)["where"]) == (1, ["--until"])


@pytest.mark.parametrize(
    ("row", "says", "where"),
    [
        ("passport,1,2025-01-06T09:00,telephone", "stand twice", "line 3: 2025-01-06 09:00:00 telephone passport"),
        (",1,2025-01-06T09:00,telephone", "channel or a service is empty", "line 3: service"),
        ("passport,1,2025-01-06T09:07,telephone", "outside the grid", "line 3: 2025-01-06 09:07:00"),
    ],
)
def test_what_is_wrong_in_a_long_file_is_said_with_its_line(row: str, says: str, where: str, tmp_path: Path) -> None:
    file = tmp_path / "long.csv"
    rest = "".join(f"passport,1,2025-01-06T{at // 60:02d}:{at % 60:02d},telephone\n" for at in range(570, 900, 30))
    file.write_text(f"service,calls,interval_start,channel\npassport,1,2025-01-06T09:00,telephone\n{row}\n{rest}")
    answer = json.loads(typed("forecast", file, "--day", "2025-01-07", "--json").stdout)
    assert says in answer["problem"], answer
    assert answer["where"][0].startswith(where)


def test_a_channel_of_a_few_days_is_left_out_and_said_to_be(tmp_path: Path) -> None:
    counts = came(weeks=4)
    counts[FIRST, 540, "letter", "passport"] = 3
    file = written(tmp_path / "long.csv", counts)
    asked = ("forecast", file, "--day", "2025-02-03", "--gaps", "zero")
    assert json.loads(typed(*asked, "--json").stdout)["left_out"] == [{"channel": "letter", "days": 1}]
    assert "letter is left out: 1 days are too few" in typed(*asked).stdout


def test_one_channel_or_service_of_a_long_file_can_be_tried(tmp_path: Path) -> None:
    file = written(tmp_path / "long.csv", came(weeks=4))
    asked = ("backtest", file, "--days", "2", "--gaps", "zero", "--simple", "--json")
    assert "--channel" in json.loads(typed(*asked).stdout)["where"]
    assert "telephone" in json.loads(typed(*asked).stdout)["cure"]
    assert json.loads(typed(*asked, "--channel", "telephone", "--service", "passport").stdout)["intervals"] == 24
    assert "coffin" in json.loads(typed(*asked, "--channel", "counter", "--service", "moving").stdout)["cure"]
