"""What the room's pages show, in the words and tables of `look`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from hovedindgang.kernel.clock import local_day
from hovedindgang.look.tables import Cell as TableCell
from hovedindgang.registers.file_figures import figures_of_log, figures_of_register
from hovedindgang.registers.language import gettext as _
from hovedindgang.registers.language import ngettext
from hovedindgang.registers.log_report import log_cards, log_sections
from hovedindgang.registers.models import ImportedFile
from hovedindgang.registers.page import chart_of
from hovedindgang.registers.register_report import register_cards, register_sections
from hovedindgang.registers.sections import Cell, Figure, Section, day, shown


@dataclass(frozen=True, slots=True)
class ShownFigure:
    title: str
    chart: SafeString
    head: list[str]
    rows: list[list[TableCell]]


@dataclass(frozen=True, slots=True)
class ShownSection:
    key: str
    title: str
    counted: str
    cannot: str
    figures: list[ShownFigure]


def list_of_files(files: Iterable[ImportedFile]) -> dict[str, object]:
    """The table of the list page."""
    head = [_("Fil"), _("Slags"), _("Fra"), _("Til"), _("Rækker"), _("Nye"), _("Afviste"), _("Læst ind")]
    rows = [
        [
            TableCell(file.name, url=reverse("register_file", args=[file.pk])),
            TableCell(kind_of(file)),
            TableCell(day(local_day(file.first_at))),
            TableCell(day(local_day(file.last_at))),
            *(TableCell(shown(number), number=True) for number in (file.read, file.added, file.refused)),
            TableCell(day(local_day(file.imported_at))),
        ]
        for file in files
    ]
    return {"head": head, "rows": rows}


def page_of_file(file: ImportedFile) -> dict[str, object]:
    """Cards, notes and sections of one file: volumes, waits, handovers between groups."""
    cards: list[tuple[str, str]] = []
    sections: list[Section] = []
    if file.is_log:
        of_log = figures_of_log(file)
        cards, sections = log_cards(of_log), log_sections(of_log)
    elif file.added:
        of_register = figures_of_register(file)
        cards, sections = register_cards(of_register), register_sections(of_register)
    return {
        "file": file,
        "kind": kind_of(file),
        "period": f"{day(local_day(file.first_at))}–{day(local_day(file.last_at))}",
        "cards": cards,
        "notes": _notes(file),
        "sections": [_section(section) for section in sections],
    }


def kind_of(file: ImportedFile) -> str:
    names = {"frontdesk": "FrontDesk", "zylinc": "Zylinc", "eventlog": _("hændelseslog"), "csv": _("register")}
    return names[file.kind]


def _notes(file: ImportedFile) -> list[str]:
    notes = []
    if file.refused:
        left_out = ngettext(
            "{n} række i filen kunne ikke bruges og er ikke talt.",
            "{n} rækker i filen kunne ikke bruges og er ikke talt.",
            file.refused,
        )
        notes.append(left_out.format(n=shown(file.refused)))
    if file.added < file.read:
        known = ngettext(
            "{n} række var her allerede fra en anden fil og er talt under den.",
            "{n} rækker var her allerede fra en anden fil og er talt under den.",
            file.read - file.added,
        )
        notes.append(known.format(n=shown(file.read - file.added)))
    if file.pooled or file.pooled_departments:
        notes.append(_("Grupper og afdelinger med under fem medarbejdere vises kun tilsammen."))
    elif not file.sizes_known:
        notes.append(_("Filen siger ikke, hvor mange der arbejder i grupperne; se selv efter, at ingen er under fem."))
    return notes


def _section(section: Section) -> ShownSection:
    figures = [_figure(figure) for figure in section.figures]
    return ShownSection(section.key, section.title, section.counted, section.cannot, figures)


def _figure(figure: Figure) -> ShownFigure:
    # Every word in it was escaped when it was drawn.
    drawing = mark_safe(chart_of(figure))  # noqa: S308  # nosec B308 B703
    return ShownFigure(
        figure.title, drawing, list(figure.columns), [[_cell(cell) for cell in row] for row in figure.rows]
    )


def _cell(cell: Cell) -> TableCell:
    return TableCell(shown(cell), number=isinstance(cell, (int, float)))
