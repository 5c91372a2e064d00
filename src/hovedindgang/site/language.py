"""The words of the commands and of who looks after the house, where Django is not loaded, and click need not be.

In the language of HOVEDINDGANG_LANGUAGE, else of LANG, else Danish.
"""

from __future__ import annotations

from pathlib import Path

from hovedindgang.servicemodel.language import gettext_noop, words_of

__all__ = ["gettext", "gettext_noop"]

gettext = words_of(Path(__file__).resolve().parent)
