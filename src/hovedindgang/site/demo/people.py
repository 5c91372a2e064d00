"""Invented people. Their names say that they are invented, and their CPRs belong to nobody (day of birth plus 60)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from random import Random

from hovedindgang.people.models import Role

FIRST = (
    "Anna", "Bent", "Carla", "Dennis", "Else", "Finn", "Grethe", "Hans", "Ida", "Jens", "Karen", "Lars", "Mona",
    "Niels", "Oda", "Poul", "Rigmor", "Søren", "Tove", "Ulla", "Viggo", "Ylva", "Zenia", "Ærna", "Øjvind", "Åse",
    "Amina", "Olena", "Mehmet", "Piotr", "Fatima", "Andrii",
)  # fmt: skip
LAST = (
    "Opdigt", "Eksempel", "Prøvesen", "Testgaard", "Påfund", "Skabelon", "Mønsterby", "Tænkt", "Fiktiv", "Attrap",
    "Øvelund", "Demosen", "Pladsholder", "Sindbillede", "Forsøgsholm", "Nulpunkt",
)  # fmt: skip
STREETS = ("Prøvevej", "Eksempelgade", "Testtoften", "Mønsterstræde", "Øvebakken", "Attrapvænget")
TOWNS = ("9440 Aabybro", "9460 Brovst", "9690 Fjerritslev", "9490 Pandrup", "9492 Blokhus", "9430 Vadum")
LANGUAGES = (("da", 93), ("en", 2), ("uk", 2), ("pl", 1), ("ar", 1), ("de", 1))
NEEDS = (
    "",
    "Hører dårligt: tal tydeligt",
    "Kørestol",
    "Læser ikke dansk",
    "Ser dårligt: læs højt",
    "Kommer med hjælper",
)


@dataclass(frozen=True, slots=True)
class CastMember:
    username: str
    name: str
    role: Role
    centre: str | None = None
    department: str | None = None


CAST: tuple[CastMember, ...] = (
    CastMember("anna", "Anna Eksempel", Role.EMPLOYEE, centre="aabybro"),
    CastMember("finn", "Finn Påfund", Role.EMPLOYEE, centre="fjerritslev"),
    CastMember("carla", "Carla Mønsterby", Role.CASEWORKER, department="jobcenter"),
    CastMember("lise", "Lise Tænkt", Role.LEADER, centre="aabybro"),
    CastMember("per", "Per Skabelon", Role.PLANNER, centre="aabybro"),
    CastMember("rigmor", "Rigmor Fiktiv", Role.EDITOR, centre="pandrup"),
    CastMember("adam", "Adam Attrap", Role.ADMINISTRATOR, centre="aabybro"),
)
STAFF_OF = {"aabybro": 6, "fjerritslev": 5, "brovst": 5, "pandrup": 5}  # beside the cast; assumed. No group under five


def colleagues(departments: tuple[str, ...]) -> list[CastMember]:
    """The rest of about 25 employees: the counters' staff, and one caseworker for each department."""
    rng = Random("colleagues")
    members = [
        CastMember(f"{centre[:4]}{number}", f"{rng.choice(FIRST)} {rng.choice(LAST)}", Role.EMPLOYEE, centre=centre)
        for centre, count in STAFF_OF.items()
        for number in range(1, count + 1)
    ]
    members += [
        CastMember(f"sag-{key[:12]}", f"{rng.choice(FIRST)} {rng.choice(LAST)}", Role.CASEWORKER, department=key)
        for key in departments
        if key != "jobcenter"
    ]
    return members


@dataclass(frozen=True, slots=True)
class InventedCitizen:
    cpr: str
    name: str
    born_on: dt.date
    address: str
    phone: str
    language: str
    needs: str
    exempt: bool


def invent_citizens(count: int, *, seed: str) -> list[InventedCitizen]:
    """`count` citizens with CPRs that nobody can have: the day is 61 to 91."""
    rng = Random(seed)
    citizens: dict[str, InventedCitizen] = {}
    while len(citizens) < count:
        born = dt.date(1932, 1, 1) + dt.timedelta(days=int(rng.betavariate(1.6, 1.7) * 33_000))
        century = rng.randrange(0, 4000) if born.year < 2000 else rng.randrange(4000, 10_000)
        cpr = f"{born.day + 60:02d}{born:%m%y}{century:04d}"
        age = 2026 - born.year
        exempt_chance = 0.5 if age >= 85 else 0.18 if age >= 75 else 0.06 if age >= 65 else 0.015
        citizens[cpr] = InventedCitizen(
            cpr=cpr,
            name=f"{rng.choice(FIRST)} {rng.choice(LAST)}",
            born_on=born,
            address=f"{rng.choice(STREETS)} {rng.randrange(1, 120)}, {rng.choice(TOWNS)}",
            phone=f"00{rng.randrange(10**6):06d}",  # Danish numbers never begin with 0
            language=rng.choices([code for code, _ in LANGUAGES], [weight for _, weight in LANGUAGES])[0],
            needs=rng.choice(NEEDS) if rng.random() < 0.05 else "",
            exempt=rng.random() < exempt_chance,
        )
    return list(citizens.values())
