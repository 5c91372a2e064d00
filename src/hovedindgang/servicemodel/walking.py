"""Walks a service model: every value with its path, in the order of the document."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from enum import Enum
from functools import cache
from itertools import islice
from typing import Any

from hovedindgang.servicemodel.document import Open, Sourced
from hovedindgang.servicemodel.language import gettext as _
from hovedindgang.servicemodel.positions import Path
from hovedindgang.servicemodel.problems import Finding
from hovedindgang.servicemodel.reading import WEEKDAYS
from hovedindgang.servicemodel.saying import MOST_CHOICES, choose, shown

MOST_COMPARED = 300
_PLAIN = (str, int, float, dt.date, type(None))

# Fields that name a source: of the whole table, or of one thing in it.
SOURCE_FIELDS = ("source", "hours_source", "individual_times_source", "unit_source", "dates_source")


def fields_of(thing: object) -> Iterator[tuple[str, object]]:
    """Name and value of the fields that stand in the document.

    A `key` is the name of its table and no field, but for an open question, whose key names a place in the model.
    """
    kind: Any = type(thing)
    for name in _names_of(kind):
        yield name, getattr(thing, name)


@cache
def _names_of(kind: Any) -> tuple[str, ...]:
    names = (field.name for field in dataclasses.fields(kind))
    return tuple(name for name in names if name != "key" or issubclass(kind, Open))


def things(value: object, path: Path = ()) -> Iterator[tuple[Path, object]]:
    """All dataclass objects in `value`, itself first, each with its path."""
    if isinstance(value, _PLAIN):  # most of them, and nothing is in them
        return
    if dataclasses.is_dataclass(type(value)):
        yield path, value
        for name, part in fields_of(value):
            if not isinstance(part, _PLAIN):
                yield from things(part, (*path, name))
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield from things(part, (*path, step(key)))
    elif isinstance(value, tuple):
        for number, part in enumerate(value):
            yield from things(part, (*path, number))


def step(key: object) -> str:
    """How a mapping's key is written in the document: a weekday as mon..sun, a channel as its word."""
    if isinstance(key, int):
        return WEEKDAYS[key]
    return str(key.value) if isinstance(key, Enum) else str(key)


def source_keys(model: object) -> Iterator[tuple[Path, str]]:
    """Every place of the model that names a source, with the key it names."""
    for path, thing in things(model):
        if isinstance(thing, Sourced):
            yield (*path, "source"), thing.source
            continue
        for name in SOURCE_FIELDS:
            key = getattr(thing, name, None)
            if isinstance(key, str):
                yield (*path, name), key


def rings(following: Mapping[str, str | None]) -> Iterator[list[str]]:
    """Every ring of keys that follow each other back to where it began, each once, in the order of the document."""
    done: set[str] = set()
    for start in following:
        chain: dict[str, None] = {}  # keeps its order and is searched at once
        key: str | None = start
        while key is not None and key not in done and key not in chain:
            chain[key] = None
            key = following.get(key)
        if key in chain:
            yield list(chain)[list(chain).index(key) :]
        done.update(chain)


def known(path: Path, key: str, keys: Collection[str], what: str) -> Iterator[Finding]:
    """A finding where `key` is not among `keys`; `what` says what it should have been."""
    if key not in keys:
        wrong = _("{value} er ikke {what} i modellen.").format(value=shown(key), what=what)
        # Among thousands of keys the nearest is slow to find, once for each mistake; some of them say what is meant.
        few = sorted(keys) if len(keys) <= MOST_COMPARED else list(islice(keys, MOST_CHOICES + 1))
        right = choose(few, key) if keys else _("Modellen har ingen endnu; tilføj den, eller slet linjen.")
        yield Finding(path, wrong, right)
