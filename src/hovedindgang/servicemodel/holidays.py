"""Denmark's public holidays, computed; source: Lov om folkekirken's helligdage and lov nr. 214 of 7 March 2023."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

LAST_YEAR_OF_STORE_BEDEDAG = 2023  # abolished from 2024 by lov nr. 214 af 7/3/2023


def easter_sunday(year: int) -> dt.date:
    """Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher), for 1583 and later."""
    century, of_century = divmod(year, 100)
    golden = year % 19
    correction = (8 * century + 13) // 25
    moon = (19 * golden + century - century // 4 - correction + 15) % 30
    moon -= (golden + 11 * moon) // 319
    leap, rest = divmod(of_century, 4)
    weekday = (2 * (century % 4) + 2 * leap - rest - moon + 32) % 7
    month = (moon + weekday + 90) // 25
    return dt.date(year, month, (moon + weekday + month + 19) % 32)


@cache
def public_holidays(year: int) -> Mapping[dt.date, str]:
    """Danish public holidays (helligdage) of `year` by date, with their Danish names, in order.

    Grundlovsdag, Christmas Eve and New Year's Eve are no public holidays by law: the model's calendar says
    what holds on them.
    """
    easter = easter_sunday(year)

    def after_easter(days: int) -> dt.date:
        return easter + dt.timedelta(days=days)

    days = [
        (dt.date(year, 1, 1), "Nytårsdag"),
        (after_easter(-3), "Skærtorsdag"),
        (after_easter(-2), "Langfredag"),
        (after_easter(0), "Påskedag"),
        (after_easter(1), "2. påskedag"),
        (after_easter(39), "Kristi himmelfartsdag"),
        (after_easter(49), "Pinsedag"),
        (after_easter(50), "2. pinsedag"),
        (dt.date(year, 12, 25), "Juledag"),
        (dt.date(year, 12, 26), "2. juledag"),
    ]
    if year <= LAST_YEAR_OF_STORE_BEDEDAG:
        days.append((after_easter(26), "Store bededag"))
    return MappingProxyType(dict(sorted(days)))
