"""What a document may be, and how long it is kept. No database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

LARGEST_BYTES = 5 * 1024 * 1024  # a scan of twenty pages; it lies in the database, and in every backup of it
KEPT_YEARS = 5  # after the ground is gone


class DocumentRefused(ValueError):
    """Not a document that is taken; the message says what would be one."""


class Kind(StrEnum):
    """What is in it, by its own bytes. A file's name and what the browser says of it count for nothing."""

    PDF = "pdf"
    JPEG = "jpeg"
    PNG = "png"
    TEXT = "text"


class Ground(StrEnum):
    """Why it is kept, and so how long."""

    EVIDENCE = "evidence"  # that somebody may act for another: as long as it may be asked whether she might


@dataclass(frozen=True, slots=True)
class Served:
    """How a browser is given it: always as a file to keep, never as a page of ours."""

    media_type: str
    ending: str


SERVED: Mapping[Kind, Served] = {
    Kind.PDF: Served("application/pdf", "pdf"),
    Kind.JPEG: Served("image/jpeg", "jpg"),
    Kind.PNG: Served("image/png", "png"),
    Kind.TEXT: Served("text/plain; charset=utf-8", "txt"),
}
KIND_WORDS: Mapping[Kind, str | Promise] = {
    Kind.PDF: gettext_lazy("PDF"),
    Kind.JPEG: gettext_lazy("billede (JPEG)"),
    Kind.PNG: gettext_lazy("billede (PNG)"),
    Kind.TEXT: gettext_lazy("tekst"),
}
_PNG = b"\x89PNG\r\n\x1a\n"
_ALLOWED_CONTROL = {9, 10, 13}


def kind_of(content: bytes) -> Kind:
    """What the bytes are. Raises DocumentRefused for nothing, for too much, and for anything else than the four."""
    if not content:
        raise DocumentRefused(_("Filen er tom. Vælg den igen."))
    if len(content) > LARGEST_BYTES:
        raise DocumentRefused(
            _("Filen fylder mere end {megabytes} MB. Scan den i sort-hvid, eller del den i to.").format(
                megabytes=LARGEST_BYTES // 1024**2
            )
        )
    if content.startswith(b"%PDF-") and b"%%EOF" in content[-1024:]:
        return Kind.PDF
    if content.startswith(b"\xff\xd8\xff") and content.rstrip(b"\0").endswith(b"\xff\xd9"):
        return Kind.JPEG
    if content.startswith(_PNG) and b"IEND" in content[-16:]:
        return Kind.PNG
    if _is_text(content):
        return Kind.TEXT
    raise DocumentRefused(
        _("Filen er hverken en PDF, et billede (JPEG, PNG) eller ren tekst. Gem den som PDF, og vælg igen.")
    )


def _is_text(content: bytes) -> bool:
    """Whether it reads as UTF-8 without control signs, and does not begin as a page that a browser would run."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return False
    if any((ord(sign) < 32 and ord(sign) not in _ALLOWED_CONTROL) or ord(sign) == 127 for sign in text):
        return False
    return not text.lstrip("\ufeff \t\r\n").startswith(("<", "%PDF"))


def kept_to(ground_ends_on: dt.date) -> dt.date:
    """The first day it is no longer kept, five years after its ground ended."""
    try:
        return ground_ends_on.replace(year=ground_ends_on.year + KEPT_YEARS)
    except ValueError:
        return dt.date(ground_ends_on.year + KEPT_YEARS, 3, 1)
