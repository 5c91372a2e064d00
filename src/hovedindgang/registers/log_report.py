"""The report of an event log, in words and tables."""

from __future__ import annotations

from hovedindgang.registers.figures import Handovers, LogFigures, Spread, log_figures, matrix
from hovedindgang.registers.language import gettext as _
from hovedindgang.registers.language import ngettext
from hovedindgang.registers.reading import Table
from hovedindgang.registers.sections import (
    Cell,
    Days,
    Figure,
    Measured,
    Rows,
    Section,
    Source,
    name_of,
    not_told_who_was_sent_on,
    part,
    sent_on_section,
    shown,
    when,
)
from hovedindgang.registers.steps import Log

_LONGEST_VARIANT = 12
MOST_PAIRS = 15


def measure_log(table: Table, log: Log) -> Measured:
    """Everything the report says of one event log."""
    found = log_figures(log)
    return Measured(_source(table, log, found), _totals(found), log_cards(found), log_sections(found))


def log_sections(found: LogFigures) -> list[Section]:
    deadlines = [_deadlines(found)] if found.deadlines else []
    handovers = [_handovers(found.handovers)] if found.handovers else []
    sent_on = [sent_on_section(_("Sager"), found.sent_on[0], found.cases)] if found.sent_on else []
    organisation = [_organisation(found)] if {*found.departments, *found.groups} != {""} else []
    moves = [*handovers, *sent_on]
    return [_channels(found), _time(found), _durations(found), *deadlines, *moves, *organisation, _work(found)]


def _source(table: Table, log: Log, found: LogFigures) -> Source:
    notes = []
    if "group" not in log.layout.places:
        notes.append(_("Filen har ingen kolonne med gruppe, så overdragelser kan ikke ses."))
    if log.layout.places.keys() & {"group", "department"} and not log.sizes_known:
        notes.append(
            _(
                "Filen siger ikke, hvem der arbejder i grupper og afdelinger. Se selv efter, at ingen af dem er under "
                "fem, før tallene vises for andre."
            )
        )
    if log.pooled or log.pooled_departments:
        notes.append(_("Grupper og afdelinger med under fem medarbejdere vises kun tilsammen."))
    if found.sent_on is None:
        notes.append(not_told_who_was_sent_on())
    refused = [(refusal.line, refusal.reason) for refusal in log.refused]
    return Source(
        log.name, log.layout.kind, table.sha256, table.encoding, found.events, refused, log.layout.names,
        found.first_at.date(), found.last_at.date(), notes,
    )  # fmt: skip


def _totals(found: LogFigures) -> dict[str, str | int | float | None]:
    handed, deadlines = found.handovers, found.deadlines
    return {
        "events": found.events,
        "cases": found.cases,
        "activities": found.activities,
        "first_at": found.first_at.isoformat(),
        "last_at": found.last_at.isoformat(),
        "median_days": found.durations.median,
        "handovers": handed.total if handed else None,
        "handovers_if_unknown_were_a_group": handed.if_unknown_were_a_group if handed else None,
        "cases_never_left_first_group": handed.never_left if handed else None,
        "cases_with_known_group": handed.judged if handed else None,
        "sent_on": found.sent_on[1] if found.sent_on else None,
        "cases_sent_on": found.sent_on[0] if found.sent_on else None,
        "deadlines_kept": deadlines.kept if deadlines else None,
        "deadlines_judged": deadlines.kept + deadlines.broken if deadlines else None,
    }


def log_cards(found: LogFigures) -> list[tuple[str, str]]:
    handed, deadlines = found.handovers, found.deadlines
    cards = [
        (shown(found.cases), ngettext("sag", "sager", found.cases)),
        (shown(found.events), ngettext("trin i sagen", "trin i sagerne", found.events)),
    ]
    if handed:
        moved = ngettext("overdragelse fra gruppe til gruppe", "overdragelser fra gruppe til gruppe", handed.total)
        cards.append((shown(handed.total), moved))
        cards.append((shown(part(handed.never_left, handed.judged)), _("af sagerne blev i deres første gruppe")))
    if found.durations.median is not None:
        cards.append((shown(Days(found.durations.median)), _("fra første til sidste trin, den midterste sag")))
    if deadlines:
        cards.append(
            (
                shown(part(deadlines.kept, deadlines.kept + deadlines.broken)),
                _("af de afsluttede sager overholdt fristen"),
            )
        )
    return cards


def _channels(found: LogFigures) -> Section:
    rows: Rows = [
        [name_of(word), cases, part(cases, found.cases), steps] for word, (cases, steps) in found.channels.items()
    ]
    heads = [_("Kanal"), _("Sager"), _("Andel af sagerne"), _("Trin")]
    return Section(
        "channels",
        _("Hvordan sagerne kom ind"),
        _("Hver sag tælles én gang i den kanal, loggen siger; trin er loggens linjer."),
        _("Henvendelser, der ikke blev til en sag, står ikke i loggen."),
        [Figure("channels", _("Kanaler"), heads, rows, "bars")],
    )


def _time(found: LogFigures) -> Section:
    work: Rows = [[f"{hour}–{hour + 1}", found.work.by_hour[hour]] for hour in sorted(found.work.by_hour)]
    return Section(
        "time",
        _("Hvornår sagerne kom"),
        _(
            "En sag tælles på dagen og timen for sit første trin, i lokal tid. "
            "Helligdage er talt med i snittet pr. dag."
        ),
        _("Det første trin er, da sagen blev oprettet; borgeren kan være kommet før."),
        [
            *when(found.arrivals, _("Sager")),
            Figure("work_by_hour", _("Arbejdet hen over dagen"), [_("Time"), _("Trin")], work, "columns"),
        ],
    )


def _durations(found: LogFigures) -> Section:
    heads = ["", _("Sager"), _("Midterste sag"), _("Ni af ti højst")]
    rows: Rows = [_took(_("Alle sager"), found.durations)]
    rows += [_took(name_of(word), took) for word, took in found.durations_by_channel.items()]
    return Section(
        "durations",
        _("Hvor længe sagerne varede"),
        _("Tiden fra sagens første trin til dens sidste, nætter og weekender med. Under fem sager: intet tal."),
        _("Sager, der ikke var færdige, da loggen blev trukket, ser kortere ud, end de blev."),
        [Figure("durations", _("Varighed"), heads, rows)],
    )


def _took(name: str, found: Spread) -> list[Cell]:
    return [name, found.number, *(None if days is None else Days(days) for days in (found.median, found.ninth))]


def _deadlines(found: LogFigures) -> Section:
    deadlines = found.deadlines
    assert deadlines is not None
    judged = deadlines.kept + deadlines.broken
    rows: Rows = [
        [_("Overholdt"), deadlines.kept, part(deadlines.kept, judged)],
        [_("Overskredet"), deadlines.broken, part(deadlines.broken, judged)],
        [_("Kan ikke bedømmes: ingen slutdato"), deadlines.undecided, None],
    ]
    return Section(
        "deadlines",
        _("Blev fristerne holdt"),
        _("Sagens slutdato er på eller før dens frist. Andelen er af de sager, der har både frist og slutdato."),
        _("Sager uden slutdato er ikke med i andelen. De kan være åbne endnu og over fristen."),
        [Figure("deadlines", _("Frister"), [_("Udfald"), _("Sager"), _("Andel")], rows, "bars")],
    )


def _handovers(handed: Handovers) -> Section:
    counted = _(
        "En overdragelse er et trin, hvis gruppe er en anden end den sidst kendte i sagen. {unknown} trin uden gruppe "
        "er sprunget over; regnes de som en gruppe for sig, bliver det {others}."
    ).format(unknown=shown(handed.steps_without_group), others=shown(handed.if_unknown_were_a_group))
    return Section(
        "handovers",
        _("Overdragelser mellem grupper"),
        counted,
        _("Tallet siger ikke, om borgeren selv blev sendt videre, og ikke om overdragelsen var nødvendig."),
        [_matrix(handed), _pairs(handed), _per_case(handed), *([_paths(handed)] if handed.paths else [])],
    )


def _matrix(handed: Handovers) -> Figure:
    groups, counts = matrix(handed)
    rows: Rows = [[name_of(giver), *(counts.get((giver, taker), 0) for taker in groups)] for giver in groups]
    heads = [_("Fra ↓ til →"), *(name_of(group) for group in groups)]
    return Figure("matrix", _("Hvem giver videre til hvem"), heads, rows, "heat")


def _pairs(handed: Handovers) -> Figure:
    ordered = sorted(handed.pairs.items(), key=lambda item: (-item[1], item[0]))
    rows: Rows = [
        [f"{name_of(giver)} → {name_of(taker)}", n, handed.cases[giver, taker], part(n, handed.total)]
        for (giver, taker), n in ordered[:MOST_PAIRS]
    ]
    heads = [_("Fra → til"), _("Overdragelser"), _("Sager, det skete i"), _("Andel af overdragelserne")]
    return Figure("pairs", _("De hyppigste overdragelser"), heads, rows, "bars")


def _per_case(handed: Handovers) -> Figure:
    rows: Rows = [[shown(n), cases, part(cases, handed.judged)] for n, cases in handed.per_case.items() if n < 10]
    more = sum(cases for n, cases in handed.per_case.items() if n >= 10)
    rows += [[_("10 og flere"), more, part(more, handed.judged)]] if more else []
    heads = [_("Overdragelser i sagen"), _("Sager"), _("Andel")]
    return Figure("per_case", _("Hvor mange gange en sag blev givet videre"), heads, rows, "columns")


def _paths(handed: Handovers) -> Figure:
    rows: Rows = [
        [" → ".join(name_of(group) for group in path), cases, part(cases, handed.judged)]
        for path, cases in handed.paths
    ]
    return Figure("paths", _("De hyppigste veje gennem grupperne"), [_("Vej"), _("Sager"), _("Andel")], rows)


def _organisation(found: LogFigures) -> Section:
    figures = []
    for key, title, words in (
        ("departments", _("Afdelinger"), found.departments),
        ("groups", _("Grupper"), found.groups),
    ):
        if set(words) != {""}:
            rows: Rows = [
                [name_of(word), cases, part(cases, found.cases), steps] for word, (cases, steps) in words.items()
            ]
            figures.append(Figure(key, title, [title, _("Sager"), _("Andel af sagerne"), _("Trin")], rows, "bars", 3))
    return Section(
        "organisation",
        _("Hvem der arbejdede med sagerne"),
        _("En sag tælles én gang hos hver, der har et trin i den; andelene kan derfor give mere end 100 % tilsammen."),
        _("Trin er ikke arbejdstid. Der vises ingen tal pr. medarbejder."),
        figures,
    )


def _work(found: LogFigures) -> Section:
    steps: Rows = [[activity, n, part(n, found.events)] for activity, n in found.steps_by_activity]
    variants: Rows = []
    for order, cases in found.variants:
        tail = " …" if len(order) > _LONGEST_VARIANT else ""
        variants.append([" → ".join(order[:_LONGEST_VARIANT]) + tail, cases, part(cases, found.cases)])
    heads = [_("Forløb"), _("Sager"), _("Andel")]
    return Section(
        "work",
        _("Hvad der blev gjort"),
        _("Aktiviteter, som loggen kalder dem; ens rækkefølger af aktiviteter er ét forløb."),
        _("Arbejde, som ingen skrev i loggen, kan ikke ses."),
        [
            Figure("activities", _("De hyppigste aktiviteter"), [_("Aktivitet"), _("Trin"), _("Andel")], steps, "bars"),
            *([Figure("variants", _("De hyppigste forløb"), heads, variants)] if variants else []),
        ],
    )
