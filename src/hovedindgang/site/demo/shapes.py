"""When people come: the year, the week and the day. All weights are assumed; their peaks are common knowledge.

Sources of the peaks: passports before the summer, tax in March and November, students moving in August and September,
Mondays and the first day after a holiday, ten to eleven in the morning (municipalities' own opening-hour notices).
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from hovedindgang.servicemodel.document import Channel

MONTH = (1.08, 0.94, 1.04, 0.98, 1.10, 1.12, 0.78, 1.12, 1.10, 0.98, 0.98, 0.78)
WEEKDAY = (1.22, 1.04, 0.92, 1.06, 0.76, 0.10, 0.08)  # weekends only where nobody of ours must be there


class Way(StrEnum):
    """How people come, finer than the four channels: what the volumes and the hours differ by."""

    COUNTER = "counter"
    PHONE = "phone"
    MESSAGE = "message"  # Digital Post and e-mail
    LETTER = "letter"
    SELF_SERVICE = "self_service"
    OUTREACH = "outreach"  # the mobile service and visits at home


CHANNEL = {
    Way.COUNTER: Channel.IN_PERSON,
    Way.PHONE: Channel.PHONE,
    Way.MESSAGE: Channel.DIGITAL,
    Way.LETTER: Channel.WRITTEN,
    Way.SELF_SERVICE: Channel.DIGITAL,
    Way.OUTREACH: Channel.IN_PERSON,
}
OUR_HOURS = frozenset({Way.COUNTER, Way.PHONE, Way.OUTREACH})  # somebody of ours must be there
_COUNTER = {9: 0.7, 10: 1.5, 11: 1.3, 12: 1.0, 13: 0.9, 14: 0.6, 15: 0.7, 16: 0.8}
HOUR: dict[Way, dict[int, float]] = {
    Way.COUNTER: _COUNTER,
    Way.OUTREACH: _COUNTER,
    Way.PHONE: {9: 1.5, 10: 1.6, 11: 1.2, 12: 0.8, 13: 0.9, 14: 0.6, 15: 0.4, 16: 0.4},
    Way.LETTER: {9: 1.0},  # when the post is opened
    Way.MESSAGE: dict.fromkeys(range(7, 23), 1.0),
    Way.SELF_SERVICE: {hour: 1.0 + (hour in {19, 20, 21}) for hour in range(6, 24)},
}
SEASON: dict[str, tuple[float, ...]] = {
    "pas-ansoegning": (0.9, 0.9, 1.2, 1.5, 1.8, 1.3, 0.6, 0.6, 0.7, 0.8, 0.8, 0.6),
    "pas-udlevering": (0.8, 0.9, 1.0, 1.3, 1.7, 1.7, 0.8, 0.6, 0.7, 0.8, 0.8, 0.7),
    "skat-vejledning": (0.7, 0.8, 2.6, 1.2, 0.7, 0.6, 0.4, 0.5, 0.6, 0.7, 2.2, 0.9),
    "flytning": (0.9, 0.8, 0.9, 0.9, 1.0, 1.2, 1.2, 1.7, 1.4, 1.0, 0.8, 0.7),
    "beboerindskud": (0.8, 0.8, 0.9, 0.9, 1.0, 1.1, 1.2, 1.8, 1.4, 0.9, 0.8, 0.7),
    "helbredstillaeg": (1.1, 0.9, 0.9, 0.9, 0.8, 0.8, 0.7, 0.9, 1.0, 1.5, 1.6, 0.9),
    "eu-sygesikringskort": (0.9, 1.3, 0.9, 1.0, 1.4, 1.9, 1.2, 0.6, 0.7, 0.9, 0.6, 0.6),
    "dagtilbud": (1.3, 1.0, 1.0, 1.0, 0.9, 0.9, 0.7, 1.3, 1.2, 1.0, 0.9, 0.7),
}


def day_weight(day: dt.date, *, after_closure: bool) -> float:
    """Relative volume of a day; the first open day after a closed one is busier."""
    return MONTH[day.month - 1] * WEEKDAY[day.weekday()] * (1.18 if after_closure else 1.0)


def service_weight(service: str, parts: int, day: dt.date) -> float:
    """How often a service is asked for on a day, in parts."""
    season = SEASON.get(service)
    return parts * (season[day.month - 1] if season else 1.0)
