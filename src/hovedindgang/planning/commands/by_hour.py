"""Hour by hour of the week in words: who is at work, how busy, and what becomes of who comes in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hovedindgang.planning.language import gettext, gettext_noop, number

COLUMNS = (
    ("arrivals_per_week", gettext_noop("kommer/uge"), 1),
    ("at_work", gettext_noop("på arbejde"), 1),
    ("occupancy_percent", gettext_noop("optaget, %"), 0),
    ("not_served_percent", gettext_noop("forgæves, %"), 1),
    ("answered_by_the_day_percent", gettext_noop("aftalt dag, %"), 1),
    ("resolved_in_house_percent", gettext_noop("løst her, %"), 1),
    ("first_contact_resolution_percent", gettext_noop("på én gang, %"), 1),
)
LEAST = 0.2  # employees at work: fewer is somebody who stays a little longer
WEEKDAYS = {
    "monday": gettext_noop("mandag"),
    "tuesday": gettext_noop("tirsdag"),
    "wednesday": gettext_noop("onsdag"),
    "thursday": gettext_noop("torsdag"),
    "friday": gettext_noop("fredag"),
    "saturday": gettext_noop("lørdag"),
    "sunday": gettext_noop("søndag"),
}


def by_hour_in_words(hours: Sequence[Mapping[str, Any]] | None) -> list[str]:
    """A table of the hours in which somebody is at work; who comes in others waits for those."""
    shown = [row for row in hours or () if row["at_work"] and row["at_work"]["value"] >= LEAST]
    if not shown:
        return []
    table = [[gettext("Time"), *(gettext(title) for _key, title, _decimals in COLUMNS)]]
    for row in shown:
        table.append(
            [
                f"{gettext(WEEKDAYS[row['day']])} {row['hour']:02d}",
                *(_cell(row, key, decimals) for key, _title, decimals in COLUMNS),
            ]
        )
    widths = [max(len(line[at]) for line in table) for at in range(len(table[0]))]
    return [
        "",
        *(
            "  ".join(
                [line[0].ljust(widths[0])]
                + [cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True)]
            )
            for line in table
        ),
        gettext("få: under 30 tilfælde i alt, så der siges intet."),
        "",
    ]


def _cell(row: Mapping[str, Any], key: str, decimals: int) -> str:
    if key in row["too_few"]:
        return gettext("få")
    figure = row[key]
    if figure is None:
        return "-"
    if figure["low"] is None:
        return number(figure["value"], decimals)
    half = max(figure["high"] - figure["value"], figure["value"] - figure["low"])
    return f"{number(figure['value'], decimals)} ± {number(half, decimals)}"
