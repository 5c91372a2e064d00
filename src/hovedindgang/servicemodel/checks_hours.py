"""Checks of opening hours: each centre's and department's own, and the centres' against the departments'."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from hovedindgang.servicemodel.document import Channel, Period, ServiceModel, WeekHours
from hovedindgang.servicemodel.language import gettext as _
from hovedindgang.servicemodel.positions import Path
from hovedindgang.servicemodel.problems import Finding, Severity
from hovedindgang.servicemodel.reading import WEEKDAYS


def weekday_name(day: int) -> str:
    """0 is "mandag"."""
    return (
        _("mandag"),
        _("tirsdag"),
        _("onsdag"),
        _("torsdag"),
        _("fredag"),
        _("lørdag"),
        _("søndag"),
    )[day]


def channel_name(channel: Channel) -> str:
    return {
        Channel.IN_PERSON: _("personlig henvendelse"),
        Channel.PHONE: _("telefon"),
        Channel.WRITTEN: _("brev og e-mail"),
        Channel.DIGITAL: _("digital henvendelse"),
    }[channel]


def period_text(period: Period) -> str:
    return f"{period.opens:%H:%M}-{period.closes:%H:%M}"


def periods_text(periods: tuple[Period, ...]) -> str:
    """ "10:00-13:00 og 14:00-17:00", or "lukket" for none."""
    return _(" og ").join(period_text(period) for period in periods) or _("lukket")


def check_hours(model: ServiceModel) -> Iterator[Finding]:
    for table, holders in (("centres", model.centres), ("departments", model.departments)):
        for key, holder in holders.items():
            if holder.hours and not holder.hours_source and not holder.source:
                wrong = _("Åbningstiderne har ingen kilde.")
                yield Finding(
                    (table, key, "hours"), wrong, _('Tilføj hours_source = "nøgle" til en kilde under [sources].')
                )
            for channel, week in holder.hours.items():
                for day, periods in week.items():
                    yield from _day((table, key, "hours", channel.value, WEEKDAYS[day]), periods)
    if model.same_hours_as_departments and model.same_hours_as_departments.value:
        yield from _same_hours(model)


LATEST_NIGHT = dt.time(6)  # who closes by then, before she opens, may have meant past midnight


def _day(path: Path, periods: tuple[Period, ...]) -> Iterator[Finding]:
    for number, period in enumerate(periods):
        if period.closes <= period.opens:
            wrong = _('"{period}" lukker, før der er åbnet.').format(period=period_text(period))
            right = _("Skriv fra og til samme dag; døgnet slutter senest 23:59.")
            if dt.time.min < period.closes <= LATEST_NIGHT:
                over = _('Er der åbent over midnat, så skriv "{evening}" her og "{night}" dagen efter.')
                evening = Period(period.opens, dt.time(23, 59))
                said = {"evening": period_text(evening), "night": period_text(Period(dt.time.min, period.closes))}
                right = f"{right} {over.format(**said)}"
            yield Finding((*path, number), wrong, right)
            continue
        for earlier in periods[:number]:
            if period.opens < earlier.closes and earlier.opens < period.closes:
                wrong = _('"{period}" overlapper "{other}".').format(
                    period=period_text(period), other=period_text(earlier)
                )
                yield Finding((*path, number), wrong, _("Saml de to tider til én, eller ret dem."))


def _same_hours(model: ServiceModel) -> Iterator[Finding]:
    """The paper says "samme åbningstider som fagforvaltningerne": a warning in words where they differ."""
    place: Path = ("same_hours_as_departments",)
    for centre in model.centres.values():
        for department in model.departments.values():
            for channel in centre.hours.keys() & department.hours.keys():
                differ = _differing_days(centre.hours[channel], department.hours[channel])
                if differ:
                    wrong = _("{centre} har ikke samme åbningstid som {department} ({channel}): {days}.").format(
                        centre=centre.name, department=department.name, channel=channel_name(channel), days=differ
                    )
                    right = _("Ret den ene, eller skriv value = false, hvis de må være forskellige.")
                    yield Finding(place, wrong, right, Severity.WARNING)
    if model.centres and not any(department.hours for department in model.departments.values()):
        wrong = _("Fagforvaltningernes åbningstider står ikke i modellen, så de kan ikke sammenlignes med centrenes.")
        yield Finding(place, wrong, _("Tilføj hours under hver fagforvaltning, når de er kendt."), Severity.WARNING)


def _differing_days(own: WeekHours, other: Mapping[int, tuple[Period, ...]]) -> str:
    days = []
    for day in range(7):
        mine, theirs = sorted_periods(own.get(day, ())), sorted_periods(other.get(day, ()))
        if mine != theirs:
            days.append(
                _("{weekday} {mine} mod {theirs}").format(
                    weekday=weekday_name(day), mine=periods_text(mine), theirs=periods_text(theirs)
                )
            )
    return "; ".join(days)


def sorted_periods(periods: tuple[Period, ...]) -> tuple[Period, ...]:
    return tuple(sorted(periods, key=lambda period: (period.opens, period.closes)))
