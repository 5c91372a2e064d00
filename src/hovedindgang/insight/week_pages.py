"""What the pages and the file of a counting week show."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

from django.utils.translation import gettext as _

from hovedindgang.contacts.labels import CHANNEL
from hovedindgang.insight.labels import CATEGORY, CATEGORY_MEANS
from hovedindgang.insight.models import CountingWeek
from hovedindgang.insight.pages import Names, number
from hovedindgang.insight.week_queries import POOLED, WeekFigures
from hovedindgang.insight.weeks import DEFINITION_VERSION, Category
from hovedindgang.look.tables import Cell
from hovedindgang.servicemodel.document import Channel

# The rows are the channels, the columns the categories: on the keyboard they lie as on the page.
STRIP_KEYS = ("123", "qwe", "asd", "zxc")


def strip_rows(counted: Mapping[tuple[str, str], int]) -> list[dict[str, object]]:
    return [
        {
            "channel": CHANNEL[channel],
            "counters": [
                {
                    "value": f"{channel}:{category}",
                    "label": CATEGORY[category],
                    "key": key,
                    "number": counted.get((channel, category), 0),
                }
                for category, key in zip(Category, keys, strict=True)
            ],
        }
        for channel, keys in zip(Channel, STRIP_KEYS, strict=True)
    ]


def place_words(place: str, names: Names) -> str:
    if place == POOLED:
        return _("Steder, hvor under fem talte, tilsammen")
    kind, _colon, key = place.partition(":")
    return names.centre(key) if kind == "centre" else names.department(key)


def definition() -> list[tuple[str, str]]:
    return [(str(CATEGORY[one]), str(CATEGORY_MEANS[one])) for one in Category]


def week_tables(found: WeekFigures, names: Names) -> list[dict[str, object]]:
    """All places together, then each: channels by category, counted beside registered."""
    places = list(dict.fromkeys(row.place for row in found.rows))
    shown: list[tuple[str | None, str]] = [(None, _("Alle steder"))] if len(places) > 1 else []
    shown += [(place, place_words(place, names)) for place in places]
    head = [_("Henvendelsesmåde")]
    for category in Category:
        head += [str(CATEGORY[category]), _("registreret")]
    tables: list[dict[str, object]] = []
    for place, title in shown:
        here = [row for row in found.rows if place is None or row.place == place]
        rows = []
        for channel in [one for one in Channel if any(row.channel == one for row in here)]:
            cells = [Cell(names.channel(channel), header=True)]
            for category in Category:
                both = [row for row in here if row.channel == channel and row.category == category]
                cells.append(Cell(number(sum(row.counted for row in both)), number=True))
                cells.append(Cell(number(sum(row.registered for row in both)), number=True))
            rows.append(cells)
        tables.append({"title": title, "head": head, "rows": rows})
    return tables


def week_file(week: CountingWeek, found: WeekFigures, names: Names) -> str:
    """CSV for a spreadsheet: a line for each place, channel and category, with what the category means."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(
        [
            "tælleuge",
            "fra",
            "til",
            "sted",
            "henvendelsesmåde",
            "kategori",
            "talt",
            "registreret",
            "definition",
            "version",
        ]
    )
    for row in found.rows:
        writer.writerow(
            [
                _harmless(week.name),
                week.first_on.isoformat(),
                week.last_on.isoformat(),
                _harmless(place_words(row.place, names)),
                names.channel(row.channel),
                CATEGORY[row.category],
                row.counted,
                row.registered,
                CATEGORY_MEANS[row.category],
                DEFINITION_VERSION,
            ]
        )
    return out.getvalue()


def _harmless(text: str) -> str:
    """A text that a spreadsheet takes for no formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t"} else text
