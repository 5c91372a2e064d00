"""Changes of how many come, and by which channel."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from hovedindgang.planning.language import gettext as _
from hovedindgang.planning.language import number
from hovedindgang.planning.service.changes.change import Both
from hovedindgang.planning.service.changes.finding import service_name
from hovedindgang.planning.service.changes.wellformed import MOST_TIMES, must_be_channel
from hovedindgang.planning.service.exempt import DIGITAL, SELF_SERVICE
from hovedindgang.planning.service.ground import services_of
from hovedindgang.planning.service.inputs import APPOINTMENT, ASSISTED, Appointments, Assisted, Inputs
from hovedindgang.planning.service.moving import check_move, named
from hovedindgang.servicemodel.document import ServiceModel


@dataclass(frozen=True, slots=True)
class MoveChannel:
    """`share` of those who can follow, of who comes for a service (empty: for all) by one channel, come by another.

    Nobody who is exempt from digital mail moves to a digital channel. A service that is not had by the other channel
    stays as it is, unless `open_channel`.
    """

    share: float
    from_channel: str
    to_channel: str
    service: str = ""
    open_channel: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.share <= 1:
            raise ValueError(_("share er en andel mellem 0 og 1"))
        must_be_channel(self.from_channel)
        must_be_channel(self.to_channel, (SELF_SERVICE, APPOINTMENT, ASSISTED))
        if self.from_channel == self.to_channel:
            raise ValueError(_("from_channel og to_channel er den samme"))

    def applied(self, model: ServiceModel, inputs: Inputs) -> Both:
        check_move(model, inputs, services_of(model, inputs), self)
        moved = dataclasses.replace(inputs.demand, moves=(*inputs.demand.moves, self))
        inputs = dataclasses.replace(inputs, demand=moved)
        if self.to_channel == APPOINTMENT and inputs.appointments is None:
            inputs = dataclasses.replace(inputs, appointments=Appointments())
        if self.to_channel == ASSISTED and inputs.assisted is None:
            inputs = dataclasses.replace(inputs, assisted=Assisted())
        return model, inputs

    def words(self, model: ServiceModel) -> str:
        what = service_name(model, self.service) if self.service else _("alle opgaver")
        if not self.service and not self.open_channel and self.to_channel != SELF_SERVICE:
            what = _("de opgaver, der også fås {to},").format(to=named(self.to_channel))
        names = {"service": what, "to": named(self.to_channel), "since": named(self.from_channel)}
        share = number(100 * self.share)
        if self.to_channel in DIGITAL and self.from_channel not in DIGITAL:
            text = _("{share} % af dem, der kan, kommer med {service} {to} i stedet for {since}.")
        else:
            text = _("{share} % af {service} kommer {to} i stedet for {since}.")
        return text.format(share=share, **names)


@dataclass(frozen=True, slots=True)
class Volume:
    """`factor` times as many come for a service (empty: for all)."""

    factor: float
    service: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.factor <= MOST_TIMES:
            raise ValueError(_("factor er 0 til {most}").format(most=MOST_TIMES))

    def applied(self, model: ServiceModel, inputs: Inputs) -> Both:
        demand = inputs.demand
        if self.service:
            service_name(model, self.service)
            grown = {**demand.grown, self.service: demand.grown.get(self.service, 1.0) * self.factor}
            return model, dataclasses.replace(inputs, demand=dataclasses.replace(demand, grown=grown))
        by_channel = {
            channel: dataclasses.replace(one, value=one.value * self.factor)
            for channel, one in demand.contacts_per_year.items()
        }
        return model, dataclasses.replace(inputs, demand=dataclasses.replace(demand, contacts_per_year=by_channel))

    def words(self, model: ServiceModel) -> str:
        what = service_name(model, self.service) if self.service else _("alle opgaver")
        return _("{factor} gange så mange henvendelser om {service}.").format(
            factor=number(self.factor, 2), service=what
        )
