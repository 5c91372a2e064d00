"""Whether a key still means the same thing: keys are kept for ever and never given to another thing."""

from __future__ import annotations

from hovedindgang.servicemodel.document import Authority, Centre, Department, Service
from hovedindgang.servicemodel.text import fold

Thing = Service | Centre | Department | Authority


def same_thing(old: Thing, new: Thing) -> bool:
    """True where at least one feature that makes `old` known is still there in `new`.

    A service is known by its name or KLE number, a centre by its name or place, a department or authority by
    its name, phone or website. Capital letters, å as aa, and spaces at the ends make no difference. False for
    two things of different kinds.
    """
    if type(old) is not type(new):
        return False
    return bool(_features(old) & _features(new))


def _features(thing: Thing) -> set[tuple[str, str]]:
    match thing:
        case Service():
            said = {"name": thing.name, "name_en": thing.name_en, "kle": thing.kle}
        case Centre():
            said = {"name": thing.name, "place": _place(thing)}
        case Department():
            said = {"name": thing.name, "name_en": thing.name_en, "phone": thing.phone}
        case Authority():
            said = {"name": thing.name, "name_en": thing.name_en, "phone": thing.phone, "website": thing.website}
    return {(feature, fold(value).strip()) for feature, value in said.items() if value}


def _place(centre: Centre) -> str | None:
    """Address and town, else the town alone; None where the model does not say where it is."""
    place = centre.place
    return ", ".join(part for part in (place.address, place.postcode or place.town) if part) or None
