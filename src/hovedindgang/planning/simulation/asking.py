"""Reading of TOML tables: what a key must be, and where in the file it stands when it is not."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from hovedindgang.planning.language import gettext as _
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.simulation.network import Came
from hovedindgang.planning.simulation.scenario import Distribution, Outcome

NAMED_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
CAME = {one.name.lower(): one for one in Came}
_HEADER = re.compile(r"^\s*(\[\[?)\s*([\w.-]+)\s*\]\]?")
_KEY = re.compile(r"^\s*([\w-]+)\s*[=.]")
FIRST_YEAR, LAST_YEAR = 1900, 2500
_CLOCK = re.compile(r"^([0-2]?\d):([0-5]\d)$")
_NEEDED: Any = object()


def lines_of(text: str) -> dict[tuple[str, int, str], int]:
    """(table, its number, key) → line. A table's own line has the key ""."""
    found: dict[tuple[str, int, str], int] = {}
    counts: dict[str, int] = {}
    at = ("", 0)
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            name = header[2]
            counts[name] = counts.get(name, -1) + 1
            at = (name, counts[name])
            found.setdefault((*at, ""), number)
        elif key := _KEY.match(line):
            found.setdefault((*at, key[1]), number)
    return found


class Table:
    """A table of the file. Each key is asked for once; `done` refuses what nobody asked for."""

    def __init__(
        self,
        name: str,
        lines: Mapping[tuple[str, int, str], int],
        content: Any,
        at: tuple[str, int] = ("", 0),
        where: str = "",
        counts: dict[str, int] | None = None,
    ) -> None:
        self.name, self.lines, self.at, self.where = name, lines, at, where
        self.counts = {} if counts is None else counts
        if not isinstance(content, Mapping):
            raise self.wrong("", _("skal være en tabel"), _("Skriv navn = værdi."))
        self._content = dict(content)
        self._asked: set[str] = set()
        self._known: set[str] = set()  # looked for, whether it was there or not

    def wrong(self, key: str, what: str, cure: str) -> CannotPlan:
        """`key` of this table is wrong: `what`, and how it is put right."""
        first = key.partition(".")[0]
        line = self.lines.get((*self.at, first)) or self.lines.get((*self.at, "")) or 0
        place = f"{self.name}:{line}" if line else self.name
        full = f"{self.where}{key}".rstrip(".")
        return CannotPlan(f"{place}: {full} {what}.", cure=cure, where=(f"{place} {full}",))

    def has(self, key: str) -> bool:
        self._known.add(key)
        return key in self._content

    def raw(self, key: str) -> Any:
        return self._content.get(key)

    def take(self, key: str, default: Any = _NEEDED) -> Any:
        self._asked.add(key)
        if key in self._content:
            return self._content[key]
        if default is _NEEDED:
            raise self.wrong(key, _("mangler"), _("Skriv {key} = … i tabellen.").format(key=key))
        return default

    def done(self) -> None:
        unknown = [key for key in self._content if key not in self._asked]
        if unknown:
            raise self.wrong(
                unknown[0],
                _("kendes ikke"),
                _("Kendte nøgler: {keys}.").format(keys=", ".join(sorted(self._asked | self._known))),
            )

    # ------------------------------------------------------------------------------------------------ one value

    def text(self, key: str, default: Any = _NEEDED) -> str:
        value = self.take(key, default)
        if not isinstance(value, str) or (default is _NEEDED and not value):
            raise self.wrong(key, _("skal være tekst"), _('Skriv fx {key} = "navn".').format(key=key))
        return value

    def yes(self, key: str, default: bool) -> bool:
        value = self.take(key, default)
        if not isinstance(value, bool):
            raise self.wrong(key, _("skal være true eller false"), _("Skriv {key} = true.").format(key=key))
        return value

    def number(self, key: str, default: Any = _NEEDED, *, low: float = -math.inf, high: float = math.inf) -> float:
        value = self.take(key, default)
        self._in_range(key, value, low, high)
        return float(value)

    def _in_range(self, key: str, value: Any, low: float, high: float) -> None:
        right = isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high
        if right and not math.isinf(value):
            return
        limits = _("Skriv et tal fra {low} til {high}.") if high < math.inf else _("Skriv et tal, mindst {low}.")
        raise self.wrong(
            key, _("kan ikke være {value}").format(value=value), limits.format(low=f"{low:g}", high=f"{high:g}")
        )

    def whole(self, key: str, default: Any = _NEEDED, *, low: int, high: int) -> int:
        value = self.number(key, default, low=low, high=high)
        if value != int(value):
            raise self.wrong(key, _("skal være et helt tal"), _("Skriv fx {key} = 4.").format(key=key))
        return int(value)

    def share(self, key: str, *, need: bool = False) -> float:
        return self.number(key, _NEEDED if need else 0.0, low=0.0, high=1.0)

    def optional(self, key: str, *, low: float) -> float | None:
        return self.number(key, low=low) if self.has(key) else None

    def date(self, key: str, default: dt.date) -> dt.date:
        value = self.take(key, default)
        if isinstance(value, dt.datetime) or not isinstance(value, dt.date):
            raise self.wrong(key, _("skal være en dato"), _("Skriv fx {key} = 2026-01-05.").format(key=key))
        if not FIRST_YEAR <= value.year <= LAST_YEAR:  # days are counted from it, and years end at 9999
            right = _("Skriv et år fra {first} til {last}.").format(first=FIRST_YEAR, last=LAST_YEAR)
            raise self.wrong(key, _("kan ikke være {value}").format(value=value), right)
        return value

    def dates(self, key: str) -> set[dt.date]:
        value = self.take(key, [])
        if not isinstance(value, list) or not all(type(one) is dt.date for one in value):
            raise self.wrong(key, _("skal være datoer"), _("Skriv fx {key} = [2026-12-24].").format(key=key))
        return set(value)

    def clock(self, key: str) -> float:
        """Minutes after midnight, of "08:30" or 08:30:00; "24:00" is the end of the day."""
        return self._clock(key, self.take(key))

    def _clock(self, key: str, value: Any) -> float:
        if isinstance(value, dt.time):
            return value.hour * 60.0 + value.minute
        found = _CLOCK.match(value) if isinstance(value, str) else None
        minutes = int(found[1]) * 60 + int(found[2]) if found else -1
        if not 0 <= minutes <= 1440:
            raise self.wrong(key, _("er intet klokkeslæt: {value}").format(value=value), _('Skriv fx "08:30".'))
        return float(minutes)

    # ---------------------------------------------------------------------------------------------- several values

    def numbers(self, key: str) -> list[float]:
        value = self.take(key, [])
        if not isinstance(value, list):
            raise self.wrong(key, _("skal være en liste af tal"), _("Skriv fx [1, 2, 1]."))
        for one in value:
            self._in_range(key, one, 0.0, math.inf)
        return [float(one) for one in value]

    def week(self, key: str) -> list[float]:
        """One number for every day, or seven from Monday on."""
        if not isinstance(self.raw(key), list):
            return [self.number(key, low=0.0, high=1e7)] * 7
        value = self.numbers(key)
        if len(value) != 7:
            right = _("Skriv ét tal, eller syv fra mandag til søndag.")
            raise self.wrong(key, _("har {number} tal").format(number=len(value)), right)
        return value

    def words(self, key: str) -> list[str]:
        value = self.take(key, [])
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise self.wrong(key, _("skal være en liste af ord"), _('Skriv fx ["phone"].'))
        return value

    def spans(self, key: str) -> tuple[tuple[float, float], ...]:
        value = self.take(key, [])
        if not isinstance(value, list) or not all(isinstance(one, list) and len(one) == 2 for one in value):
            raise self.wrong(key, _("skal være par af klokkeslæt"), _('Skriv fx [["12:00", "12:30"]].'))
        return tuple((self._clock(key, one), self._clock(key, other)) for one, other in value)

    # ------------------------------------------------------------------------------------------------------ tables

    def table(self, key: str) -> Table | None:
        if not self.has(key):
            self._asked.add(key)
            return None
        return Table(self.name, self.lines, self.take(key), (key, 0), f"{key}.")

    def tables(self, key: str, *, need: bool = True) -> list[Table]:
        """The [[key]] of this table, each with its own line."""
        value = self.take(key, [])
        full = f"{self.at[0]}.{key}" if self.at[0] else key
        if not isinstance(value, list) or (need and not value):
            raise self.wrong(key, _("mangler"), _("Skriv mindst ét [[{key}]].").format(key=full))
        made = []
        for number, content in enumerate(value, 1):
            at = self.counts.get(full, 0)
            self.counts[full] = at + 1
            called = content.get("key", number) if isinstance(content, Mapping) else number
            where = f"{self.where}{key} {called}."
            made.append(Table(self.name, self.lines, content, (full, at), where, self.counts))
        return made


def members(table: Table, key: str, known: Sequence[str], default: Sequence[str]) -> list[str]:
    """Words of a list, all of them known; `default` where there is no list. An empty list is none of them."""
    found = table.words(key) if table.has(key) else list(default)
    for one in found:
        if one not in known:
            raise table.wrong(
                key, _("kender ikke {word}").format(word=one), _("Kendte: {names}.").format(names=", ".join(known))
            )
    return found


def distribution(table: Table, key: str, default: Any = _NEEDED) -> Distribution:
    """`5` or `{ mean_minutes = 5 }` is exponential, with a cv lognormal; `kind` says it outright."""
    written = table.take(key, default)
    if isinstance(written, Distribution):
        return written
    if isinstance(written, int | float) and not isinstance(written, bool):
        written = {"mean_minutes": written}
    if not isinstance(written, Mapping):
        raise table.wrong(key, _("er ingen fordeling"), _("Skriv fx {{ mean_minutes = 5, cv = 0.8 }}.").format())
    inner = Table(table.name, table.lines, written, table.at, f"{table.where}{key}.")
    kind = inner.text("kind", _guessed(written))
    if kind == "never":
        made = Distribution("never")
    elif kind == "empirical":
        quantiles = inner.numbers("quantiles_minutes")
        if len(quantiles) < 2 or quantiles != sorted(quantiles):
            right = _("Den første er mindste, den sidste største.")
            raise table.wrong(key, _("skal have mindst to kvantiler, den mindste først"), right)
        made = Distribution("empirical", quantiles_minutes=tuple(quantiles))
    elif kind in ("exponential", "lognormal", "constant"):
        low = 0.0 if kind == "constant" else 1e-6
        cv = inner.number("cv", 1.0, low=0.0, high=20.0) if kind == "lognormal" else 1.0
        made = Distribution(kind, inner.number("mean_minutes", low=low, high=1e7), cv)
    else:
        raise table.wrong(
            key,
            _("kender ikke fordelingen {kind}").format(kind=kind),
            _("Kendte: {names}.").format(names="exponential, lognormal, constant, empirical, never"),
        )
    inner.done()
    return made


def _guessed(written: Mapping[str, Any]) -> str:
    if "quantiles_minutes" in written:
        return "empirical"
    return "lognormal" if "cv" in written else "exponential"


def outcomes(table: Table, key: str) -> tuple[Outcome, ...]:
    """The ways a contact ends; their shares sum to 1."""
    written = table.take(key)
    if not isinstance(written, list) or not written:
        raise table.wrong(key, _("skal være en liste"), _('Skriv fx [{{ came = "resolved", share = 1.0 }}].').format())
    made = []
    for number, one in enumerate(written, 1):
        inner = Table(table.name, table.lines, one, table.at, f"{table.where}{key} {number}.")
        word = inner.text("came")
        if word not in CAME:
            known = _("Kendte: {names}.").format(names=", ".join(CAME))
            raise inner.wrong("came", _("kender ikke {word}").format(word=word), known)
        after = distribution(inner, "after") if inner.has("after") else inner.take("after", None)
        share, moves = inner.share("share", need=True), inner.yes("moves", False)
        made.append(Outcome(CAME[word], share, inner.text("to", "") or None, after, moves))
        inner.done()
    total = sum(one.share for one in made)
    if abs(total - 1) > 1e-6:
        raise table.wrong(key, _("har andele, der giver {total}").format(total=f"{total:.6g}"), _("De skal give 1."))
    return tuple(made)
