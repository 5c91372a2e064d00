"""What the board shows: its figures in the words, tables and charts of `look`."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hovedindgang.contacts.labels import CHANNEL
from hovedindgang.insight.labels import CAUSE, LEVEL
from hovedindgang.insight.lists import CONTACTS, ENQUIRIES
from hovedindgang.insight.periods import Period
from hovedindgang.insight.rates import Completeness, Rate
from hovedindgang.insight.shown import Board, Line
from hovedindgang.look import wording
from hovedindgang.look.charts import bar_chart, line_chart
from hovedindgang.look.scales import Point, Series
from hovedindgang.look.tables import Cell
from hovedindgang.servicemodel.document import ServiceModel

HIDDEN = "·"
SERVICES_SHOWN = 20


def language() -> str:
    return (get_language() or "da")[:2]


def number(value: int | None) -> str:
    return wording.number(value, language=language())


def percent(value: float | None) -> str:
    return wording.percent(value, language=language())


class Names:
    """What the model calls things; a key it no longer knows stands for itself."""

    def __init__(self, model: ServiceModel) -> None:
        self._model, self._english = model, language() == "en"

    def centre(self, key: str | None) -> str:
        found = self._model.centres.get(key or "")
        return found.name if found else key or _("intet sted nævnt")

    def service(self, key: str) -> str:
        found = self._model.services.get(key)
        return ((found.name_en if self._english else None) or found.name) if found else key

    def department(self, key: str) -> str:
        found = self._model.departments.get(key)
        return ((found.name_en if self._english else None) or found.name) if found else key

    def channel(self, key: str) -> str:
        return str(CHANNEL.get(key, key))


class Addresses:
    """Where a figure's list is; empty for those who may not see contacts."""

    def __init__(self, period: Period, *, may_open: bool) -> None:
        self._period, self._may_open = period, may_open

    def of(self, kind: str, figure: str, **where: str) -> str:
        if not self._may_open:
            return ""
        asked = {"from": self._period.first.isoformat(), "to": self._period.last.isoformat(), **where}
        return f"{reverse('board_list', args=[kind, figure])}?{urlencode(asked)}"


def breakdown_tables(board: Board, names: Names, to: Addresses) -> list[dict[str, object]]:
    """The tables by channel, centre and service."""
    heads = {"channel": _("Henvendelsesmåde"), "centre": _("Sted"), "service": _("Opgave")}
    titles = {
        "channel": _("Efter henvendelsesmåde"),
        "centre": _("Efter sted"),
        "service": _("Efter opgave (ærinder)"),
    }
    named = {"channel": names.channel, "centre": names.centre, "service": names.service}
    keys = {"channel": "channel", "centre": "centre_id", "service": "service_id"}
    tables: list[dict[str, object]] = []
    for by, lines in board.breakdowns.items():
        kind = ENQUIRIES if by == "service" else CONTACTS
        rows = [
            line_cells(line, named[by](line.key), to, kind, {keys[by]: line.key}, complete=by != "service")
            for line in lines[: SERVICES_SHOWN if by == "service" else None]
        ]
        tables.append(
            {
                "key": by,
                "title": titles[by],
                "head": [heads[by], *rate_head(complete=by != "service")],
                "rows": rows,
                "hidden": any(line.hidden for line in lines),
                "more": max(0, len(lines) - SERVICES_SHOWN) if by == "service" else 0,
            }
        )
    return tables


def rate_head(*, complete: bool) -> list[str]:
    head = [
        _("Løst i Borgerservice"),
        _("løst"),
        _("talt med"),
        _("åbne"),
        _("Løst i én henvendelse"),
        _("løst i én"),
        _("kendte"),
        _("ukendte"),
    ]
    return [*head, _("Fuldstændighed")] if complete else head


def line_cells(line: Line, name: str, to: Addresses, kind: str, where: dict[str, str], *, complete: bool) -> list[Cell]:
    if line.hidden:
        return [Cell(name, header=True), *[Cell(HIDDEN, number=True)] * (9 if complete else 8)]
    cells = [
        Cell(name, header=True),
        Cell(percent(line.a.share), number=True),
        Cell(number(line.a.numerator), to.of(kind, "solved", **where), number=True),
        Cell(number(line.a.denominator), to.of(kind, "judged", **where), number=True),
        Cell(number(line.a.open), to.of(kind, "open", **where), number=True),
        Cell(percent(line.b.share), number=True),
        Cell(number(line.b.numerator), to.of(ENQUIRIES, "once_window", **where), number=True),
        Cell(number(line.b.denominator), to.of(ENQUIRIES, "known_window", **where), number=True),
        Cell(number(line.unknown), to.of(ENQUIRIES, "unknown", **where), number=True),
    ]
    return [*cells, Cell(complete_words(line.completeness), number=True)] if complete else cells


def complete_words(found: Completeness | None) -> str:
    if found is None or found.share is None:
        return _("ukendt")
    if found.valid:
        return percent(found.share)
    return _("%(share)s: ikke gyldig") % {"share": percent(found.share)}


def over_time_chart(board: Board) -> SafeString:
    """Both indicators by month or week; moments with too few are left out of the line."""

    def point(starts: object, rate: Rate, *, ranged: bool) -> Point:
        few = rate.denominator < board.smallest
        return Point(
            label=moment_words(board, starts),
            value=None if few else rate.share,
            low=rate.low if ranged and not few else None,
            high=rate.high if ranged and not few else None,
        )

    target = board.measure.target
    return line_chart(
        title=_("Måned for måned") if not board.period.by_week else _("Uge for uge"),
        series=[
            Series(
                name=_("Løst i Borgerservice"),
                points=[point(one.starts, one.a, ranged=True) for one in board.over_time],
            ),
            Series(
                name=_("Løst i én henvendelse"),
                points=[point(one.starts, one.b, ranged=False) for one in board.over_time],
            ),
        ],
        target=target,
        target_label=_("mål: %(target)s") % {"target": percent(target)} if target is not None else "",
        shares=True,
        lowest=0,
        highest=1,
        label_head=_("Uge") if board.period.by_week else _("Måned"),
        language=language(),
    )


def moment_words(board: Board, starts: object) -> str:
    if board.period.by_week:
        return _("uge %(week)s") % {"week": starts.isocalendar().week}  # type: ignore[attr-defined]
    month = wording.MONTHS["en" if language() == "en" else "da"][starts.month - 1]  # type: ignore[attr-defined]
    return f"{month[:3]} {starts.year % 100:02}"  # type: ignore[attr-defined]


def avoidable_chart(board: Board) -> SafeString | None:
    shown = sorted(board.avoidable.items(), key=lambda pair: -pair[1])
    if not shown:
        return None
    return bar_chart(
        title=_("Undgåelige henvendelser efter årsag"),
        series=[
            Series(
                name=_("ærinder"),
                points=[Point(label=str(CAUSE.get(cause, cause)), value=count) for cause, count in shown],
            )
        ],
        label_head=_("Årsag"),
        language=language(),
    )


def level_table(board: Board, to: Addresses) -> dict[str, object]:
    rows = [
        line_cells(line, str(LEVEL.get(line.key, line.key)), to, ENQUIRIES, {"level": line.key}, complete=False)
        for line in board.by_level
    ]
    return {"head": [_("Niveau"), *rate_head(complete=False)], "rows": rows}


def handover_table(board: Board, names: Names) -> dict[str, object]:
    head = [
        _("Fagforvaltning"),
        _("sendt"),
        _("talt med nogen"),
        _("besvaret"),
        _("heraf for sent"),
        _("sendt tilbage"),
        _("venter"),
        _("over aftalt dag"),
    ]
    figures = ("sent", "spoken_to", "answered", "late", "sent_back", "waiting", "overdue")
    rows = [
        [
            Cell(names.department(row["department_id"]), header=True),
            *(Cell(number(row[figure]), number=True) for figure in figures),
        ]
        for row in sorted(board.handovers, key=lambda row: -row["sent"])
    ]
    return {"head": head, "rows": rows}


def hour_table(board: Board, names: Names) -> dict[str, object]:
    """Registered of arrived, by hour and the channels that are counted by it."""
    counted = [row for row in board.hours if row.arrived and row.hour is not None]
    channels = sorted({row.channel for row in counted})
    hours = sorted({row.hour for row in counted if row.hour is not None})
    rows = []
    for hour in hours:
        cells = [Cell(f"{hour:02}–{hour + 1:02}", header=True)]
        for channel in channels:
            here = [row for row in counted if row.hour == hour and row.channel == channel]
            arrived = sum(row.arrived for row in here)
            share = sum(row.matched for row in here) / arrived if arrived else None
            cells.append(Cell(percent(share) if arrived >= board.smallest else HIDDEN, number=True))
        rows.append(cells)
    return {"head": [_("Time"), *(names.channel(channel) for channel in channels)], "rows": rows}


def aside_rows(board: Board, to: Addresses) -> list[list[Cell]]:
    """What is set aside, each with its reason and its list."""
    reasons: Iterable[tuple[str, str]] = (
        ("apart", _("Vist vej til en anden myndighed; kommunens sag var det ikke")),
        ("same_matter", _("Fortsætter et tidligere ærinde, som er talt")),
        ("preparatory", _("Forberedende: bestilling, afhentning, status")),
        ("changed_mind", _("Borgeren ombestemte sig")),
        ("other_asker", _("Virksomhed, anden myndighed eller kollega")),
        ("unattended", _("Selvbetjening, som ingen medarbejder var med i")),
        ("elsewhere", _("Gik direkte til en fagforvaltning")),
    )
    return [
        [
            Cell(words, header=True),
            Cell(
                number(board.enquiries[figure]),
                to.of(ENQUIRIES, figure) if board.enquiries[figure] else "",
                number=True,
            ),
        ]
        for figure, words in reasons
    ]


def headline_addresses(to: Addresses) -> dict[str, str]:
    """The lists behind the figures that stand outside the tables."""
    of_contacts = ("contacts", "solved", "judged", "open", "not_solved", "met", "sent_on", "registered_late")
    of_enquiries = (
        "enquiries",
        "once_window",
        "known_window",
        "on_the_spot",
        "on_promise",
        "pending",
        "unknown",
        "came_again",
        "chasing",
        "not_helped",
        "our_error",
        "avoidable",
        "outside",
        "outside_guided",
        "passed_on",
        "apart",
        "apart_came_back",
        "found_wrong",
    )
    found = {figure: to.of(CONTACTS, figure) for figure in of_contacts}
    found |= {figure: to.of(ENQUIRIES, figure) for figure in of_enquiries}
    return found | {"promise_broken": to.of(ENQUIRIES, "late")}
