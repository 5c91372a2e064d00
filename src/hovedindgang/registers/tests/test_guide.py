"""The guide's own example, as it stands there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from hovedindgang.policy.queries import InForce
from hovedindgang.registers.columns import COLUMNS, NEEDED
from hovedindgang.registers.commands import import_
from hovedindgang.registers.models import RecordedContact
from hovedindgang.registers.rules import FileKind

GUIDE = (Path(__file__).parents[4] / "docs" / "guide" / "registers.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)
    assert found
    return found[1]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "mails.csv").write_text(block("csv"), encoding="utf-8")
    (tmp_path / "mails.toml").write_text(block("toml"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.django_db
def test_the_guides_list_of_mails_is_read_in_through_the_guides_mapping(folder: Path, policy_in_force: InForce) -> None:
    command, *said = block("console").strip().splitlines()
    dry = CliRunner().invoke(import_, command.split()[3:], catch_exceptions=False)
    assert dry.output.splitlines()[: len(said)] == said
    done = CliRunner().invoke(import_, ["csv", "mails.csv", "--mapping", "mails.toml"], catch_exceptions=False)
    assert done.exit_code == 0
    rows = RecordedContact.objects.order_by("external_id").values_list("system", "service_id", "centre_id", "result")
    assert list(rows) == [
        ("postkasse", "pas", "aabybro", "answered"),
        ("postkasse", "flytning", "aabybro", "answered"),
        ("postkasse", "pas", "pandrup", "left"),
    ]


@pytest.mark.parametrize("kind", list(FileKind))
def test_the_guide_names_every_role_of_a_column(kind: FileKind) -> None:
    line = re.search(rf"^- `{kind}`: (.*)$", GUIDE, re.MULTILINE)
    assert line
    needed, _needed, others = line[1].partition("(needed)")
    assert re.findall(r"`(\w+)`", needed) == list(NEEDED[kind])
    assert set(re.findall(r"`(\w+)`", needed + others)) == set(COLUMNS[kind])
