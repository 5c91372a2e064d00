"""A service model's document with other opening hours or a new place: everything else stands as it was written.

Only what a change can change is written anew: the hours of centres, and centres that are new. The text is read again
by whoever calls, and what it then says is held against the changed model.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from hovedindgang.servicemodel.document import Centre, ServiceModel

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HEADER = re.compile(r"^\s*\[+\s*([^\]]+?)\s*\]+\s*(#.*)?$")


class CannotRewrite(ValueError):
    """The document is written so that a machine cannot change it; `centre` says where."""

    def __init__(self, centre: str) -> None:
        self.centre = centre
        super().__init__(centre)


def rewritten(text: str, before: ServiceModel, after: ServiceModel, *, source: str, reference: str, note: str) -> str:
    """`text` with what differs between the two written in. `source` is the key of a new source that says why.

    Raises CannotRewrite where a centre does not stand in the text as a table of its own.
    """
    lines = text.rstrip("\n").split("\n")
    for key in changed_centres(before, after):
        lines = _with_hours(lines, after.centres[key], source)
    added = [line for key in after.centres if key not in before.centres for line in _new(after.centres[key], source)]
    said = ["", f"[sources.{source}]", 'kind = "assumed"', f"reference = {_text(reference)}", f"note = {_text(note)}"]
    return "\n".join([*lines, *added, *said]) + "\n"


def changed_centres(before: ServiceModel, after: ServiceModel) -> list[str]:
    """Keys of those whose hours differ."""
    return [
        key for key, one in after.centres.items() if key in before.centres and before.centres[key].hours != one.hours
    ]


def _with_hours(lines: list[str], centre: Centre, source: str) -> list[str]:
    own, hours = f"centres.{centre.key}", f"centres.{centre.key}.hours"
    kept: list[str] = []
    place, found = "", False
    for line in lines:
        header = _HEADER.match(line)
        if header:
            place = header.group(1).replace('"', "").replace(" ", "")
            if place == own:
                found = True
        if place == hours or place.startswith(f"{hours}."):
            continue
        if place == own and re.match(r"^\s*(hours|hours_source)\b", line):
            continue
        kept.append(line)
        if place == own and header:
            kept.append(f'hours_source = "{source}"')
    if not found:
        raise CannotRewrite(centre.key)
    return [*kept, *_hours(centre)]


def _hours(centre: Centre) -> Iterable[str]:
    weeks = {channel: week for channel, week in centre.hours.items() if any(week.values())}
    if not weeks:
        return
    yield ""
    yield f"[centres.{centre.key}.hours]"
    for channel, week in weeks.items():
        days = ", ".join(
            f"{DAYS[day]} = [{', '.join(_text(f'{one.opens:%H:%M}-{one.closes:%H:%M}') for one in periods)}]"
            for day, periods in sorted(week.items())
            if periods
        )
        yield f"{channel.value} = {{ {days} }}"


def _new(centre: Centre, source: str) -> Iterable[str]:
    yield ""
    yield f"[centres.{centre.key}]"
    yield f"name = {_text(centre.name)}"
    yield f"kind = {_text(centre.kind.value)}"
    yield f'hours_source = "{source}"'
    yield f'source = "{source}"'
    yield ""
    yield f"[centres.{centre.key}.place]"
    for name in ("town", "latitude", "longitude"):
        value = getattr(centre.place, name)
        if value is not None:
            yield f"{name} = {_text(value) if isinstance(value, str) else value}"
    yield f'source = "{source}"'
    yield from _hours(centre)


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
