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
from hovedindgang.site.demo.shapes import HOUR, day_weight, service_weight

CENTRES = ("aabybro", "pandrup", "fjerritslev", "brovst")
COLLECTED_AS = {"pas-ansoegning": "pas-udlevering"}  # a matter of two planned steps
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

    def contact(self, day: dt.date, channel: Channel, centre: str, *, outreach: bool = False) -> BulkContact:
        """One contact on `day`: its person, its matters, its end."""
        version, model = self.model_on(day)
        rng = self.rng
        unattended = channel is Channel.DIGITAL
        anonymous = {Channel.IN_PERSON: VALUE["anonymous_in_person"], Channel.PHONE: VALUE["anonymous_phone"]}
        asker = None if rng.random() * 100 < anonymous.get(channel, 2) else rng.choice(self.citizens)
        company = asker is None and rng.random() < 0.04
        started = self.moment(day, channel, model, centre)
        employee = None if unattended else rng.choice(self.staff.by_centre[centre])
        matters = 2 + (rng.random() < 0.2) if rng.random() * 100 < VALUE["two_matters"] and not unattended else 1
        services = self.services(model, day, matters, channel)
        minutes = sum(self.minutes(service, channel) for service in services)
        ended = started + dt.timedelta(minutes=minutes)
        enquiries = tuple(
            self.enquiry(model, day, service, centre, channel, started, ended, asker, employee) for service in services
        )
        medium = {Channel.IN_PERSON: "home_visit" if outreach else "counter", Channel.PHONE: "telephone"}.get(
            channel, "self_service" if unattended else rng.choices(["digital_post", "email", "letter"], [7, 2, 1])[0]
        )
        return BulkContact(
            channel=channel,
            medium=medium,
            started_at=started,
            ended_at=ended,
            centre=centre,
            asker=asker,
            employee=employee,
            who_asks=WhoAsks.COMPANY if company else WhoAsks.HELPER if rng.random() < 0.04 else WhoAsks.CITIZEN,
            unattended=unattended,
            times_true=rng.random() > 0.02,
            late=rng.random() < 0.01 and not unattended,
            note=rng.choice(NOTES) if rng.random() < 0.12 and not unattended else "",
            enquiries=enquiries,
            version_id=version,
        )

    def moment(self, day: dt.date, channel: Channel, model: ServiceModel, centre: str) -> dt.datetime:
        """When on `day` it began: within opening hours where somebody of ours must be there."""
        hours = HOUR[channel]
        periods = opening_periods(model, centre, channel, day) if channel in {Channel.IN_PERSON, Channel.PHONE} else ()
        for _ in range(20):
            hour = self.rng.choices(list(hours), list(hours.values()))[0]
            at = dt.datetime.combine(day, dt.time(hour, self.rng.randrange(60), self.rng.randrange(60)), DENMARK)
            if not periods or any(start <= at < end for start, end in periods):
                return at
        return periods[0][0] + dt.timedelta(minutes=self.rng.randrange(5, 50))

    def services(self, model: ServiceModel, day: dt.date, count: int, channel: Channel) -> list[Service]:
        known = model.services_on(day)
        keys = [key for key in DEMAND if key in known]
        weights = [service_weight(key, DEMAND[key], day) for key in keys]
        if channel is Channel.DIGITAL:
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
        channel: Channel,
        started: dt.datetime,
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
            self_service=self.help(service, channel),
            avoidable_cause=rng.choice(list(AvoidableCause)) if rng.random() < 0.07 and employee else None,
            ref=f"m{self.made}",
        )
        if employee is None:
            return replace(base, guidance_given=False, self_service=None)
        made = end_matter(
            base,
            Occasion(model, day, self.last, service, channel, ended, employee, self.staff.by_department, rng),
        )
        self.follow_up(made, day, centre, channel, asker)
        return made

    def help(self, service: Service, channel: Channel) -> SelfServiceHelp | None:
        if not service.self_service or channel is Channel.WRITTEN or self.rng.random() > 0.3:
            return None
        return self.rng.choices(list(SelfServiceHelp), [5, 3, 3, 1])[0]

    # ------------------------------------------------------------------------------------------ what comes after

    def follow_up(self, made: BulkEnquiry, day: dt.date, centre: str, channel: Channel, asker: int | None) -> None:
        """Plan the later contact that this matter causes: collected, back with the paper, a reminder, a second try."""
        if asker is None:
            return
        rng = self.rng
        if made.outcome is Outcome.RESOLVED and made.service in COLLECTED_AS and rng.random() < 0.6:
            self.plan(made, day, rng.randrange(9, 16), centre, Channel.IN_PERSON, asker, FollowsHow.PLANNED_STEP,
                      COLLECTED_AS[made.service])  # fmt: skip
        elif made.outcome is Outcome.MUST_COME_BACK and rng.random() < 0.85:
            self.plan(made, day, rng.randrange(1, 9), centre, channel, asker, FollowsHow.PLANNED_STEP)
        elif made.outcome in {Outcome.PASSED_ON, Outcome.OPEN} and rng.random() < 0.18:
            self.plan(made, day, rng.randrange(3, 12), centre, Channel.PHONE, asker, FollowsHow.CHASING)
        elif made.outcome is Outcome.RESOLVED and rng.random() * 100 < VALUE["repeats"]:
            how = rng.choices([FollowsHow.NOT_HELPED, FollowsHow.CHASING, FollowsHow.OUR_ERROR], [4, 4, 1])[0]
            self.plan(made, day, rng.randrange(1, 13), centre, Channel.PHONE, asker, how)

    def plan(
        self,
        made: BulkEnquiry,
        day: dt.date,
        after_days: int,
        centre: str,
        channel: Channel,
        asker: int,
        how: FollowsHow,
        service_key: str | None = None,
    ) -> None:
        on = day + dt.timedelta(days=after_days)
        version, model = self.model_on(min(on, self.last))
        while (
            on <= self.last
            and channel in {Channel.IN_PERSON, Channel.PHONE}
            and not opening_periods(model, centre, channel, on)
        ):
            on += dt.timedelta(days=1)
        key = service_key or made.service
        if on > self.last or key not in model.services_on(on):
            return
        started = self.moment(on, channel, model, centre)
        employee = self.rng.choice(self.staff.by_centre[centre])
        ended = started + dt.timedelta(minutes=self.minutes(model.services[key], channel))
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
                channel=channel,
                medium="telephone" if channel is Channel.PHONE else "counter",
                started_at=started,
                ended_at=ended,
                centre=centre,
                asker=asker,
                employee=employee,
                enquiries=(enquiry,),
                version_id=version,
            )
        )


def volumes() -> dict[Channel, float]:
    """Contacts a year by channel, from the published volume at the counter and the assumed mix."""
    in_person = VALUE["population"] * VALUE["in_person_per_inhabitant"]
    whole = in_person / VALUE["share_in_person"]
    return {
        Channel.IN_PERSON: in_person,
        Channel.PHONE: whole * VALUE["share_phone"],
        Channel.WRITTEN: whole * VALUE["share_written"],
        Channel.DIGITAL: whole * VALUE["share_self_service"],
    }


def invent_year(year: Year, *, scale: float = 1.0) -> Iterator[BulkContact]:
    """The contacts of `[year.first, year.last]` in order of days; `scale` shrinks the volume for tests."""
    days = [year.first + dt.timedelta(days=n) for n in range((year.last - year.first).days + 1)]
    open_before = True
    catchment = [VALUE[f"catchment_{centre}"] for centre in CENTRES]
    yearly = volumes()
    mean = {channel: volume / 365.0 for channel, volume in yearly.items()}
    for day in days:
        _, model = year.model_on(day)
        is_open = {centre: bool(opening_periods(model, centre, Channel.IN_PERSON, day)) for centre in CENTRES}
        phones = any(opening_periods(model, centre, Channel.PHONE, day) for centre in CENTRES)
        closed = {Channel.IN_PERSON} if not any(is_open.values()) else set()
        closed |= {Channel.PHONE} if not phones else set()
        for channel in Channel:
            attended = channel in {Channel.IN_PERSON, Channel.PHONE}
            if (channel is Channel.IN_PERSON and not any(is_open.values())) or (
                channel is Channel.PHONE and not phones
            ):
                continue
            weight = day_weight(day, after_closure=not open_before) if attended else 1.0
            expected = mean[channel] * weight * (365 / 250 if attended else 1.0) * scale
            centres = [centre for centre in CENTRES if is_open[centre] or channel is not Channel.IN_PERSON]
            weights = [share for centre, share in zip(CENTRES, catchment, strict=True) if centre in centres]
            for _ in range(_poisson(expected, year.rng)):
                centre = year.rng.choices(centres, weights)[0]
                outreach = channel is Channel.IN_PERSON and year.rng.random() * 100 < VALUE["share_outreach"]
                yield year.contact(day, channel, centre, outreach=outreach)
        yield from year.later.pop(day, [])
        open_before = any(is_open.values())


def _poisson(mean: float, rng: Random) -> int:
    """A Poisson draw; by its normal limit where the mean is large."""
    if mean > 50:
        return max(0, round(rng.gauss(mean, mean**0.5)))
    count, product, limit = 0, rng.random(), 2.718281828459045**-mean
    while product > limit:
        count += 1
        product *= rng.random()
    return count
