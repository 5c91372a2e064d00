"""What is wrong in a service model, said so that its author can put it right."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum

from hovedindgang.servicemodel.language import gettext as _
from hovedindgang.servicemodel.positions import Path

UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # control characters; a tab and a new line may stand in a text
LONGEST_SHOWN = 60  # of a key in a message


class Severity(StrEnum):
    ERROR = "error"  # the model cannot be used
    WARNING = "warning"  # the model can be used; look at it once more


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong at `path` of the model, before it is known in which file and line that stands."""

    path: Path
    wrong: str
    right: str
    severity: Severity = Severity.ERROR


@dataclass(frozen=True, slots=True)
class Problem:
    """`wrong` says what is wrong at `key`, in `line` of `file`; `right` what would be right."""

    file: str
    line: int
    key: str
    wrong: str
    right: str
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        label = _("advarsel: ") if self.severity is Severity.WARNING else ""
        key = f"{self.key}: " if self.key else ""
        return f"{self.file}:{self.line}: {key}{label}{self.wrong} {self.right}"

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


class ModelInvalid(ValueError):
    """A document that is not a service model; `.problems` holds all that is wrong with it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def visible(text: str) -> str:
    """`text` with the characters nobody sees written as TOML writes them."""
    return UNSEEN.sub(lambda unseen: f"\\u{ord(unseen[0]):04x}", text.replace("\n", "\\n"))


def dotted(path: Path) -> str:
    """`path` as people write it: `portfolio[2].services[1]`; members of lists are counted from 1."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part + 1}]"
        else:
            text += ("." if text else "") + visible(part if len(part) <= LONGEST_SHOWN else part[:LONGEST_SHOWN] + "…")
    return text


def place_of(path: Path, places: Mapping[Path, tuple[str, int]], default: str) -> tuple[str, int]:
    """File and line of `path`, or of the nearest thing around it that stands in a file; line 1 where nothing does."""
    while path:
        if path in places:
            return places[path]
        path = path[:-1]
    return places.get((), (default, 1))
