"""A number that rests on another source than before, in words: from assumed to adopted is what a reader must see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hovedindgang.servicemodel.document import ServiceModel
from hovedindgang.servicemodel.labels import word_label
from hovedindgang.servicemodel.language import gettext as _
from hovedindgang.servicemodel.wording import name_of


@dataclass(frozen=True, slots=True)
class SourceChange:
    """What `about` rests on, before and after, by the keys of the sources; said when both models are at hand."""

    about: str
    old: tuple[str | None, ...]
    new: tuple[str | None, ...]

    def text(self, old: ServiceModel, new: ServiceModel) -> str:
        """With no more words than tell the two apart: their kind, else where they stand, else their keys."""
        before = after = ""
        for say in (_kind, _place, _key):
            before, after = _said(say, old, self.old), _said(say, new, self.new)
            if before != after:
                break
        text = _("{about}: kilden er nu {new} (før {old})")
        return text.format(about=self.about, new=after, old=before)


def _said(say: Callable[[ServiceModel, str], str], model: ServiceModel, keys: tuple[str | None, ...]) -> str:
    return ", ".join(say(model, key) if key else _("ikke sagt") for key in keys)


def _kind(model: ServiceModel, key: str) -> str:
    source = model.sources.get(key)
    return word_label(source.kind.value) if source else key


def _place(model: ServiceModel, key: str) -> str:
    source = model.sources.get(key)
    return f"{_kind(model, key)}: {source.sentence or name_of(source)}" if source else key


def _key(_model: ServiceModel, key: str) -> str:
    return key
