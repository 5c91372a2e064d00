"""An author whose file is not TOML is told by what stands there, in Danish, and never by what a parser expected."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hovedindgang.servicemodel.language import speaking
from hovedindgang.servicemodel.loading import examine, load, loads
from hovedindgang.servicemodel.problems import Problem
from hovedindgang.servicemodel.tests.small import SMALL

WRITTEN = [
    ("decided_on = 01-12-2025", "01-12-2025 er ikke skrevet som en dato.", "Skriv år-måned-dag: 2025-12-01."),
    ("decided_on = 1/12/2025", "1/12/2025 er ikke skrevet som en dato.", "Skriv år-måned-dag: 2025-12-01."),
    ("decided_on = 1. december 2025", "1. december 2025 er ikke skrevet", "Skriv år-måned-dag: 2025-12-01."),
    ("decided_on = 2025-12-1", "2025-12-1 er ikke skrevet som en dato.", "Skriv år-måned-dag: 2025-12-01."),
    ("decided_on = 2027-13-01", "2027-13-01 er ikke en dag i kalenderen.", "Ret måneden eller dagen."),
    ("decided_on = 2026-02-30", "2026-02-30 er ikke en dag i kalenderen.", "Ret måneden eller dagen."),
    (
        "minutes = { in_person = 12,5, source = 'x' }",
        "12,5 er skrevet med komma.",
        "Skriv punktum i stedet for komma: 12.5.",
    ),
    ("minutes = 12,5", "12,5 er skrevet med komma.", "Skriv punktum i stedet for komma: 12.5."),
    ("share = { value = 80 %, source = 'x' }", "Efter tallet 80 står %.", "Skriv tallet alene: 80."),
    ("days = 5 arbejdsdage", "Efter tallet 5 står arbejdsdage.", "Skriv tallet alene: 5."),
    ("population = 1.038.864", "1.038.864 er delt op.", "Skriv tallet i ét: 1038864."),
    (
        "share = { value = 075, source = 'x' }",
        "075 begynder med 0.",
        'Skriv 75; er det et nummer og ikke et antal, så sæt anførselstegn om: "075".',
    ),
    ("værdi = 3", '"værdi" kan ikke være en nøgle.', 'Mente du "value"?'),
    ("[centres.Åby]", '"Åby" kan ikke være en nøgle.', 'begynd med et bogstav eller tal, fx "aaby".'),
    ("[goals.house", "Overskriften slutter ikke", "Skriv [goals.house]."),
    ("[[portfolio]", "Overskriften slutter ikke", "Skriv [[portfolio]]."),
    ('name = "Aabybro', 'Teksten begynder her med " og slutter ikke.', 'Skriv ", hvor den skal slutte.'),
    ('title = "Vi siger "velkommen" til alle"', "Der står anførselstegn inde i teksten.", "Skriv dem som » og «"),
    ("name = “Aabybro”", "Teksten begynder med “ og ikke med et lige anførselstegn.", 'Skriv " før og efter teksten.'),
    ("name = Aabybro", "Aabybro står uden anførselstegn.", 'Skriv "Aabybro".'),
    ("centres = [havnen, skoven]", "havnen står uden anførselstegn.", 'Skriv "havnen".'),
    ("hours = { mon = [10.00-14.00] }", "10.00-14.00 står uden anførselstegn.", 'Skriv "10:00-14:00".'),
    ('folder = "C:\\mappe"', "I teksten står en omvendt skråstreg.", "Skriv to af dem"),
    ('name: "Aabybro"', "Efter name står et kolon.", "Skriv name = og værdien."),
    ("open = Ja", "Ja kan ikke stå her.", "Skriv true."),
    ("name =", "Der står intet efter lighedstegnet.", "Skriv en værdi, eller slet linjen."),
    ("name", "Der mangler et lighedstegn.", "Skriv et lighedstegn mellem navn og værdi."),
    ('services = ["pas" "flytning"]', "Mellem to led mangler et komma.", "Skriv komma mellem leddene."),
    ('place = { town = "Skovby", }', "Efter tabellens sidste led står et komma.", "Slet kommaet."),
    ('place = { town = "Skovby"', "Tabellen, der begynder her med {, slutter ikke", "Skriv hele tabellen på én linje"),
    ("days = 5;", "; har ingen plads her.", "Slet det; bemærkninger begynder med #."),
    ("days = 1 2", "Der står mere end én værdi på linjen.", "Skriv kun én ting på hver linje."),
    ("]]", "Linjen er hverken en overskrift", "bemærkninger begynder med #."),
    ("x = " + "[" * 2000 + "]" * 2000, "Her er for mange parenteser inde i hinanden.", "sin egen overskrift."),
    ("x = " + "9" * 5000, "Tallet er for stort.", "Se efter, om der er for mange cifre."),
]
ENGLISH = re.compile(
    r"\b(the|expected|invalid|value|illegal|character|limit|recursion|statement)\b(?! =)", re.IGNORECASE
)


def told(text: str) -> Problem:
    _model, (problem,) = examine(text, name="a.toml")
    return problem


@pytest.mark.parametrize(("line", "wrong", "right"), WRITTEN, ids=[written[0][:30] for written in WRITTEN])
def test_what_people_write_is_named_and_written_right(line: str, wrong: str, right: str) -> None:
    problem = told(f"# En politik\n\n{line}\n\nschema_version = 1\n")
    assert (problem.line, wrong in problem.wrong, right in problem.right) == (3, True, True), str(problem)


@pytest.mark.parametrize("line", [written[0] for written in WRITTEN])
def test_no_english_stands_in_what_a_danish_author_reads(line: str) -> None:
    problem = told(line)
    assert not ENGLISH.search(problem.wrong.replace(line, "") + problem.right.replace('"value"', ""))


@pytest.mark.parametrize("line", [written[0] for written in WRITTEN])
def test_an_english_author_is_told_the_same_in_english(line: str) -> None:
    danish = told(line)
    with speaking("en"):
        english = told(line)
    assert (english.line, english.wrong == danish.wrong) == (danish.line, False)


@pytest.mark.parametrize(
    ("text", "line", "wrong"),
    [
        ('a = 1\nnote = """Her begynder\n\nb = 2\n', 2, 'Teksten begynder her med """ og slutter ikke.'),
        ('note = """x\nb = 2\nc = """y"""\n', 1, 'Teksten begynder her med """ og slutter først i linje 3.'),
        ('services = [\n  "pas",\n  "flytning",\n\n[goals.x]\n', 1, "Listen, der begynder her, slutter ikke."),
        ('services = ["pas", "flytning"\nlevel = "refer"\n', 1, "Listen, der begynder her, slutter ikke."),
        ('services = [\n  "pas"\n', 1, "Listen, der begynder her, slutter ikke."),
        ('services = [\n  "pas"\n  "flytning"\n]\n', 3, "Mellem to led mangler et komma."),
    ],
)
def test_what_was_left_open_is_told_where_it_began(text: str, line: int, wrong: str) -> None:
    problem = told(text)
    assert (problem.line, problem.wrong) == (line, wrong)


@given(st.text(alphabet="[]{}\"'=,#\n\\ax1 .-æ“:%"), st.integers(0, len(SMALL)))
def test_whatever_is_typed_gets_an_answer(typed: str, where: int) -> None:
    _model, problems = examine(SMALL[:where] + typed + SMALL[where:], name="a.toml")
    assert all(problem.wrong and problem.right and problem.line for problem in problems)


@pytest.mark.parametrize(
    "typed",
    [" " * 50_000 + "K", "[ " + " " * 50_000 + "x]y", "a = b" + " " * 50_000 + "'", "a = " + "1." * 25_000],
    ids=["spaces", "a heading", "a value", "dots"],
)
def test_a_line_without_an_end_is_answered_within_a_second(typed: str) -> None:
    began = time.process_time()
    assert told(typed).line == 1
    assert time.process_time() - began < 1


@pytest.mark.parametrize("typed", ["[{}a]\n", "{}a = 1\n", "[[{}", "x = [{{ {}a = 1 }}]"])
def test_a_name_with_thousands_of_parts_is_told_where_it_stands(typed: str) -> None:
    problem = told("a = 1\n" + typed.format("b." * 24_000))
    assert (problem.line, problem.wrong) == (2, "Navnet har for mange led.")


def test_a_file_with_the_line_ends_of_an_old_machine_is_read_like_any_other(tmp_path: Path) -> None:
    file = tmp_path / "model.toml"
    file.write_bytes(SMALL.replace("\n", "\r").encode())
    assert load(file) == loads(SMALL, name="small.toml")
