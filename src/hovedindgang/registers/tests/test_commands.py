"""The two commands as somebody types them."""

from __future__ import annotations

import csv
import json
import signal
import subprocess
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.db import connection

from hovedindgang.registers.commands import import_, report
from hovedindgang.registers.models import ImportedFile, LogStep
from hovedindgang.registers.tests.conftest import OPERATION, operation, table

Written = Callable[..., Path]


def reported(*arguments: object) -> Result:
    return CliRunner().invoke(report, [str(argument) for argument in arguments], catch_exceptions=False)


def imported(*arguments: object) -> Result:
    return CliRunner().invoke(import_, [str(argument) for argument in arguments], catch_exceptions=False)


def python(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *(str(argument) for argument in arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


class Page(HTMLParser):
    """What a page asks for from elsewhere, and its headings."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.outside: list[str] = []
        self.charts = self.tables = 0
        self.language = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.outside += [value for name in ("src", "href") if (value := found.get(name) or "") and value[0] != "#"]
        self.outside += [tag] if tag in {"script", "link", "img", "iframe"} else []
        self.charts += tag == "svg"
        self.tables += tag == "table"
        self.language = (found.get("lang") or "") if tag == "html" else self.language


def test_a_report_needs_neither_django_nor_a_database(log: Path, tmp_path: Path) -> None:
    program = (
        "import sys; from hovedindgang.registers.commands import report\n"
        f"report(['{log}', '--out', '{tmp_path / 'page.html'}'], standalone_mode=False)\n"
        "assert not {name.split('.')[0] for name in sys.modules} & {'django', 'psycopg', 'sqlite3'}, 'too much'\n"
    )
    done = python("-W", "error", "-c", program)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "page.html").exists()


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("kind", ["log", "frontdesk", "zylinc"])
def test_the_page_stands_alone_in_either_language_with_a_table_for_every_chart(
    kind: str, language: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    file, out = request.getfixturevalue(kind), tmp_path / "page.html"
    assert reported(file, "--out", out, "--language", language).exit_code == 0
    text = out.read_text(encoding="utf-8")
    page = Page(text)
    assert (page.outside, page.language) == ([], language)
    assert page.tables > page.charts > 3
    assert text.count("Målt i" if language == "da" else "Measured in") >= 4
    assert ("Sådan er det talt:" in text) == (language == "da")


def test_several_files_are_one_page(log: Path, frontdesk: Path, tmp_path: Path) -> None:
    out = tmp_path / "page.html"
    assert reported(log, frontdesk, "--out", out).exit_code == 0
    assert out.read_text(encoding="utf-8").count('class="file"') == 2


def test_a_report_counts_registrations_that_lie_in_a_file_of_their_own(written: Written) -> None:
    tickets = written(table(OPERATION, [operation(1), operation(2)]), "tickets.csv")
    matters = written("OperationId\n1\n1\n1\n2\n", "registrations.csv")
    done = json.loads(reported(tickets, "--registrations", matters, "--json").output)["files"][0]
    tables = {table["key"]: table["rows"] for section in done["sections"] for table in section["tables"]}
    assert [row[:2] for row in tables["registrations"]] == [["1", 1], ["3", 1]]


def test_registrations_without_tickets_are_said_to_have_nothing_to_stand_on(log: Path, written: Written) -> None:
    done = reported(log, "--registrations", written("OperationId\n1\n", "registrations.csv"), "--json")
    assert done.exit_code == 1
    assert "--registrations" in done.output


def test_a_name_in_a_file_cannot_write_the_page(written: Written, tmp_path: Path) -> None:
    path = written("case,activity,time,group\n1,<script>alert(1)</script>,2026-03-02,<b>x</b>\n2,a,2026-03-02,b\n")
    reported(path, "--out", tmp_path / "page.html")
    assert "<script" not in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_scripts_get_the_figures_as_json_and_no_page(
    log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = json.loads(reported(log, "--json").output)["files"][0]
    assert (found["totals"]["events"], found["totals"]["cases"]) == (34, 9)
    assert all(table["rows"] is not None for section in found["sections"] for table in section["tables"])
    assert not (tmp_path / "report.html").exists()


def test_a_file_of_another_kind_ends_with_one_and_says_what_to_do(written: Written) -> None:
    path = written("a,b\n1,2\n")
    assert (reported(path).exit_code, imported("eventlog", path).exit_code) == (1, 1)
    assert "--mapping" in reported(path).output
    assert "error" in json.loads(reported(path, "--json").output)


def test_the_answer_stays_when_the_page_cannot_be_written(log: Path, tmp_path: Path) -> None:
    done = reported(log, "--out", tmp_path / "nowhere" / "page.html")
    assert done.exit_code == 1
    assert "kan ikke skrives" in done.output


@pytest.mark.django_db
def test_refused_rows_are_written_down_with_line_and_reason_and_nothing_of_what_they_held(
    written: Written, tmp_path: Path
) -> None:
    bad = operation(2, CreatedAt="i går", QueueName="Sag 610190-0000")
    path = written(table(OPERATION, [operation(1), bad]) + "kun,to\n")
    done = imported("frontdesk", path, "--refused", tmp_path / "refused.csv")
    assert done.exit_code == 0
    rows = list(csv.reader((tmp_path / "refused.csv").read_text(encoding="utf-8").splitlines()))
    assert [row[0] for row in rows] == ["linje", "3", "4"]
    assert not any(held in str(rows) + done.output for held in ("610190", "i går"))


@pytest.mark.django_db
def test_reading_in_says_what_came_of_it_in_words_and_for_scripts(log: Path) -> None:
    first, second = imported("eventlog", log), imported("eventlog", log, "--json")
    assert "34 rækker" in first.output
    assert "9 sager" in first.output
    answer = json.loads(second.output)
    assert (answer["already"], answer["read"], answer["cases"]) == (True, 34, 9)


@pytest.mark.django_db
def test_whoever_reads_a_file_in_again_still_gets_the_reasons_for_its_refused_rows(
    written: Written, tmp_path: Path
) -> None:
    path, reasons = written(table(OPERATION, [operation(1)]) + "kun,to\n"), tmp_path / "refused.csv"
    imported("frontdesk", path, "--refused", reasons)
    first = reasons.read_bytes()
    done = imported("frontdesk", path, "--refused", reasons)
    assert "læst ind før som frontdesk" in done.output
    assert "afvist" in done.output
    assert reasons.read_bytes() == first
    assert ImportedFile.objects.count() == 1


@pytest.mark.django_db
def test_reasons_written_for_one_file_stay_when_another_had_none(written: Written, tmp_path: Path) -> None:
    path, reasons = written(table(OPERATION, [operation(1)])), tmp_path / "refused.csv"
    imported("frontdesk", path)
    reasons.write_text("linje,grund\n7,x\n", encoding="utf-8")
    imported("frontdesk", path, "--refused", reasons)
    assert "7,x" in reasons.read_text(encoding="utf-8")


@pytest.mark.django_db
def test_nothing_is_read_in_when_the_reasons_could_not_be_written_down(written: Written, tmp_path: Path) -> None:
    path = written(table(OPERATION, [operation(1)]))
    done = imported("frontdesk", path, "--refused", tmp_path / "nowhere" / "refused.csv")
    assert done.exit_code == 1
    assert "kan ikke skrives" in done.output
    assert not ImportedFile.objects.exists()


def link_to(path: Path) -> Path:
    link = path.with_name("link.csv")
    link.symlink_to(path)
    return link


@pytest.mark.parametrize("named", [Path, link_to])
@pytest.mark.django_db
def test_the_municipalitys_own_file_is_never_written_over(written: Written, named: Callable[[Path], Path]) -> None:
    path = written(table(OPERATION, [operation(1)]) + "kun,to\n")
    before, target = path.read_bytes(), named(path)
    for done in (
        imported("frontdesk", path, "--dry-run", "--refused", target),
        imported("frontdesk", path, "--refused", target),
        reported(path, "--out", target),
        reported(path, "--json", "--out", target),
    ):
        assert done.exit_code == 1
        assert "bliver ikke overskrevet" in done.output
    assert path.read_bytes() == before


@pytest.mark.django_db
def test_whoever_reads_in_an_overlapping_file_is_told_why_nothing_was_new(written: Written) -> None:
    imported("frontdesk", written(table(OPERATION, [operation(1), operation(2)]), "a.csv"))
    done = imported("frontdesk", written(table(OPERATION, [operation(2)]), "b.csv"))
    assert "(nye: 0)" in done.output
    assert "1 række var her allerede" in done.output


@pytest.mark.parametrize("kind", ["frontdesk", "zylinc", "csv", "eventlog"])
def test_every_kind_teaches_how_it_is_used(kind: str) -> None:
    done = imported(kind, "--help")
    assert done.exit_code == 0
    assert "--refused" in done.output


DYING = """
import os, signal, sys
from pathlib import Path
from hovedindgang.site.setup import django_ready
django_ready()
from django.db import connection
from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.registers import actions
from hovedindgang.registers.mapping import Mapping
from hovedindgang.registers.rules import FileKind

connection.settings_dict["NAME"] = sys.argv[1]
whole = actions._step_rows

def dying(*arguments):
    for number, row in enumerate(whole(*arguments)):
        if number == 15_000:
            os.kill(os.getpid(), signal.SIGKILL)
        yield row

actions._step_rows = dying
actions.import_file(path=Path(sys.argv[2]), kind=FileKind.EVENTLOG, mapping=Mapping(), actor=SYSTEM)
"""


@pytest.mark.django_db(transaction=True)
def test_a_reader_that_is_killed_leaves_nothing_and_the_next_one_reads_it_all(written: Written) -> None:
    steps = (f"c{n // 10},a{n % 10},2026-03-02T10:00:00,g{n % 7}\n" for n in range(20_000))
    file = written("case,activity,time,group\n" + "".join(steps))
    killed = python("-c", DYING, connection.settings_dict["NAME"], file)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert not ImportedFile.objects.exists()
    assert not LogStep.objects.exists()
    answer = json.loads(imported("eventlog", file, "--json").output)
    assert (answer["already"], answer["added"]) == (False, 20_000)
