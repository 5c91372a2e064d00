"""A year of invented contacts from a seed: who came, when, about what, and how it ended.

The stream is in order of time. Later steps of a matter (a passport collected, a reminder, a second try) point back to
the enquiry they follow, so that both indicators have something true to find.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from random import Random

from hovedindgang.contacts.bulk import BulkContact, BulkEnquiry
from hovedindgang.contacts.rules import AvoidableCause, FollowsHow, Outcome, SelfServiceHelp, WhoAsks, WorkedBy
from hovedindgang.kernel.clock import DENMARK
from hovedindgang.servicemodel.document import Channel, Service, ServiceModel
from hovedindgang.servicemodel.hours import opening_periods
from hovedindgang.site.demo.endings import Occasion, end_matter
from hovedindgang.site.demo.figures import DEMAND, VALUE
from hovedindgang.site.demo.shapes import CHANNEL, HOUR, OUR_HOURS, Way, day_weight, service_weight

CENTRES = ("aabybro", "pandrup", "fjerritslev", "brovst")
COLLECTED_AS = {"pas-ansoegning": "pas-udlevering"}  # a matter of two planned steps
MEDIA: dict[Way, tuple[list[str], list[int]]] = {
    Way.COUNTER: (["counter"], [1]),
    Way.PHONE: (["telephone"], [1]),
    Way.MESSAGE: (["digital_post", "email"], [7, 3]),
    Way.LETTER: (["letter"], [1]),
    Way.SELF_SERVICE: (["self_service"], [1]),
    Way.OUTREACH: (["home_visit"], [1]),
}
ANONYMOUS = {Way.COUNTER: VALUE["anonymous_in_person"], Way.PHONE: VALUE["anonymous_phone"]}  # percent
NOTES = (
    "Oplyst om frist og om, hvad der skal medbringes.",
    "Har spurgt til pasfornyelse; foto tages ved skranken.",
    "Vist, hvordan selvbetjeningen bruges. Vil prøve selv hjemme.",
    "Ønsker svar på papir. Fritaget for Digital Post.",
    "Manglede kvittering fra tidligere flytning; fundet i arkivet.",
    "Aftalt at ringe igen, når boligstøtten er beregnet.",
    "Spurgte til sundhedskort efter lægeskift.",
    "Datteren hjælper med MitID; fuldmagt forklaret.",
    "Kørekort: lægeattest mangler, har fået tid hos lægen.",
    "Gennemgik brevet fra Udbetaling Danmark sammen.",
)


@dataclass(frozen=True, slots=True)
class Staff:
    """Row numbers of those who register: by centre, and caseworkers by department."""

    by_centre: dict[str, tuple[int, ...]]
    by_department: dict[str, int]


@dataclass(slots=True)
class Year:
    """What the stream is drawn from. `model_on(day)` gives the model and its version's row number."""

    models: list[tuple[dt.date, int, ServiceModel]]  # (valid from, row number, model), oldest first
    first: dt.date
    last: dt.date  # inclusive
    citizens: tuple[int, ...]  # row numbers
    staff: Staff
    seed: str
    rng: Random = field(init=False)
    later: dict[dt.date, list[BulkContact]] = field(default_factory=dict)
    made: int = 0

    def __post_init__(self) -> None:
        self.rng = Random(self.seed)

    def model_on(self, day: dt.date) -> tuple[int, ServiceModel]:
        return next((row, model) for start, row, model in reversed(self.models) if start <= day)

    # ------------------------------------------------------------------------------------------ one contact

    def contact(self, day: dt.date, way: Way, centre: str) -> BulkContact:
        """One contact on `day`: its person, its matters, its end."""
        version, model = self.model_on(day)
        rng = self.rng
        unattended = way is Way.SELF_SERVICE
        asker = None if rng.random() * 100 < ANONYMOUS.get(way, 2) else rng.choice(self.citizens)
        started = self.moment(day, way, model, centre)
        employee = None if unattended else rng.choice(self.staff.by_centre[centre])
        several = rng.random() * 100 < VALUE["two_matters"] and not unattended
        services = self.services(model, day, 2 + (rng.random() < 0.2) if several else 1, way)
        ended = started + dt.timedelta(minutes=sum(self.minutes(service, CHANNEL[way]) for service in services))
        return BulkContact(
            channel=CHANNEL[way],
            medium=rng.choices(*MEDIA[way])[0],
            started_at=started,
            ended_at=ended,
            centre=centre,
            asker=asker,
            employee=employee,
            who_asks=self.who_asks(asker),
            unattended=unattended,
            times_true=rng.random() > 0.02,
            late=rng.random() < 0.01 and not unattended,
            note=rng.choice(NOTES) if rng.random() < 0.12 and not unattended else "",
            enquiries=tuple(
                self.enquiry(model, day, service, centre, way, ended, asker, employee) for service in services
            ),
            version_id=version,
        )

    def who_asks(self, asker: int | None) -> WhoAsks:
        if asker is None and self.rng.random() < 0.04:
            return WhoAsks.COMPANY
        return WhoAsks.HELPER if self.rng.random() < 0.04 else WhoAsks.CITIZEN

    def moment(self, day: dt.date, way: Way, model: ServiceModel, centre: str) -> dt.datetime:
        """When on `day` it began: within opening hours where somebody of ours must be there."""
        hours = HOUR[way]
        periods = opening_periods(model, centre, CHANNEL[way], day) if way in OUR_HOURS else ()
        for _ in range(20):
            hour = self.rng.choices(list(hours), list(hours.values()))[0]
            at = dt.datetime.combine(day, dt.time(hour, self.rng.randrange(60), self.rng.randrange(60)), DENMARK)
            if not periods or any(start <= at < end for start, end in periods):
                return at
        return periods[0][0] + dt.timedelta(minutes=self.rng.randrange(5, 50))

    def services(self, model: ServiceModel, day: dt.date, count: int, way: Way) -> list[Service]:
        known = model.services_on(day)
        keys = [key for key in DEMAND if key in known]
        weights = [service_weight(key, DEMAND[key], day) for key in keys]
        if way is Way.SELF_SERVICE:
            weights = [
                weight if known[key].self_service or Channel.DIGITAL in known[key].channels else 0
                for key, weight in zip(keys, weights, strict=True)
            ]
        return [known[key] for key in dict.fromkeys(self.rng.choices(keys, weights, k=count))]

    def minutes(self, service: Service, channel: Channel) -> float:
        table = service.handle_minutes.value if service.handle_minutes else {}
        mean = table.get(channel) or next(iter(table.values()), 6.0)
        return max(1.0, self.rng.lognormvariate(0, 0.5) * mean)

    # ------------------------------------------------------------------------------------------ one matter

    def enquiry(
        self,
        model: ServiceModel,
        day: dt.date,
        service: Service,
        centre: str,
        way: Way,
        ended: dt.datetime,
        asker: int | None,
        employee: int | None,
    ) -> BulkEnquiry:
        rng = self.rng
        level = model.level_of(service.key, centre, day)
        self.made += 1
        base = BulkEnquiry(
            service=service.key,
            kind=service.kind,
            level=level,
            outcome=Outcome.RESOLVED,
            outcome_at=ended,
            outcome_by=employee,
            worked_by=WorkedBy.BORGERSERVICE,
            on_the_spot=True,
            for_whom=(asker,) if asker else (),
            preparatory=service.preparatory,
            guidance_given=rng.random() < 0.35,
            self_service=self.help(service, way),
            avoidable_cause=rng.choice(list(AvoidableCause)) if rng.random() < 0.07 and employee else None,
            ref=f"m{self.made}",
        )
        if employee is None:
            return replace(base, guidance_given=False, self_service=None)
        made = end_matter(
            base,
            Occasion(model, day, self.last, service, way, ended, employee, self.staff.by_department, rng),
        )
        self.follow_up(made, day, centre, way, asker)
        return made

    def help(self, service: Service, way: Way) -> SelfServiceHelp | None:
        if not service.self_service or way not in OUR_HOURS or self.rng.random() > 0.3:
            return None
        return self.rng.choices(list(SelfServiceHelp), [5, 3, 3, 1])[0]

    # ------------------------------------------------------------------------------------------ what comes after

    def follow_up(self, made: BulkEnquiry, day: dt.date, centre: str, way: Way, asker: int | None) -> None:
        """Plan the later contact that this matter causes: collected, back with the paper, a reminder, a second try."""
        if asker is None:
            return
        rng = self.rng
        if made.outcome is Outcome.RESOLVED and made.service in COLLECTED_AS and rng.random() < 0.6:
            self.plan(made, day, rng.randrange(9, 16), centre, Way.COUNTER, asker, FollowsHow.PLANNED_STEP,
                      COLLECTED_AS[made.service])  # fmt: skip
        elif made.outcome is Outcome.MUST_COME_BACK and rng.random() < 0.85:
            self.plan(made, day, rng.randrange(1, 9), centre, way, asker, FollowsHow.PLANNED_STEP)
        elif (made.handover or made.outcome is Outcome.OPEN) and rng.random() < 0.18:
            self.plan(made, day, rng.randrange(3, 12), centre, Way.PHONE, asker, FollowsHow.CHASING)
        elif made.outcome is Outcome.RESOLVED and rng.random() * 100 < VALUE["repeats"]:
            how = rng.choices([FollowsHow.NOT_HELPED, FollowsHow.CHASING, FollowsHow.OUR_ERROR], [4, 4, 1])[0]
            self.plan(made, day, rng.randrange(1, 13), centre, Way.PHONE, asker, how)

    def plan(
        self,
        made: BulkEnquiry,
        day: dt.date,
        after_days: int,
        centre: str,
        way: Way,
        asker: int,
        how: FollowsHow,
        service_key: str | None = None,
    ) -> None:
        on = day + dt.timedelta(days=after_days)
        version, model = self.model_on(min(on, self.last))
        if way is Way.OUTREACH:
            way = Way.COUNTER
        while way in OUR_HOURS and on <= self.last and not opening_periods(model, centre, CHANNEL[way], on):
            on += dt.timedelta(days=1)
        key = service_key or made.service
        if on > self.last or key not in model.services_on(on):
            return
        started = self.moment(on, way, model, centre)
        employee = self.rng.choice(self.staff.by_centre[centre])
        ended = started + dt.timedelta(minutes=self.minutes(model.services[key], CHANNEL[way]))
        self.made += 1
        enquiry = BulkEnquiry(
            service=key,
            kind=model.services[key].kind,
            level=model.level_of(key, centre, on),
            outcome=Outcome.RESOLVED,
            outcome_at=ended,
            outcome_by=employee,
            worked_by=WorkedBy.BORGERSERVICE,
            on_the_spot=True,
            for_whom=(asker,),
            preparatory=model.services[key].preparatory,
            avoidable_cause=AvoidableCause.MISSING_ANSWER if how is FollowsHow.CHASING else None,
            ref=f"m{self.made}",
            follows_ref=made.ref,
            follows_how=how,
        )
        self.later.setdefault(on, []).append(
            BulkContact(
                channel=CHANNEL[way],
                medium=self.rng.choices(*MEDIA[way])[0],
                started_at=started,
                ended_at=ended,
                centre=centre,
                asker=asker,
                employee=employee,
                enquiries=(enquiry,),
                version_id=version,
            )
        )


def volumes() -> dict[Way, float]:
    """Contacts a year by way of coming, from the published volume at the counter and the assumed mix."""
    whole = VALUE["population"] * VALUE["counter_per_inhabitant"] / VALUE["share_counter"]
    return {way: whole * VALUE[f"share_{way}"] for way in Way}


def invent_year(year: Year, *, scale: float = 1.0) -> Iterator[BulkContact]:
    """The contacts of `[year.first, year.last]` in order of days; `scale` shrinks the volume for tests."""
    share = {centre: VALUE[f"catchment_{centre}"] for centre in CENTRES}
    yearly = volumes()
    open_before = True
    for n in range((year.last - year.first).days + 1):
        day = year.first + dt.timedelta(days=n)
        _, model = year.model_on(day)
        open_now = False
        for way in Way:
            centres = [
                centre
                for centre in CENTRES
                if way not in OUR_HOURS or opening_periods(model, centre, CHANNEL[way], day)
            ]
            if not centres:
                continue
            expected = yearly[way] / 365 * scale
            if way in OUR_HOURS:
                open_now = True
                expected *= 365 / 250 * day_weight(day, after_closure=not open_before)
            for _ in range(_poisson(expected, year.rng)):
                centre = year.rng.choices(centres, [share[key] for key in centres])[0]
                yield year.contact(day, way, centre)
        yield from year.later.pop(day, [])
        open_before = open_now


def _poisson(mean: float, rng: Random) -> int:
    """A Poisson draw; by its normal limit where the mean is large."""
    if mean > 50:
        return max(0, round(rng.gauss(mean, mean**0.5)))
    count, product, limit = 0, rng.random(), 2.718281828459045**-mean
    while product > limit:
        count += 1
        product *= rng.random()
    return count
