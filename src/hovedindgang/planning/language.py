"""The words of planning in Danish and English, where Django is not loaded.

A msgid is Danish. The English is read from this room's catalogue as it lies in the source.
"""

from __future__ import annotations

from pathlib import Path

from hovedindgang.servicemodel.language import catalogue_of, current_language


def gettext(message: str) -> str:
    """`message` (Danish) in the current language; unchanged where it is not translated."""
    if current_language() == "da":
        return message
    return _english().get(message, message)


def gettext_noop(message: str) -> str:
    """Marks what is translated when it is said."""
    return message


def ngettext(one: str, many: str, number: float) -> str:
    """The form of a Danish sentence for `number`: `one` for exactly 1, else `many`."""
    if current_language() == "da":
        return one if number == 1 else many
    return _english().get(one, one) if number == 1 else _english().get(f"{one}\0{many}", many)


def number(value: float, decimals: int = 0) -> str:
    """`value` as people write it: 8.577 and 12,5 in Danish, 8,577 and 12.5 in English."""
    text = f"{value:,.{decimals}f}"
    return text if current_language() != "da" else text.translate(str.maketrans(",.", ".,"))


def _english() -> dict[str, str]:
    return catalogue_of(Path(__file__).parent)
