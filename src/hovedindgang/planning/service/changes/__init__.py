"""What a decision would change, as data: each change turns one model and its inputs into another.

The words are those of a council paper: close Pandrup on Fridays, answer all phones in Aabybro, two more generalists.

A kind of change is a frozen dataclass that is a `Change` (`change.py`): `applied` and `words`, in the file of its
family, entered in `CHANGES` under the word by which plans and the API name it. Where two of it cannot both be meant,
`agreeing.py` says so. `wellformed.py` and `finding.py` refuse what cannot be meant or is not there. Two families stand
beside the package, for they are met elsewhere too: `service.shocks`, `service.moving_work`.
"""

from __future__ import annotations

from collections.abc import Mapping

from hovedindgang.planning.service.changes.agreeing import agreeing
from hovedindgang.planning.service.changes.change import Both, Change, changed
from hovedindgang.planning.service.changes.contacts import MoveChannel, Volume
from hovedindgang.planning.service.changes.doors import CloseCentre, OpeningHours
from hovedindgang.planning.service.changes.employees import Generalists, MoreStaff, PhonesAt
from hovedindgang.planning.service.changes.places import NewPlace, TravellingTeam
from hovedindgang.planning.service.changes.work import CarryAt
from hovedindgang.planning.service.moving_work import MoveWork
from hovedindgang.planning.service.shocks import NewService, Shock

__all__ = [
    "CHANGES",
    "Both",
    "CarryAt",
    "Change",
    "CloseCentre",
    "Generalists",
    "MoreStaff",
    "MoveChannel",
    "MoveWork",
    "NewPlace",
    "NewService",
    "OpeningHours",
    "PhonesAt",
    "Shock",
    "TravellingTeam",
    "Volume",
    "agreeing",
    "changed",
]

CHANGES: Mapping[str, type] = {
    "opening_hours": OpeningHours,
    "close_centre": CloseCentre,
    "phones_at": PhonesAt,
    "more_staff": MoreStaff,
    "generalists": Generalists,
    "move_channel": MoveChannel,
    "new_place": NewPlace,
    "travelling_team": TravellingTeam,
    "volume": Volume,
    "carry_at": CarryAt,
    "move_work": MoveWork,
    "shock": Shock,
    "new_service": NewService,
}
