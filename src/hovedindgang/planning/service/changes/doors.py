"""Changes of when a centre is open: its hours, and that it is shut."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from hovedindgang.planning.language import gettext as _
from hovedindgang.planning.service.changes.change import Both
from hovedindgang.planning.service.changes.finding import centre_of, counter_of, weekday_name, with_centre, with_teams
from hovedindgang.planning.service.changes.wellformed import must_be_channel, must_be_clocks, must_be_weekdays
from hovedindgang.planning.service.inputs import Inputs
from hovedindgang.servicemodel.document import Channel, Period, ServiceModel


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """`centre` is open in `channel` on `weekday` (0 = Monday) from `opens` to `closes`; both empty: closed that day."""

    centre: str
    weekday: int
    opens: str = ""
    closes: str = ""
    channel: str = Channel.IN_PERSON.value

    def __post_init__(self) -> None:
        must_be_weekdays(self.weekday)
        must_be_channel(self.channel)
        if self.channel not in (Channel.IN_PERSON.value, Channel.PHONE.value):
            raise ValueError(_("åbningstider har kun in_person og phone; breve kommer altid"))
        if bool(self.opens) != bool(self.closes):
            raise ValueError(_("skriv både opens og closes, eller ingen af dem"))
        if self.opens:
            must_be_clocks(self.opens, self.closes)

    def applied(self, model: ServiceModel, inputs: Inputs) -> Both:
        centre, channel = counter_of(model, self.centre), Channel(self.channel)
        week = {day: periods for day, periods in centre.hours.get(channel, {}).items() if day != self.weekday}
        if self.opens:
            week[self.weekday] = (Period(dt.time.fromisoformat(self.opens), dt.time.fromisoformat(self.closes)),)
        hours = {**centre.hours, channel: week}
        return with_centre(model, self.centre, dataclasses.replace(centre, hours=hours)), inputs

    def words(self, model: ServiceModel) -> str:
        names = {"centre": centre_of(model, self.centre).name, "day": weekday_name(self.weekday)}
        if self.channel == Channel.PHONE:
            if not self.opens:
                return _("Telefonen i {centre} lukkes {day}.").format(**names)
            said = _("Telefonen i {centre} er åben {day} kl. {opens}-{closes}.")
            return said.format(**names, opens=self.opens, closes=self.closes)
        if not self.opens:
            return _("{centre} lukkes {day}.").format(**names)
        return _("{centre} er åbent {day} kl. {opens}-{closes}.").format(**names, opens=self.opens, closes=self.closes)


@dataclass(frozen=True, slots=True)
class CloseCentre:
    """The centre is closed to the public; its employees move to `staff_to`."""

    centre: str
    staff_to: str = ""

    def __post_init__(self) -> None:
        if self.centre and self.centre == self.staff_to:
            raise ValueError(_("medarbejderne kan ikke flytte til det sted, der lukkes; lad staff_to stå tomt"))

    def applied(self, model: ServiceModel, inputs: Inputs) -> Both:
        centre = centre_of(model, self.centre)
        hours: Mapping[Channel, Mapping[int, tuple[Period, ...]]] = {}
        model = with_centre(model, self.centre, dataclasses.replace(centre, hours=hours))
        if not self.staff_to:
            return model, inputs
        counter_of(model, self.staff_to)
        moved = (
            dataclasses.replace(team, centre=self.staff_to) if team.centre == self.centre else team
            for team in inputs.staff.teams
        )
        return model, with_teams(inputs, moved)

    def words(self, model: ServiceModel) -> str:
        name = centre_of(model, self.centre).name
        if not self.staff_to:
            return _("{centre} lukkes.").format(centre=name)
        to = centre_of(model, self.staff_to).name
        return _("{centre} lukkes; medarbejderne flytter til {to}.").format(centre=name, to=to)
