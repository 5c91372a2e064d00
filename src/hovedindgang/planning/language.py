"""The words of planning in Danish and English, where Django is not loaded.

A msgid is Danish. The English is read from this room's catalogue as it lies in the source.
"""

from __future__ import annotations

from pathlib import Path

from hovedindgang.servicemodel.language import current_language, gettext_noop, number, plurals_of, words_of

__all__ = ["current_language", "gettext", "gettext_noop", "ngettext", "number", "spoken"]

gettext = words_of(Path(__file__).parent)
ngettext = plurals_of(Path(__file__).parent)


def spoken(danish: str, english: str) -> str:
    """What a file calls something: in English where it has that and English is spoken."""
    return english if english and current_language() == "en" else danish
