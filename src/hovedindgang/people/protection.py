"""How a citizen is shown. The one place that decides; a protected name and address go past nobody by accident.

Name and address, and what leads to them (telephone, e-mail, date of birth), are told of a protected citizen only by a
reasoned key: one look at a time, logged with its reason. Everywhere else she is "beskyttet borger 4711". Templates use
the filters of the same names (`{% load people %}`), serializers `shown_fields`; a test of the house finds who does not.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from enum import StrEnum

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hovedindgang.kernel import clock
from hovedindgang.people.models import Citizen, Protection, opened
from hovedindgang.people.rules import a_year_after, name_key

# Columns of a citizen that no page, export, serializer or message may read but through this module.
GUARDED = frozenset({"name", "name_key", "address", "phone", "email", "born_on"})


class ProtectedReason(StrEnum):
    """What a protected name and address may be seen for; the log keeps the word."""

    IDENTIFY = "identify"
    LETTER = "letter"
    CALL = "call"
    REGISTER = "register"
    DANGER = "danger"


WHY_SEE: Mapping[ProtectedReason, str | Promise] = {
    ProtectedReason.IDENTIFY: gettext_lazy("Sikre mig, at det er den rette"),
    ProtectedReason.LETTER: gettext_lazy("Sende borgeren et brev"),
    ProtectedReason.CALL: gettext_lazy("Ringe eller skrive til borgeren"),
    ProtectedReason.REGISTER: gettext_lazy("Rette borgerens oplysninger"),
    ProtectedReason.DANGER: gettext_lazy("Der er fare for liv eller helbred"),
}


def is_protected(citizen: Citizen, on: dt.date | None = None) -> bool:
    """Whether her name and address are protected on that day, today where none is said."""
    if citizen.protection == Protection.NONE:
        return False
    day = on or clock.today()
    begun = citizen.protected_from is None or citizen.protected_from <= day
    return begun and (citizen.protected_to is None or day < citizen.protected_to)


def leaves_less(citizen: Citizen, *, protection: Protection, from_day: dt.date | None, to_day: dt.date | None) -> bool:
    """Whether she who is protected today would be so for fewer days, or against less: threats are the most.

    The renewal of what CPR gives for a year at a time leaves her none the less.
    """
    if not is_protected(citizen):
        return False
    begins_later = from_day is not None and from_day > clock.today()
    if protection == Protection.NONE or begins_later:
        return True
    if citizen.protection == Protection.THREAT and protection != Protection.THREAT:
        return True
    ends = to_day or (a_year_after(from_day or clock.today()) if protection == Protection.ORDINARY else None)
    return ends is not None and (citizen.protected_to is None or ends < citizen.protected_to)


def protected_rows(on: dt.date | None = None, *, prefix: str = "") -> Q:
    """The same as a condition on rows: `Citizen.objects.exclude(protected_rows())`.

    `prefix` is the way to the citizen from another table: "asker__".
    """
    day = on or clock.today()
    begun = Q(**{f"{prefix}protected_from__isnull": True}) | Q(**{f"{prefix}protected_from__lte": day})
    lasts = Q(**{f"{prefix}protected_to__isnull": True}) | Q(**{f"{prefix}protected_to__gt": day})
    kinds = [kind.value for kind in Protection if kind != Protection.NONE]
    return Q(**{f"{prefix}protection__in": kinds}) & begun & lasts


def shown_name(citizen: Citizen) -> str:
    """Her name; "beskyttet borger 4711" where it is protected, "borger 4711" where we do not know it."""
    if is_protected(citizen):
        return _("beskyttet borger {number}").format(number=citizen.pk)
    return citizen.name or _("borger {number}").format(number=citizen.pk)


def shown_address(citizen: Citizen) -> str:
    return "" if is_protected(citizen) else citizen.address


def shown_road(citizen: Citizen) -> str:
    """The road she lives on, without number and floor: enough to tell two of the same name apart."""
    return re.sub(r"\s+\d.*", "", shown_address(citizen).partition(",")[0])


def shown_phone(citizen: Citizen) -> str:
    return "" if is_protected(citizen) else citizen.phone


def shown_email(citizen: Citizen) -> str:
    return "" if is_protected(citizen) else citizen.email


def shown_born_on(citizen: Citizen) -> dt.date | None:
    return None if is_protected(citizen) else citizen.born_on


def shown_fields(citizen: Citizen) -> Mapping[str, str | bool | None]:
    """For an export or another system: `protected`, and only for who is not, name, address and what leads to them."""
    if is_protected(citizen):
        return {"protected": True}
    return {
        "protected": False,
        "name": citizen.name,
        "address": citizen.address,
        "phone": citizen.phone,
        "email": citizen.email,
        "born_on": citizen.born_on.isoformat() if citizen.born_on else None,
    }


# ------------------------------------------------------------------------------------------- what an employee types


class Told(StrEnum):
    """What of a protected citizen stands in a text."""

    NAME = "name"
    ADDRESS = "address"
    PHONE = "phone"
    EMAIL = "email"


TOLD_WORDS: Mapping[Told, str | Promise] = {
    Told.NAME: gettext_lazy("navn"),
    Told.ADDRESS: gettext_lazy("adresse"),
    Told.PHONE: gettext_lazy("telefonnummer"),
    Told.EMAIL: gettext_lazy("e-mail"),
}


def told_in(text: str, citizen: Citizen) -> list[Told]:
    """What of a protected citizen `text` gives away; nothing for who is not protected.

    Her name is recognised whole; her address by street and number, however it is spaced; her number by its last eight
    digits. A house of that street, or another with her first name, is no hit: a warning that is always there warns of
    nothing.
    """
    if not text.strip() or not is_protected(citizen):
        return []
    words, digits = f"{name_key_of(text)} ", re.sub(r"\D", "", text)
    phone = re.sub(r"\D", "", citizen.phone)[-8:]
    found = {
        Told.NAME: len(citizen.name.split()) > 1 and f"{name_key_of(citizen.name)} " in words,
        Told.ADDRESS: bool(_street(citizen.address)) and f"{_street(citizen.address)} " in words,
        Told.PHONE: len(phone) == 8 and phone in digits,
        Told.EMAIL: bool(citizen.email) and citizen.email.casefold() in text.casefold(),
    }
    return [what for what, there in found.items() if there]


# --------------------------------------------------------------------------------- what another system is sent of it

LEFT_OUT = "[…]"
Known = tuple[str, str, str, str]  # name, address, telephone, e-mail


def known_of(citizen_ids: Collection[int]) -> list[Known]:
    """What of these citizens `without_known` takes out; as `people_known` of PostgreSQL gives it within a statement."""
    rows = Citizen.objects.filter(pk__in=citizen_ids)
    return [known for one in rows if any(known := (one.name, one.address, one.phone, one.email))]


def known_as_sent(rows: Iterable[Sequence[str]]) -> list[Known]:
    """What `people_known` gave: the columns, or the seal of who is protected, in hexadecimal."""
    sent: list[Known] = []
    for name, address, phone, email, sealed in rows:
        if sealed:
            told = opened(bytes.fromhex(sealed))
            sent.append((told["name"], told["address"], told["phone"], told["email"]))
        else:
            sent.append((name, address, phone, email))
    return [known for known in sent if any(known)]


def without_known(text: str, people: Iterable[Known]) -> str:
    """The text with "[…]" for the names, addresses, numbers and e-mails of these people, protected or not.

    Of everybody, so that the sign tells nobody who is protected. It knows them as `told_in` does.
    """
    return leaving_out(people)(text)


def leaving_out(people: Iterable[Known]) -> Callable[[str], str]:
    """`without_known` for many texts about the same people. Most hold nothing of them, and are seen to in one look."""
    patterns = [pattern for known in people for pattern in _patterns(known)]

    def left_out(text: str) -> str:
        folded = text.casefold().translate(_LETTERS)
        if not any(pattern.search(folded) for pattern in patterns):
            return text
        while spans := _found(text, patterns):  # again: what is left on both sides may be a name too
            for first, after in sorted(spans, reverse=True):
                text = text[:first] + LEFT_OUT + text[after:]
        return text

    return left_out


def _found(text: str, patterns: Iterable[re.Pattern[str]]) -> list[tuple[int, int]]:
    folded, place = _folded(text)
    spans = _apart(found.span() for pattern in patterns for found in pattern.finditer(folded))
    return [(place[first], place[after - 1] + 1) for first, after in spans]


def _folded(text: str) -> tuple[str, list[int]]:
    """The text as `name_key` folds it, and for each of its signs the place in the text that it came from."""
    signs = [(sign, at) for at, letter in enumerate(text) for sign in _fold(letter)]
    return "".join(sign for sign, _at in signs), [at for _sign, at in signs]


_LETTERS = str.maketrans({"å": "aa", "ø": "oe", "æ": "ae"})


def _fold(letter: str) -> str:
    return letter.casefold().translate(_LETTERS)


def _apart(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same as spans that do not touch one another."""
    found: list[tuple[int, int]] = []
    for first, after in sorted(spans):
        if found and first < found[-1][1]:
            found[-1] = (found[-1][0], max(after, found[-1][1]))
        else:
            found.append((first, after))
    return found


def _patterns(known: Known) -> list[re.Pattern[str]]:
    """What finds her in a folded text."""
    name, address, phone, email = known
    digits = re.sub(r"\D", "", phone)[-8:]
    written = [_as_typed(name_key_of(name))] if len(name.split()) > 1 else []
    written += [_as_typed(_street(address))] if _street(address) else []
    written += [r"\D{0,3}".join(digits)] if len(digits) == 8 else []
    written += [re.escape(_folded(email)[0])] if email else []
    return [re.compile(one) for one in written]


def _as_typed(key: str) -> str:
    """Whatever has this `name_key`, however its words are spaced."""
    return r"(?<!\w)" + r"\W+".join(re.escape(word) for word in key.split()) + r"(?!\w)"


def name_key_of(text: str) -> str:
    """`people.rules.name_key` of a text of any length."""
    return "".join(name_key(part) for part in re.split(r"\s+", text))


def _street(address: str) -> str:
    """The words of the address up to its number: " skjulestien 7"; "" for an address without one."""
    found = re.match(r"[^,]*?[^\W\d][^,]*?\d+\s?[A-Za-zÆØÅæøå]?(?!\w)", address)  # also of 10. Februar Vej 3
    return name_key_of(found[0]) if found else ""
