"""Which passwords nobody may have: the municipality's own words and hers, and those that others have lost before.

No list of lost passwords is delivered: `HOVEDINDGANG_PASSWORD_LIST` names the municipality's. Nothing is asked of
anybody outside.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from hovedindgang.people.models import Employee
from hovedindgang.people.rules import name_key
from hovedindgang.policy.queries import NoPolicyInForce, in_force
from hovedindgang.servicemodel.document import ServiceModel

# Beside the municipality's own: what people who work here think of first.
HOUSE_WORDS = (
    "hovedindgang borgerservice borgercenter borger kommune kommunen raadhus skranke velkommen adgangskode kodeord "
    "password hemmelig login admin medarbejder leder danmark sommer vinter foraar efteraar januar februar marts april "
    "maj juni juli august september oktober november december mandag tirsdag onsdag torsdag fredag"
).split()
SHORTEST_WORD = 3  # letters: shorter ones are parts of everything
LEAST_OF_HER_OWN = 6  # letters that must be left when those words are taken out
_HASHED = re.compile(rb"[0-9A-Fa-f]{40}(:\d+)?\s*\Z")
_LONGEST_LINE = 200


class NotOwnWords:
    """Refuses a password that is little more than words of the house, of the municipality, or of hers."""

    def validate(self, password: str, user: Employee | None = None) -> None:
        """Raises ValidationError."""
        left, taken = letters(password), False
        for word in sorted(own_words(user), key=len, reverse=True):
            without = left.replace(word, " ")
            left, taken = without, taken or without != left
        if taken and len(re.sub(r"\s", "", left)) < LEAST_OF_HER_OWN:
            said = _("Den består mest af ord, andre let gætter: kommunens, husets eller dine egne. Find på andre ord.")
            raise ValidationError(said, code="own_words")

    def get_help_text(self) -> str:
        return _("Brug ikke kommunens navn, steder, årstider eller dit eget navn som det meste af adgangskoden.")


def letters(text: str) -> str:
    """Its letters as names are searched: lower case, å, ø and æ as aa, oe and ae; figures and signs left out."""
    return re.sub(r"[^a-z]", "", name_key(text))


def own_words(user: Employee | None) -> set[str]:
    """What is taken out: the house's words, the model's names of places and departments, and her own names."""
    said = [*HOUSE_WORDS]
    with suppress(NoPolicyInForce):
        said += _names_of(in_force().model)
    if user is not None:
        said += [user.username, user.name, *user.name.split()]
    words = {letters(part) for one in said for part in (one, *one.split())}
    return {word for word in words if len(word) >= SHORTEST_WORD}


def _names_of(model: ServiceModel) -> Iterator[str]:
    yield model.municipality.name
    yield from (centre.name for centre in model.centres.values())
    yield from (department.name for department in model.departments.values())


class NotLostBefore:
    """Refuses a password that stands in the municipality's list of those that others have lost."""

    def validate(self, password: str, user: Employee | None = None) -> None:
        """Raises ValidationError, also where the list cannot be read: a word that was not tried is not taken."""
        try:
            lost = any(is_in(Path(name), password) for name in settings.PASSWORD_LIST)
        except OSError:
            said = _("Adgangskoden kan ikke prøves lige nu, og er ikke skiftet. Sig det til driften.")
            raise ValidationError(said, code="no_list") from None
        if lost:
            said = _("Den adgangskode står på en liste over koder, andre har mistet. Find på en anden.")
            raise ValidationError(said, code="lost_before")

    def get_help_text(self) -> str:
        return _("Brug ikke en adgangskode, du har brugt andre steder.")


def is_in(file: Path, password: str) -> bool:
    """Whether the list has it: passwords one a line, or SHA-1 hashes in rising order ("HASH" or "HASH:times").

    A list of hashes is not read through but looked up, however long it is. Raises OSError.
    """
    with file.open("rb") as lines:
        if _HASHED.match(lines.readline(_LONGEST_LINE)):
            hashed = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
            return _among_hashes(file, hashed)
        lines.seek(0)
        wanted = password.encode()
        return any(line.rstrip(b"\r\n") == wanted for line in lines)


def _among_hashes(file: Path, wanted: bytes) -> bool:
    """By halves: the first line that begins at `low` or later, when both have met, is the first that is not smaller."""
    low, high = 0, file.stat().st_size
    with file.open("rb") as lines:
        while low < high:
            middle = (low + high) // 2
            line = _line_from(lines, middle)
            low, high = (low, middle) if not line or line[:40].upper() >= wanted else (middle + 1, high)
        return _line_from(lines, low)[:40].upper() == wanted


def _line_from(lines: BinaryIO, place: int) -> bytes:
    """The first line that begins at this place or later; b"" after the last."""
    lines.seek(max(place - 1, 0))
    if place:
        lines.readline()
    return lines.readline()
