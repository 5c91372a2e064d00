"""The report as one HTML page that needs nothing else: no script, no font, no picture from outside. It prints."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from hovedindgang.registers import drawing
from hovedindgang.registers.language import gettext as _
from hovedindgang.registers.sections import Cell, Figure, Measured, Section, Share, Source, day, shown
from hovedindgang.servicemodel.language import current_language

_STYLE = """
:root{--ink:#1a1a1a;--quiet:#5a5f66;--line:#d8dbdf;--bar:#1d5d90;--ground:#fff;--band:#f4f6f8}
*{box-sizing:border-box}body{margin:0;color:var(--ink);background:var(--ground);font:16px/1.5 "IBM Plex Sans",system-ui,sans-serif}
main{max-width:60rem;margin:0 auto;padding:2rem 1rem 4rem}h1{font-size:2rem;line-height:1.2;margin:0 0 .5rem}
h2{font-size:1.45rem;margin:3rem 0 .25rem;padding-top:1rem;border-top:2px solid var(--line)}h3{font-size:1.05rem;margin:1.75rem 0 .5rem}
.file{margin-top:3.5rem}.quiet,.said{color:var(--quiet)}.said{max-width:46rem;margin:.25rem 0}
.cards{display:flex;flex-wrap:wrap;gap:1rem;padding:0;margin:1.5rem 0;list-style:none}
.cards li{flex:1 1 9rem;padding:1rem;background:var(--band);border-radius:4px}.cards b{display:block;font-size:1.75rem;line-height:1.2}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.92rem}caption{text-align:left;color:var(--quiet);padding:.25rem 0}
th,td{padding:.3rem .6rem;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}thead th{border-bottom:2px solid var(--line)}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}tbody th{font-weight:400}
.chart{width:100%;height:auto;margin:.25rem 0 .5rem;font-size:13px}.chart .bar{fill:var(--bar)}.chart .axis{stroke:var(--line)}
.chart text{fill:var(--ink)}.chart .on-dark{fill:#fff}.notes{background:var(--band);padding:1rem 1rem 1rem 2rem;border-radius:4px}
code{overflow-wrap:anywhere}a{color:#1d5d90}
@media print{main{max-width:none;padding:0}h2,.file{break-before:auto}figure,table,.cards{break-inside:avoid}.chart .bar{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
"""


def page_of(measured: Sequence[Measured]) -> str:
    """The whole page, in the current language."""
    title = _("Hvad registret siger")
    body = "".join(_file(part, number) for number, part in enumerate(measured, 1))
    lead = _(
        "Tallene er talt direkte i de filer, der er nævnt ved hvert afsnit. Intet er ændret i filerne, og intet er gemt. "
        "Der vises ingen tal pr. medarbejder og ingen for grupper under fem."
    )
    return (
        f'<!doctype html><html lang="{current_language()}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}: {escape(', '.join(part.source.file for part in measured))}</title><style>{_STYLE}</style></head>"
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
    return f"<figure style='margin:0'><h3>{escape(figure.title)}</h3>{_chart(figure)}{_table(figure)}</figure>"


def _chart(figure: Figure) -> str:
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
        return f'<p class="quiet">{escape(_("Ingen."))}</p>'
    numeric = [any(isinstance(row[place], (int, float)) for row in figure.rows) for place in range(len(figure.columns))]
    heads = "".join(
        f'<th scope="col"{_class(n)}>{escape(head)}</th>' for head, n in zip(figure.columns, numeric, strict=True)
    )
    rows = "".join(_row(row, numeric) for row in figure.rows)
    return f'<div class="wide" tabindex="0" role="region" aria-label="{escape(figure.title)}"><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'


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
    refused = [
        [reason, len(lines), ", ".join(map(str, lines[:10])) + (" …" if len(lines) > 10 else "")]
        for reason, lines in reasons.items()
    ]
    facts = [
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
