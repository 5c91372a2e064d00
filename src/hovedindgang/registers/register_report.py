"""The report of a register of tickets, calls or messages, in words and tables."""

from __future__ import annotations

from hovedindgang.registers.language import gettext as _
from hovedindgang.registers.language import ngettext
from hovedindgang.registers.reading import Table
from hovedindgang.registers.records import Register
from hovedindgang.registers.register_figures import RegisterFigures, register_figures
from hovedindgang.registers.sections import (
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
    spread_row,
    when,
)

MOST_QUEUES = 25


def measure_register(table: Table, register: Register) -> Measured:
    """Everything the report says of one register."""
    zone = register.layout.mapping.local_zone
    found = register_figures(
        register.records,
        zone,
        register.pooled,
        register.pooled_locations,
        tells_sent_on="sent_on" in register.layout.places,
    )
    return Measured(_source(table, register, found), _totals(found), register_cards(found), register_sections(found))


def register_sections(found: RegisterFigures) -> list[Section]:
    waits = [_waits(found)] if found.whole.wait.number else []
    told = found.sent_on is not None
    sent_on = [sent_on_section(_("Antal"), found.sent_on or 0, found.records)] if told else []
    return [_channels(found), _time(found), *waits, *sent_on, _queues(found)]


def kind_name(kind: str, count: int) -> str:
    return {
        "ticket": ngettext("kønummer", "kønumre", count),
        "call": ngettext("opkald", "opkald", count),
        "mail": ngettext("mail", "mails", count),
        "message": ngettext("besked", "beskeder", count),
    }.get(kind, kind)


def channel_name(channel: str) -> str:
    names = {"in_person": _("personligt"), "phone": _("telefon"), "written": _("skriftligt"), "digital": _("digitalt")}
    return names.get(channel, channel)


def result_name(result: str) -> str:
    return {"answered": _("ekspederet eller besvaret"), "left": _("gik eller lagde på"), "open": _("venter endnu")}.get(
        result, result
    )


def _source(table: Table, register: Register, found: RegisterFigures) -> Source:
    notes = []
    if not register.sizes_known:
        notes.append(
            _(
                "Filen siger ikke, hvem der betjener køerne. Se selv efter, at ingen kø er én medarbejders, "
                "før tallene vises for andre."
            )
        )
    if register.pooled or register.pooled_locations:
        notes.append(_("Køer og steder med under fem medarbejdere vises kun tilsammen."))
    if register.untied:
        notes.append(
            ngettext(
                "{n} hændelse hører til et opkald, hvis ankomst til køen ikke er i filen, og er ikke talt.",
                "{n} hændelser hører til opkald, hvis ankomst til køen ikke er i filen, og er ikke talt.",
                register.untied,
            ).format(n=shown(register.untied))
        )
    if found.sent_on is None:
        notes.append(not_told_who_was_sent_on())
    refused = [(refusal.line, refusal.reason) for refusal in register.refused]
    return Source(
        register.name, register.layout.kind, table.sha256, table.encoding, found.records, refused,
        register.layout.names, found.first_at.date(), found.last_at.date(), notes,
    )  # fmt: skip


def _totals(found: RegisterFigures) -> dict[str, str | int | float | None]:
    whole = found.whole
    return {
        "records": found.records,
        "first_at": found.first_at.isoformat(),
        "last_at": found.last_at.isoformat(),
        "answered": whole.answered,
        "left": whole.left,
        "sent_on": found.sent_on,
        "median_wait_minutes": whole.wait.median,
        "ninth_wait_minutes": whole.wait.ninth,
        "median_handling_minutes": whole.handling.median,
    }


def register_cards(found: RegisterFigures) -> list[tuple[str, str]]:
    whole = found.whole
    cards = [(shown(count), kind_name(kind, count)) for kind, count in found.kinds.items()]
    cards.append((shown(part(whole.left, whole.arrived)), _("gik eller lagde på, før de fik svar")))
    if whole.wait.number:
        cards.append((shown(whole.wait.median), _("minutters ventetid, den midterste")))
        cards.append((shown(whole.wait.ninth), _("minutter ventede ni af ti højst")))
    if whole.handling.number:
        cards.append((shown(whole.handling.median), _("minutters ekspedition, den midterste")))
    return cards


def _channels(found: RegisterFigures) -> Section:
    channels: Rows = [[channel_name(word), n, part(n, found.records)] for word, n in found.channels.items()]
    results: Rows = [[result_name(word), n, part(n, found.records)] for word, n in found.results.items()]
    return Section(
        "channels",
        _("Hvor mange, og hvordan det gik"),
        _("Hvert kønummer, opkald eller hver besked tælles én gang."),
        _("Den, der vendte om i døren, eller fik optaget-tone, står ikke i registret."),
        [
            Figure("channels", _("Kanaler"), [_("Kanal"), _("Antal"), _("Andel")], channels, "bars"),
            Figure("results", _("Udfald"), [_("Udfald"), _("Antal"), _("Andel")], results, "bars"),
        ],
    )


def _time(found: RegisterFigures) -> Section:
    return Section(
        "time",
        _("Hvornår borgerne kom"),
        _("Talt på tidspunktet for ankomst, i lokal tid. Helligdage og lukkedage er talt med i snittet pr. dag."),
        _("Tidsbestilling flytter borgerne til andre timer, end de selv ville være kommet."),
        when(found.arrivals, _("Ankomne")),
    )


def _waits(found: RegisterFigures) -> Section:
    answered = found.whole.wait.number
    within: Rows = [
        [_("højst {n} minutter").format(n=limit), n, part(n, answered)] for limit, n in found.waited_at_most.items()
    ]
    by_hour: Rows = [spread_row(f"{hour}–{hour + 1}", wait) for hour, wait in found.wait_by_hour.items()]
    heads = [_("Ankommet i timen"), _("Antal"), _("Midterste ventetid, minutter"), _("Ni af ti højst, minutter")]
    return Section(
        "waits",
        _("Hvor længe de ventede"),
        _("Fra ankomst til kaldt eller besvaret, i minutter, for dem, der blev det. Under fem: intet tal."),
        _("De, der gik, er ikke med; deres ventetid var måske den længste."),
        [
            Figure("within", _("Ventede højst"), [_("Ventetid"), _("Antal"), _("Andel")], within, "bars", 2),
            Figure("wait_by_hour", _("Ventetid hen over dagen"), heads, by_hour, "columns", 2),
        ],
    )


def _queues(found: RegisterFigures) -> Section:
    heads = [
        _("Kø"), _("Ankomne"), _("Ekspederet"), _("Gik"),
        _("Midterste ventetid, minutter"), _("Ni af ti højst, minutter"), _("Midterste ekspedition, minutter"),
    ]  # fmt: skip
    rows: Rows = [
        [name_of(name), q.arrived, q.answered, q.left, q.wait.median, q.wait.ninth, q.handling.median]
        for name, q in list(found.queues.items())[:MOST_QUEUES]
    ]
    figures = [Figure("queues", _("Køer"), heads, rows, "bars")]
    if set(found.locations) != {""}:
        places: Rows = [[name_of(word), n, part(n, found.records)] for word, n in found.locations.items()]
        figures.append(Figure("locations", _("Steder"), [_("Sted"), _("Ankomne"), _("Andel")], places, "bars"))
    if len(found.registrations) > 1:
        matters: Rows = [
            [shown(n), tickets, part(tickets, found.records)] for n, tickets in found.registrations.items()
        ]
        heads = [_("Ærinder på samme kønummer"), _("Kønumre"), _("Andel")]
        figures.append(Figure("registrations", _("Flere ærinder på én gang"), heads, matters, "columns"))
    return Section(
        "queues",
        _("Hvad de kom efter"),
        _(
            "Køer, hvis navne kun skiller sig ved mellemrum og store bogstaver, er én kø. "
            "Ekspedition er fra kaldt til afsluttet."
        ),
        _("En kø er, hvad borgeren valgte ved ankomst, og ikke altid, hvad ærindet viste sig at være."),
        figures,
    )
