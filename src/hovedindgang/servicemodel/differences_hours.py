"""Changed opening hours as people say them: "Pandrup lukker en time tidligere torsdag (personlig henvendelse)"."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from hovedindgang.servicemodel.checks_hours import channel_name, periods_text, sorted_periods
from hovedindgang.servicemodel.document import Channel, Period, WeekHours
from hovedindgang.servicemodel.language import gettext as _
from hovedindgang.servicemodel.language import pgettext
from hovedindgang.servicemodel.positions import Path
from hovedindgang.servicemodel.walking import step
from hovedindgang.servicemodel.wording import duration_text, listed


def hours_differences(
    path: Path, name: str, old: Mapping[Channel, WeekHours], new: Mapping[Channel, WeekHours]
) -> Iterator[tuple[Path, str, str]]:
    """A sentence for each way in which `name`'s hours change; days that change alike share one."""
    for channel in Channel:
        before, after = old.get(channel), new.get(channel)
        if before == after:
            continue
        days: dict[str, list[int]] = {}
        for day in range(7):
            for text in _day(sorted_periods((before or {}).get(day, ())), sorted_periods((after or {}).get(day, ()))):
                days.setdefault(text, []).append(day)
        for text, alike in days.items():
            place = (*path, channel.value, step(alike[0])) if len(alike) == 1 else (*path, channel.value)
            said = text.format(name=name, days=listed([_each_weekday(day) for day in alike]))
            yield place, "changed", f"{said} ({channel_name(channel)})"
        if not days:
            text = _("{name}: åbningstiden er skrevet på en anden måde, men er den samme ({channel})")
            yield (*path, channel.value), "changed", text.format(name=name, channel=channel_name(channel))


def _each_weekday(day: int) -> str:
    """ "torsdag", meaning every Thursday."""
    return (
        pgettext("hver uge", "mandag"),
        pgettext("hver uge", "tirsdag"),
        pgettext("hver uge", "onsdag"),
        pgettext("hver uge", "torsdag"),
        pgettext("hver uge", "fredag"),
        pgettext("hver uge", "lørdag"),
        pgettext("hver uge", "søndag"),
    )[day]


def _day(old: tuple[Period, ...], new: tuple[Period, ...]) -> Iterator[str]:
    """Sentences with {name} and {days} left open."""
    if old == new:
        return
    if not new:
        yield _("{name} holder nu lukket {days}")
    elif not old:
        yield _later(_("{name} holder nu åbent {days} kl. {periods}"), periods=periods_text(new))
    elif len(old) == len(new) == 1:
        yield from _moved(old[0], new[0])
    else:
        text = _("{name} har åbent {days} kl. {periods} i stedet for {before}")
        yield _later(text, periods=periods_text(new), before=periods_text(old))


def _moved(old: Period, new: Period) -> Iterator[str]:
    opens = _minutes(new.opens) - _minutes(old.opens)
    closes = _minutes(new.closes) - _minutes(old.closes)
    if opens:
        text = _("{name} åbner {how} senere {days}") if opens > 0 else _("{name} åbner {how} tidligere {days}")
        yield _later(text, how=duration_text(abs(opens)))
    if closes:
        text = _("{name} lukker {how} senere {days}") if closes > 0 else _("{name} lukker {how} tidligere {days}")
        yield _later(text, how=duration_text(abs(closes)))


def _later(text: str, **values: str) -> str:
    """`text` with `values` filled in; who and on which days is filled in when alike days are known."""
    return text.format(name="{name}", days="{days}", **values)


def _minutes(clock: dt.time) -> int:
    return clock.hour * 60 + clock.minute
