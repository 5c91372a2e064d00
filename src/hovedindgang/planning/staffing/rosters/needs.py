"""A roster's needs counted elsewhere, from a file of rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from hovedindgang.planning.language import gettext as _
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.rows import Wrong, rows_of
from hovedindgang.planning.staffing.rosters.document import Need
from hovedindgang.planning.tables import Table, clock

COLUMNS = ("centre", "day", "from", "to", "group", "minimum", "desired")
MOST_PEOPLE = 500


def counted_needs(file: Path, centres: dict[str, str], days: list[dt.date]) -> list[Need]:
    """Needs with the columns of `COLUMNS`; each wrong line is named, with its column and what stands there."""
    wrong, twice = Wrong(file), Wrong(file)
    seen: dict[tuple[str, ...], int] = {}
    found = []
    for line, fields in rows_of(file, COLUMNS):
        row = {column: field.strip() for column, field in zip(COLUMNS, fields, strict=True)}
        complaints = list(_complaints(row, centres, days))
        for complaint in complaints:
            wrong.at(line, complaint)
        if complaints:
            continue
        key = (row["centre"], row["day"], row["from"], row["group"])
        if key in seen:
            twice.at(line, _("gentager linje {first}").format(first=seen[key]))
        seen.setdefault(key, line)
        found.append(
            Need(
                row["centre"],
                dt.date.fromisoformat(row["day"]),
                _minute(row["from"]) or 0,
                _minute(row["to"]) or 0,
                row["group"],
                int(row["minimum"]),
                int(row["desired"]),
            )
        )
    wrong.stop(
        _("{file} har felter, der ikke kan bruges ({count})."),
        _("Dagen skrives som 2026-03-05, klokken som 09:30, og minimum og desired er hele mennesker."),
    )
    twice.stop(_("{file} har behov, der står to gange ({count})."), _("Slet den ene."))
    return found


def _complaints(row: dict[str, str], centres: dict[str, str], days: list[dt.date]) -> Iterator[str]:
    """What is wrong with a row of needs, a sentence for each column."""
    text = _("{column} er {value}; {right}")
    if row["centre"] not in centres:
        yield text.format(column="centre", value=row["centre"] or _("(tom)"), right=", ".join(centres))
    try:
        known = dt.date.fromisoformat(row["day"]) in days
    except ValueError:
        known = False
    if not known:
        between = _("skriv en dag fra {first} til {last}").format(first=days[0], last=days[-1])
        yield text.format(column="day", value=row["day"] or _("(tom)"), right=between)
    for column in ("from", "to"):
        if _minute(row[column]) is None:
            yield text.format(
                column=column, value=row[column] or _("(tom)"), right=_('skriv et klokkeslæt som "09:30"')
            )
    begins, ends = _minute(row["from"]), _minute(row["to"])
    if begins is not None and ends is not None and begins >= ends:
        yield text.format(
            column="to", value=row["to"], right=_("det er ikke efter {begins}").format(begins=row["from"])
        )
    whole = True
    for column in ("minimum", "desired"):
        if not (row[column].isascii() and row[column].isdigit() and int(row[column]) <= MOST_PEOPLE):
            whole = False
            right = _("skriv et helt tal fra 0 til {most}").format(most=MOST_PEOPLE)
            yield text.format(column=column, value=row[column] or _("(tom)"), right=right)
    if whole and int(row["minimum"]) > int(row["desired"]):
        right = _("det er mindre end minimum, {minimum}").format(minimum=row["minimum"])
        yield text.format(column="desired", value=row["desired"], right=right)


def _minute(text: str) -> int | None:
    try:
        return clock(text, Table({}, ""), "")
    except CannotPlan:
        return None
