"""Numbers as they are typed: with a decimal comma too where Danish is spoken, and refused in whole sentences."""

from __future__ import annotations

import math
import re
from typing import Any

import click

from hovedindgang.planning.language import current_language, gettext
from hovedindgang.planning.language import number as spoken

ENDLESS = 10**12
_DANISH = re.compile(r"[+-]?(\d+|\d{1,3}(\.\d{3})+),\d+")  # 360,5 and 1.234,5; never 1,234.5


class Number(click.FloatRange):
    """A number within limits. `360,5` is one in Danish; infinity and nan are none."""

    def get_metavar(self, *_arguments: Any, **_options: Any) -> str:
        return gettext("TAL")

    def _describe_range(self) -> str:
        return "" if self.min is None and self.max is None else super()._describe_range()

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        text = str(value).strip()
        if current_language() == "da" and _DANISH.fullmatch(text):
            text = text.replace(".", "").replace(",", ".")
        try:
            found = float(text)
        except ValueError:
            found = math.nan
        if not math.isfinite(found):
            self.fail(gettext("{value} er ikke et tal; skriv fx {example}.").format(
                value=value, example=spoken(2.5, 1)), param, ctx)  # fmt: skip
        low = self.min is not None and (found <= self.min if self.min_open else found < self.min)
        if low or (self.max is not None and (found >= self.max if self.max_open else found > self.max)):
            self.fail(_outside(value, self.min, self.max, low=low, open_=self.min_open), param, ctx)
        return found


class Whole(click.IntRange):
    """A whole number within limits."""

    def get_metavar(self, *_arguments: Any, **_options: Any) -> str:
        return gettext("HELTAL")

    def _describe_range(self) -> str:
        return "" if self.min is None and self.max is None else super()._describe_range()

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            found = int(str(value).strip())
        except ValueError:
            self.fail(gettext("{value} er ikke et helt tal; skriv fx 28.").format(value=value), param, ctx)
        low = self.min is not None and found < self.min
        if low or (self.max is not None and found > self.max):
            self.fail(_outside(value, self.min, self.max, low=low), param, ctx)
        return found


def _outside(value: Any, least: float | None, most: float | None, *, low: bool, open_: bool = False) -> str:
    """The sentence for a number that is too small (`low`) or too large; a limit nobody comes near is told alone."""
    if least is not None and most is not None and most < ENDLESS:
        text = gettext("{value} er ikke mellem {least} og {most}.")
    elif not low:
        text = gettext("{value} er for meget; skriv højst {most}.")
    elif open_:
        text = gettext("{value} er for lidt; skriv mere end {least}.")
    else:
        text = gettext("{value} er for lidt; skriv mindst {least}.")
    return text.format(value=value, least=_said(least), most=_said(most))


def _said(limit: float | None) -> str:
    if limit is None:
        return ""
    return str(limit) if abs(limit) >= ENDLESS else spoken(limit, 0 if limit == int(limit) else 2)
