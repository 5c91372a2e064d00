"""The same deed from the command line."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from hovedindgang.conftest import SMALL, small_model
from hovedindgang.governance.commands import adopt
from hovedindgang.policy.models import ModelVersion
from hovedindgang.policy.queries import InForce, in_force

pytestmark = pytest.mark.django_db


def test_a_file_is_adopted_from_a_day() -> None:
    done = CliRunner().invoke(adopt, [str(SMALL), "--from", "2026-01-01", "--backdated", "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.output) == {
        "version": in_force(dt.date(2026, 3, 1)).version_id,
        "valid_from": "2026-01-01",
    }


def test_a_day_that_has_passed_is_refused_in_one_line_with_what_to_do(policy_in_force: InForce, tmp_path: Path) -> None:
    new = tmp_path / "new.toml"
    new.write_text(small_model(old="value = 80", new="value = 85"), encoding="utf-8")
    refused = CliRunner().invoke(adopt, [str(new), "--from", "2026-02-01"])
    assert refused.exit_code == 1
    assert "er passeret" in refused.output
    assert "fulgte en anden servicemodel" in refused.output
    assert "Er det meningen, så tilføj --backdated." in refused.output


def test_a_house_that_had_no_policy_is_not_told_that_the_work_followed_another(tmp_path: Path) -> None:
    refused = CliRunner().invoke(adopt, [str(SMALL), "--from", "2026-01-01"])
    assert refused.exit_code == 1
    assert "fulgte ingen servicemodel" in refused.output
    assert "--backdated" in refused.output


def test_a_broken_file_is_refused_with_all_its_problems(tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text(small_model(old='channel = "phone"', new='channel = "fax"'), encoding="utf-8")
    refused = CliRunner().invoke(adopt, [str(broken), "--from", "2030-01-01"])
    assert refused.exit_code == 1
    assert "broken.toml:" in refused.output


CATALOGUE = """
[services.pas-ansoegning]
name = "Pas, ansøgning"
kind = "transaction"
level = "administer"
"""


def test_dorthe_cannot_adopt_a_catalogue_so_the_municipality_keeps_its_name(tmp_path: Path) -> None:
    catalogue = tmp_path / "catalogue.toml"
    catalogue.write_text(CATALOGUE, encoding="utf-8")
    refused = CliRunner().invoke(adopt, [str(catalogue), "--from", "2031-01-01"])
    assert refused.exit_code == 1
    assert "Filen er et katalog" in refused.output
    assert not ModelVersion.objects.exists()


def test_a_refused_adoption_leaves_no_draft_behind(policy_in_force: InForce, tmp_path: Path) -> None:
    before = ModelVersion.objects.count()
    new = tmp_path / "new.toml"
    new.write_text(small_model(old="value = 80", new="value = 85"), encoding="utf-8")
    refused = CliRunner().invoke(adopt, [str(new), "--from", "2026-02-01"])
    assert "er passeret" in refused.output
    assert ModelVersion.objects.count() == before
