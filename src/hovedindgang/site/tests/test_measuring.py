"""`hovedindgang plan calibrate` measures on the house's own database, and the rest of planning needs none."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import click
from click.testing import CliRunner
from django.utils import translation

from hovedindgang.scenarios import queries
from hovedindgang.scenarios.tests.test_calibrating import FIRST, LAST, registered
from hovedindgang.site.cli import load


def test_the_command_line_measures_too_and_writes_a_file(cast: SimpleNamespace, tmp_path: Path) -> None:
    registered(cast)
    plan, out, came = load("plan"), tmp_path / "grundlag.toml", tmp_path / "henvendelser.csv"
    assert isinstance(plan, click.Group)
    asked = ["calibrate", "--from", FIRST.isoformat(), "--to", LAST.isoformat(), "--out", str(out), "--json"]
    done_well = CliRunner().invoke(plan, [*asked, "--arrivals", str(came), "--interval", "60"])
    assert done_well.exit_code == 0, done_well.output
    told = json.loads(done_well.output)
    document = queries.latest_inputs()
    assert document is not None
    assert (told["inputs"], out.read_text(encoding="utf-8")) == (document.pk, document.text)
    assert told["numbers"]["measured"] > 10
    assert "2026-01-05T10:00+01:00,in_person,pas,2" in came.read_text(encoding="utf-8").splitlines()
    nowhere = CliRunner().invoke(plan, ["calibrate", "--out", str(tmp_path / "nowhere" / "a"), "--json"])
    assert nowhere.exit_code == 1
    assert set(json.loads(nowhere.output)) == {"problem", "cure", "where"}
    last = queries.latest_inputs()
    assert last is not None
    assert last.pk == document.pk  # refused before anything was measured and kept
    refused = CliRunner().invoke(plan, ["calibrate", "--from", FIRST.isoformat(), "--to", FIRST.isoformat()])
    assert refused.exit_code == 1
    assert "mindst to uger" in refused.output
    english = ["calibrate", "--from", FIRST.isoformat(), "--to", FIRST.isoformat(), "--language", "en", "--json"]
    with translation.override("da"):  # what the command chose for its process is forgotten again
        told = json.loads(CliRunner().invoke(plan, english).output)
    assert told["cure"] == "Choose another period: --from and --to."
