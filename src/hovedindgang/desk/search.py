"""Find a service by two or three letters: the same ranking here and in desk.js. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

from hovedindgang.servicemodel.document import Service, ServiceModel
from hovedindgang.servicemodel.text import tokens

FOUND = 8
INSIDE = 3  # letters from which a match inside a word counts


@dataclass(frozen=True, slots=True)
class Searched:
    """A service as it is searched: its name's words, and all other words that citizens and employees use for it."""

    key: str
    name: str
    name_words: tuple[str, ...]
    other_words: tuple[str, ...]


def searched(service: Service, language: str) -> Searched:
    name = name_of(service, language)
    other = dict.fromkeys(
        word
        for text in (service.name, service.name_en or "", *service.search_words, (service.kle or "").replace(".", ""))
        for word in tokens(text)
    )
    own = tuple(tokens(name))
    return Searched(service.key, name, own, tuple(word for word in other if word not in own))


def name_of(service: Service, language: str) -> str:
    return (service.name_en or service.name) if language == "en" else service.name


def find(typed: str, services: tuple[Searched, ...]) -> list[Searched]:
    """At most FOUND services that match every word typed, best first."""
    words = tokens(typed)
    ranked = [(rank(words, service), service.name, service) for service in services]
    return (
        [service for worth, _name, service in sorted(ranked, key=lambda r: r[:2]) if worth < _NO][:FOUND]
        if words
        else []
    )


_NO = 1000


def rank(words: list[str], service: Searched) -> int:
    """0 is best; _NO or more: does not match. Begins the name, a word of it, another word, or inside one."""
    return sum(_rank_word(word, service) for word in words)


def _rank_word(word: str, service: Searched) -> int:
    if service.name_words and service.name_words[0].startswith(word):
        return 0
    if any(own.startswith(word) for own in service.name_words):
        return 1
    if any(other.startswith(word) for other in service.other_words):
        return 2
    if len(word) >= INSIDE and any(word in each for each in (*service.name_words, *service.other_words)):
        return 3
    return _NO


class _Same:
    """Lets a model, which cannot be hashed, be a key by its identity; the cache keeps it alive."""

    def __init__(self, model: ServiceModel) -> None:
        self.model = model

    def __hash__(self) -> int:
        return id(self.model)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.model is self.model


@lru_cache(maxsize=16)
def _listed(same: _Same, day: dt.date, language: str) -> tuple[Searched, ...]:
    return tuple(searched(service, language) for service in same.model.services_on(day).values())


def services_to_search(model: ServiceModel, day: dt.date, language: str) -> tuple[Searched, ...]:
    """The services that exist on `day`; worked out once for each model, day and language."""
    return _listed(_Same(model), day, language)
