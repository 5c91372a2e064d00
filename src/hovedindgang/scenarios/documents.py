"""Inputs documents and changes as planning knows them, in the user's language where something is wrong."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.service.inputs import Inputs
from hovedindgang.scenarios.checking import check_inputs, check_places
from hovedindgang.servicemodel.differences import Difference, differences
from hovedindgang.servicemodel.document import ServiceModel
from hovedindgang.servicemodel.language import speaking

if TYPE_CHECKING:
    from hovedindgang.planning.service.changes import Change

NAME = "grundlag.toml"  # what a document is called where something is wrong in it
Stored = Mapping[str, Any]  # a change: its kind, and its fields


@contextmanager
def in_her_language() -> Iterator[None]:
    """What planning and the service model say inside is in the language of the request."""
    with speaking("en" if get_language() == "en" else "da"):
        yield


def said(problem: CannotPlan) -> str:
    """What cannot be planned, in one line: what is wrong, and what to do."""
    return " ".join([str(problem), problem.cure])


def inputs_of(text: str) -> Inputs:
    """The document. Raises CannotPlan with the line or the key, and what would be right."""
    # Plans, their changes and their reading are loaded when somebody plans: most web processes never do.
    from hovedindgang.planning.service.reading import read_inputs

    with in_her_language():
        try:
            document = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise CannotPlan(
                _("Dokumentet er ikke skrevet som TOML: {error}.").format(error=error),
                cure=_("Ret linjen, og gem igen."),
            ) from None
        try:
            inputs = read_inputs(Path(NAME), document)
            check_inputs(inputs)
        except (AttributeError, TypeError, ValueError, KeyError) as error:
            raise CannotPlan(
                _("Dokumentet kan ikke læses: {error}.").format(error=error),
                cure=_("Begynd med et grundlag, der kan læses, og ret én ting ad gangen."),
            ) from None
        return inputs


@lru_cache(maxsize=16)
def kept_inputs(text: str) -> Inputs:
    """A document that was kept, and so could be read."""
    return inputs_of(text)


def change_of(stored: Stored) -> Change:
    """Raises CannotPlan where its kind or a field is not known, or a value is not right."""
    from hovedindgang.planning.service.changes import CHANGES

    fields = {name: tuple(one) if isinstance(one, list) else one for name, one in stored.items() if name != "kind"}
    kind = CHANGES.get(str(stored.get("kind")))
    if kind is None:
        raise CannotPlan(_("Ændringen kendes ikke."), cure=_("Vælg en af dem på listen."))
    try:
        with in_her_language():
            made: Change = kind(**fields)
    except (TypeError, ValueError) as error:
        raise CannotPlan(f"{str(error).rstrip('.')}.", cure=_("Ret felterne.")) from None
    return made


def applied(model: ServiceModel, inputs: Inputs, stored: Iterable[Stored]) -> tuple[ServiceModel, Inputs]:
    """Both after all changes. Raises CannotPlan, also where they come to more than is simulated."""
    from hovedindgang.planning.service.changes import changed

    with in_her_language():
        check_places(model, inputs)
        new_model, new_inputs = changed(model, inputs, [change_of(one) for one in stored])
        check_inputs(new_inputs)
    return new_model, new_inputs


def in_words(model: ServiceModel, inputs: Inputs, stored: Iterable[Stored]) -> list[str]:
    """Each change as a sentence, said where those before it were made."""
    sentences = []
    with in_her_language():
        for one in stored:
            change = change_of(one)
            sentences.append(change.words(model))
            with suppress(CannotPlan):  # what was tried once may be refused now; what it was is still said
                model, inputs = change.applied(model, inputs)
    return sentences


def difference_in_words(old: ServiceModel, new: ServiceModel) -> list[Difference]:
    """What the changes do to the service model itself; nothing where they are about staff or demand alone."""
    return differences(old, new, language="en" if get_language() == "en" else "da")
