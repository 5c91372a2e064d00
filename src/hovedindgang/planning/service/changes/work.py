"""The change of how far Borgerservice goes with a service; work that moves to others is `service.moving_work`."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from hovedindgang.planning.language import gettext as _
from hovedindgang.planning.language import number
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.service.changes.change import Both
from hovedindgang.planning.service.changes.finding import service_name
from hovedindgang.planning.service.ground import services_of
from hovedindgang.planning.service.inputs import Inputs
from hovedindgang.planning.service.minutes import handle_minutes
from hovedindgang.servicemodel.document import Level, PortfolioEntry, ServiceModel


@dataclass(frozen=True, slots=True)
class CarryAt:
    """A service is carried at another level by all centres: more or less of it is handed over, by the levels' results.

    `more_minutes`: what an enquiry takes at the counter beyond what the model says, and nobody else is rid of;
    negative: that nobody does any more. Work that a department does instead is moved with `MoveWork`.
    """

    service: str
    level: str
    more_minutes: float = 0.0

    def __post_init__(self) -> None:
        levels = [one.value for one in Level]
        if self.level not in levels:
            raise ValueError(_("level er en af: {levels}").format(levels=", ".join(levels)))

    def applied(self, model: ServiceModel, inputs: Inputs) -> Both:
        service_name(model, self.service)
        entry = PortfolioEntry(tuple(model.centres), Level(self.level), (self.service,), source=None)
        minutes = {**inputs.more_minutes, self.service: inputs.more_minutes.get(self.service, 0.0) + self.more_minutes}
        self._leaves_some(model, inputs, minutes[self.service])
        model = dataclasses.replace(model, portfolio=(*model.portfolio, entry))
        return model, dataclasses.replace(inputs, more_minutes=minutes)

    def _leaves_some(self, model: ServiceModel, inputs: Inputs, more: float) -> None:
        """Raises CannotPlan where an enquiry would take no time at all, or less."""
        service = services_of(model, inputs).get(self.service)
        takes = [handle_minutes(inputs.work, channel.value, service) for channel in service.channels] if service else []
        if takes and min(takes) + more <= 0:
            raise CannotPlan(
                _("{service} tager {minutes} min., hvor det går hurtigst: {less} minutter kan ikke tages fra.").format(
                    service=service_name(model, self.service), minutes=number(min(takes), 1), less=number(-more, 1)
                ),
                cure=_("Skriv et more_minutes over {least}.").format(least=number(-min(takes), 1)),
                where=("more_minutes",),
            )

    def words(self, model: ServiceModel) -> str:
        levels = {
            "administer": _("administreres"),
            "light_casework": _("får lettere sagsbehandling"),
            "casework": _("sagsbehandles"),
            "guide": _("vejledes der om"),
            "refer": _("henvises videre"),
        }
        said = _("{service} {level} i Borgerservice.").format(
            service=service_name(model, self.service), level=levels[self.level]
        )
        if not self.more_minutes:
            return said
        more = _("Den tager {minutes} minutter mere ved skranken.")
        if self.more_minutes < 0:
            more = _("Den tager {minutes} minutter mindre ved skranken; ingen anden gør det arbejde.")
        return f"{said} {more.format(minutes=number(abs(self.more_minutes), 1))}"
