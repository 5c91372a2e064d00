"""CPR numbers, roles, and what each role may do. No database."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hovedindgang.people.models import Employee, Role

SEES_ALL_CITIZENS = frozenset({Role.EMPLOYEE, Role.LEADER})  # four centres are one unit
FAVOURITES = 9  # one for each digit
NAME_LENGTH, KEY_LENGTH, EMAIL_LENGTH = 120, 260, 254


class Scope(StrEnum):
    """What a client of the API may do."""

    CONTACTS_READ = "contacts:read"
    CONTACTS_WRITE = "contacts:write"
    HISTORY_READ = "history:read"
    HISTORY_CONFIDENTIAL = "history:confidential"  # beside `history:read`: matters that are confidential too
    HISTORY_SENSITIVE = "history:sensitive"  # and those that are sensitive
    HISTORY_PROTECTED = "history:protected"  # texts as they stand, with names and addresses that may be protected
    HANDOVERS_WRITE = "handovers:write"
    INDICATORS_READ = "indicators:read"
    MODEL_READ = "model:read"


class Purpose(StrEnum):
    """What she was about to do when she was asked to prove once more that it is her; each has its sentence below."""

    EXPORT = "export"
    CLOSED_RECORD = "closed_record"
    PROTECTED_PERSON = "protected_person"
    OTHERS_ACCESS = "others_access"
    OWN_SIGN_INS = "own_sign_ins"


class IdentityShown(StrEnum):
    """How somebody who has lost her second step has shown who she is; as carefully as when she began here."""

    ID_SEEN = "id_seen"
    LEADER_PRESENT = "leader_present"


HOW_SHOWN = {
    IdentityShown.ID_SEEN: gettext_lazy("Hun står her, og jeg har set pas, kørekort eller medarbejderkort med billede"),
    IdentityShown.LEADER_PRESENT: gettext_lazy("Hendes leder er her sammen med hende og siger, at det er hende"),
}
WHY_PROVE = {
    Purpose.EXPORT: gettext_lazy("Du er ved at hente oplysninger ud af systemet."),
    Purpose.CLOSED_RECORD: gettext_lazy("Du er ved at åbne oplysninger, der er lukket for dig."),
    Purpose.PROTECTED_PERSON: gettext_lazy("Det, du er ved at gøre, handler om en person, der er beskyttet."),
    Purpose.OTHERS_ACCESS: gettext_lazy("Du er ved at ændre, hvad en anden har adgang til."),
    Purpose.OWN_SIGN_INS: gettext_lazy("Du er ved at logge dig ud andre steder."),
}


class NotProven(ValueError):
    """What was given does not prove that it is her; the message says what to do."""


class BadCpr(ValueError):
    """Not a CPR number; the message says what would be one, in the user's language."""


class NoAccess(PermissionDenied):
    """She may not see this record, or it is not there; which of the two is not told."""


class PeopleRefused(ValueError):
    """What was typed about a person cannot be saved; `errors` says by field what to do."""

    def __init__(self, errors: dict[str, str]) -> None:
        self.errors = errors
        super().__init__(" ".join(errors.values()))


# ------------------------------------------------------------------------------------------------------------- CPR

_SIGNS = "[-\u2010\u2011\u2012\u2013\u2014\u2212. \u00a0]"
_TYPED = re.compile(rf"\s*(\d{{6}}){_SIGNS}{{0,3}}(\d{{4}})\s*")
_WRITTEN = re.compile(rf"(?<!\d)(\d{{2}}{_SIGNS}?\d{{2}}{_SIGNS}?\d{{2}}){_SIGNS}{{0,3}}(\d{{4}})(?!\d)")
# An appointment: a day of these years with its dots, a space, and a clock that could be read off a wall.
_DAY_AND_CLOCK = re.compile(r"\d{2}\.\d{2}\.[23]\d\.?[ \u00a0]{1,2}(?:[01]\d|2[0-3])[0-5]\d")
_OTHER_DIGIT = re.compile(r"(?![0-9])\d")
_REPLACEMENT = 60  # an administrative number of someone without a CPR has the day + 60


def parse_cpr(text: str, *, on: dt.date | None = None) -> str:
    """Ten digits from what was typed, with or without a dash or a space before the last four.

    Modulus 11 is not asked for: numbers given since 2007 may fail it. Days 61 to 91 are replacement numbers. With the
    day it is `on`, nobody is born later. Raises BadCpr; its message never repeats what was typed.
    """
    match = _TYPED.fullmatch(_with_plain_digits(text))
    if match is None:
        raise BadCpr(_("Skriv CPR-nummeret med ti cifre: seks for fødselsdagen og fire til sidst."))
    cpr = match[1] + match[2]
    try:
        born = born_on(cpr)
    except ValueError:
        raise BadCpr(_("De første seks cifre er ikke en dato. Se efter på legitimationen, og skriv igen.")) from None
    if on is not None and born > on:
        raise BadCpr(_("Fødselsdagen ligger ude i fremtiden. Se efter på legitimationen, og skriv igen."))
    return cpr


def _with_plain_digits(text: str) -> str:
    """`text`, as long as before, with each digit of another script (１２, ١٢) as 0 to 9: one person is one number."""
    return _OTHER_DIGIT.sub(lambda digit: str(unicodedata.decimal(digit[0])), text)


def born_on(cpr: str) -> dt.date:
    """The date of birth that ten digits tell, by CPR's rule of the seventh digit. Raises ValueError for no date."""
    day, month, year, seventh = int(cpr[:2]), int(cpr[2:4]), int(cpr[4:6]), int(cpr[6])
    if day > _REPLACEMENT:
        day -= _REPLACEMENT
    if seventh <= 3:
        century = 1900
    elif seventh in (4, 9):
        century = 2000 if year <= 36 else 1900
    else:
        century = 2000 if year <= 57 else 1800
    return dt.date(century + year, month, day)


@dataclass(frozen=True, slots=True)
class CprFound:
    """A CPR in a text: `text[start:end]` holds it, `cpr` is its ten digits."""

    start: int
    end: int
    cpr: str


def cprs_in(text: str) -> list[CprFound]:
    """Everything in `text` that may be a CPR, in order, also with spaces, dots or dashes in it.

    A day with dots followed by a time ("12.11.26 1430") is an appointment, unless the day is a replacement number's or
    no appointment is made for its year: "12.11.90 1430" is somebody's birthday.
    """
    found = []
    for match in _WRITTEN.finditer(_with_plain_digits(text)):
        digits = re.sub(r"\D", "", match[0])
        try:
            born_on(digits)
        except ValueError:
            continue
        if _DAY_AND_CLOCK.fullmatch(match[0]) and int(digits[:2]) <= _REPLACEMENT:
            continue
        found.append(CprFound(match.start(), match.end(), digits))
    return found


def a_year_after(day: dt.date) -> dt.date:
    """The same day a year later, 1 March after a leap day."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return dt.date(day.year + 1, 3, 1)


# ----------------------------------------------------------------------------------------------------------- names


def name_key(name: str) -> str:
    """A name as it is searched: lower case, one space before each word, å, ø and æ as aa, oe and ae."""
    folded = name.casefold().replace("å", "aa").replace("ø", "oe").replace("æ", "ae")
    words = re.findall(r"\w+", folded)
    return "".join(f" {word}" for word in words)[:KEY_LENGTH]


# ----------------------------------------------------------------------------------------------------------- roles


def may_see_citizens(employee: Employee) -> bool:
    """Whether all citizens' records are open to her; a caseworker sees those handed over, which `contacts` knows."""
    return employee.is_active and bool(employee.roles & SEES_ALL_CITIZENS)


def check_favourites(favourites: Iterable[str], known: Iterable[str]) -> None:
    """Raises PeopleRefused for more than nine, the same twice, or a service that is not carried."""
    chosen, existing = list(favourites), set(known)
    if len(chosen) > FAVOURITES:
        raise PeopleRefused({"favourites": _("Vælg højst ni, en til hvert ciffer.")})
    if len(set(chosen)) < len(chosen):
        raise PeopleRefused({"favourites": _("Den samme opgave er valgt to gange. Vælg en anden til det ene ciffer.")})
    if not set(chosen) <= existing:
        raise PeopleRefused({"favourites": _("En af opgaverne findes ikke længere. Vælg en anden.")})
