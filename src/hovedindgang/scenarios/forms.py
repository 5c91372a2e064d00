"""A change as a form: the fields of each kind, what was typed in them, and the change it makes."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from hovedindgang.planning.service.inputs import MOST_PEOPLE, Inputs
from hovedindgang.scenarios.labels import CENTRE_KIND, CHANGE, CHANNEL, LEVEL, WEEKDAY
from hovedindgang.servicemodel.document import CentreKind, Channel, ServiceModel

Options = list[tuple[str, str]]
NOBODY = ("", "–")


@dataclass(slots=True)
class Field:
    """One field: its name in the change, its words, how it is read, and what was typed."""

    name: str
    label: str
    kind: str = "text"  # text | time | day | number | whole | percent | days | yes
    hint: str = ""
    options: Options = field(default_factory=list)
    optional: bool = False
    value: str = ""
    error: str = ""

    @property
    def id(self) -> str:
        return f"change-{self.name}"


@dataclass(slots=True)
class ChangeForm:
    """The form of one kind of change."""

    kind: str
    fields: list[Field]
    days: list[tuple[str, str, bool]] = field(default_factory=list)  # weekday: number, name, ticked

    @property
    def title(self) -> str:
        return str(CHANGE[self.kind])

    @property
    def errors(self) -> dict[str, str]:
        return {one.id: f"{one.label}: {one.error}" for one in self.fields if one.error}


def change_form(kind: str, model: ServiceModel, inputs: Inputs, typed: QueryDict | None = None) -> ChangeForm:
    """The form, empty or as typed. Raises KeyError for a kind that there is not."""
    form = ChangeForm(kind, _FIELDS[kind](_Choices(model, inputs)))
    if typed is not None:
        for one in form.fields:
            one.value = typed.get(one.name, "").strip()
    ticked = set(typed.getlist("weekdays") if typed is not None else ())
    if any(one.kind == "days" for one in form.fields):
        form.days = [(str(day), str(name), str(day) in ticked) for day, name in enumerate(WEEKDAY)]
    return form


def read_change(form: ChangeForm, typed: QueryDict) -> dict[str, Any] | None:
    """The change as it is kept; None, and errors in the fields, where one cannot be read."""
    found: dict[str, Any] = {"kind": form.kind}
    for one in form.fields:
        value = _read(one, typed)
        if value is not None:
            found[one.name] = value
    if not any(one.error for one in form.fields):
        _check_together(form, found)
    if any(one.error for one in form.fields):
        return None
    if form.kind in {"new_place", "new_service"}:
        found["key"] = key_of(str(found["name"]))
    for name, several in (("service", "services"), ("channel", "channels")):
        if form.kind in FROM_OUTSIDE and name in found:  # one or all of them: the change may have several
            found[several] = [found.pop(name)]
    return found


def key_of(name: str) -> str:
    """A name as a key of the model: small letters and hyphens."""
    plain = name.lower().replace("æ", "ae").replace("ø", "oe").replace("å", "aa")
    plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "nyt-sted"


def _read(one: Field, typed: QueryDict) -> Any:
    if one.kind == "days":
        days = [day for day in range(len(WEEKDAY)) if str(day) in typed.getlist("weekdays")]
        if not days:
            one.error = _("Vælg mindst én dag.")
        return days
    if not one.value:
        if not one.optional:
            one.error = _("Skal udfyldes.")
        return None
    if one.options:
        if one.value not in {option for option, _text in one.options}:
            one.error = _("Vælg noget på listen.")
            return None
        return int(one.value) if one.kind == "whole" else True if one.kind == "yes" else one.value
    if one.kind == "time":
        return _time(one)
    if one.kind == "day":
        return _day(one)
    if one.kind == "text":
        if len(one.value) > 100:
            one.error = _("Skriv højst 100 tegn.")
        return one.value
    return _number(one)


def _time(one: Field) -> str | None:
    try:
        return dt.time.fromisoformat(one.value.replace(".", ":").zfill(5)).strftime("%H:%M")
    except ValueError:
        one.error = _("Skriv klokkeslættet som 10:30.")
        return None


def _day(one: Field) -> str | None:
    for pattern in ("%d.%m.%Y", "%Y-%m-%d"):
        try:
            return dt.datetime.strptime(one.value, pattern).date().isoformat()  # noqa: DTZ007 (a day has no zone)
        except ValueError:
            continue
    one.error = _("Skriv dagen som 31.12.2026.")
    return None


_BOUNDS = {"percent": (0.0, 100.0), "whole": (-1000.0, 1_000_000.0), "number": (-1000.0, 1_000_000.0)}


def _number(one: Field) -> float | int | None:
    text = one.value.replace(" ", "").removesuffix("%").replace(",", ".")
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    least, most = _BOUNDS[one.kind]
    if not least <= value <= most or (one.kind == "whole" and not value.is_integer()):
        one.error = {
            "percent": _("Skriv en procent fra 0 til 100."),
            "whole": _("Skriv et helt tal, for eksempel 2."),
            "number": _("Skriv et tal, for eksempel 1,5."),
        }[one.kind]
        return None
    return value / 100 if one.kind == "percent" else int(value) if one.kind == "whole" else value


def _check_together(form: ChangeForm, found: dict[str, Any]) -> None:
    """What no field can say alone."""
    fields = {one.name: one for one in form.fields}
    for begins, ends in (("opens", "closes"), ("begins", "ends")):
        if begins not in fields:
            continue
        if bool(found.get(begins)) != bool(found.get(ends)):
            fields[begins].error = _("Skriv både åbner og lukker, eller ingen af dem, hvis der er lukket.")
        elif found.get(begins) and found[begins] >= found[ends]:
            fields[ends].error = _("Lukketiden skal ligge efter åbningstiden.")
    if form.kind == "volume" and found["factor"] <= 0:
        fields["factor"].error = _("Skriv et tal over 0, for eksempel 1,2.")
    if form.kind == "new_place" and (found["number"] < 0 or found["people"] < 0):
        fields["number" if found["number"] < 0 else "people"].error = _("Skriv 0 eller et større tal.")
    if form.kind == "travelling_team" and (found["number"] < 1 or found.get("every_weeks", 1) < 1):
        fields["number" if found["number"] < 1 else "every_weeks"].error = _("Skriv 1 eller et større tal.")
    if form.kind == "more_staff" and "generalist_share" in found and found["number"] < 1:
        fields["generalist_share"].error = _("Det gælder dem, der kommer. Lad det stå tomt, når der bliver færre.")
    if form.kind == "close_centre" and found["centre"] == found.get("staff_to"):
        fields["staff_to"].error = _("Vælg et andet sted end det, der lukkes.")
    if form.kind == "move_work":
        _check_work(fields, found)
    if form.kind in FROM_OUTSIDE:
        _check_range(fields, found)
    if form.kind == "travelling_team" and not 0 <= found.get("travel_minutes", 0) <= 600:
        fields["travel_minutes"].error = _("Skriv minutter, fra 0 til 600.")
    if form.kind == "move_channel" and found["from_channel"] == found["to_channel"]:
        fields["to_channel"].error = _("Vælg en anden vej end den, de kommer ad.")


def _check_range(fields: dict[str, Field], found: dict[str, Any]) -> None:
    middle = found["factor"] if "factor" in found else found["contacts"]
    if found["low"] <= 0:
        fields["low"].error = _("Skriv et tal over 0, for eksempel 1,2.")
    elif found["low"] > middle:
        fields["low"].error = _("Det laveste er højst det, der ventes.")
    if found["high"] < middle:
        fields["high"].error = _("Det højeste er mindst det, der ventes.")
    if "to_day" in found and found["to_day"] < found["from_day"]:
        fields["to_day"].error = _("Den sidste dag ligger før den første.")
    if found.get("handle_minutes", 1.0) <= 0:
        fields["handle_minutes"].error = _("Skriv et tal over 0, for eksempel 1,2.")


def _check_work(fields: dict[str, Field], found: dict[str, Any]) -> None:
    minutes = found.get("minutes", 0.0)
    if minutes < 0:
        fields["minutes"].error = _("Skriv 0 eller et større tal.")
    if "share" in found and not minutes:
        fields["share"].error = _("En andel gælder et trin: skriv trinnets minutter, eller lad andelen stå tom.")
    elif found.get("share") == 0:
        fields["share"].error = _("Skriv et tal over 0, for eksempel 1,2.")
    if found.get("saves") and not found.get("source"):
        fields["source"].error = _("Skriv, hvem der siger, hvad flytningen sparer eller koster.")
    if minutes > 0 and found.get("saves", 0.0) >= minutes:
        fields["saves"].error = _("Flytningen kan ikke spare hele trinnet.")
    if not 0 <= found.get("people", 0) <= MOST_PEOPLE:
        fields["people"].error = _("Skriv et helt tal fra 0 til {most}.").format(most=MOST_PEOPLE)
    elif "team" in found and not found.get("people"):
        fields["people"].error = _("Skriv, hvor mange der flytter med, eller lad holdet stå tomt.")


FROM_OUTSIDE = frozenset({"shock", "new_service"})


class _Choices:
    """What may be chosen, of the model and inputs as they are after the changes before."""

    def __init__(self, model: ServiceModel, inputs: Inputs) -> None:
        self.centres: Options = [(key, one.name) for key, one in model.centres.items()]
        self.teams: Options = [(one.key, _team(model, one.key, one.number)) for one in inputs.staff.teams]
        self.either_team: Options = [("", _("det største")), *self.teams]
        self.first, self.last = inputs.first_day, inputs.first_day + dt.timedelta(days=inputs.days - 1)
        self.middle = inputs.first_day + dt.timedelta(days=inputs.days // 2)
        on = model.services_on(inputs.first_day)
        named = sorted(((key, one.name) for key, one in on.items() if one.handle_minutes), key=lambda pair: pair[1])
        self.services: Options = [("", _("alle opgaver")), *named]
        self.days: Options = [(str(day), str(WEEKDAY[day])) for day in range(7)]
        self.channels: Options = _said(CHANNEL, [one.value for one in Channel])
        self.to_channels: Options = _said(
            CHANNEL, [*(one.value for one in Channel), "self_service", "appointment", "assisted"]
        )
        self.meeting: Options = _said(CHANNEL, [Channel.IN_PERSON.value, Channel.PHONE.value])
        self.kinds: Options = _said(CENTRE_KIND, [key for key in CENTRE_KIND if key != CentreKind.SERVICE_POINT])
        self.opened: Options = [("", _("bliver, hvor de er")), ("yes", _("kanalen åbnes for dem"))]
        self.levels: Options = _said(LEVEL, list(LEVEL))
        self.sides: Options = [("department", _("fagforvaltningen")), ("borgerservice", _("Borgerservice"))]
        helps = [("", _("den, der hjælper med opgaven"))]
        self.departments: Options = helps + [(key, one.name) for key, one in model.departments.items()]


def _team(model: ServiceModel, key: str, number: int) -> str:
    name = model.centres[key].name if key in model.centres else key
    return _("{name} ({number})").format(name=name, number=number)


def _said(labels: Any, keys: Sequence[str]) -> Options:
    def text(label: str | Promise) -> str:
        return str(label)

    return [(key, text(labels[key])) for key in keys]


def _opening_hours(may: _Choices) -> list[Field]:
    closed = _("Tom, hvis der er lukket den dag.")
    return [
        Field("centre", _("Sted"), options=may.centres),
        Field("channel", _("Vej ind"), options=may.meeting),
        Field("weekday", _("Ugedag"), "whole", options=may.days),
        Field("opens", _("Åbner"), "time", hint=closed, optional=True),
        Field("closes", _("Lukker"), "time", hint=closed, optional=True),
    ]


def _close_centre(may: _Choices) -> list[Field]:
    to = [("", _("de bliver, hvor de er")), *may.centres]
    return [
        Field("centre", _("Center, der lukkes"), options=may.centres),
        Field("staff_to", _("Medarbejderne flytter til"), options=to, optional=True),
    ]


def _phones_at(may: _Choices) -> list[Field]:
    everywhere = [("", _("alle centre")), *may.centres]
    return [Field("centre", _("Telefonerne besvares i"), options=everywhere, optional=True)]


def _more_staff(may: _Choices) -> list[Field]:
    return [
        Field("team", _("Hold"), options=may.teams),
        Field("number", _("Hvor mange flere"), "whole", hint=_("Skriv -1 for én færre.")),
        Field(
            "generalist_share",
            _("De nye er generalister i så mange procent af opgaverne"),
            "percent",
            hint=_("Tom: som resten af holdet. 100: de kan alt."),
            optional=True,
        ),
    ]


def _generalists(may: _Choices) -> list[Field]:
    everybody = [("", _("alle")), *may.teams]
    return [
        Field("share", _("Generalist i mindst så mange procent af opgaverne"), "percent"),
        Field("team", _("Hold"), options=everybody, optional=True),
        Field(
            "by",
            _("Fra hvilken dag"),
            "day",
            hint=_("Tom: fra begyndelsen. For eksempel {day}.").format(day=f"{may.middle:%d.%m.%Y}"),
            optional=True,
        ),
    ]


def _move_channel(may: _Choices) -> list[Field]:
    return [
        Field("share", _("Hvor mange procent"), "percent", hint=_("Af dem, der kan: fritagne flyttes ikke digitalt.")),
        Field("service", _("Opgave"), options=may.services, optional=True),
        Field("from_channel", _("Fra"), options=may.channels),
        Field("to_channel", _("Til"), options=may.to_channels),
        Field("open_channel", _("Opgaver, der ikke fås sådan i dag"), "yes", options=may.opened, optional=True),
    ]


def _new_place(may: _Choices) -> list[Field]:
    return [
        Field("name", _("Navn"), hint=_("For eksempel Blokhus.")),
        Field("place_kind", _("Slags"), options=may.kinds),
        Field("latitude", _("Breddegrad"), "number", hint=_("For eksempel 57,253.")),
        Field("longitude", _("Længdegrad"), "number", hint=_("For eksempel 9,583.")),
        Field("people", _("Borgere, der får det nærmest"), "whole"),
        Field("weekdays", _("Åbent"), "days"),
        Field("opens", _("Åbner"), "time"),
        Field("closes", _("Lukker"), "time"),
        Field("number", _("Medarbejdere"), "whole", hint=_("Nye, ud over dem, der er. 0: et rejsende hold kommer.")),
    ]


def _travelling_team(may: _Choices) -> list[Field]:
    return [
        Field("team", _("Hold, de kommer fra"), options=may.teams),
        Field("number", _("Hvor mange"), "whole"),
        Field("place", _("Sted"), options=may.centres),
        Field("weekday", _("Ugedag"), "whole", options=may.days),
        Field("begins", _("Fra kl."), "time"),
        Field("ends", _("Til kl."), "time"),
        Field("every_weeks", _("Hver hvilken uge"), "whole", hint=_("1 er hver uge, 2 hver anden."), optional=True),
        Field(
            "travel_minutes",
            _("Minutters kørsel hver vej"),
            "number",
            hint=_("Tom: regnet ud af afstanden."),
            optional=True,
        ),
    ]


def _volume(may: _Choices) -> list[Field]:
    return [
        Field("factor", _("Gange så mange"), "number", hint=_("1,1 er 10 % flere, 0,9 er 10 % færre.")),
        Field("service", _("Opgave"), options=may.services, optional=True),
    ]


def _carry_at(may: _Choices) -> list[Field]:
    fewer = _("Skriv -3 for tre minutter mindre.")
    return [
        Field("service", _("Opgave"), options=may.services[1:]),
        Field("level", _("Sådan klares den i Borgerservice"), options=may.levels),
        Field(
            "more_minutes",
            _("Minutter mere ved skranken"),
            "number",
            hint=fewer,
            optional=True,
        ),
    ]


def _move_work(may: _Choices) -> list[Field]:
    whole = _("Tom: hele opgaven flytter, og borgerne går direkte dertil.")
    return [
        Field("service", _("Opgave"), options=may.services[1:]),
        Field("to", _("Flyttes til"), options=may.sides),
        Field("minutes", _("Trinnets minutter"), "number", hint=whole, optional=True),
        Field("share", _("I hvor mange procent af sagerne"), "percent", hint=_("Tom: i alle."), optional=True),
        Field("centre", _("Kun ved skranken i"), options=[("", _("alle veje ind")), *may.centres], optional=True),
        Field("department", _("Fagforvaltning"), options=may.departments, optional=True),
        Field(
            "saves",
            _("Minutter, flytningen selv sparer hver gang"),
            "number",
            hint=_("Skriv -3, hvis den koster tre."),
            optional=True,
        ),
        Field("source", _("Hvem siger det?"), optional=True),
        Field(
            "people",
            _("Medarbejdere, der flytter med arbejdet"),
            "whole",
            hint=_("Tom: ingen. Hele personer; de arbejder derefter som dem, de kommer til."),
            optional=True,
        ),
        Field("team", _("Borgerservices hold, de kommer fra eller til"), options=may.either_team, optional=True),
    ]


def _shock(may: _Choices) -> list[Field]:
    within = _("Fra {first} til {last}.").format(first=f"{may.first:%d.%m.%Y}", last=f"{may.last:%d.%m.%Y}")
    return [
        Field("name", _("Navn"), hint=_("For eksempel et valg.")),
        Field("from_day", _("Første dag"), "day", hint=within),
        Field("to_day", _("Sidste dag"), "day"),
        Field("factor", _("Gange så mange, som der ventes"), "number", hint=_("2 er dobbelt så mange.")),
        Field("low", _("Måske kun"), "number", hint=_("I 39 af 40 tilfælde kommer der flere end det.")),
        Field("high", _("Måske helt op til"), "number", hint=_("I 39 af 40 tilfælde kommer der færre end det.")),
        Field("service", _("Opgave"), options=may.services, optional=True),
        Field("channel", _("Vej ind"), options=[("", _("alle veje ind")), *may.channels], optional=True),
    ]


def _new_service(may: _Choices) -> list[Field]:
    both = [("", _("skranke og telefon")), *may.channels]
    return [
        Field("name", _("Opgavens navn"), hint=_("For eksempel et nyt buskort.")),
        Field("from_day", _("Fra hvilken dag"), "day", hint=f"{may.middle:%d.%m.%Y}"),
        Field("contacts", _("Henvendelser om året, som der ventes"), "number"),
        Field("low", _("Måske kun"), "number"),
        Field("high", _("Måske helt op til"), "number"),
        Field("handle_minutes", _("Minutter pr. henvendelse"), "number"),
        Field("channel", _("Vej ind"), options=both, optional=True),
        Field("level", _("Sådan klares den i Borgerservice"), options=may.levels),
    ]


_FIELDS = {
    "opening_hours": _opening_hours,
    "close_centre": _close_centre,
    "phones_at": _phones_at,
    "more_staff": _more_staff,
    "generalists": _generalists,
    "move_channel": _move_channel,
    "new_place": _new_place,
    "travelling_team": _travelling_team,
    "volume": _volume,
    "carry_at": _carry_at,
    "move_work": _move_work,
    "shock": _shock,
    "new_service": _new_service,
}
