"""What the author of a model reads when it is wrong: file, line, key, what is wrong, what would be right."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from hovedindgang.servicemodel.language import speaking
from hovedindgang.servicemodel.loading import examine, load, loads, texts
from hovedindgang.servicemodel.problems import ModelInvalid, Problem, Severity
from hovedindgang.servicemodel.tests.small import SMALL, small_model, spoiled

BROKEN = Path(__file__).parent / "broken"

EXPECTED = {
    "unknown_key": [
        (12, "centres.havnen", '"place" mangler.', "Tilføj overskriften [centres.havnen.place]."),
        (15, "centres.havnen.plads", '"plads" kendes ikke her.', 'Mente du "place"?'),
    ],
    "number_without_source": [
        (
            16,
            "services.pas.deadline_working_days",
            "10 har ingen kilde.",
            'Skriv værdien med sin kilde: { value = 10, source = "…" }.',
        )
    ],
    "source_that_is_not_there": [
        (16, "goals.house.target_percent.source", '"papir" er ikke en kilde i modellen.', 'Mente du "paper"?')
    ],
    "hours_that_close_before_they_open": [
        (
            19,
            "centres.havnen.hours.in_person.thu[1]",
            '"17:00-10:00" lukker, før der er åbnet.',
            "Skriv fra og til samme dag; døgnet slutter senest 23:59.",
        )
    ],
    "hours_that_overlap": [
        (
            21,
            "centres.havnen.hours.phone.mon[2]",
            '"11:30-15:00" overlapper "09:00-12:00".',
            "Saml de to tider til én, eller ret dem.",
        )
    ],
    "service_that_is_not_there": [
        (25, "portfolio[1].services[2]", '"flyttning" er ikke en opgave i modellen.', 'Mente du "flytning"?')
    ],
    "successors_in_a_circle": [
        (
            17,
            "services.nemid.successor",
            "Efterfølgerne går i ring: nemid → mitid → nemid.",
            "Slet den successor, der peger tilbage på en ældre opgave.",
        )
    ],
    "gap_before_successor": [
        (
            16,
            "services.nemid.valid_to",
            "Der er et hul: opgaven slutter 2023-07-01, og efterfølgeren begynder først 2023-11-01.",
            "Ret en af datoerne, så tidsrækken hænger sammen.",
        )
    ],
    "the_same_key_twice": [
        (13, "services.pas", '"pas" står allerede i linje 8.', "Giv den ene en anden nøgle, eller slet den.")
    ],
    "more_than_a_hundred_percent": [
        (
            17,
            "competences.generalist.share_percent.value",
            "180 er ikke en procent.",
            "Skriv et tal fra 0 til 100.",
        )
    ],
    "not_toml": [(6, "", "Der mangler et lighedstegn.", "Skriv et lighedstegn mellem navn og værdi.")],
}


@pytest.mark.parametrize("name", EXPECTED)
def test_the_author_is_told_where_what_is_wrong_stands_and_what_would_be_right(name: str) -> None:
    file = BROKEN / f"{name}.toml"
    with pytest.raises(ModelInvalid) as caught:
        load(file)
    assert caught.value.problems == [Problem(str(file), *expected) for expected in EXPECTED[name]]


def test_all_mistakes_of_a_file_are_told_at_once() -> None:
    file = BROKEN / "many_at_once.toml"
    text, includes = texts(file)
    model, problems = examine(text, name="mange.toml", includes=includes)
    assert model is None
    assert [(p.line, p.key) for p in problems if p.severity is Severity.ERROR] == [
        (1, "include[1]"),
        (5, "municipality.code"),
        (7, "adoption"),
        (8, "adoption.title"),
        (11, "sources.counted"),
        (15, "centres.Havnen"),
        (15, "centres.Havnen"),
        (17, "centres.Havnen.kind"),
        (23, "services.pas.kle"),
        (25, "services.pas.valid_to"),
    ]


def test_an_english_author_is_told_in_english() -> None:
    with speaking("en"), pytest.raises(ModelInvalid) as caught:
        load(BROKEN / "service_that_is_not_there.toml")
    (problem,) = caught.value.problems
    assert (problem.wrong, problem.right) == ('"flyttning" is not a service in the model.', 'Did you mean "flytning"?')


def test_a_problem_reads_as_one_line_that_an_editor_can_open() -> None:
    problem = Problem("a.toml", 7, "goals.x", "Galt.", "Ret det.", Severity.WARNING)
    with speaking("da"):
        assert str(problem) == "a.toml:7: goals.x: advarsel: Galt. Ret det."


SPOILS = [
    ('code = "999"', 'code = "99"', "municipality.code"),
    ("valid_from = 2026-01-01", "", "adoption"),
    ('kind = "assumed"', 'kind = "measured"', "sources.guess"),
    ('reference = "Antaget"', 'reference = " "', "sources.guess.reference"),
    ('thu = ["10:00-17:00"]', 'thu = ["10-17"]', "centres.skoven.hours.in_person.thu[1]"),
    ('thu = ["10:00-17:00"]', 'torsdag = ["10:00-17:00"]', "centres.skoven.hours.in_person.torsdag"),
    ('constitution_day = "12:00"', 'constitution_day = "noon"', "calendar.constitution_day"),
    ('others_who_help = ["politiet"]', 'others_who_help = ["politi"]', "services.pas.others_who_help[1]"),
    ('others_who_help = ["politiet"]', 'bundle = ["koerekort"]', "services.pas.bundle[1]"),
    ('others_who_help = ["politiet"]', 'handed_to = "jobcenter"', "services.pas.handed_to"),
    ('others_who_help = ["politiet"]', 'owner = "regionen"', "services.pas.owner"),
    ('others_who_help = ["politiet"]', 'successor = "flytning"', "services.pas.successor"),
    ('others_who_help = ["politiet"]', "personal_appearance = 1", "services.pas.personal_appearance"),
    ('others_who_help = ["politiet"]', 'self_service = "javascript:alert(1)"', "services.pas.self_service"),
    ('others_who_help = ["politiet"]', 'self_service = "se borger dk"', "services.pas.self_service"),
    ('others_who_help = ["politiet"]', 'self_service = "https://borger.dk@x.dk"', "services.pas.self_service"),
    ('others_who_help = ["politiet"]', 'bundle = ["pas"]', "services.pas.bundle[1]"),
    ('others_who_help = ["politiet"]', 'channels = ["in_person", "in_person"]', "services.pas.channels[2]"),
    ('others_who_help = ["politiet"]', 'personal_appearance = true\nchannels = ["phone"]', "services.pas.channels"),
    ("in_person = 12, source", "in_person = 99999999, source", "services.pas.handle_minutes.in_person"),
    ("in_person = 12, source", f"in_person = 1{'0' * 400}, source", "services.pas.handle_minutes.in_person"),
    ('name = "Politiet"', 'name = "Politiet"\nwebsite = "politi.dk"', "authorities.politiet.website"),
    ('name = "Havnen"', 'name = "Hav\\u0000nen"', "centres.havnen.name"),
    ('name = "Havnen"', f'name = "{"Havnen" * 40}"', "centres.havnen.name"),
    ("[departments.jobcenter]", f"[departments.{'j' * 61}]", f"departments.{'j' * 60}…"),
    ('place = { town = "Skovby" }', 'place = { town = "Skovby", postcode = "94" }', "centres.skoven.place.postcode"),
    ('code = "999"', 'code = "٩٩٩"', "municipality.code"),
    ("decided_on = 2025-12-01", "decided_on = 0025-12-01", "adoption.decided_on"),
    ("[authorities.politiet]", "[authorities.politiet]\nkendt_som = 1", "authorities.politiet.kendt_som"),
    ("[costs_kr]", '[[open]]\nkey = "goals.hus.by"\nquestion = "?"\n\n[costs_kr]', "open[1].key"),
    ("[costs_kr]", '[reporting.x]\nname = "Rapport"\nevery = "fortnight"\n\n[costs_kr]', "reporting.x.every"),
    (
        "[costs_kr]",
        '[surveys.x]\nname = "Undersøgelse"\nreservation_years = [-3]\n\n[costs_kr]',
        "surveys.x.reservation_years[1]",
    ),
    (
        "[costs_kr]",
        '[statements]\na = { kind = "aim", text = "A", of = "b" }\n'
        'b = { kind = "aim", text = "B", of = "a" }\n\n[costs_kr]',
        "statements.a.of",
    ),
    (
        "[costs_kr]",
        '[parameters]\nsmallest_group = { value = 0, source = "guess" }\n\n[costs_kr]',
        "parameters.smallest_group.value",
    ),
    ("[costs_kr]", '[parameters]\nindicator_version = "77"\n\n[costs_kr]', "parameters.indicator_version"),
    ('successor = "mitid"', 'successor = "mit-id"', "services.nemid.successor"),
    ('kle = "23.09.02"', 'kle = "23.09.2"', "services.pas.kle"),
    ("valid_from = 2026-06-01", "valid_from = 2026-06-01\nvalid_to = 2026-06-01", "services.mitid.valid_to"),
    ("valid_from = 2026-06-01", 'valid_from = "2026-06-01"', "services.mitid.valid_from"),
    ("valid_from = 2026-06-01", "valid_from = 2026-06-01T12:00:00", "services.mitid.valid_from"),
    ('centres = ["havnen", "skoven"]', 'centres = ["havnen", "engen"]', "portfolio[1].centres[2]"),
    ('centres = ["havnen", "skoven"]', "centres = []", "portfolio[1].centres"),
    ('centres = ["havnen", "skoven"]', 'centres = ["havnen", "havnen"]', "portfolio[1].centres[2]"),
    ('indicator = "resolved_in_house"', 'indicator = "resolved_inhouse"', "goals.house.indicator"),
    ("value = 75, source", "value = -1, source", None),
    ("in_person = 12, source", "source", None),
    ("in_person = 12, source", "in_person = nan, source", "services.pas.handle_minutes.in_person"),
    ("phone = 6, source", "fax = 6, source", "services.flytning.handle_minutes.fax"),
    ('[authorities.politiet]\nname = "Politiet"', '[authorities.""]\nname = "Politiet"', "authorities."),
    ('title = "Borgerservicepolitik"', 'title = "B"\nstatus2 = 1', "adoption.status2"),
    ('hours_source = "paper"\nhours', "hours", "centres.skoven.hours"),
    ('source = "paper"\n\n[departments', 'source = "none"\n\n[departments', "calendar.source"),
]


@pytest.mark.parametrize(("before", "after", "key"), [s for s in SPOILS if s[2]])
def test_each_kind_of_mistake_is_found_at_its_key(before: str, after: str, key: str) -> None:
    _model, problems = examine(spoiled((before, after)), name="small.toml")
    assert key in {problem.key for problem in problems if problem.severity is Severity.ERROR}


def test_the_small_model_has_nothing_wrong_with_it() -> None:
    model, problems = examine(SMALL, name="small.toml")
    assert model is not None
    assert problems == []


TOLD = [
    (('[adoption]\ntitle = "Borgerservicepolitik"\nstatus', "[adoption]\nstatus"), "Tilføj linjen title = …"),
    (("14:00-17:00", "9.00 - 9.30"), 'Skriv fra og til med fire cifre: "09:00-09:30".'),
    (("14:00-17:00", "14:00-24:00"), 'Døgnet slutter 23:59: skriv "14:00-23:59".'),
    (('fri = ["10:00-12:00"]', 'fri = "10:00-12:00"'), 'Skriv en liste i kantede parenteser: ["10:00-12:00"].'),
    (("[[portfolio]]", "[portfolio]"), "Skriv overskriften med to parenteser: [[portfolio]]."),
    (("answer_working_days = { value = 5,", "answer_working_days = { value = 5.0,"), "Skriv 5 uden decimaler."),
    (('name = "Jobcenter"', 'name = "Jobcenter"\ncalendar = "luk"'), "Flyt det til sin egen overskrift: [calendar]."),
    (('name = "Jobcenter"', 'navn = "Jobcenter"'), 'Mente du "name"?'),
]


@pytest.mark.parametrize(("change", "right"), TOLD)
def test_who_does_what_the_message_says_is_not_sent_to_the_next_mistake(change: tuple[str, str], right: str) -> None:
    _model, problems = examine(spoiled(change), name="small.toml")
    assert right in [problem.right for problem in problems if problem.severity is Severity.ERROR]


def test_a_missing_table_is_asked_for_once_and_with_its_heading() -> None:
    text = SMALL.replace('[municipality]\nname = "Lillestrand Kommune"\ncode = "999"\n', "")
    _model, problems = examine(text, name="small.toml")
    assert [(p.wrong, p.right) for p in problems] == [
        ('"municipality" mangler.', "Tilføj overskriften [municipality] og under den: name = …, code = …")
    ]


@pytest.mark.parametrize("text", ["", " \n\n", "# Kommunens politik\n"])
def test_an_empty_file_is_told_to_be_empty(text: str) -> None:
    _model, (problem,) = examine(text, name="small.toml")
    assert problem.wrong == "Filen er tom eller har kun bemærkninger."


@pytest.mark.parametrize("more", ["", "# mere\n", "\n"])
def test_a_file_that_only_says_its_format_holds_no_model(more: str) -> None:
    found, (problem,) = examine(f"{more}schema_version = 1\n", name="small.toml")
    assert found is None
    assert (problem.line, problem.wrong) == (1 + bool(more), "Filen siger kun, hvilket format den har.")
    assert "[municipality]" in problem.right


@pytest.mark.parametrize("written", ['"Hav\\nnen"', '"""Hav\nnen"""', '"""\nHavnen\n"""', '"Hav\\u2028nen"'])
def test_a_name_stands_on_one_line_and_the_author_is_told_which_does_not(written: str) -> None:
    with pytest.raises(ModelInvalid) as caught:
        small_model(('name = "Havnen"', f"name = {written}"))
    (problem,) = caught.value.problems
    line = SMALL[: SMALL.index('name = "Havnen"')].count("\n") + 1
    assert (problem.key, problem.line, problem.wrong) == ("centres.havnen.name", line, "I navnet står et linjeskift.")


def test_a_character_that_nobody_sees_is_shown_and_not_sent_to_the_screen() -> None:
    with pytest.raises(ModelInvalid) as caught:
        small_model(('name = "Havnen"', 'name = "Hav\\u001b[31mnen"'))
    (problem,) = caught.value.problems
    assert problem.wrong == r'I teksten står et tegn, der ikke kan ses: "Hav\u001b[31mnen".'


def test_no_figure_may_tell_of_fewer_than_five_people_whatever_the_model_says() -> None:
    four = '[parameters]\nsmallest_group = { value = 4, source = "guess" }\n\n[costs_kr]'
    with pytest.raises(ModelInvalid, match="Med 4 kunne tal føres tilbage til enkelte personer\\. Skriv 5"):
        small_model(("[costs_kr]", four))
    small_model(("[costs_kr]", four.replace("4", "5")))


def test_a_long_line_of_successors_is_judged_while_its_author_waits() -> None:
    line = [
        f'[services.s{n}]\nname = "S{n}"\nkind = "transaction"\nlevel = "refer"\n'
        f'valid_to = 2026-07-01\nsuccessor = "s{n + 1}"'
        for n in range(2000)
    ]
    began = time.process_time()
    _model, problems = examine("\n\n".join([SMALL, *line]), name="long.toml")
    assert time.process_time() - began < 5
    assert [p.key for p in problems if p.severity is Severity.ERROR] == ["services.s1999.successor"]


def test_a_great_model_full_of_mistakes_is_judged_while_its_author_waits() -> None:
    services = [
        f'[services.s{n}]\nname = "S{n}"\nkind = "transaction"\nlevel = "refer"\nbundle = ["q{n}"]' for n in range(3000)
    ]
    entry = '[[portfolio]]\ncentres = ["havnen"]\nservices = ["pas"]\nsource = "paper"\nlevel = '
    entries = [entry + ('"guide"' if n % 2 else '"refer"') for n in range(1000)]
    began = time.process_time()
    _model, problems = examine("\n\n".join([SMALL, *services, *entries]), name="great.toml")
    assert time.process_time() - began < 10
    assert len([p for p in problems if p.severity is Severity.ERROR]) == 3000
    assert len([p for p in problems if p.key.startswith("portfolio")]) <= 3 * 1001


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("[parameters]\nrepeat_window_days", "0 er for lidt."),
        ("[parameters]\ncomplaint_answer_working_days", "0 er for lidt."),
    ],
)
def test_a_window_in_which_nobody_could_come_again_is_refused(line: str, wrong: str) -> None:
    text = SMALL.replace("[costs_kr]", f'{line} = {{ value = 0, source = "guess" }}\n\n[costs_kr]')
    _model, (problem,) = examine(text, name="small.toml")
    assert (problem.wrong, problem.right) == (wrong, "Skriv 1 eller et større tal.")


@pytest.mark.parametrize("heading", ["[authorities.jobcenter]", "[departments.state]", "[authorities.municipality]"])
def test_a_task_never_belongs_to_one_of_two_with_the_same_key(heading: str) -> None:
    text = SMALL.replace("[services.pas]", f'{heading}\nname = "En anden"\n\n[services.pas]')
    _model, (problem,) = examine(text, name="small.toml")
    assert "så en opgaves ejer kan ikke kendes" in problem.wrong
    assert problem.right == "Giv den ene en anden nøgle."


def test_a_night_that_goes_past_midnight_is_told_how_it_is_written() -> None:
    _model, (problem,) = examine(spoiled(('tue = ["10:00-14:00"]', 'tue = ["22:00-02:00"]')), name="small.toml")
    assert problem.right.endswith('Er der åbent over midnat, så skriv "22:00-23:59" her og "00:00-02:00" dagen efter.')


def test_a_negative_number_is_refused() -> None:
    with pytest.raises(ModelInvalid, match="er mindre end nul"):
        small_model(("in_person = { value = 75", "in_person = { value = -75"))


def test_a_line_number_is_right_in_tables_lists_and_inline_tables() -> None:
    text = spoiled(("in_person = 12, source", "in_person = true, source"))
    _model, problems = examine(text, name="small.toml")
    (problem,) = (p for p in problems if p.severity is Severity.ERROR)
    assert "in_person = true" in text.splitlines()[problem.line - 1]


def test_a_file_that_is_not_utf_8_says_so_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "model.toml"
    file.write_bytes(b'[municipality]\nname = "K\xf8benhavn"\n')
    with pytest.raises(ModelInvalid) as caught:
        load(file)
    assert [(p.line, p.wrong) for p in caught.value.problems] == [(2, "Filen er ikke gemt som UTF-8.")]


def test_an_editor_that_writes_a_byte_order_mark_and_dos_lines_does_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "model.toml"
    file.write_bytes(b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").encode())
    assert load(file) == loads(SMALL, name="small.toml")


@pytest.mark.parametrize("text", ["x = " + "[" * 5000 + "]" * 5000, "x = " + "9" * 5000, "x = 2026-02-30", "\0", "["])
def test_a_text_made_to_harm_is_refused_like_any_other(text: str) -> None:
    with pytest.raises(ModelInvalid):
        loads(text, name="deep.toml")
    with pytest.raises(ModelInvalid):
        loads(including_itself(text), name="deep.toml", includes={"deep.toml": text})


def including_itself(text: str) -> str:
    return f'include = ["deep.toml"]\n{text}'
