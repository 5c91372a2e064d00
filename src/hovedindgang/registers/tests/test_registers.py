"""Tickets and calls as FrontDesk and Zylinc record them, and registers of any other make."""

from __future__ import annotations

import datetime as dt
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from hovedindgang.registers.mapping import Mapping, load_mapping
from hovedindgang.registers.record_rows import Record
from hovedindgang.registers.records import Register, read_register
from hovedindgang.registers.register_figures import RegisterFigures, register_figures, wait_minutes
from hovedindgang.registers.report import as_data, measure, opened
from hovedindgang.registers.rules import Result
from hovedindgang.registers.tests.conftest import CONVERSATION, OPERATION, conversation, operation, table

Written = Callable[..., Path]


def read(path: Path, mapping: Mapping | None = None, registrations: dict[str, int] | None = None) -> Register:
    return read_register(*opened(path, mapping or Mapping()), registrations=registrations)


def figures(register: Register) -> RegisterFigures:
    zone = register.layout.mapping.local_zone
    return register_figures(register.records, zone, register.pooled, register.pooled_locations)


def by_id(register: Register) -> dict[str, Record]:
    return {record.external_id: record for record in register.records}


def test_two_queues_that_differ_by_a_space_are_one(frontdesk: Path) -> None:
    found = by_id(read(frontdesk))
    assert found["1"].queue == found["2"].queue == "Pas"


def test_a_citizens_wait_is_from_her_ticket_to_her_call_and_no_other_figure(frontdesk: Path) -> None:
    found = by_id(read(frontdesk))
    assert wait_minutes(found["1"]) == 5
    assert wait_minutes(found["5"]) == 25


def test_a_night_in_which_the_clock_falls_back_is_waited_through(written: Written) -> None:
    times = {"CreatedAt": "2026-10-25 01:00", "CalledAt": "2026-10-25 04:00", "EndedAt": "2026-10-25 04:10"}
    found = by_id(read(written(table(OPERATION, [operation(1, **times)]))))
    assert wait_minutes(found["1"]) == 240


def test_a_time_that_the_leaping_clock_never_showed_is_no_wait_of_less_than_nothing(written: Written) -> None:
    times = {"CreatedAt": "2026-03-29 02:45", "CalledAt": "2026-03-29 03:50", "EndedAt": "2026-03-29 04:00"}
    backwards = times | {"CalledAt": "2026-03-29 03:15"}
    register = read(written(table(OPERATION, [operation(1, **times), operation(2, **backwards)])))
    assert [wait_minutes(record) for record in register.records] == [5]
    assert [refusal.line for refusal in register.refused] == [3]


def test_a_citizen_with_two_matters_on_one_ticket_is_one_ticket_with_two_registrations(frontdesk: Path) -> None:
    register = read(frontdesk)
    assert len(register.records) == 5
    assert by_id(register)["3"].registrations == 2


def test_registrations_in_a_file_of_their_own_are_counted_on_their_ticket(written: Written) -> None:
    path = written(table(OPERATION, [operation(1), operation(2)]))
    found = by_id(read(path, registrations={"2": 3}))
    assert (found["1"].registrations, found["2"].registrations) == (1, 3)


def test_someone_who_was_never_called_left_the_queue(frontdesk: Path) -> None:
    register = read(frontdesk)
    assert by_id(register)["4"].result == Result.LEFT
    assert (figures(register).whole.answered, figures(register).whole.left) == (4, 1)


def test_someone_whose_ticket_is_over_and_who_was_never_called_left_also_where_nobody_wrote_when(
    written: Written,
) -> None:
    rows = [
        operation(1, CalledAt="", EndedAt=""),
        operation(2, CalledAt="", EndedAt="", State="Waiting"),
        operation(3, State="NoShow"),
    ]
    found = by_id(read(written(table(OPERATION, rows))))
    assert [found[number].result for number in "123"] == [Result.LEFT, Result.OPEN, Result.LEFT]
    assert found["3"].called_at is None  # she was called in vain: that is nobody's wait and nobody's handling


LIST_OF_CALLS = """Nr;Modtaget;Kaldt;Afsluttet;Emne;Udfald
1;02-03-2026 08:15;;02-03-2026 10:40;Pas;Besvaret
2;02-03-2026 09:30;;;Flytning;Forladt
3;03-03-2026 11:00;03-03-2026 11:05;03-03-2026 11:06;Pas;Udeblevet
4;03-03-2026 11:10;03-03-2026 11:15;;Pas;Noget andet
5;03-03-2026 11:20;;;Pas;Noget andet
6;03-03-2026 11:30;;;Pas;
7;03-03-2026 11:40;;;Pas;Besvaret
8;03-03-2026 11:50;;;Pas;Afsluttet
"""


def test_what_a_register_says_became_of_a_citizen_counts_also_where_it_has_a_column_of_calls(written: Written) -> None:
    register = read(written(LIST_OF_CALLS))
    assert {number: str(record.result) for number, record in by_id(register).items()} == {
        "1": "answered",
        "2": "left",
        "3": "left",
        "4": "answered",
        "6": "open",
        "7": "answered",
        "8": "left",
    }
    assert [refusal.line for refusal in register.refused] == [6], "nobody knows how it went, and no time tells"


@pytest.mark.parametrize("column", ["CalledAt", "EndedAt"])
def test_someone_who_was_called_or_left_before_she_came_is_refused(written: Written, column: str) -> None:
    rows = [operation(1), operation(2, **{column: "2026-03-02 09:00:00 +01:00"})]
    register = read(written(table(OPERATION, rows)))
    assert len(register.records) == 1
    assert register.refused[0].line == 3
    assert "baglæns" in register.refused[0].reason


def test_a_queue_that_is_one_colleagues_own_is_shown_only_together_with_others(written: Written) -> None:
    rows = [operation(n, "Pas", EmployeeInitials=f"e{n % 6}") for n in range(60)]
    rows += [operation(100 + n, "Kontrol - Opdigtet", EmployeeInitials="e9") for n in range(8)]
    path = written(table(OPERATION, rows))
    assert "Kontrol - Opdigtet" in read(path).pooled
    assert "Opdigtet" not in str(as_data([measure(path, Mapping())]))


def test_events_of_one_call_are_one_call(zylinc: Path) -> None:
    register = read(zylinc)
    assert len(register.records) == 3
    assert [record.result for record in register.records] == [Result.ANSWERED, Result.LEFT, Result.ANSWERED]


def test_a_missed_call_was_never_answered_and_ended_when_the_caller_hung_up(zylinc: Path) -> None:
    missed = next(record for record in read(zylinc).records if record.result == Result.LEFT)
    assert missed.called_at is None
    assert missed.ended_at == missed.came_at + dt.timedelta(minutes=4)


def test_a_call_in_summer_is_counted_in_the_hour_it_rang_in_denmark(zylinc: Path) -> None:
    assert figures(read(zylinc)).arrivals.by_hour == {10: 2, 13: 1}


def test_calls_given_by_their_conversation_need_no_guessing(written: Written) -> None:
    columns = ["ConversationId", *CONVERSATION]
    rows = [
        conversation("2026-03-02 09:00:00", "JoinedQueue", ConversationId="c1"),
        conversation("2026-03-02 09:01:00", "LeftQueue", ConversationId="c1"),
        conversation("2026-03-02 09:00:00", "JoinedQueue", ConversationId="c2"),
    ]
    assert set(by_id(read(written(table(columns, rows))))) == {"c1", "c2"}


def test_a_call_waits_in_its_queue_alone_from_its_first_event_however_the_events_are_sorted(written: Written) -> None:
    columns = ["ConversationId", *CONVERSATION]
    rows = [
        conversation("2026-03-02 09:01:00", "Conversation", waited=240, QueueName="Agent_1", ConversationId="c1"),
        conversation("2026-03-02 09:01:00", "LeftQueue", waited=60, ConversationId="c1"),
        conversation("2026-03-02 09:00:00", "JoinedQueue", waited=0, ConversationId="c1"),
    ]
    call = by_id(read(written(table(columns, rows))))["c1"]
    assert (call.queue, wait_minutes(call)) == ("Hovednummer_12345678", 1)
    assert call.came_at == dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
    assert call.ended_at == dt.datetime(2026, 3, 2, 9, 6, tzinfo=dt.UTC)


def test_a_call_ended_when_she_hung_up_and_not_before_it_was_answered(written: Written) -> None:
    rows = [
        conversation("2026-03-02 09:00:00", "JoinedQueue", TotalDurationInMilliseconds=""),
        conversation("2026-03-02 10:00:00", "JoinedQueue", "Missed", 240, TotalDurationInMilliseconds=300_000),
        conversation("2026-03-02 11:00:00", "JoinedQueue", "Missed", EventDurationInMilliseconds=""),
    ]
    answered, waited, unsaid = read(written(table(CONVERSATION, rows))).records
    assert answered.ended_at == answered.called_at == answered.came_at + dt.timedelta(minutes=1)
    assert (waited.called_at, waited.ended_at) == (None, waited.came_at + dt.timedelta(minutes=4))
    assert (unsaid.called_at, unsaid.ended_at) == (None, unsaid.came_at + dt.timedelta(minutes=5))


def test_events_whose_call_never_entered_a_queue_are_counted_aside(written: Written) -> None:
    rows = [
        conversation("2026-03-02 09:00:00", "JoinedQueue"),
        conversation("2026-03-02 11:00:00", "Transferred"),
    ]
    register = read(written(table(CONVERSATION, rows)))
    assert (len(register.records), register.untied) == (1, 1)


@pytest.mark.parametrize("column", ["TotalDurationInMilliseconds", "EventDurationInMilliseconds"])
@pytest.mark.parametrize("text", ["00:05:00", "654.321", "1.234.567", "-5", "864000000"])
def test_a_wait_that_nobody_can_read_is_refused_and_not_counted_as_no_wait(
    written: Written, column: str, text: str
) -> None:
    rows = [
        conversation("2026-03-02 09:00:00", "JoinedQueue"),
        conversation("2026-03-02 10:00:00", "JoinedQueue", **{column: text}),
    ]
    register = read(written(table(CONVERSATION, rows)))
    assert [wait_minutes(record) for record in register.records] == [1]
    assert [refusal.line for refusal in register.refused] == [3]
    assert "millisekunder" in register.refused[0].reason


def test_a_caller_whose_wait_nobody_wrote_was_answered_after_an_unknown_wait(written: Written) -> None:
    rows = [conversation("2026-03-02 09:00:00", "JoinedQueue", EventDurationInMilliseconds="")]
    register = read(written(table(CONVERSATION, rows)))
    assert (register.records[0].result, register.records[0].called_at) == (Result.ANSWERED, None)
    assert figures(register).whole.wait.number == 0


def test_a_weekday_that_the_file_does_not_reach_has_no_mean_and_not_a_mean_of_nobody(written: Written) -> None:
    found = measure(written(table(OPERATION, [operation(1), operation(2)])), Mapping())
    figures = [figure for section in found.sections for figure in section.figures if figure.key == "by_weekday"]
    assert [row[2] for row in figures[0].rows] == [2, None, None, None, None, None, None], "a Monday alone"


def test_two_queues_that_differ_by_capitals_are_one(written: Written) -> None:
    rows = [operation(1, "Pas"), operation(2, "pas "), operation(3, "PAS")]
    assert {record.queue for record in read(written(table(OPERATION, rows))).records} == {"Pas"}


def test_citizens_who_were_themselves_sent_on_are_counted_where_a_column_tells_it(written: Written) -> None:
    columns = [*OPERATION, "Til andet sted"]
    told = ["Jobcenter", "nej", "", "0", "ja"]
    path = written(table(columns, [operation(n) | {"Til andet sted": word} for n, word in enumerate(told)]))
    found = measure(path, Mapping(columns={"sent_on": "Til andet sted"}))
    assert found.totals["sent_on"] == 2
    assert "sent_on" in [section.key for section in found.sections]
    assert not any("sent_on" in note for note in found.source.notes)
    assert "Jobcenter" not in str(as_data([found]))  # it may be somebody's name


@pytest.mark.parametrize("words", [("ja", "nej"), ("nej", "ja")])
def test_who_was_sent_on_in_one_of_two_matters_was_sent_on(written: Written, words: tuple[str, str]) -> None:
    rows = [operation(1) | {"Til andet sted": word} for word in words]
    path = written(table([*OPERATION, "Til andet sted"], rows))
    assert measure(path, Mapping(columns={"sent_on": "Til andet sted"})).totals["sent_on"] == 1


def test_where_no_column_tells_it_the_report_says_what_is_missing_and_how_to_give_it(
    frontdesk: Path, zylinc: Path, log: Path
) -> None:
    for path in (frontdesk, zylinc, log):
        found = measure(path, Mapping())
        assert found.totals["sent_on"] is None
        assert any('sent_on = "' in note for note in found.source.notes)


def test_a_ticket_from_next_century_is_remarked_upon(written: Written) -> None:
    late = dict.fromkeys(("CreatedAt", "CalledAt", "EndedAt"), "2099-03-02 10:00")
    path = written(table(OPERATION, [operation(1), operation(2, **late)]))
    today = dt.datetime(2026, 3, 3, tzinfo=dt.UTC)
    assert "1 række har en tid, der ikke er kommet" in measure(path, Mapping(), now=today).source.notes[0]
    assert not any("kommet" in note for note in measure(path, Mapping()).source.notes)


MAPPING = """
kind = "csv"
system = "postkasse"
records = "mail"
[columns]
id = "Nr"
came = "Ind"
queue = "Emne"
result = "Svar"
[formats]
time = "%d/%m-%y %H:%M"
[services]
"Pas" = "pas"
[results]
"Besvaret" = "answered"
"Tabt" = "left"
"""


def test_any_register_is_read_through_its_mapping(written: Written) -> None:
    path = written("Nr;Ind;Emne;Svar\n1;02/03-26 10:00;PAS ;Besvaret\n2;02/03-26 11:00;Hund;Tabt\n3;;Pas;Besvaret\n")
    register = read(path, load_mapping(written(MAPPING, "map.toml")))
    first = by_id(register)["1"]
    assert (first.kind, first.channel, first.service) == ("mail", "written", "pas")
    assert register.unmapped == {"Hund": 1}
    assert [refusal.line for refusal in register.refused] == [4]


MAPPED = """
kind = "csv"
[columns]
category = "Emne"
location = "Sted"
[services]
"Pas" = "pas"
[centres]
"Skranke 1" = "pandrup"
"""


def test_a_service_stands_in_its_queue_or_category_and_a_centre_in_its_place_or_queue(written: Written) -> None:
    rows = "1,Pas,,\n2,Kø 1,Pas,\n3,Skranke 1,Andet,\n4,Kø 1,,Skranke 1\n"
    path = written("Id,Kø,Emne,Sted,Ankomst\n" + rows.replace("\n", ",2026-03-02 10:00\n"))
    found = by_id(read(path, load_mapping(written(MAPPED, "map.toml"))))
    assert [(found[number].service, found[number].centre) for number in "1234"] == [
        ("pas", ""),
        ("pas", ""),
        ("", "pandrup"),
        ("", "pandrup"),
    ]


def test_who_was_called_in_vain_was_known_to_be_gone_when_she_was_called(written: Written) -> None:
    rows = [operation(1, State="NoShow", EndedAt=""), operation(2, State="NoShow")]
    first, second = read(written(table(OPERATION, rows))).records
    assert [record.ended_at - record.came_at for record in (first, second) if record.ended_at] == [
        dt.timedelta(minutes=5),
        dt.timedelta(minutes=15),
    ]


def test_a_result_that_nobody_knows_is_refused_rather_than_guessed(written: Written) -> None:
    path = written("Id,Ankomst,Resultat\n1,2026-03-02,Flexet\n2,2026-03-02,Besvaret\n")
    register = read(path)
    assert len(register.records) == 1
    assert "[results]" in register.refused[0].reason


def test_two_people_who_came_in_the_same_minute_without_a_number_are_two(written: Written) -> None:
    path = written("Ankomst,Kø\n2026-03-02 10:00,Pas\n2026-03-02 10:00,Pas\n")
    assert len({record.external_id for record in read(path).records}) == 2


@pytest.mark.parametrize("name", ["frontdesk", "zylinc"])
def test_no_employee_stands_in_the_report(name: str, request: pytest.FixtureRequest) -> None:
    said = str(as_data([measure(request.getfixturevalue(name), Mapping())]))
    assert "Opdigtet Agent" not in said
    assert "'e1'" not in said


def test_a_register_of_years_is_counted_while_it_goes_by() -> None:
    def years(number: int) -> Iterator[Record]:
        for n in range(number):
            came = dt.datetime(2024, 1, 1, 8, tzinfo=dt.UTC) + dt.timedelta(minutes=n)
            called = came + dt.timedelta(seconds=n % 1000)
            ended = called + dt.timedelta(minutes=5)
            yield Record(str(n), "ticket", "in_person", f"Kø {n % 3}", "", "", "", came, called, ended, "answered", 1)

    number = 40_000
    tracemalloc.start()
    try:
        found = register_figures(years(number), ZoneInfo("Europe/Copenhagen"))
        held = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (found.records, found.whole.answered, found.whole.wait.number) == (number, number, number)
    assert held < 120 * number  # a record alone is 400 and more
