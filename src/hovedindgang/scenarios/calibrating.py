"""Measured numbers in the place of assumed ones: inputs as this municipality's own registers have them.

What is not registered keeps its assumption: how many employees there are, what competence does, who goes where when a
place is closed. Contacts that come again because the first was not enough are made by the simulation itself, so they
are taken out of those who come for the first time. Minutes and outcomes are registered of all employees together;
they are set so that generalists and those under training, in the shares of the teams, come to what was measured. What
fewer employees than the smallest group did keeps its assumption (`measuring`).
Where the queue and telephone systems saw more answered than were registered, all of them come: nobody wrote the others
down, but they took as much time (assumed).
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from hovedindgang.contacts.rules import HandoverState
from hovedindgang.insight.measure import measures
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import Actor
from hovedindgang.planning.service.competences import NONE, CompetenceMatrix, anonymous
from hovedindgang.planning.service.inputs import Demand, Figure, Inputs, Results, Staff, Team, Wave, Work
from hovedindgang.planning.service.minutes import handle_minutes
from hovedindgang.planning.simulation.levels import TRAINEE
from hovedindgang.policy.queries import in_force
from hovedindgang.scenarios.actions import keep_inputs
from hovedindgang.scenarios.arriving import arrivals
from hovedindgang.scenarios.documents import kept_inputs
from hovedindgang.scenarios.figures import DAYS_A_YEAR
from hovedindgang.scenarios.measuring import (
    COMES_BACK,
    ENDS,
    ENOUGH,
    NOT_HELPED,
    Measured,
    as_sums,
    day_spread,
    first_registered,
    measure,
    month_factors,
    weekday_means,
)
from hovedindgang.scenarios.models import InputsDocument
from hovedindgang.scenarios.queries import latest_inputs
from hovedindgang.scenarios.rules import Ground, PlanRefused
from hovedindgang.scenarios.starting import open_to_public, starting_inputs
from hovedindgang.scenarios.writing import as_document
from hovedindgang.servicemodel.document import Channel, Level, Service, ServiceModel, SourceKind

Registered = Mapping[str, Sequence[Mapping[str, str]]]
FEWEST_DAYS = 14
MONTHS = "jan feb mar apr maj jun jul aug sep okt nov dec".split()
FOUR = (Channel.IN_PERSON, Channel.PHONE, Channel.WRITTEN, Channel.DIGITAL)


@transaction.atomic
def calibrate(*, first: dt.date | None, last: dt.date | None, actor: Actor) -> InputsDocument:
    """Measure the days from `first` to `last` (None: the latest year that is over) and keep the inputs they give.

    It starts from the latest document, or from what the house assumes. Raises PlanRefused where the time is too short
    or nothing was registered, policy's NoPolicyInForce.
    """
    first, last = _period(first, last)
    found = in_force(last)
    smallest = measures()(found.version_id).smallest_group
    measured = measure(first, last, model=found.model, smallest=smallest)
    if sum(measured.contacts.values()) < 100:
        raise PlanRefused(
            {"first": _("Der er registreret for få henvendelser i perioden til at måle på. Vælg en længere.")}
        )
    before = latest_inputs()
    start = kept_inputs(before.text) if before else starting_inputs(found.model, first)
    inputs = calibrated(start, measured, found.model)
    title = _("Målt {first} til {last}").format(first=date_format(first), last=date_format(last))
    with override("da"):
        heading = (
            f"Målt {first:%d.%m.%Y}-{last:%d.%m.%Y}. Tal med kilden measured er kommunens egne; resten er antaget."
        )
    return keep_inputs(
        text=as_document(inputs, heading=heading),
        title=title,
        actor=actor,
        ground=Ground.CALIBRATED,
        follows=before.pk if before else None,
        measured=as_sums(measured),
        period=(first, last),
    )


@transaction.atomic
def begin(*, actor: Actor) -> InputsDocument:
    """The first document: what the house assumes, from the model in force alone. Raises policy's NoPolicyInForce."""
    model = in_force().model
    first = clock.today().replace(month=1, day=1)
    text = as_document(starting_inputs(model, first), heading="Antaget: intet er målt endnu.")
    title = _("Antaget for {municipality}").format(municipality=model.municipality.name)
    return keep_inputs(text=text, title=title, actor=actor, ground=Ground.STARTING)


def arrivals_of(document: InputsDocument, *, minutes: int) -> str:
    """Who came in the time that `document` was measured in, as the long file that `plan forecast` reads."""
    first, last = document.measured_first, document.measured_last
    assert first is not None, "it was measured"
    assert last is not None
    smallest = measures()(in_force(last).version_id).smallest_group
    return arrivals(first, last, minutes=minutes, smallest=smallest)


def _period(first: dt.date | None, last: dt.date | None) -> tuple[dt.date, dt.date]:
    last = last or clock.today() - dt.timedelta(days=1)
    if first is None:
        registered = first_registered()
        if registered is None:
            raise PlanRefused({"first": _("Der er ikke registreret nogen henvendelser endnu.")})
        first = max(registered, last - dt.timedelta(days=364))
    if last >= clock.today():
        raise PlanRefused({"last": _("Vælg en dag, der er gået.")})
    if not FEWEST_DAYS <= (last - first).days + 1 <= 731:
        raise PlanRefused({"first": _("Vælg mindst to uger og højst to år.")})
    return first, last


def calibrated(
    start: Inputs, measured: Measured, model: ServiceModel, *, competences: Registered | None = None
) -> Inputs:
    """`start` with what was measured in its place. Nothing else changes.

    competences: who can what where that is registered, centre → each employee's service → level, without names; what is
    not registered of her she does not take.
    """
    start = dataclasses.replace(start, staff=_staff(start.staff, measured, competences))
    said = _Said(measured)
    work = _work(start, measured, model, said)
    demand = _demand(start, measured, model, said, back=_back(measured))
    behaviour = start.behaviour
    patience = dict(behaviour.patience_minutes)
    for channel in (Channel.IN_PERSON, Channel.PHONE):
        left, waits = measured.left.get(channel.value, []), measured.waits.get(channel.value, [])
        if len(left) >= ENOUGH and len(waits) >= ENOUGH:
            # The most likely mean of an exponential patience, of those who were reached a part only is seen.
            mean = (math.fsum(left) + math.fsum(waits)) / len(left)
            patience[channel] = said.figure(mean, "kø- og telefonsystem", len(left), spread=1 / math.sqrt(len(left)))
    made = dataclasses.replace(
        start,
        first_day=measured.first,
        days=measured.days,
        demand=demand,
        work=work,
        behaviour=dataclasses.replace(behaviour, patience_minutes=patience),
    )
    return dataclasses.replace(made, demand=_of_a_year(start, made, model))


def _of_a_year(start: Inputs, made: Inputs, model: ServiceModel) -> Demand:
    """What was counted in the time that was measured, as so many a year that the simulation expects as many in it.

    Busy months outweigh others: what comes in the first quarter is no quarter of the year.
    """
    from hovedindgang.planning.service.coming import of_a_year  # loads the engine's libraries

    contacts = dict(made.demand.contacts_per_year)
    for channel, figure in contacts.items():
        share = of_a_year(model, made, channel.value)[1]
        if figure.kind is SourceKind.MEASURED and figure != start.demand.contacts_per_year.get(channel) and share:
            times = made.days / DAYS_A_YEAR / share
            low, high = (None if one is None else _round(one * times) for one in (figure.low, figure.high))
            contacts[channel] = dataclasses.replace(figure, value=_round(figure.value * times), low=low, high=high)
    return dataclasses.replace(made.demand, contacts_per_year=contacts)


def _staff(old: Staff, measured: Measured, competences: Registered | None) -> Staff:
    """As many at each centre as are registered there; hours are as they were, and competences where none are known."""
    known = "timer er antaget" if competences else "timer og kompetencer er antaget"
    said = f"registrerede medarbejdere ved centret, {measured.last:%d.%m.%Y}; {known}"
    teams = tuple(
        dataclasses.replace(one, number=measured.employees[one.centre], source=said, kind=SourceKind.MEASURED)
        if measured.employees[one.centre]
        else one
        for one in old.teams
    )
    return dataclasses.replace(old, teams=teams, competence=_competence(old, teams, measured, competences))


def _competence(
    old: Staff, teams: tuple[Team, ...], measured: Measured, competences: Registered | None
) -> CompetenceMatrix | None:
    """As registered, else as before of the employees that there still are.

    Of a centre with fewer employees than the smallest group nothing is taken from registers: numbers hide nobody there.
    """
    competences = {centre: each for centre, each in (competences or {}).items() if len(each) >= measured.smallest}
    if competences:
        first = {team.centre: team for team in reversed(teams)}
        people = {
            first[centre].key: list(each)[: first[centre].number]
            for centre, each in competences.items()
            if centre in first
        }
        return anonymous(people, reference=f"registrerede kompetencer, {measured.last:%d.%m.%Y}")
    if old.competence is None:
        return None
    there = {f"{team.key}-{at}" for team in teams for at in range(1, team.number + 1)}
    kept = {key: one for key, one in old.competence.levels.items() if key in there}
    return dataclasses.replace(old.competence, levels=kept)


class _Said:
    """Figures that say what they were measured of."""

    def __init__(self, measured: Measured) -> None:
        self._when = f"{measured.first:%d.%m.%Y}-{measured.last:%d.%m.%Y}"

    def figure(self, value: float, what: str, number: int, *, spread: float = 0.0, more: str = "") -> Figure:
        """`spread`: standard error over the value; the range is twice as much to each side."""
        reference = f"{what}, {self._when}, antal {number}" + (f"; {more}" if more else "")
        low, high = (
            (_round(max(0.0, value * (1 - 2 * spread))), _round(value * (1 + 2 * spread))) if spread else (None, None)
        )
        return Figure(_round(value), SourceKind.MEASURED, reference, low, high)


def _round(value: float) -> float:
    """To four digits: more says nothing."""
    return float(f"{value:.4g}")


def _back(measured: Measured) -> float:
    """The share of contacts that the simulation makes itself: those who come again."""
    total = sum(sum(counts.values()) for counts in measured.ended.values())
    again = sum(counts[COMES_BACK] + counts[NOT_HELPED] for counts in measured.ended.values())
    return min(0.9, again / total) if total else 0.0


def _demand(start: Inputs, measured: Measured, model: ServiceModel, said: _Said, *, back: float) -> Demand:
    old, contacts = start.demand, dict(start.demand.contacts_per_year)
    weekday, hour = dict(old.weekday), dict(old.hour)
    months = month_factors(measured, [channel.value for channel in FOUR])
    for channel in FOUR:
        number = measured.contacts[channel.value]
        if number < max(ENOUGH, measured.smallest):
            continue
        gone = _gone(start, measured, channel)
        # Those who ring because self-service failed are made by the simulation too.
        failed = measured.alone * old.self_service_fails.value if channel is Channel.PHONE else 0.0
        reached = measured.reached(channel.value)
        new = max(1.0, reached - failed) * (1 - back) / (1 - gone) * DAYS_A_YEAR / measured.days
        more = f"uden de {100 * back:.1f} %, der er kommet igen".replace(".", ",")
        if reached > number:
            more += f"; {reached - number} af dem er ikke registreret, men talt i kø- og telefonsystem"
        what = "registrerede henvendelser" if reached == number else "henvendelser, der blev taget"
        contacts[channel] = said.figure(new, what, reached, spread=1 / math.sqrt(reached), more=more)
        means = weekday_means(measured.by_day, channel.value, measured.first, measured.last)
        usual = sum(means[:5]) / 5 or 1.0
        weekday[channel] = tuple(_round(mean / usual) for mean in means)
        by_hour = [measured.by_hour[channel.value, at] for at in range(24)]
        by_hour = [count if count >= measured.smallest else 0 for count in by_hour]
        if sum(by_hour):
            hour[channel] = tuple(_round(24 * count / sum(by_hour)) for count in by_hour)
    spreads = [one for channel in FOUR if (one := day_spread(measured, channel.value, months)) is not None]
    day_cv = old.day_cv
    if spreads:
        day_cv = said.figure(sum(spreads) / len(spreads), "henvendelser dag for dag", measured.days)
    waves = tuple(
        Wave((month,), said.figure(factor, "henvendelser måned for måned", measured.days), name=MONTHS[month - 1])
        for month, factor in months.items()
    )
    weights, usual_weight = _weights(old, measured, model, said)
    self_service = old.self_service
    if measured.alone >= ENOUGH:
        # Of the digital ones about a service with a self-service; they are counted with them from here on.
        share = measured.alone / (measured.alone + measured.with_self_service)
        self_service = said.figure(share, "selvbetjening til ende", measured.alone)
        known = contacts[Channel.DIGITAL]
        contacts[Channel.DIGITAL] = dataclasses.replace(
            known, value=_round(known.value + measured.alone * DAYS_A_YEAR / measured.days), low=None, high=None
        )
    return dataclasses.replace(
        old,
        contacts_per_year=contacts,
        weekday=weekday,
        hour=hour,
        pattern_source=f"registrerede henvendelser, {measured.first:%d.%m.%Y}-{measured.last:%d.%m.%Y}",
        day_cv=day_cv,
        waves=waves or old.waves,
        weights=weights,
        usual_weight=usual_weight,
        catchment=_catchment(old, measured, model, said),
        self_service=self_service,
    )


def _gone(start: Inputs, measured: Measured, channel: Channel) -> float:
    """The share of those who come that is never met: gave up and did not try again."""
    left, waits = len(measured.left.get(channel.value, [])), len(measured.waits.get(channel.value, []))
    again = start.behaviour.again.get(channel)
    if left + waits < ENOUGH:
        return 0.0
    return left / (left + waits) * (1 - (again.value if again else 0.0))


def _weights(old: Demand, measured: Measured, model: ServiceModel, said: _Said) -> tuple[Mapping[str, Figure], Figure]:
    """Of services by their matters; those under the smallest group share what they come to together."""
    many = {key: number for key, number in measured.services.items() if number >= max(measured.smallest, 10)}
    if not many:
        return old.weights, old.usual_weight
    few = sum(number for key, number in measured.services.items() if key not in many)
    others = sum(
        1
        for key, service in model.services_on(measured.last).items()
        for channel in service.channels
        if f"{channel.value}:{key}" not in many
    )
    whole = said.figure(sum(many.values()), "registrerede ærinder, tallet er antallet", sum(many.values()))
    weights = {key: dataclasses.replace(whole, value=float(number)) for key, number in sorted(many.items())}
    return weights, said.figure(few / max(1, others), "registrerede ærinder om de sjældne opgaver, delt lige", few)


def _catchment(old: Demand, measured: Measured, model: ServiceModel, said: _Said) -> Mapping[str, Figure]:
    """The municipality's people, in the proportion of those who came in person."""
    counts = {
        key: measured.by_centre[key] for key in open_to_public(model) if measured.by_centre[key] >= measured.smallest
    }
    people = (
        model.municipality.population.value
        if model.municipality.population
        else sum(figure.value for figure in old.catchment.values())
    )
    total = sum(counts.values())
    if total < ENOUGH:
        return old.catchment
    what = "kommunens indbyggere, delt som de personlige henvendelser"
    return {key: said.figure(people * number / total, what, number) for key, number in counts.items()}


def _mix(start: Inputs) -> float:
    """The share of work that falls to generalists: the teams', each by its hours; of whom it is known, her own."""
    hours = [
        (one.hours_per_week, _generalist(start.staff, one, at))
        for one in start.staff.teams
        for at in range(1, one.number + 1)
    ]
    total = sum(many for many, _share in hours)
    return sum(many * share for many, share in hours) / total if total else 1.0


def _generalist(staff: Staff, team: Team, number: int) -> float:
    levels = staff.competence.levels.get(f"{team.key}-{number}") if staff.competence else None
    takes = [level for level in (levels or {}).values() if level != NONE]
    return sum(level != TRAINEE for level in takes) / len(takes) if takes else team.generalist_share


def _work(start: Inputs, measured: Measured, model: ServiceModel, said: _Said) -> Work:
    old, generalists = start.work, _mix(start)
    longer = generalists + (1 - generalists) * old.trainee_takes.value
    minutes, spreads = {}, {}
    for key, spread in sorted(measured.handle.items()):
        if spread.number < ENOUGH:
            continue
        what, number = "registreret begyndelse og slutning", spread.number
        minutes[key] = said.figure(spread.mean / longer, what, number, spread=spread.cv / math.sqrt(number))
        spreads[key] = said.figure(max(0.05, spread.cv), what, number)
    minutes = _by_channel(old, measured, model, said, longer=longer) | minutes
    results = dict(old.results)
    for level, counts in measured.ended.items():
        ended = sum(counts.values())
        if ended >= ENOUGH and level in set(Level):
            results[Level(level)] = _results(counts, ended, generalists, old.trainee_resolves.value, said)
    answered, returned = measured.handovers[HandoverState.ANSWERED], measured.handovers[HandoverState.RETURNED]
    answer_days, sent_back = old.department_answer_days, old.returned
    if measured.answer_days.number >= ENOUGH:
        days = max(1.0, measured.answer_days.mean * 5 / 7)
        answer_days = said.figure(days, "besvarede overdragelser", measured.answer_days.number, more="i arbejdsdage")
    if answered + returned >= ENOUGH:
        sent_back = said.figure(returned / (answered + returned), "overdragelser", answered + returned)
    return dataclasses.replace(
        old,
        handle_minutes={**old.handle_minutes, **minutes},
        handle_cv_of={**old.handle_cv_of, **spreads},
        results=results,
        department_answer_days=answer_days,
        returned=sent_back,
    )


def _by_channel(
    work: Work, measured: Measured, model: ServiceModel, said: _Said, *, longer: float
) -> dict[str, Figure]:
    """Of services with too few contacts of their own in a channel: so many times what is known of them as all of the
    channel's contacts took of what is known of theirs. `longer`: times a generalist's minutes that everybody's are."""
    found = {}
    for channel, spread in measured.minutes.items():
        timed = {key: n for key, n in measured.timed.items() if key.partition(":")[0] == channel}
        known = {key: handle_minutes(work, channel, one) for key in timed if (one := _timed(model, work, key))}
        number = sum(timed[key] for key in known)
        if spread.number < ENOUGH or not number:
            continue
        usual = math.fsum(timed[key] * takes for key, takes in known.items()) / number
        error = spread.cv / math.sqrt(spread.number)
        for key, takes in known.items():
            what, more = "alle kanalens registrerede minutter mod modellens", "opgaven selv har for få i kanalen"
            value = takes * spread.mean / longer / usual
            found[key] = said.figure(value, what, spread.number, spread=error, more=more)
    return found


def _timed(model: ServiceModel, work: Work, key: str) -> Service | None:
    """The service of "channel:service", where anything is known of how long it takes."""
    service = model.services.get(key.partition(":")[2])
    measured = service and any(one.partition(":")[2] == service.key for one in work.handle_minutes)
    return service if service and (service.handle_minutes or measured) else None


def _results(counts: Mapping[str, int], ended: int, generalists: float, trainee: float, said: _Said) -> Results:
    """What a generalist's contacts come to, so that all employees' together come to what was counted.

    A trainee resolves `trainee` times as many; the rest of hers come back.
    """
    resolved, back, handed, again = (counts[end] / ended for end in ENDS)
    hers = max(0.01, min(resolved / (generalists + (1 - generalists) * trainee), 1.0))
    back = max(0.0, back - hers * (1 - generalists) * (1 - trainee))
    total = hers + back + handed + again
    what = "registrerede udfald på niveauet"
    four = (hers, back, handed, again)
    return Results(*(said.figure(one / total, what, ended, spread=_error(one / total, ended)) for one in four))


def _error(share: float, number: int) -> float:
    """The standard error of a share over the share."""
    return math.sqrt((1 - share) / (share * number)) if share > 0 else 0.0
