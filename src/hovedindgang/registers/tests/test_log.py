"""Cases that wander between groups: what a handover is, and whose figures are not shown."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from hovedindgang.people.rules import cprs_in
from hovedindgang.registers.figures import POOLED, Handovers, handovers, log_figures, matrix
from hovedindgang.registers.mapping import Mapping
from hovedindgang.registers.report import as_data, measure, opened
from hovedindgang.registers.rules import FEWEST, holds_cpr, mask_cpr, too_small
from hovedindgang.registers.steps import Log, Step, read_log

AT = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)


def wandering(path: str, case: str = "case") -> list[Step]:
    """A case through the groups named by letters; `-` is a step without a group."""
    groups = ["" if letter == "-" else letter for letter in path]
    return [Step(case, n, AT + dt.timedelta(hours=n), "do", group, "", "", "") for n, group in enumerate(groups)]


def of(*paths: str, pooled: str = "") -> Handovers:
    return handovers([wandering(path, str(n)) for n, path in enumerate(paths)], frozenset(pooled))


def read(path: Path) -> Log:
    return read_log(*opened(path, Mapping()))


def test_a_case_that_stays_in_its_first_group_is_never_handed_over() -> None:
    found = of("aaa")
    assert (found.total, found.never_left, found.per_case) == (0, 1, {0: 1})


def test_a_case_that_goes_and_comes_back_is_handed_over_twice() -> None:
    found = of("aba")
    assert found.pairs == {("a", "b"): 1, ("b", "a"): 1}
    assert found.never_left == 0


def test_a_case_that_goes_the_same_way_twice_counts_two_handovers_in_one_case() -> None:
    found = of("abab")
    assert found.pairs["a", "b"] == 2
    assert found.cases["a", "b"] == 1


def test_a_step_without_a_group_hides_no_handover_and_makes_none() -> None:
    found = of("a-b", "a-a")
    assert found.pairs == {("a", "b"): 1}
    assert found.steps_without_group == 2
    assert found.if_unknown_were_a_group == 4


def test_a_case_whose_groups_nobody_wrote_is_not_judged() -> None:
    found = of("--", "a")
    assert (found.judged, found.never_left) == (1, 1)


def test_a_move_between_two_small_teams_is_counted_and_names_neither() -> None:
    found = of("axy", pooled="xy")
    assert found.pairs == {("a", POOLED): 1, (POOLED, POOLED): 1}


@given(st.lists(st.text("abcd-", min_size=1, max_size=8), min_size=1, max_size=10))
def test_every_handover_lies_in_one_case_and_in_one_cell_of_the_matrix(paths: list[str]) -> None:
    found = of(*paths)
    assert found.total == sum(moves * cases for moves, cases in found.per_case.items())
    assert found.total == sum(matrix(found)[1].values())
    assert found.never_left == found.per_case.get(0, 0)
    assert all(found.cases[pair] <= number for pair, number in found.pairs.items())


def test_a_matrix_of_very_many_groups_gathers_the_small_ones_and_loses_no_handover() -> None:
    found = of(*("a" + letter for letter in "bcdefghijklmnopqrstuvwxyz"))
    groups, counts = matrix(found)
    assert len(groups) < 15
    assert sum(counts.values()) == found.total == 25


def test_a_lone_colleagues_group_is_shown_only_together_with_others(log: Path) -> None:
    found = read(log)
    assert "Group d" in found.pooled
    assert "Group d" not in str(as_data([measure(log, Mapping())])["files"])


@given(
    st.dictionaries(
        st.text("abcdefgh", min_size=1, max_size=2), st.sets(st.integers(0, 15).map(str), max_size=8), max_size=8
    )
)
def test_no_pool_of_small_groups_is_itself_one_persons_figure(members: dict[str, set[str]]) -> None:
    pool = too_small(members, {})
    shown_apart = [people for group, people in members.items() if people and group not in pool]
    assert all(len(people) >= FEWEST for people in shown_apart)
    behind = set().union(*(members[group] for group in pool)) if pool else set()
    assert not pool or len(behind) >= FEWEST or not shown_apart


SIGNS = st.text("-. \u2010\u2011\u2012\u2013\u2014", max_size=1)
CPRS = st.builds(
    "{0:02}{3}{1:02}{4}{2:02}{5}{6}{7}{8:04}".format,
    st.integers(1, 91), st.integers(1, 12), st.integers(0, 99), *[SIGNS] * 5, st.integers(0, 9999),
)  # fmt: skip


@given(CPRS | st.text("0123456789-. \u2013a", max_size=24))
def test_what_is_a_cpr_in_a_note_is_one_in_a_register_too(text: str) -> None:
    assert holds_cpr(text) or not cprs_in(text)
    assert not cprs_in(mask_cpr(text))


def test_a_cpr_in_the_name_of_a_file_stands_nowhere_in_the_report(tmp_path: Path) -> None:
    path = tmp_path / "sag 610190-0000.csv"
    path.write_text("case,activity,time\n1,a,2026-03-02\n", encoding="utf-8")
    assert "610190" not in str(as_data([measure(path, Mapping())]))


def test_no_employee_stands_in_the_report_of_a_log_that_names_them(log: Path) -> None:
    assert "r0a" not in str(as_data([measure(log, Mapping())]))


def test_a_case_is_counted_on_the_day_and_hour_of_its_first_step_on_the_wall_clock(log: Path) -> None:
    found = log_figures(read(log))
    assert found.arrivals.by_day[dt.date(2026, 3, 1)] == 1
    assert found.arrivals.by_hour[9] == 6
    assert found.arrivals.total == found.cases == 9


def test_a_citizen_who_was_sent_on_twice_is_one_case_and_two_steps(tmp_path: Path) -> None:
    path = tmp_path / "sent.csv"
    path.write_text(
        "case,activity,time,Viderestillet\n1,a,2026-03-02,ja\n1,b,2026-03-03,ja\n2,a,2026-03-02,nej\n", encoding="utf-8"
    )
    found = measure(path, Mapping()).totals
    assert (found["sent_on"], found["cases_sent_on"]) == (2, 1)


def test_a_day_in_which_the_clock_leaps_is_an_hour_shorter(tmp_path: Path) -> None:
    path = tmp_path / "spring.csv"
    rows = [f"{n},a,2026-03-28 12:00\n{n},b,2026-03-29 12:00\n" for n in range(FEWEST)]
    path.write_text("case,activity,time\n" + "".join(rows), encoding="utf-8")
    median = log_figures(read(path)).durations.median
    assert median is not None
    assert median * 24 == 23


def test_a_deadline_is_kept_until_its_day_is_over(tmp_path: Path) -> None:
    path = tmp_path / "deadlines.csv"
    path.write_text(
        "case,activity,timestamp,case:deadline,case:enddate\n"
        "1,a,2026-03-02,2026-03-10 01:00,2026-03-10 15:00\n"
        "2,a,2026-03-02,2026-03-10 01:00,2026-03-11 00:30\n"
        "3,a,2026-03-02,2026-03-10 01:00,\n",
        encoding="utf-8",
    )
    found = log_figures(read(path)).deadlines
    assert found is not None
    assert (found.kept, found.broken, found.undecided) == (1, 1, 1)


def test_a_log_with_other_names_is_read_through_its_mapping(tmp_path: Path) -> None:
    path = tmp_path / "bpi.csv"
    path.write_text(
        "Case ID;Activity;Resource;Complete Timestamp;Variant;Org line\n"
        "1;A_SUBMITTED;112;2011/10/01 00:38:44.546;Variant 1;A2_1\n"
        "1;A_ACCEPTED;113;2011/10/01 00:42:43.308;Variant 1;A2_2\n",
        encoding="utf-8",
    )
    mapping = Mapping(columns={"group": "Org line"}, formats={"time": "%Y/%m/%d %H:%M:%S.%f"})
    found = measure(path, mapping)
    assert found.totals["handovers"] == 1


def test_steps_of_one_moment_keep_the_order_the_log_gave_them(tmp_path: Path) -> None:
    path = tmp_path / "same.csv"
    path.write_text(
        "case,activity,time,group\n" + "".join(f"1,s{n},2026-03-02,g{n}\n" for n in (2, 1, 3)), encoding="utf-8"
    )
    assert [step.activity for step in read(path).steps] == ["s2", "s1", "s3"]


def test_a_row_whose_case_or_activity_cannot_be_used_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    rows = ["1,a", ",a", f"{'9' * 121},a", "1,", "1,none", f"1,{'a' * 201}", f"{'9' * 120},a"]
    path.write_text("case,activity,time\n" + "".join(f"{row},2026-03-02\n" for row in rows), encoding="utf-8")
    found = read(path)
    assert (len(found.steps), [refusal.line for refusal in found.refused]) == (2, [3, 4, 5, 6, 7])


def test_a_log_that_names_who_works_in_its_departments_only_still_tells_their_size(tmp_path: Path) -> None:
    path = tmp_path / "departments.csv"
    rows = [f"{n},a,2026-03-02,e{n},{'Alene' if n > 5 else 'Mange'}\n" for n in range(7)]
    path.write_text("case,activity,time,org:resource,department\n" + "".join(rows), encoding="utf-8")
    found = read(path)
    assert found.sizes_known
    assert "Alene" in found.pooled_departments


def test_a_matrix_has_room_for_one_group_more_rather_than_for_a_rest_of_one() -> None:
    groups, _counts = matrix(of(*("a" + letter for letter in "bcdefghijklm")))
    assert sorted(groups) == list("abcdefghijklm")


def test_a_municipalitys_intake_of_fifteen_months_is_read_whole(receipt: Path) -> None:
    found = measure(receipt, Mapping())
    assert (found.totals["events"], found.totals["cases"], found.totals["activities"]) == (8577, 1434, 27)
    assert found.totals["handovers"] > 0
    assert not found.source.refused
    channels = next(section for section in found.sections if section.key == "channels").figures[0].rows
    assert {row[0]: row[3] for row in channels} == {
        "Internet": 7478, "Desk": 657, "Post": 308, "e-mail": 128, "Intern": 6,
    }  # fmt: skip
