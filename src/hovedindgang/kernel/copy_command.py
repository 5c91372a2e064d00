"""`hovedindgang audit copy`: the sealed log in another system, and what `audit verify --copy` says of it."""

from __future__ import annotations

import fcntl
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import RawIOBase
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from hovedindgang.kernel.telling import CannotDo, some_of
from hovedindgang.servicemodel.asking import late_bar
from hovedindgang.servicemodel.language import words_of

if TYPE_CHECKING:
    from hovedindgang.kernel.copying import Compared

_ = words_of(Path(__file__).parent)
Since = tuple[int, str] | None  # a seal's number and hash
Write = Callable[[bytes], object]


@click.command(
    "copy",
    options_metavar=_("[VALG]"),
    help=_("""Føj det, der er forseglet siden sidst, til en kopi i et andet system. FIL begyndes, når den ikke findes;
- er standard-ud.

Hver hændelse er en linje JSON, og efter et segls hændelser kommer seglet. Intet, der står i filen, ændres: bliver
kopieringen afbrudt, begynder den næste på en ny linje med det segl, der manglede. Opslag på borgere er ikke med, kun
hver dags sum af dem. Kopien glemmer ikke af sig selv, når loggen gør."""),
)
@click.argument("file", metavar=_("FIL"), type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@click.option(
    "--after",
    default="",
    metavar=_("SEGL"),
    help=_("Begynd efter dette segl, når FIL er ny: dets nummer, eller som audit head viste det."),
)
@click.option("--json", "as_json", is_flag=True, help=_("Svar som JSON, til andre programmer."))
def copy(file: Path, after: str, as_json: bool) -> None:
    from hovedindgang.kernel.copying import OfAnotherLog, copy_after  # after Django is ready
    from hovedindgang.kernel.models import Seal

    begin = _seal_named(after) if after else None
    try:
        with _opened(file, begin) as (since, write), late_bar(_("Kopierer")) as show:
            left = max(1, Seal.objects.filter(number__gt=since[0] if since else 0).count())
            copied = copy_after(since, write, progress=lambda done: show(min(1.0, done / left)))
    except OfAnotherLog as other:
        gone = _(
            "Segl {seal}, som kopien slutter med, er ikke i loggen: den er skåret af eller lavet om, eller kopien er"
            " taget i et andet hus. Intet er skrevet. Kør: hovedindgang audit verify"
        )
        click.echo(gone.format(seal=other.seal), err=True)
        sys.exit(1)
    if as_json:
        said = json.dumps(
            {"seals": copied.seals, "events": copied.events, "head": copied.head or None, "broken": copied.broken}
        )
    else:
        said = _("Kopieret: {seals} segl med {events} hændelser. Øverste segl: {head}").format(
            seals=copied.seals, events=copied.events, head=copied.head or "-"
        )
    click.echo(said, err=str(file) == "-")
    if copied.broken:
        wrong = _("Der er pillet ved loggen: segl {numbers} passer ikke. Kør: hovedindgang audit verify")
        click.echo(wrong.format(numbers=some_of(copied.broken)), err=True)
        sys.exit(1)


def _seal_named(text: str) -> tuple[int, str]:
    from hovedindgang.kernel.models import Seal  # after Django is ready

    number, _colon, kept = text.strip().partition(":")
    found = Seal.objects.filter(number=number).first() if number.isdigit() and len(number) < 19 else None
    if found is None or (kept and kept.lower() != found.hash):
        raise click.BadParameter(
            _("Det segl er ikke i loggen. Vis det øverste med: hovedindgang audit head"), param_hint="--after"
        )
    return found.number, found.hash


@contextmanager
def _opened(file: Path, begin: Since) -> Iterator[tuple[Since, Write]]:
    """After which seal it is written, and how. One at a time; what was cut off in the middle is left as it is."""
    from hovedindgang.kernel.copying import NoCopy, last_copied  # after Django is ready

    if str(file) == "-":
        out = sys.stdout.buffer
        yield begin, out.write
        out.flush()
        return
    try:
        with os.fdopen(os.open(file, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600), "rb+", buffering=0) as at:
            fcntl.flock(at, fcntl.LOCK_EX | fcntl.LOCK_NB)
            since = last_copied(at)
            if since and begin:
                raise click.BadParameter(
                    _("Kopien fortsætter selv, hvor den slap; udelad valget."), param_hint="--after"
                )
            if at.seek(0, os.SEEK_END) and _last_byte(at) != b"\n":
                at.write(b"\n")
            yield since or begin, lambda lines: _write_all(at, lines)
            os.fsync(at)
    except NoCopy as error:
        raise _no_copy(file) from error
    except BlockingIOError as error:
        raise CannotDo(_("En anden skriver i kopien lige nu"), _("Prøv igen om lidt.")) from error
    except OSError as error:
        name = click.format_filename(file)
        raise CannotDo(
            _("{file} kan ikke skrives: {why}").format(file=name, why=error.strerror),
            _("Skaf plads eller adgang, og kør den samme kommando igen; den fortsætter, hvor den slap."),
        ) from error


def _last_byte(file: BinaryIO) -> bytes:
    file.seek(-1, os.SEEK_END)
    return file.read(1)


def _write_all(file: RawIOBase, lines: bytes) -> None:
    left = memoryview(lines)
    while left:
        left = left[file.write(left) or 0 :]


# ------------------------------------------------------------------------------------------------------- comparing


def compared_with(copy: Path) -> Compared:
    from hovedindgang.kernel.copying import NoCopy, compare  # after Django is ready

    size, read = max(1, copy.stat().st_size), 0
    with copy.open("rb") as file, late_bar(_("Regner kopien efter")) as show:

        def lines() -> Iterator[bytes]:
            nonlocal read
            for line in file:
                read += len(line)
                yield line

        try:
            return compare(lines(), progress=lambda _seals: show(read / size))
        except (NoCopy, KeyError, TypeError, ValueError) as error:
            raise _no_copy(copy) from error


def _no_copy(file: Path) -> CannotDo:
    return CannotDo(
        _("{file} er ikke en kopi af loggen").format(file=click.format_filename(file)),
        _("Vælg en anden fil; denne er ikke rørt."),
    )


def told_of(name: str, one: Compared) -> list[str]:
    said = [_("{file}: {seals} segl med {events} hændelser.").format(file=name, seals=one.seals, events=one.events)]
    if one.not_as_sealed:
        wrong = _("Kopien har ikke det, der blev forseglet, under segl {numbers}.")
        said.append(wrong.format(numbers=some_of(one.not_as_sealed)))
    if one.other_in_log:
        wrong = _("Loggen har ikke længere kopiens segl {numbers}: de er skåret af eller lavet om.")
        said.append(wrong.format(numbers=some_of(one.other_in_log)))
    return said
