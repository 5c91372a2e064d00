"""What cannot be planned is said where it is read, with what to do; nothing crashes, and nothing is passed over."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from hovedindgang.planning.commands import COMMANDS
from hovedindgang.planning.commands.backtest import backtest as backtest_command
from hovedindgang.planning.commands.compare import compare
from hovedindgang.planning.courses.reading import read_training
from hovedindgang.planning.portfolio import read_portfolio
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.service.changes import CarryAt, CloseCentre, NewPlace, TravellingTeam, changed
from hovedindgang.planning.service.checks import wrongs
from hovedindgang.planning.service.reading import Plan, read_plan
from hovedindgang.planning.siting.places import read_places
from hovedindgang.planning.staffing.rosters.reading import read_question
from hovedindgang.servicemodel.document import CentreKind

ROOT = Path(__file__).resolve().parents[4]
EXAMPLES, MODELS = ROOT / "docs" / "guide" / "examples", ROOT / "models"
POINT = NewPlace("blokhus", "Blokhus", 57.25, 9.58, 900, (0, 2), "10:00", "14:00", 1, place_kind="service_point")


@cache
def plan() -> Plan:
    return read_plan(MODELS / "planning" / "jammerbugt-2006.toml")


def edited(tmp_path: Path, file: Path, *changes: tuple[str, str]) -> Path:
    text = file.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, f"{file.name} does not say {old!r}"
        text = text.replace(old, new)
    copy = tmp_path / file.name
    copy.write_text(text, encoding="utf-8")
    return copy


def test_a_help_point_is_no_counter_and_nobody_is_sent_to_work_there() -> None:
    with pytest.raises(CannotPlan, match="hjælpepunkt") as refused:
        changed(plan().model, plan().inputs, (POINT,))
    assert "branch eller mobile" in refused.value.cure
    point = dataclasses.replace(plan().model.centres["brovst"], kind=CentreKind.SERVICE_POINT)
    model = dataclasses.replace(plan().model, centres={**plan().model.centres, "brovst": point})
    for change in (CloseCentre("pandrup", "brovst"), TravellingTeam("pandrup", 1, "brovst", 3, "10:00", "12:00")):
        with pytest.raises(CannotPlan, match="hjælpepunkt"):
            change.applied(model, plan().inputs)
    said = {key: what for key, what, _right in wrongs(model, plan().inputs)}
    assert "hjælpepunkt" in said["staff.team.brovst.centre"]


def test_no_more_minutes_are_given_away_than_an_enquiry_takes() -> None:
    with pytest.raises(CannotPlan, match="kan ikke tages fra") as refused:
        changed(plan().model, plan().inputs, (CarryAt("flytning", "administer", -100.0),))
    assert "-6,0" in refused.value.cure
    changed(plan().model, plan().inputs, (CarryAt("flytning", "administer", -5.0),))


def test_places_are_not_chosen_where_nobody_lives(tmp_path: Path) -> None:
    text = (MODELS / "places" / "jammerbugt.toml").read_text(encoding="utf-8")
    empty = tmp_path / "empty.toml"
    empty.write_text(re.sub(r"(?m)^people = \{ value = \d+", "people = { value = 0", text), encoding="utf-8")
    with pytest.raises(CannotPlan, match="bor ingen"):
        read_places(empty)


def test_a_goal_whose_day_is_gone_is_kept_by_all_or_named_with_who_has_not_reached_it(tmp_path: Path) -> None:
    gone = edited(tmp_path, EXAMPLES / "courses.toml", ("by = 2007-12-31", "by = 2006-12-31"))
    with pytest.raises(CannotPlan, match=r"er gået, når planen begynder, og .*Anna") as refused:
        read_training(gone)
    assert refused.value.where == ("goals.half.by",)
    reached = edited(
        tmp_path, EXAMPLES / "courses.toml", ("by = 2007-12-31", "by = 2006-12-31"), ("_percent = 50", "_percent = 1")
    )
    assert [goal.key for goal in read_training(reached).goals] == ["all"]


def test_a_file_in_which_nobody_calls_is_not_foretold_and_a_quiet_week_has_no_percent_off(tmp_path: Path) -> None:
    days = tuple(dt.date(2026, 1, 5) + dt.timedelta(days=n) for n in range(42))
    calls = np.tile([2.0, 5.0, 3.0], (42, 1))
    rows = [
        f"{day}T{hour:02}:00,{0 if n >= 40 else int(calls[n, hour - 8])}"
        for n, day in enumerate(days)
        for hour in (8, 9, 10)
    ]
    none = tmp_path / "none.csv"
    none.write_text(
        "\n".join(["interval_start,calls", *(f"{row.partition(',')[0]},0" for row in rows)]), encoding="utf-8"
    )
    answer = CliRunner().invoke(backtest_command, [str(none), "--days", "2", "--simple"])
    assert answer.exit_code != 0
    assert "intet opkald i filen" in answer.output
    file = tmp_path / "quiet.csv"
    file.write_text("\n".join(["interval_start,calls", *rows]), encoding="utf-8")
    answer = CliRunner().invoke(backtest_command, [str(file), "--days", "2", "--simple"])
    assert answer.exit_code == 0, answer.output
    assert "nan" not in answer.output


def test_a_fortnight_in_which_every_door_is_shut_has_no_roster(tmp_path: Path) -> None:
    question = read_question(EXAMPLES / "roster.toml")
    days = sorted({need.day for need in question.needs})
    text = (EXAMPLES / "roster.toml").read_text(encoding="utf-8")
    shut = f"closed = [{', '.join(day.isoformat() for day in days)}]\n"
    file = tmp_path / "shut.toml"
    lines = [line for line in text.splitlines() if not line.startswith("closed")]
    file.write_text(shut + "\n".join(lines), encoding="utf-8")
    with pytest.raises(CannotPlan, match="lukker alle de dage, hvor nogen behøves"):
        read_question(file)


def test_a_centre_cannot_both_have_to_and_not_be_allowed_to_carry_a_service(tmp_path: Path) -> None:
    both = edited(
        tmp_path,
        MODELS / "places" / "portfolio.toml",
        ('must = ["aabybro"]', 'must = ["aabybro"]\nmay_not = ["aabybro"]'),
    )
    with pytest.raises(CannotPlan, match="både i must og i may_not"):
        read_portfolio(both)


def test_a_year_is_not_compared_with_four_weeks(tmp_path: Path) -> None:
    assert "compare" in COMMANDS
    short = edited(tmp_path, EXAMPLES / "ten-agents.toml", ("days = ", "days = 1"))
    answer = CliRunner().invoke(compare, [str(EXAMPLES / "ten-agents.toml"), str(short)])
    assert answer.exit_code != 0
    assert "samme borgere" in answer.output
