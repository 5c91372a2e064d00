"""What the board shows: its figures in the words, tables and charts of `look`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hovedindgang.contacts.by_employee import Work
from hovedindgang.contacts.labels import CHANNEL
from hovedindgang.insight.agreed import Agreed
from hovedindgang.insight.asked import CUTS
from hovedindgang.insight.labels import CAUSE, COUNTED_BY, LEVEL
from hovedindgang.insight.lists import CONTACTS, ENQUIRIES
from hovedindgang.insight.lists_now import HANDOVERS, OPEN_NOW
from hovedindgang.insight.models import HandCount
from hovedindgang.insight.periods import Period
from hovedindgang.insight.rates import Completeness, Rate
from hovedindgang.insight.shown import Board, Line
from hovedindgang.insight.sums import HourRow
from hovedindgang.look import wording
from hovedindgang.look.charts import bar_chart, line_chart
from hovedindgang.look.scales import Point, Series
from hovedindgang.look.tables import Cell
from hovedindgang.servicemodel.document import EmployeeFigure, ServiceModel
from hovedindgang.servicemodel.language import speaking
from hovedindgang.servicemodel.wording import agreement_text, spoken

HIDDEN = "·"
SERVICES_SHOWN = 20


def language() -> str:
    return (get_language() or "da")[:2]


def number(value: int | None) -> str:
    return wording.number(value, language=language())


def percent(value: float | None) -> str:
    return wording.percent(value, language=language())


def share_words(rate: Rate) -> str:
    """The share, or that it is not valid."""
    return _("ikke gyldig") if rate.not_valid else percent(rate.share)


class Names:
    """What the model calls things; a key it no longer knows stands for itself."""

    def __init__(self, model: ServiceModel) -> None:
        self._model, self._english = model, language() == "en"

    def centre(self, key: str | None) -> str:
        found = self._model.centres.get(key or "")
        return found.name if found else key or _("intet sted nævnt")

    def centres(self) -> list[tuple[str, str]]:
        return [(key, one.name) for key, one in self._model.centres.items()]

    def service(self, key: str) -> str:
        found = self._model.services.get(key)
        return ((found.name_en if self._english else None) or found.name) if found else key

    def department(self, key: str) -> str:
        found = self._model.departments.get(key)
        return ((found.name_en if self._english else None) or found.name) if found else key

    def channel(self, key: str) -> str:
        return str(CHANNEL.get(key, key))


class Addresses:
    """Where a figure's list is; empty for those who may not see contacts, and where no figure holds the count."""

    def __init__(self, period: Period, *, may_open: bool) -> None:
        self._period, self._may_open = period, may_open

    def of(self, kind: str, figure: str, **where: str) -> str:
        if not self._may_open or not figure:
            return ""
        asked = {"from": self._period.first.isoformat(), "to": self._period.last.isoformat(), **where}
        return f"{reverse('board_list', args=[kind, figure])}?{urlencode(asked)}"


def breakdown_tables(board: Board, names: Names, to: Addresses) -> list[dict[str, object]]:
    """The tables by channel, centre and service."""
    titles = {
        "channel": _("Efter henvendelsesmåde"),
        "centre": _("Efter sted"),
        "service": _("Efter opgave (ærinder)"),
    }
    tables = []
    for by, lines in board.breakdowns.items():
        shown = lines[: SERVICES_SHOWN if by == "service" else None]
        table = _breakdown(by, shown, board, names, to)
        hidden, more = any(line.hidden for line in lines), len(lines) - len(shown)
        tables.append({**table, "key": by, "title": titles[by], "hidden": hidden, "more": more})
    return tables


def cut_table(board: Board, names: Names, to: Addresses, cut: Mapping[str, str]) -> dict[str, object]:
    """The one row of those tables that was asked for; without rows where the group has nothing in the period."""
    ((field, key),) = cut.items()
    by = CUTS[field]
    lines = [line for line in board.breakdowns[by] if line.key == key]
    title = {"channel": names.channel, "centre": names.centre, "service": names.service}[by](key)
    return {**_breakdown(by, lines, board, names, to), "title": title, "hidden": any(line.hidden for line in lines)}


def _breakdown(by: str, lines: list[Line], board: Board, names: Names, to: Addresses) -> dict[str, object]:
    heads = {"channel": _("Henvendelsesmåde"), "centre": _("Sted"), "service": _("Opgave")}
    named = {"channel": names.channel, "centre": names.centre, "service": names.service}
    keys = {by: field for field, by in CUTS.items()}
    kind, a = (ENQUIRIES, OF_ENQUIRIES) if by == "service" else (CONTACTS, board.a_figures)
    rows = [
        line_cells(line, named[by](line.key), to, kind, {keys[by]: line.key}, a=a, complete=by != "service")
        for line in lines
    ]
    return {"head": [heads[by], *rate_head(complete=by != "service")], "rows": rows}


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


OF_ENQUIRIES = ("solved", "judged")


def line_cells(
    line: Line,
    name: str,
    to: Addresses,
    kind: str,
    where: dict[str, str],
    *,
    a: tuple[str, str] = OF_ENQUIRIES,
    complete: bool,
) -> list[Cell]:
    """`a`: the figures whose lists stand behind indicator A."""
    if line.hidden:
        return [Cell(name, header=True), *[Cell(HIDDEN, number=True)] * (9 if complete else 8)]
    cells = [
        Cell(name, header=True),
        Cell(share_words(line.a), number=True),
        Cell(number(line.a.numerator), to.of(kind, a[0], **where), number=True),
        Cell(number(line.a.denominator), to.of(kind, a[1], **where), number=True),
        Cell(number(line.a.open), to.of(kind, "open", **where), number=True),
        Cell(share_words(line.b), number=True),
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


def avoidable_chart(board: Board, to: Addresses) -> SafeString | None:
    shown = sorted(board.avoidable.items(), key=lambda pair: -pair[1])
    if not shown:
        return None
    return bar_chart(
        title=_("Undgåelige henvendelser efter årsag"),
        series=[
            Series(
                name=_("ærinder"),
                points=[
                    Point(
                        label=str(CAUSE.get(cause, cause)),
                        value=count,
                        url=to.of(ENQUIRIES, "avoidable", avoidable_cause=cause),
                    )
                    for cause, count in shown
                ],
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


def handover_table(board: Board, names: Names, to: Addresses) -> dict[str, object]:
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
            *(
                Cell(number(row[figure]), to.of(HANDOVERS, figure, department_id=row["department_id"]), number=True)
                for figure in figures
            ),
        ]
        for row in sorted(board.handovers, key=lambda row: -row["sent"])
    ]
    return {"head": head, "rows": rows}


def hour_table(board: Board, names: Names) -> dict[str, object]:
    """Registered of arrived, by hour and the channels that are counted by it, and by hour at each centre."""
    counted = [row for row in board.hours if row.arrived and row.hour is not None]
    of_centres = [row for row in board.hours_by_centre if row.arrived and row.hour is not None and row.centre]
    columns: dict[tuple[str, str], list[HourRow]] = {
        (row.channel, ""): [] for row in sorted(counted, key=lambda row: row.channel)
    }
    columns |= {
        (row.channel, row.centre or ""): []
        for row in sorted(of_centres, key=lambda row: (str(row.centre), row.channel))
    }
    for row in counted:
        columns[row.channel, ""].append(row)
    for row in of_centres:
        columns[row.channel, row.centre or ""].append(row)
    rows = []
    for hour in sorted({row.hour for row in counted if row.hour is not None}):
        cells = [Cell(f"{hour:02}–{hour + 1:02}", header=True)]
        cells += [_hour_cell(board, [row for row in here if row.hour == hour]) for here in columns.values()]
        rows.append(cells)
    head = [
        f"{names.centre(centre)}, {names.channel(channel).lower()}" if centre else names.channel(channel)
        for channel, centre in columns
    ]
    return {"head": [_("Time"), *head], "rows": rows}


def _hour_cell(board: Board, here: list[HourRow]) -> Cell:
    arrived = sum(row.arrived for row in here)
    if not arrived:
        return Cell(wording.NOTHING, number=True)
    if arrived < board.smallest:
        return Cell(HIDDEN, number=True)
    share = sum(row.matched for row in here) / arrived
    low = share < board.completeness.limit
    return Cell(_("%(share)s: ikke gyldig") % {"share": percent(share)} if low else percent(share), number=True)


def entered_row(count: HandCount, names: Names) -> dict[str, object]:
    """A count as the page of counts lists it, with what became of it."""
    later = getattr(count, "replaced_by", None)
    if count.arrived is None:
        state = _("taget tilbage: %(why)s") % {"why": count.why}
    elif later is not None:
        state = _("rettet siden")
    else:
        state = _("rettelse: %(why)s") % {"why": count.why} if count.why else ""
    return {
        "pk": count.pk,
        "when": hand_when(count),
        "centre": names.centre(count.centre_id),
        "channel": names.channel(count.channel),
        "arrived": number(count.arrived),
        "role": COUNTED_BY[count.counted_by],
        "state": state,
        "stands": later is None and count.arrived is not None,
    }


def agreed_part(found: Agreed) -> dict[str, object]:
    """One agreement's figures: only the columns it names."""
    columns: dict[EmployeeFigure, tuple[list[str], Callable[[Work], list[str]]]] = {
        EmployeeFigure.REGISTRATIONS: ([_("registrerede")], lambda work: [number(work.registrations)]),
        EmployeeFigure.HANDLING: (
            [_("minutter, den midterste"), _("af så mange med sande tider")],
            lambda work: [wording.number(work.minutes, decimals=1, language=language()), number(work.timed)],
        ),
        EmployeeFigure.RESOLVED: (
            [_("afsluttede ærinder"), _("heraf løst")],
            lambda work: [number(work.ended), number(work.resolved)],
        ),
    }
    named = [columns[figure] for figure in columns if figure in found.agreement.figures]
    with speaking(language()):
        words, purpose = agreement_text(found.agreement), spoken(found.agreement, "purpose")
    return {
        "key": found.agreement.key,
        "purpose": purpose,
        "words": words,
        "first": found.first,
        "last": found.last,
        "head": [_("Medarbejder"), *(title for titles, _cells in named for title in titles)],
        "rows": [
            [Cell(name, header=True), *(Cell(text, number=True) for _titles, cells in named for text in cells(work))]
            for name, work in found.work
        ],
    }


def count_choices(names: Names) -> dict[str, object]:
    """What can be chosen when a count is entered."""
    return {
        "centres": names.centres(),
        "channels": [(key, str(words)) for key, words in CHANNEL.items()],
        "roles": [(key, str(words)) for key, words in COUNTED_BY.items()],
    }


def sent_on_lines(board: Board, names: Names, to: Addresses) -> list[tuple[str, Rate, str, str, str]]:
    """By channel: its name, not sent on, its completeness in words, and the lists of those who were not and of all."""
    complete = {line.key: line.completeness for line in board.breakdowns["channel"]}
    return [
        (
            names.channel(key),
            rate,
            complete_words(complete.get(key)),
            to.of(CONTACTS, "not_sent_on", channel=key),
            to.of(CONTACTS, "met", channel=key),
        )
        for key, rate in board.not_sent_on.items()
    ]


def hand_lines(board: Board, names: Names) -> list[str]:
    """What was counted by hand, by which role."""
    return [hand_words(one, names) for one in board.counted_by_hand]


def hand_words(count: HandCount, names: Names) -> str:
    said = {
        "centre": names.centre(count.centre_id),
        "channel": names.channel(count.channel).lower(),
        "when": hand_when(count),
        "arrived": number(count.arrived),
        "role": COUNTED_BY[count.counted_by],
    }
    return _("%(centre)s, %(channel)s, %(when)s: %(arrived)s, talt med hånden af %(role)s.") % said


def hand_when(count: HandCount) -> str:
    first, last = (wording.short_day(day, language=language()) for day in (count.first_on, count.last_on))
    when = first if first == last else f"{first}–{last}"
    if (count.from_hour, count.to_hour) == (0, 24):
        return when
    return _("%(days)s kl. %(first)s–%(last)s") % {"days": when, "first": count.from_hour, "last": count.to_hour}


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


def headline_addresses(board: Board, to: Addresses) -> dict[str, str]:
    """The lists behind the figures that stand outside the tables."""
    of_contacts = (
        "contacts",
        "open",
        "not_solved",
        "met",
        "sent_on",
        "registered_late",
        "with_apart",
        "with_apart_solved",
        "with_apart_not_solved",
        "with_self_service",
        "with_self_service_solved",
    )
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
        "transactions",
        "transactions_solved",
    )
    found = {figure: to.of(CONTACTS, figure) for figure in of_contacts}
    found |= {figure: to.of(ENQUIRIES, figure) for figure in of_enquiries}
    found |= {
        f"open_{figure}": to.of(OPEN_NOW, figure) for figure in ("overdue", "age_7", "age_30", "age_90", "age_more")
    }
    found |= {f"enquiries_{figure}": to.of(ENQUIRIES, figure) for figure in ("solved", "judged")}
    solved, judged = board.a_figures
    found |= {"a_solved": to.of(CONTACTS, solved), "a_judged": to.of(CONTACTS, judged)}
    found["with_elsewhere"] = to.of(CONTACTS, "with_elsewhere" if judged == "judged" else "")
    return found | {"promise_broken": to.of(ENQUIRIES, "late")}
