"""`hovedindgang backup` and `hovedindgang restore`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hovedindgang.servicemodel.language import current_language
from hovedindgang.site.language import gettext

if TYPE_CHECKING:
    from hovedindgang.site.backups.actions import BackedUp, Restored

_file = click.Path(path_type=Path, dir_okay=False, exists=True)
_json_option = click.option("--json", "as_json", is_flag=True, help=gettext("Svar som JSON, til andre programmer."))


class NoPassphrase(Exception):
    """The file of a passphrase holds none that is worth the name."""

    def __init__(self, file: Path) -> None:
        super().__init__(gettext("{file} har ingen adgangssætning på mindst 16 tegn").format(file=file))
        self.cure = gettext("Lav en: openssl rand -hex 32 > FIL; chmod 600 FIL")


def _passphrase(file: Path | None) -> bytes | None:
    from hovedindgang.site.backups.sealing import BadPassphrase, passphrase_in  # heavy, which `--help` does without

    try:
        return passphrase_in(file) if file else None
    except BadPassphrase as error:
        raise NoPassphrase(Path(str(error))) from error


@click.command(
    help=gettext("""Tag en sikkerhedskopi: database og dokumenter i én fil, mens huset er i brug.

    \b
    hovedindgang backup /sikkerhed --keep 14
    hovedindgang backup kopi.backup --encrypt adgang.txt --with-keys adgang.txt

    Er TO en mappe, får filen navn efter tiden. Filen rummer personoplysninger: pas på den som på
    databasen. Nøglerne er ikke med uden --with-keys, og uden dem kan ingen læse CPR-numrene.
    Hvordan der gendannes: docs/guide/backup.md.""")
)
@click.argument("to", metavar=gettext("FIL|MAPPE"), type=click.Path(path_type=Path))
@click.option("--keep", type=click.IntRange(min=1), metavar="N", help=gettext("Lad kun de N nyeste blive i mappen."))
@click.option("--encrypt", metavar=gettext("FIL"), type=_file, help=gettext("Krypter med adgangssætningen i FIL."))
@click.option(
    "--with-keys",
    metavar=gettext("FIL"),
    type=_file,
    help=gettext("Tag nøglerne med, låst med adgangssætningen i FIL."),
)
@_json_option
def backup(to: Path, keep: int | None, encrypt: Path | None, with_keys: Path | None, as_json: bool) -> None:
    from hovedindgang.site.backups.actions import back_up  # needs Django, which `--help` does without

    if keep and not to.is_dir():
        raise click.UsageError(gettext("--keep hører til en mappe, ikke til en fil."))
    done = back_up(
        to=to,
        keep=keep,
        passphrase=_passphrase(encrypt),
        keys_passphrase=_passphrase(with_keys),
        told=_progress(),
    )
    if as_json:
        click.echo(json.dumps(_data_of_backup(done), ensure_ascii=False, indent=2))
    else:
        _tell_backup(done, encrypted=encrypt is not None)


def _number(of: int) -> str:
    return f"{of:,}".replace(",", "." if current_language() == "da" else ",")


def _data_of_backup(done: BackedUp) -> dict[str, object]:
    return {
        "file": str(done.file),
        "rows": done.manifest.rows,
        "tables": len(done.manifest.tables),
        "documents": len(done.manifest.documents),
        "bytes": done.bytes,
        "seconds": round(done.seconds, 1),
        "taken_at": done.manifest.taken_at,
        "keys_in_the_file": done.manifest.keys_in_the_file,
        "removed": [str(file) for file in done.removed],
    }


def _tell_backup(done: BackedUp, *, encrypted: bool) -> None:
    click.echo(
        gettext(
            "{file}: {rows} rækker fra {tables} tabeller, {documents} dokumenter, {mb} MB på {seconds} sekunder."
        ).format(
            file=click.format_filename(done.file),
            rows=_number(done.manifest.rows),
            tables=len(done.manifest.tables),
            documents=len(done.manifest.documents),
            mb=f"{done.bytes / 1e6:.1f}",
            seconds=f"{done.seconds:.0f}",
        )
    )
    if encrypted:
        click.echo(gettext("Filen er krypteret; uden adgangssætningen kan ingen læse den. Gem den et andet sted."))
    else:
        click.echo(gettext("Filen rummer personoplysninger og er ikke krypteret: pas på den som på databasen."))
    if done.manifest.keys_in_the_file:
        click.echo(gettext("Nøglerne er med, låst med adgangssætningen. Gem den et andet sted end filen."))
    else:
        click.echo(
            gettext(
                "Nøglerne er IKKE med. Gem HOVEDINDGANG_CPR_KEY og HOVEDINDGANG_INDEX_KEY (eller HOME/keys) et "
                "andet sted: uden dem kan CPR-numrene aldrig læses igen."
            )
        )
    if left := done.manifest.not_in_the_file:
        click.echo(gettext("Ikke med, fordi de ikke er husets: {tables}").format(tables=", ".join(left)))
    if not done.known:
        click.echo(gettext("Databasen kan ikke skrives i, så `hovedindgang doctor` ved ikke, at kopien er taget."))
    for file in done.removed:
        click.echo(gettext("Fjernet, fordi den var for gammel: {file}").format(file=click.format_filename(file)))


@click.command(
    help=gettext("""Gendan en sikkerhedskopi i en tom database.

    \b
    hovedindgang restore kopi.backup --check
    hovedindgang restore kopi.backup --encrypted adgang.txt --keys adgang.txt

    Alle rækker sammenlignes med dem, der blev taget kopi af. Standser det undervejs, så kør den samme
    kommando igen. En kopi af SQLite kan gendannes i PostgreSQL og omvendt. Se docs/guide/backup.md.""")
)
@click.argument("file", metavar=gettext("FIL"), type=_file)
@click.option("--check", "only_check", is_flag=True, help=gettext("Læs filen igennem, men gendan intet."))
@click.option("--into-empty", is_flag=True, help=gettext("Også hvor tabellerne er oprettet, men tomme."))
@click.option("--encrypted", metavar=gettext("FIL"), type=_file, help=gettext("Åbn med adgangssætningen i FIL."))
@click.option(
    "--keys", metavar=gettext("FIL"), type=_file, help=gettext("Læg kopiens nøgler i HOME/keys; FIL låser dem op.")
)
@_json_option
def restore(
    file: Path, only_check: bool, into_empty: bool, encrypted: Path | None, keys: Path | None, as_json: bool
) -> None:
    from hovedindgang.site.backups import actions  # needs Django, which `--help` does without

    passphrase = _passphrase(encrypted)
    if only_check:
        manifest = actions.check(file=file, passphrase=passphrase)
        told = gettext("{file} er hel: {rows} rækker, taget {taken_at} af {made_by}.")
        click.echo(
            json.dumps({"file": str(file), "rows": manifest.rows, "taken_at": manifest.taken_at})
            if as_json
            else told.format(
                file=file, rows=_number(manifest.rows), taken_at=manifest.taken_at, made_by=manifest.made_by
            )
        )
        return
    done = actions.restore(
        file=file, into_empty=into_empty, passphrase=passphrase, keys_passphrase=_passphrase(keys), told=_progress()
    )
    if as_json:
        click.echo(json.dumps(_data_of_restore(done), ensure_ascii=False, indent=2))
    else:
        _tell_restore(done)
    if done.opened < done.tried or done.other_keys:
        sys.exit(1)


def _data_of_restore(done: Restored) -> dict[str, object]:
    return {
        "rows": done.manifest.rows,
        "tables": len(done.manifest.tables),
        "documents": len(done.manifest.documents),
        "seconds": round(done.seconds, 1),
        "taken_at": done.manifest.taken_at,
        "cprs_opened": done.opened,
        "cprs_tried": done.tried,
        "other_keys": done.other_keys,
        "needs_migrate": done.behind,
    }


def _tell_restore(done: Restored) -> None:
    click.echo(
        gettext(
            "Gendannet på {minutes} minutter: {rows} rækker i {tables} tabeller og {documents} dokumenter, alle "
            "som de var {taken_at}."
        ).format(
            minutes=f"{done.seconds / 60:.1f}",
            rows=_number(done.manifest.rows),
            tables=len(done.manifest.tables),
            documents=len(done.manifest.documents),
            taken_at=done.manifest.taken_at,
        )
    )
    if done.opened == done.tried and not done.other_keys:
        click.echo(gettext("Prøvet: {opened} CPR-numre kan læses.").format(opened=done.opened))
    else:
        _tell_keys(done)
    for name in done.in_the_way:
        click.echo(
            gettext("{name} er sat til en anden nøgle og går forud for den i HOME/keys: fjern den.").format(name=name)
        )
    if done.behind:
        click.echo(gettext("Kopien er fra en ældre udgave. Bring tabellerne à jour: hovedindgang migrate"))


def _tell_keys(done: Restored) -> None:
    click.echo(
        gettext("Rækkerne er på plads, men {closed} af {tried} prøvede CPR-numre kan ikke læses.").format(
            closed=done.tried - done.opened, tried=done.tried
        ),
        err=True,
    )
    for name in done.other_keys:
        click.echo(
            gettext("{name} er ikke den nøgle, kopien er skrevet med (den kendes på {known}).").format(
                name=name, known=done.manifest.keys[name]
            ),
            err=True,
        )
    click.echo(
        gettext(
            "Sæt nøglerne i miljøet, eller læg den gamle HOME/keys/keys.json på plads. Kør så: hovedindgang doctor"
        ),
        err=True,
    )


def _progress() -> Callable[[str, int], None]:
    """Table by table, for somebody who looks on."""

    def told(name: str, rows: int) -> None:
        if sys.stderr.isatty():
            click.echo(f"  {name}: {rows}", err=True)

    return told


for _command in (backup, restore):
    _command.needs_django = True  # type: ignore[attr-defined]
