"""What the house assumes of a municipality before anything was measured there: inputs by its own model and size.

Every number is assumed or published and says so; each assumed one has its range, and is the first to be measured.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.utils.translation import gettext_noop

from hovedindgang.planning.service.inputs import Behaviour, Demand, Figure, Inputs, Results, Staff, Team, Wave, Work
from hovedindgang.servicemodel.document import CentreKind, Channel, Level, ServiceModel, SourceKind

CONTACTS_AN_INHABITANT = 0.5
CONTACTS_AN_EMPLOYEE = 3200.0  # a year; by which the first number of employees is set
INHABITANTS = 40_000.0  # where the model does not say how many there are


def starting_inputs(model: ServiceModel, first_day: dt.date, *, days: int = 365) -> Inputs:
    """For `days` from `first_day`; the numbers of a Danish municipality of its size."""
    people = float(model.municipality.population.value) if model.municipality.population else INHABITANTS
    demand = _demand(model, people)
    contacts = sum(figure.value for figure in demand.contacts_per_year.values())
    return Inputs(
        first_day=first_day,
        days=days,
        demand=demand,
        behaviour=_behaviour(),
        work=_work(),
        staff=_staff(model, contacts),
        title=model.municipality.name,
    )


def _assumed(value: float, low: float, high: float, reference: str) -> Figure:
    return Figure(value, SourceKind.ASSUMED, reference, low, high)


def _demand(model: ServiceModel, people: float) -> Demand:
    published = gettext_noop(
        "Silkeborg Kommunes tilfredshedsundersøgelse: 50.000 personlige henvendelser om året, ca. 95.000 indbyggere"
    )
    mix = gettext_noop("personlige og digitale henvendelser, opkald og breve forholder sig som 38, 8, 42 og 12")
    patterns = gettext_noop("mandage, torsdage og kl. 10-11 er travle; vægtene er antaget")
    shares = {Channel.IN_PERSON: 1.0, Channel.PHONE: 1.1, Channel.WRITTEN: 0.3, Channel.DIGITAL: 0.21}
    contacts: dict[Channel, Figure] = {}
    for channel, share in shares.items():
        value = round(people * CONTACTS_AN_INHABITANT * share, 1)
        if channel is Channel.IN_PERSON:
            contacts[channel] = Figure(value, SourceKind.PUBLISHED, published, 0.75 * value, 1.25 * value)
        else:
            contacts[channel] = _assumed(value, 0.65 * value, 1.4 * value, mix)
    centres = open_to_public(model)
    each = round(people / max(1, len(centres)), 1)
    near = gettext_noop("indbyggerne delt lige mellem centrene; erstat med dem, der har det nærmest")
    week, office = (1.25, 1.0, 0.95, 1.15, 0.65, 0.0, 0.0), (1.2, 1.0, 1.0, 1.0, 0.9, 0.2, 0.1)
    return Demand(
        contacts_per_year=contacts,
        usual_weight=_assumed(1.0, 0.5, 2.0, gettext_noop("alle opgaver lige mange")),
        catchment={key: _assumed(each, 0.5 * each, 1.5 * each, near) for key in centres},
        weekday={
            Channel.IN_PERSON: week,
            Channel.PHONE: week,
            Channel.WRITTEN: office,
            Channel.DIGITAL: office,
        },
        hour={Channel.IN_PERSON: _DOOR, Channel.PHONE: _CALLS},
        pattern_source=patterns,
        after_closing_days=_assumed(1.2, 1.0, 1.4, patterns),
        waves=(
            Wave(
                months=(4, 5, 6),
                factor=_assumed(1.2, 1.0, 1.5, gettext_noop("flere før sommeren")),
                name="forår",
            ),
        ),
        day_cv=_assumed(0.12, 0.05, 0.2, gettext_noop("fra dag til dag, ud over tilfældet")),
        volume_cv=_assumed(0.08, 0.03, 0.15, gettext_noop("årets mængde")),
    )


_DOOR = (*(0.0,) * 8, 0.5, 1.0, 1.4, 1.2, 0.9, 1.0, 0.9, 0.8, 0.8, 0.6, *(0.0,) * 6)
_CALLS = (*(0.0,) * 8, 0.8, 1.4, 1.4, 1.1, 0.8, 0.9, 0.8, 0.6, 0.5, 0.3, *(0.0,) * 6)


def open_to_public(model: ServiceModel) -> list[str]:
    """Centres, branches and mobile services that open in person at all."""
    return [
        key
        for key, one in model.centres.items()
        if one.kind is not CentreKind.SERVICE_POINT and any(one.hours.get(Channel.IN_PERSON, {}).values())
    ]


def _behaviour() -> Behaviour:
    said = gettext_noop("borgernes tålmodighed og nye forsøg er ikke målt her; mål dem i kø- og telefonsystemet")
    return Behaviour(
        patience_minutes={
            Channel.IN_PERSON: _assumed(60, 30, 120, said),
            Channel.PHONE: _assumed(8, 3, 15, said),
        },
        again={Channel.IN_PERSON: _assumed(0.7, 0.4, 0.9, said), Channel.PHONE: _assumed(0.7, 0.4, 0.9, said)},
        again_minutes={
            Channel.IN_PERSON: _assumed(2880, 1440, 7200, said),
            Channel.PHONE: _assumed(60, 15, 240, said),
        },
        comes_back_days=_assumed(5, 2, 10, said),
        displaced_other_day=_assumed(0.6, 0.4, 0.8, said),
        displaced_nearest=_assumed(0.25, 0.1, 0.4, said),
    )


# Shares resolved, coming back, handed over and not helped, each with its range.
_RESULTS: Mapping[Level, tuple[tuple[float, float, float], ...]] = {
    Level.ADMINISTER: ((0.87, 0.8, 0.93), (0.07, 0.03, 0.12), (0.04, 0.02, 0.08), (0.02, 0.01, 0.05)),
    Level.LIGHT_CASEWORK: ((0.70, 0.55, 0.8), (0.12, 0.06, 0.2), (0.15, 0.08, 0.25), (0.03, 0.01, 0.06)),
    Level.CASEWORK: ((0.45, 0.3, 0.6), (0.15, 0.08, 0.25), (0.37, 0.25, 0.5), (0.03, 0.01, 0.06)),
    Level.GUIDE: ((0.80, 0.65, 0.9), (0.03, 0.01, 0.06), (0.15, 0.08, 0.25), (0.02, 0.01, 0.05)),
    Level.REFER: ((0.30, 0.15, 0.5), (0.02, 0.0, 0.05), (0.66, 0.45, 0.8), (0.02, 0.01, 0.05)),
}


def _work() -> Work:
    said = gettext_noop("behandlingstidernes spredning og udfald efter niveau er ikke målt her")
    return Work(
        handle_cv=_assumed(0.8, 0.5, 1.2, said),
        trainee_takes=_assumed(1.4, 1.1, 1.8, said),
        specialist_takes=_assumed(0.9, 0.8, 1.0, said),
        trainee_resolves=_assumed(0.8, 0.6, 0.95, said),
        results={level: Results(*(_assumed(*one, said) for one in four)) for level, four in _RESULTS.items()},
        department_minutes=_assumed(35, 20, 60, said),
        department_answer_days=_assumed(5, 3, 10, said),
        returned=_assumed(0.05, 0.02, 0.1, said),
    )


def _staff(model: ServiceModel, contacts: float) -> Staff:
    said = gettext_noop("sygdom, ferie, uddannelse og møder som andele af arbejdstiden; erstat med egne tal")
    who = gettext_noop(
        "antal og timer er antaget: en medarbejder for hver 3.200 henvendelser; ret dem, før I tror på ventetiderne"
    )
    pay = gettext_noop("løn og pension pr. betalt time; erstat med egne tal")
    centres = open_to_public(model)
    number = max(1, round(contacts / CONTACTS_AN_EMPLOYEE / max(1, len(centres))))
    teams = tuple(
        Team(key=key, centre=key, number=number, hours_per_week=37.0, generalist_share=0.5, source=who)
        for key in centres
    )
    return Staff(
        teams=teams,
        sickness=_assumed(0.05, 0.03, 0.08, said),
        holidays=_assumed(0.12, 0.11, 0.13, said),
        training=_assumed(0.04, 0.02, 0.08, said),
        meetings=_assumed(0.05, 0.03, 0.08, said),
        before_opening=_assumed(60, 30, 90, who),
        after_closing=_assumed(30, 0, 60, who),
        lunch_minutes=_assumed(30, 30, 30, who),
        kr_per_hour=_assumed(300, 250, 350, pay),
    )
