"""Who takes what, employee by employee: a matrix of levels, where one is known, in the place of a team's share.

Employees are numbered within their team ("aabybro-1"); no name stands anywhere. `NONE` is that she does not take it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from hovedindgang.planning.language import gettext as _
from hovedindgang.planning.simulation.levels import GENERALIST, SPECIALIST, TRAINEE
from hovedindgang.servicemodel.document import ServiceModel, SourceKind

NONE = "none"
LEVELS = (NONE, TRAINEE, GENERALIST, SPECIALIST)


@dataclass(frozen=True, slots=True)
class CompetenceMatrix:
    """Employee → service → level, and where that is from.

    otherwise: the level of a service that is not named for an employee who is; empty: as her team is assumed to be.
    at_least: team → share of the services in which each of it is a generalist at least, because a change says so.
    """

    levels: Mapping[str, Mapping[str, str]]
    reference: str
    kind: SourceKind = SourceKind.ASSUMED
    otherwise: str = ""
    at_least: Mapping[str, float] = field(default_factory=dict)
    reference_en: str = ""

    def of(self, employee: str, services: Sequence[str], assumed: Mapping[str, str], share: float) -> dict[str, str]:
        """Service → level of what she takes, generalist in `share` of `services` at least; `assumed` is her team's."""
        from hovedindgang.planning.simulation.chance import stream_of  # numpy: only who simulates waits for it

        said = self.levels.get(employee)
        if said is None:
            return dict(assumed)
        usual = dict.fromkeys(services, self.otherwise) if self.otherwise else dict(assumed)
        found = usual | {service: level for service, level in said.items() if service in services}
        knows = sum(level in (GENERALIST, SPECIALIST) for level in found.values())
        # She is taught first what she is learning, and else in the order in which her team's share is drawn.
        unknown = [service for service in services if found.get(service, NONE) in (NONE, TRAINEE)]
        unknown.sort(key=lambda one: (found.get(one, NONE) == NONE, int(stream_of(employee, one))))
        found |= dict.fromkeys(unknown[: max(0, round(share * len(services)) - knows)], GENERALIST)
        return {service: level for service, level in found.items() if level != NONE}

    def says_all(self, employee: str, services: Iterable[str]) -> bool:
        """Whether nothing of her is assumed by her team's share."""
        said = self.levels.get(employee)
        return said is not None and (bool(self.otherwise) or set(services) <= set(said))


def anonymous(
    people: Mapping[str, Sequence[Mapping[str, str]]], *, reference: str, otherwise: str = NONE
) -> CompetenceMatrix:
    """What is registered of who can what, without names: team → what each of it can, in no order that tells who."""
    levels = {}
    for team, each in people.items():
        for number, one in enumerate(sorted(each, key=lambda one: sorted(one.items())), 1):
            levels[f"{team}-{number}"] = dict(one)
    return CompetenceMatrix(levels, reference, SourceKind.MEASURED, otherwise)


def wrong_competences(
    model: ServiceModel, competence: CompetenceMatrix | None, teams: Mapping[str, tuple[int, tuple[str, ...]]]
) -> Iterator[tuple[str, str, str]]:
    """What cannot be: key, what is wrong, what would be right. `teams`: how many each has, and what it takes (all)."""
    if competence is None:
        return
    known = {f"{key}-{at}": takes for key, (number, takes) in teams.items() for at in range(1, number + 1)}
    for employee, levels in competence.levels.items():
        at = f"staff.competence.employees.{employee}"
        if employee not in known:
            right = _("Medarbejdere hedder som deres hold, med nummer: {keys}.").format(keys=", ".join(list(known)[:6]))
            yield at, _("er ingen medarbejder"), right
            continue
        for service in levels:
            if service not in model.services:
                text = _("kendes ikke i modellen: {key}").format(key=service)
                yield at, text, _("Find den med: hovedindgang model show FIL")
            elif known[employee] and service not in known[employee]:
                text = _("har {service}, som holdet ikke tager").format(service=service)
                yield at, text, _("Skriv den i holdets services, eller tag den ud.")
