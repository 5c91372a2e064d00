"""The report as one HTML page that needs nothing else: no script, no font, no picture from outside. It prints."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from hovedindgang.registers import drawing
from hovedindgang.registers.language import gettext as _
from hovedindgang.registers.sections import Cell, Figure, Measured, Section, Share, Source, day, shown
from hovedindgang.servicemodel.language import current_language

_STYLE = Path(__file__).with_name("report.css")


def page_of(measured: Sequence[Measured]) -> str:
    """The whole page, in the current language."""
    title = _("Hvad registret siger")
    files, style = ", ".join(part.source.file for part in measured), _STYLE.read_text(encoding="utf-8")
    body = "".join(_file(part, number) for number, part in enumerate(measured, 1))
    lead = _(
        "Tallene er talt direkte i de filer, der er nævnt ved hvert afsnit. Intet er ændret i filerne, og intet er "
        "gemt. Der vises ingen tal pr. medarbejder og ingen for grupper under fem."
    )
    return (
        f'<!doctype html><html lang="{current_language()}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}: {escape(files)}</title><style>{style}</style></head>"
        f'<body><main><h1>{escape(title)}</h1><p class="said">{escape(lead)}</p>{body}</main></body></html>\n'
    )


def _file(measured: Measured, number: int) -> str:
    source = measured.source
    cards = "".join(f"<li><b>{escape(value)}</b> {escape(what)}</li>" for value, what in measured.cards)
    links = "".join(f'<li><a href="#f{number}-{part.key}">{escape(part.title)}</a></li>' for part in measured.sections)
    sections = "".join(_section(part, source, f"f{number}-{part.key}") for part in measured.sections)
    return (
        f'<div class="file"><p><strong>{escape(source.file)}</strong><br>{escape(_period(source))}</p>'
        f'<ul class="cards">{cards}</ul><nav aria-label="{escape(_("Afsnit"))}"><ul>{links}</ul></nav>'
        f"{_notes(source.notes)}{sections}{_about(source, f'f{number}-about')}</div>"
    )


def _period(source: Source) -> str:
    return _("Fra {first} til {last}").format(first=day(source.first_on), last=day(source.last_on))


def _notes(notes: Sequence[str]) -> str:
    return f'<ul class="notes">{"".join(f"<li>{escape(note)}</li>" for note in notes)}</ul>' if notes else ""


def _section(section: Section, source: Source, name: str) -> str:
    measured = _("Målt i {file}, {first}–{last}.").format(
        file=source.file, first=day(source.first_on), last=day(source.last_on)
    )
    return (
        f'<section aria-labelledby="{name}"><h2 id="{name}">{escape(section.title)}</h2>'
        f'<p class="said">{escape(measured)} {escape(_("Sådan er det talt:"))} {escape(section.counted)} '
        f"<strong>{escape(_('Det kan tallet ikke sige:'))}</strong> {escape(section.cannot)}</p>"
        f"{''.join(_figure(figure) for figure in section.figures)}</section>"
    )


def _figure(figure: Figure) -> str:
    return f"<figure><h3>{escape(figure.title)}</h3>{chart_of(figure)}{_table(figure)}</figure>"


def chart_of(figure: Figure) -> str:
    """The figure as SVG, or nothing."""
    if not figure.chart or not figure.rows:
        return ""
    if figure.chart == "heat":
        values = {(r, c): _number(cell) for r, row in enumerate(figure.rows) for c, cell in enumerate(row[1:])}
        rows = [str(row[0]) for row in figure.rows]
        return drawing.heat(figure.title, rows, list(figure.columns[1:]), values, _whole)
    drawn = [(str(row[0]), _number(row[figure.drawn])) for row in figure.rows]
    share = any(isinstance(row[figure.drawn], Share) for row in figure.rows)
    draw = drawing.bars if figure.chart == "bars" else drawing.columns
    return draw(figure.title, drawn, lambda value: shown(Share(value)) if share else _whole(value))


def _number(cell: Cell) -> float:
    return float(cell) if isinstance(cell, (int, float)) else 0.0


def _whole(value: float) -> str:
    return shown(int(value)) if value == int(value) else shown(float(value))


def _table(figure: Figure) -> str:
    if not figure.rows:
        return f'<p class="said">{escape(_("Ingen."))}</p>'
    numeric = [any(isinstance(row[place], (int, float)) for row in figure.rows) for place in range(len(figure.columns))]
    heads = "".join(
        f'<th scope="col"{_class(n)}>{escape(head)}</th>' for head, n in zip(figure.columns, numeric, strict=True)
    )
    rows = "".join(_row(row, numeric) for row in figure.rows)
    region = f'<div class="wide" tabindex="0" role="region" aria-label="{escape(figure.title)}">'
    return f"{region}<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"


def _row(row: Sequence[Cell], numeric: Sequence[bool]) -> str:
    first = f'<th scope="row"{_class(numeric[0])}>{escape(shown(row[0]))}</th>'
    rest = (f"<td{_class(n)}>{escape(shown(cell))}</td>" for cell, n in zip(row[1:], numeric[1:], strict=True))
    return f"<tr>{first}{''.join(rest)}</tr>"


def _class(numeric: bool) -> str:
    return ' class="n"' if numeric else ""


def _about(source: Source, name: str) -> str:
    """What the file was, how it was read, and the rows that were left out, by reason."""
    reasons: dict[str, list[int]] = {}
    for line, reason in source.refused:
        reasons.setdefault(reason, []).append(line)
    refused: list[list[Cell]] = [
        [reason, len(lines), ", ".join(map(str, lines[:10])) + (" …" if len(lines) > 10 else "")]
        for reason, lines in reasons.items()
    ]
    facts: list[list[Cell]] = [
        [_("Slags"), source.kind],
        [_("Talt"), shown(source.rows)],
        [_("Afviste rækker"), shown(len(source.refused))],
        [_("Tegnsæt"), source.encoding],
        [_("Kolonner"), ", ".join(f"{role} = {column}" for role, column in source.columns.items())],
        ["SHA-256", source.sha256],
    ]
    tables = _table(Figure("about", _("Om filen"), ["", ""], facts))
    if refused:
        tables += f"<h3>{escape(_('Afviste rækker'))}</h3>"
        tables += _table(Figure("refused", _("Afviste rækker"), [_("Grund"), _("Antal"), _("Linjer")], refused))
    return f'<section aria-labelledby="{name}"><h2 id="{name}">{escape(_("Om filen"))}</h2>{tables}</section>'
