"""What other systems write, and what people do to files on the way."""

from __future__ import annotations

import contextlib
import datetime as dt
import gzip
import os
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hovedindgang.registers.instants import BadInstant, Instants, is_format
from hovedindgang.registers.lines import LONGEST_LINE
from hovedindgang.registers.looking import CannotRead
from hovedindgang.registers.mapping import Mapping, lay_out, load_mapping
from hovedindgang.registers.reading import open_table
from hovedindgang.registers.report import measure
from hovedindgang.registers.rules import FileKind
from hovedindgang.servicemodel.language import speaking

pytestmark = pytest.mark.once

DENMARK = Instants(ZoneInfo("Europe/Copenhagen"))
Written = Callable[..., Path]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1252", "utf-16"])
def test_a_file_is_read_in_the_alphabet_and_the_delimiter_it_was_written_in(
    written: Written, delimiter: str, encoding: str
) -> None:
    path = written(
        delimiter.join(["Kø", "Ankomst"]) + "\n" + delimiter.join(["Kørekort på øen", "2026"]), "x.csv", encoding
    )
    found = open_table(path)
    assert found.header == ["Kø", "Ankomst"]
    assert list(found.rows()) == [["Kørekort på øen", "2026"]]


def test_a_gzipped_copy_is_known_as_the_same_file(written: Written) -> None:
    plain, packed = written("a,b\n1,2\n", "x.csv"), written("a,b\n1,2\n", "x.csv.gz")
    assert open_table(plain).sha256 == open_table(packed).sha256


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32"])
def test_a_file_in_two_bytes_a_letter_is_read_though_nothing_marks_it(written: Written, encoding: str) -> None:
    found = open_table(written("Kø;Ankomst\nKørekort på øen;2026\n", "x.csv", encoding))
    assert (found.header, list(found.rows())) == (["Kø", "Ankomst"], [["Kørekort på øen", "2026"]])


def test_the_line_that_tells_excel_the_delimiter_is_no_heading(written: Written) -> None:
    found = open_table(written("sep=;\r\na;b\r\n1;2\r\n3\r\n"))
    assert (found.header, list(found.rows())) == (["a", "b"], [["1", "2"]])
    assert [refusal.line for refusal in found.refused] == [4]


def test_a_file_pasted_together_of_two_alphabets_is_refused_before_names_are_spoilt(tmp_path: Path) -> None:
    path = tmp_path / "both.csv"
    path.write_bytes("kø;navn\nPå øen;1\n".encode() + "På øen;2\n".encode("windows-1252"))
    with pytest.raises(CannotRead, match="dels som UTF-8, dels som Windows-1252"):
        open_table(path)
    assert len(list(open_table(path, encoding="windows-1252").rows())) == 2


def test_what_is_no_file_and_comes_only_once_is_to_be_saved_first() -> None:
    with pytest.raises(CannotRead, match="Gem den først"):
        open_table(Path(os.devnull))


@pytest.mark.parametrize("language", ["da", "en"])
def test_why_a_file_cannot_be_opened_is_said_in_the_readers_own_language(tmp_path: Path, language: str) -> None:
    with speaking(language), pytest.raises(CannotRead) as caught:
        open_table(tmp_path / "nowhere.csv")
    assert ("findes ikke" in str(caught.value)) == (language == "da")
    assert ("no such file" in str(caught.value)) == (language == "en")


def test_a_file_whose_name_is_in_another_alphabet_is_named_as_well_as_can_be(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/b\xe5d.csv"))
    path.write_text("case,activity,time\n1,a,2026-03-02\n", encoding="utf-8")
    assert measure(path, Mapping()).source.file == "b\N{REPLACEMENT CHARACTER}d.csv"


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("empty.csv", b"", "er tom"),
        ("blank.csv", b"\n\nCreatedAt\n", "tom linje"),
        ("not.csv.gz", b"a,b\n1,2\n", "ikke en gzip-fil"),
        ("sheet.csv", b"PK\x03\x04....", "Excel"),
        ("old.csv", b"\xd0\xcf\x11\xe0....", "Excel"),
        ("log.xes", b'<?xml version="1.0"?><log/>', "XML"),
        ("calls.csv", b'{"hits": []}', "JSON"),
        ("odd.csv", b"a,b\n\x81\xff,2\n", "UTF-8 eller Windows-1252"),
    ],
)
def test_a_file_that_is_no_table_is_told_apart_and_says_what_to_do(
    tmp_path: Path, name: str, data: bytes, said: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(CannotRead, match=said):
        open_table(path)


def test_a_gzip_cut_off_on_the_way_is_said_to_be_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "cut.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\n" + bytes(range(32, 120)) * 500)[:-20])
    with pytest.raises(CannotRead, match="afskåret"):
        open_table(path)


def test_a_file_that_is_not_there_is_said_not_to_be_there(tmp_path: Path) -> None:
    with pytest.raises(CannotRead, match="kan ikke åbnes"):
        open_table(tmp_path / "nowhere.csv")
    with pytest.raises(CannotRead, match="kan ikke åbnes"):
        open_table(tmp_path / f"{'n' * 300}.csv")


def test_half_a_row_is_refused_with_its_line_and_the_rest_is_read(written: Written) -> None:
    found = open_table(written("a,b,c\n1,2,3\n4,5\n6,7,8\n9,10,11,12\n1,2,3,\n"))
    assert list(found.rows()) == [["1", "2", "3"], ["6", "7", "8"], ["1", "2", "3"]]
    assert [refusal.line for refusal in found.refused] == [3, 5]
    assert "2 felter" in found.refused[0].reason


def test_an_enormous_row_is_refused_and_the_next_one_is_read(written: Written) -> None:
    found = open_table(written("a,b\n" + "x" * (LONGEST_LINE + 10) + ",2\n3,4\n"))
    assert list(found.rows()) == [["3", "4"]]
    assert [refusal.line for refusal in found.refused] == [2]


@pytest.mark.parametrize("opened", ['1,x,"y\n', '"1,x,y\n', '1,"x,y\n'])
@pytest.mark.parametrize("others", [40_000, 5, 0])
def test_a_quotation_mark_that_never_closes_costs_its_own_line_only(written: Written, opened: str, others: int) -> None:
    found = open_table(written("a,b,c\n" + opened + "5,6,7\n" * others))
    assert list(found.rows()) == [["5", "6", "7"]] * others
    assert [refusal.line for refusal in found.refused] == [2]
    assert "anførselstegn" in found.refused[0].reason


def test_two_clerks_who_each_forgot_a_quotation_mark_lose_their_own_lines_and_nobodys_between(written: Written) -> None:
    found = open_table(written('a,b,c\n1,2,"3\n' + "5,6,7\n" * 9 + '8,9,"0\n' + "5,6,7\n" * 4))
    assert list(found.rows()) == [["5", "6", "7"]] * 13
    assert [refusal.line for refusal in found.refused] == [2, 12]


def test_a_note_of_several_lines_within_quotation_marks_is_one_cell(written: Written) -> None:
    found = open_table(written('a,b,c\n1,"Hej, Anders\nRing, når du kan\n",3\n4,5,"en\nto, tre"\n'))
    assert [row[0] for row in found.rows()] == ["1", "4"]
    assert not found.refused


def test_a_cell_that_is_too_long_is_not_taken_for_a_quotation_mark(written: Written) -> None:
    found = open_table(written("a,b\n1," + "x" * 200_000 + "\n3,4\n"))
    assert list(found.rows()) == [["3", "4"]]
    assert "131.072 tegn" in found.refused[0].reason


def test_a_nul_sign_is_refused_because_no_database_keeps_it(written: Written) -> None:
    found = open_table(written("a,b\n1,x\0y\n3,4\n"))
    assert list(found.rows()) == [["3", "4"]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-02T10:15:30Z", "2026-03-02T10:15:30+00:00"),
        ("2026-03-02 10:15:30.1234567 +01:00", "2026-03-02T10:15:30.123456+01:00"),  # SQL Server's datetimeoffset
        ("2011-10-11 13:42:22.688000+02:00", "2011-10-11T13:42:22.688000+02:00"),
        ("2026/07/02 10:15:00.250", "2026-07-02T10:15:00.250+02:00"),
        ("2026-07-02 10:15", "2026-07-02T10:15:00+02:00"),
        ("02-07-2026 10:15", "2026-07-02T10:15:00+02:00"),
        ("2/7/2026 10.15", "2026-07-02T10:15:00+02:00"),
        ("2.7.2026 kl. 10.15", "2026-07-02T10:15:00+02:00"),
        ("22-11-2026", "2026-11-22T00:00:00+01:00"),
        ("22-11-2026 10:15:30,5", "2026-11-22T10:15:30.500+01:00"),
        ("1980-01-01", "1980-01-01T00:00:00+01:00"),
        ("2100-12-31", "2100-12-31T00:00:00+01:00"),
    ],
)
def test_times_are_read_as_systems_and_danes_write_them(text: str, expected: str) -> None:
    assert DENMARK.read(text) == dt.datetime.fromisoformat(expected)


@pytest.mark.parametrize("text", ["", "0001-01-01 00:00:00", "1900-01-01", "1970-01-01T00:00:00Z"])
def test_a_zero_date_means_not_yet(text: str) -> None:
    assert DENMARK.read(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "03/25/2026",
        "31-02-2026",
        "i går",
        "2026",
        "12345678901",
        "1712031200000",
        "2101-01-01",
        "9999-12-31T23:59:59-12:00",
    ],
)
def test_what_is_no_time_is_no_time(text: str) -> None:
    with pytest.raises(BadInstant):
        DENMARK.read(text)


@pytest.mark.parametrize(
    ("text", "format"),
    [
        ("1776668400", "unix"),
        ("1776668400123", "unix_ms"),
        ("46132,375", "excel"),
        ("46132.375", "excel"),
        ("20260420090000", "%Y%m%d%H%M%S"),
        ("4/20/2026 09:00", "%m/%d/%Y %H:%M"),
        ("04-20-2026 9:00:00", "%m-%d-%Y %H:%M:%S"),
        ("04/20/2026 09:00 AM", "%m/%d/%Y %I:%M %p"),
    ],
)
def test_a_time_that_counts_or_is_american_is_refused_with_the_line_that_reads_it(
    written: Written, text: str, format: str
) -> None:
    path = written(f'case;activity;time\n1;a;"{text}"\n')
    with pytest.raises(CannotRead) as caught:
        measure(path, Mapping())
    assert f'time = "{format}"' in str(caught.value)
    assert text not in str(caught.value)
    found = measure(path, Mapping(formats={"time": format}))
    assert str(found.totals["first_at"]).startswith("2026-04-20T09:00:00")


def test_a_file_with_the_month_first_is_refused_whole_before_any_day_changes_places(written: Written) -> None:
    rows = "".join(f"{n};a;{n % 12 + 1:02}/{n:02}/2026 10:00\n" for n in range(1, 29))
    path = written("case;activity;time\n" + rows)
    with pytest.raises(CannotRead, match=r"%m/%d/%Y %H:%M"):
        measure(path, Mapping())
    assert measure(path, Mapping(formats={"time": "%m/%d/%Y %H:%M"})).totals["events"] == 28
    tickets = written("nr;ankomst\n1;03/04/2026\n2;03/25/2026\n", "tickets.csv")
    with pytest.raises(CannotRead, match=r"%m/%d/%Y"):
        measure(tickets, Mapping())


def test_one_slip_of_the_pen_among_danish_dates_costs_its_own_row(written: Written) -> None:
    found = measure(written("case;activity;time\n1;a;25/03/2026\n2;a;24/03/2026\n3;a;03/25/2026\n"), Mapping())
    assert (found.totals["events"], [line for line, _reason in found.source.refused]) == (2, [4])


def test_more_american_dates_than_danish_are_no_slip_of_the_pen(written: Written) -> None:
    with pytest.raises(CannotRead, match=r"%m/%d/%Y"):
        measure(written("case;activity;time\n1;a;25/03/2026\n2;a;03/24/2026\n3;a;03/25/2026\n"), Mapping())


def test_a_date_with_neither_order_is_no_american_one(written: Written) -> None:
    rows = "1;a;04/03/2026\n2;a;31/13/2026\n3;a;13/13/2026 9:00 AM\n4;a;25/03/2026 9:00 AM\n"
    found = measure(written("case;activity;time\n" + rows), Mapping())
    assert (found.totals["events"], [line for line, _reason in found.source.refused]) == (1, [3, 4, 5])
    assert not any("%m" in reason for _line, reason in found.source.refused)


@given(st.text(max_size=40))
def test_no_cell_at_all_makes_the_clock_stumble(text: str) -> None:
    try:
        found = DENMARK.read(text)
    except BadInstant:
        return
    assert found is None or found.tzinfo is not None


CELLS = st.text(st.characters(blacklist_categories=["Cs"]), max_size=30)
SUMS = st.sampled_from(["2026-03-02 10:00", "0", "-1", "1e309", "nan", "010190-1234", '"', "=1+1", ""])
HEADS = {
    FileKind.FRONTDESK: "Id,CreatedAt,CalledAt,EndedAt,QueueName,EmployeeId",
    FileKind.ZYLINC: (
        "StartTimeUtc,QueueName,Result,ConversationEventType,TotalDurationInMilliseconds,EventDurationInMilliseconds"
    ),
    FileKind.CSV: "Id,Ankomst,Kanal,Resultat,Type,Kø",
    FileKind.EVENTLOG: "case:concept:name,concept:name,time:timestamp,org:group,org:resource,case:deadline",
}


@pytest.mark.parametrize("kind", list(FileKind))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(rows=st.lists(st.lists(CELLS | SUMS, min_size=6, max_size=7), min_size=1, max_size=5), data=st.data())
def test_no_rubbish_in_any_cell_does_worse_than_a_clear_word(
    tmp_path: Path, kind: FileKind, rows: list[list[str]], data: st.DataObject
) -> None:
    good = {"Id": "1", "Ankomst": "2026-03-02 10:00", "CreatedAt": "2026-03-02 10:00"}
    lines = [
        ",".join(good.get(HEADS[kind].split(",")[0], cell) if data.draw(st.booleans()) else cell for cell in row)
        for row in rows
    ]
    path = tmp_path / "rubbish.csv"
    path.write_bytes((HEADS[kind] + "\n" + "\n".join(lines)).encode("utf-8", "replace"))
    with contextlib.suppress(CannotRead):
        assert measure(path, Mapping(kind=kind)).totals


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100, deadline=None)
@given(data=st.binary(min_size=1, max_size=300))
def test_no_bytes_at_all_do_worse_than_a_clear_word(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "bytes.csv"
    path.write_bytes(data)
    with pytest.raises(CannotRead, match=r".{10}"):
        measure(path, Mapping())


def test_wrong_columns_name_those_found_those_expected_and_how_to_map_them() -> None:
    with pytest.raises(CannotRead) as caught:
        lay_out("x.csv", ["Sagen", "Handling", "010190-1234"], Mapping(), FileKind.EVENTLOG)
    said = str(caught.value)
    assert "Sagen, Handling" in said
    assert "time:timestamp" in said
    assert "[columns]" in said
    assert "010190-1234" not in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("kind = ", "TOML"),
        ('sort = "csv"', "Mente du"),
        ('kind = "excel"', "frontdesk, zylinc, csv, eventlog"),
        ("columns = 3", "ord"),
        ('[formats]\nzone = "Mars/Olympus"', "Mars/Olympus"),
        (f'[formats]\nzone = "Europe{"/e" * 5_000}"', "kendes ikke"),
        ('[formats]\ndelimiter = ";;"', "ét tegn"),
        ('[results]\n"Tabt" = "lost"', "answered, left, open"),
        ('kind = ""', "frontdesk, zylinc, csv, eventlog"),
        ('channel = ""', "in_person"),
        ('records = ""', "ticket"),
        ('[formats]\nencoding = "base64"', '"base64" kendes ikke'),
        ('[formats]\nencoding = "zlib"', '"zlib" kendes ikke'),
        ('[formats]\nencoding = "rot13"', '"rot13" kendes ikke'),
        ('[formats]\nencoding = "u\\u0000"', "kendes ikke"),
        ('[formats]\ndelimiter = "\\n"', "ét tegn"),
        ("\nkind = " + "9" * 5_000, "linje 2"),
        ("\nkind = " + "[" * 5_000, "linje 2"),
        ("\n" + "a." * 24_000 + "a = 1", "linje 2"),
        ('kind = "csv"\nkind = "csv"', "linje 2.*kun én gang"),
        ('[formats]\ntime = "%Q"', "unix, unix_ms, excel"),
        ('[formats]\ntime = "%Y-%Y"', "kan ikke læse en dato"),
        ('[formats]\ntime = "yyyy-MM-dd HH:mm"', "kan ikke læse en dato"),
        ('[formats]\ntime = "%m-%d"', "kan ikke læse en dato"),
        ('[formats]\ntime = "%"', "kan ikke læse en dato"),
    ],
)
def test_a_broken_mapping_says_what_is_wrong_in_it(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "map.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CannotRead, match=said):
        load_mapping(path)


@pytest.mark.parametrize("role", ["group", "department", "channel", "activity", "case", "lifecycle"])
@pytest.mark.parametrize(
    ("resource", "person"),
    [("", "org:resource"), ("org:resource", "org:resource"), ("Bruger", "Bruger"), ("Bruger", "org:resource")],
)
def test_nobody_can_call_the_employee_something_else_and_so_get_figures_of_her(
    role: str, resource: str, person: str
) -> None:
    header, named = ["case", "activity", "time", "org:resource", "Bruger"], {"resource": resource} if resource else {}
    with pytest.raises(CannotRead, match="medarbejder"):
        lay_out("x.csv", header, Mapping(columns=named | {role: person}), FileKind.EVENTLOG)


def test_a_column_is_one_thing_only() -> None:
    mapping = Mapping(columns={"case": "Nr", "activity": "Nr", "at": "Tid"})
    with pytest.raises(CannotRead, match="både case og activity"):
        lay_out("x.csv", ["Nr", "Tid"], mapping, FileKind.EVENTLOG)


def test_of_two_columns_with_one_name_nobody_is_left_to_guess_which_is_read() -> None:
    with pytest.raises(CannotRead, match='2 kolonner, der hedder "Gruppe"'):
        lay_out("x.csv", ["Sag", "Aktivitet", "Tid", "Gruppe", "Gruppe"], Mapping(), FileKind.EVENTLOG)
    lay_out("x.csv", ["Sag", "Aktivitet", "Tid", "Note", "Note"], Mapping(), FileKind.EVENTLOG)


def test_a_log_of_steps_is_not_read_in_as_tickets_unless_somebody_says_so() -> None:
    header = ["Sagsnr", "Aktivitet", "Tidspunkt"]
    with pytest.raises(CannotRead, match="hovedindgang import eventlog"):
        lay_out("x.csv", header, Mapping(), FileKind.CSV)
    assert lay_out("x.csv", header, Mapping(kind=FileKind.CSV), FileKind.CSV).kind == FileKind.CSV
    with pytest.raises(CannotRead, match="til csv, ikke eventlog"):
        lay_out("x.csv", header, Mapping(kind=FileKind.CSV), FileKind.EVENTLOG)


@pytest.mark.parametrize("time", ["start", "Start Timestamp", "Date", "Dato", "complete_time", "DateTime"])
def test_a_log_is_known_by_the_names_that_others_give_its_time(time: str) -> None:
    assert lay_out("x.csv", ["case", "event", time, "end"], Mapping()).kind is FileKind.EVENTLOG


def test_a_log_whose_time_nobody_knows_is_asked_for_it_and_never_counted_as_tickets() -> None:
    header = ["Oprettet", "Sagsnr", "Aktivitet"]
    with pytest.raises(CannotRead, match='case = "Sagsnr"\n  activity = "Aktivitet"\n  at = "Oprettet"'):
        lay_out("x.csv", header, Mapping())
    with pytest.raises(CannotRead, match="hovedindgang import eventlog"):
        lay_out("x.csv", header, Mapping(), FileKind.CSV)
    assert lay_out("x.csv", header, Mapping(columns={"at": "Oprettet"})).kind is FileKind.EVENTLOG


def test_a_mapping_saved_by_notepad_is_read(tmp_path: Path) -> None:
    path = tmp_path / "map.toml"
    path.write_text('kind = "csv"\n', encoding="utf-8-sig")
    assert load_mapping(path).kind == FileKind.CSV


def test_a_column_that_the_mapping_names_and_the_file_lacks_is_named() -> None:
    with pytest.raises(CannotRead, match="Gruppen"):
        lay_out("x.csv", ["case", "activity", "time"], Mapping(columns={"group": "Gruppen"}), FileKind.EVENTLOG)


def test_a_format_of_times_is_refused_where_nobody_would_write_one_so_long() -> None:
    assert is_format("%d/%m/%Y kl. %H:%M")
    assert not is_format("%d/%m/%Y" + " og" * 40)
