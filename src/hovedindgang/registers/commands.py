"""`hovedindgang report` and `hovedindgang import`. The first runs without Django.

Exit codes: 0 done, 1 the file or the mapping cannot be used (the message says why), 2 asked for wrongly.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hovedindgang.registers.language import gettext as _
from hovedindgang.registers.language import gettext_noop, ngettext, number
from hovedindgang.registers.looking import CannotRead, name_of_file
from hovedindgang.registers.mapping import Mapping, load_mapping
from hovedindgang.registers.outgoing import check_outgoing, write_page, write_refused
from hovedindgang.registers.page import page_of
from hovedindgang.registers.records import count_registrations
from hovedindgang.registers.report import as_data, measure, not_been_yet
from hovedindgang.registers.rules import FileKind
from hovedindgang.registers.sections import Measured
from hovedindgang.servicemodel.asking import late_bar
from hovedindgang.servicemodel.language import speaking

if TYPE_CHECKING:
    from hovedindgang.registers.actions import Imported

_MOST_REASONS = 5
_file = click.Path(path_type=Path, dir_okay=False)
_mapping_option = click.option(
    "--mapping",
    "mapping_file",
    metavar=_("FIL"),
    type=_file,
    help=_("Hvad kolonnerne betyder (TOML); se docs/guide/registers.md."),
)
_registrations_option = click.option(
    "--registrations",
    "registrations",
    metavar=_("FIL"),
    type=_file,
    help=_("FrontDesks tabel Registration, hvis den er en fil for sig."),
)
_json_option = click.option("--json", "as_json", is_flag=True, help=_("Svar som JSON, til andre programmer."))


@click.command(
    help=_("""Mål registre direkte i deres egne filer: hvor mange, hvornår, ventetid, overdragelser.

FIL er et udtræk af FrontDesk eller Zylinc, en hændelseslog som CSV eller enhver anden CSV med en afbildning;
pakket med gzip eller ej. Intet gemmes, og der vises ingen tal pr. medarbejder.

\b
Eksempler:
  hovedindgang report sager.csv
  hovedindgang report januar.csv februar.csv --out kvartal.html --language en
  hovedindgang report operation.csv --registrations registration.csv
  hovedindgang report egen.csv --mapping egen.toml --json
""")
)
@click.argument("files", metavar=_("FIL…"), nargs=-1, required=True, type=_file)
@click.option("--out", metavar=_("FIL"), type=_file, help=_("Siden, der skrives; uden --json er det report.html."))
@_mapping_option
@_registrations_option
@click.option("--language", type=click.Choice(["da", "en"]), help=_("Sidens sprog."))
@_json_option
def report(
    files: Sequence[Path],
    out: Path | None,
    mapping_file: Path | None,
    registrations: Path | None,
    language: str | None,
    as_json: bool,
) -> None:
    with speaking(language), _clear_errors(as_json):
        page = out or (None if as_json else Path("report.html"))
        if page:
            check_outgoing(page, [*files, mapping_file, registrations])
        parts = _measured(files, _mapping_of(mapping_file), registrations)
        if page:
            write_page(page, page_of(parts))
        if as_json:
            _print_json(as_data(parts))
            return
        for part in parts:
            click.echo(f"{part.source.file}: " + "; ".join(f"{value} {what}" for value, what in part.cards))
            if part.source.refused:
                left_out = ngettext(
                    "{n} række er ikke med; grunden står nederst på siden.",
                    "{n} rækker er ikke med; grundene står nederst på siden.",
                    len(part.source.refused),
                )
                click.echo("  " + left_out.format(n=number(len(part.source.refused))))
        if page:
            click.echo(_("Skrevet: {file}").format(file=click.format_filename(page)))


def _measured(files: Sequence[Path], mapping: Mapping, registrations: Path | None) -> list[Measured]:
    counted, parts = count_registrations(registrations) if registrations else None, []
    for file in files:
        with late_bar(name_of_file(file)) as progress:
            by_ticket = counted and counted.by_ticket
            parts.append(measure(file, mapping, progress, registrations=by_ticket, now=dt.datetime.now(dt.UTC)))
    if counted and all(part.source.kind != FileKind.FRONTDESK for part in parts):
        raise CannotRead(_("--registrations hører til FrontDesks kønumre, og dem har ingen af filerne."))
    return parts


@click.group(
    name="import",
    help=_("""Læs et andet systems fil ind, så dens tal kan bruges på tavlen.

Hele filen læses ind, eller intet. Den samme fil to gange ændrer intet. Rækker, der ikke kan bruges, skrives med
linjenummer og grund i den fil, --refused nævner.

\b
Eksempler:
  hovedindgang import frontdesk operation.csv --registrations registration.csv --mapping koe.toml
  hovedindgang import zylinc opkald.csv --dry-run
  hovedindgang import eventlog sager.csv.gz --refused afvist.csv
"""),
)
def import_() -> None:
    pass


import_.needs_django = True  # type: ignore[attr-defined]  # the command line makes Django ready before it runs

KINDS = {
    FileKind.FRONTDESK: gettext_noop("Kønumre fra FrontDesk (tabellen Operation)."),
    FileKind.ZYLINC: gettext_noop("Opkald fra Zylinc (conversation events)."),
    FileKind.CSV: gettext_noop("Kønumre, opkald, mails eller beskeder fra en anden CSV."),
    FileKind.EVENTLOG: gettext_noop("En hændelseslog: trin i sager, med gruppe og tid."),
}


def _command_for(kind: FileKind, line: str) -> click.Command:
    options: list[Callable[[Callable[..., None]], Callable[..., None]]] = [
        click.argument("file", metavar=_("FIL"), type=_file),
        _mapping_option,
        click.option("--dry-run", is_flag=True, help=_("Læs og kontrollér, men skriv intet.")),
        click.option(
            "--refused", metavar=_("FIL"), type=_file, help=_("Hertil skrives afviste rækkers linjer og grunde.")
        ),
        _json_option,
    ]
    if kind is FileKind.FRONTDESK:
        options.append(_registrations_option)

    def run(
        file: Path,
        mapping_file: Path | None,
        dry_run: bool,
        refused: Path | None,
        as_json: bool,
        registrations: Path | None = None,
    ) -> None:
        from hovedindgang.kernel.actors import SYSTEM  # needs Django, which --help and `report` do without
        from hovedindgang.registers.actions import import_file

        with _clear_errors(as_json):
            if refused:
                check_outgoing(refused, [file, mapping_file, registrations])
            mapping = _mapping_of(mapping_file)
            with late_bar(name_of_file(file)) as progress:
                done = import_file(
                    path=file, kind=kind, mapping=mapping, actor=SYSTEM,
                    registrations=registrations, dry_run=dry_run, progress=progress,
                )  # fmt: skip
            if refused and (done.refused or not done.already):
                write_refused(refused, done.refused)
            _print_json(_data_of(done, dry_run)) if as_json else _tell(done, dry_run, refused)

    for option in reversed(options):
        run = option(run)
    return click.command(name=kind.value, help=_(line), short_help=_(line))(run)


for _kind, _line in KINDS.items():
    import_.add_command(_command_for(_kind, _line))


def _tell(done: Imported, dry_run: bool, refused: Path | None) -> None:
    if done.already:
        told = ngettext(
            "{file} er læst ind før som {kind} (fil {id}, {read} række). Intet er ændret.",
            "{file} er læst ind før som {kind} (fil {id}, {read} rækker). Intet er ændret.",
            done.read,
        )
    elif dry_run:
        told = ngettext(
            "{file}: {read} række kan læses ind. Intet er skrevet (--dry-run).",
            "{file}: {read} rækker kan læses ind. Intet er skrevet (--dry-run).",
            done.read,
        )
    else:
        told = ngettext(
            "{file} er læst ind som fil {id}: {read} række (nye: {added}).",
            "{file} er læst ind som fil {id}: {read} rækker, heraf {added} nye.",
            done.read,
        )
    numbers = {"read": number(done.read), "added": number(done.added)}
    click.echo(told.format(file=done.name, id=done.file_id, kind=done.kind, **numbers))
    if not (done.already or dry_run):
        _tell_known(done)
    if done.cases is not None:
        click.echo(ngettext("{n} sag.", "{n} sager.", done.cases).format(n=number(done.cases)))
    if done.later:
        click.echo(not_been_yet(done.later))
    if done.unmapped:
        named = ", ".join(f"{queue or _('(uden navn)')} ({number(n)})" for queue, n in list(done.unmapped.items())[:10])
        click.echo(
            _("Uden ydelse, fordi køen ikke står under [services] i afbildningen: {queues}").format(queues=named)
        )
    if done.refused:
        _tell_refused(done, refused)


def _tell_refused(done: Imported, written_to: Path | None) -> None:
    told = ngettext("{n} række er afvist:", "{n} rækker er afvist:", len(done.refused))
    click.echo(told.format(n=number(len(done.refused))))
    for reason, times in Counter(refusal.reason for refusal in done.refused).most_common(_MOST_REASONS):
        first = next(refusal.line for refusal in done.refused if refusal.reason == reason)
        click.echo("  " + _("{n} × {reason} (første: linje {line})").format(n=number(times), reason=reason, line=first))
    if written_to:
        click.echo(_("Alle står i {file}.").format(file=click.format_filename(written_to)))
    else:
        click.echo(_("Se dem alle med --refused FIL."))


def _tell_known(done: Imported) -> None:
    if known := done.read - done.added:
        told = ngettext(
            "{n} række var her allerede fra en tidligere fil; {changed} er ført ajour.",
            "{n} rækker var her allerede fra en tidligere fil; {changed} er ført ajour.",
            known,
        )
        click.echo(told.format(n=number(known), changed=number(done.changed)))


def _data_of(done: Imported, dry_run: bool) -> dict[str, object]:
    return {
        "file": done.name,
        "file_id": done.file_id,
        "kind": done.kind,
        "dry_run": dry_run,
        "already": done.already,
        "read": done.read,
        "added": done.added,
        "changed": done.changed,
        "cases": done.cases,
        "refused": [{"line": refusal.line, "reason": refusal.reason} for refusal in done.refused],
        "without_service": done.unmapped,
        "later_than_now": done.later,
    }


def _mapping_of(path: Path | None) -> Mapping:
    return load_mapping(path) if path else Mapping()


def _print_json(data: dict[str, object]) -> None:
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))


@contextmanager
def _clear_errors(as_json: bool) -> Iterator[None]:
    """What cannot be read is said in a few lines, with exit code 1; as JSON where JSON was asked for."""
    try:
        yield
    except CannotRead as error:
        if as_json:
            _print_json({"error": str(error)})
            raise SystemExit(1) from error
        raise click.ClickException(str(error)) from error
