"""Whether a change's own words and numbers can be meant, whatever the model: raises ValueError in words."""

from __future__ import annotations

import datetime as dt
import re

from hovedindgang.planning.language import gettext as _
from hovedindgang.servicemodel.document import Channel

MOST_EMPLOYEES, MOST_TIMES = 1000, 100


def must_be_channel(word: str, more: tuple[str, ...] = ()) -> None:
    known = (*(one.value for one in Channel), *more)
    if word not in known:
        raise ValueError(_("kanalen {word} kendes ikke; kendte: {known}").format(word=word, known=", ".join(known)))


def must_be_clocks(opens: str, closes: str) -> None:
    for clock in (opens, closes):
        if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", clock):
            raise ValueError(_("{clock} er intet klokkeslæt; skriv fx 09:30").format(clock=clock or "–"))
    if dt.time.fromisoformat(opens) >= dt.time.fromisoformat(closes):
        raise ValueError(_("der lukkes før der åbnes"))


def date_of(word: str) -> dt.date:
    try:
        return dt.date.fromisoformat(word)
    except ValueError:
        raise ValueError(_("{word} er ingen dag; skriv fx 2026-09-01").format(word=word)) from None


def must_be_weekdays(*days: int) -> None:
    if not all(0 <= day <= 6 for day in days):
        raise ValueError(_("weekday er 0 (mandag) til 6 (søndag)"))


def must_be_number(number_of: int, least: int = 0) -> None:
    if not least <= number_of <= MOST_EMPLOYEES:
        raise ValueError(_("antallet er {least} til {most}").format(least=least, most=MOST_EMPLOYEES))
