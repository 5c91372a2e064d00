"""Finding a service by two or three letters: the catalogue's name, synonyms, the citizen's own words.

æ, ø, å may be typed as ae, oe, aa or as a, o, a; spaces and hyphens may be left out. Every service also has
a shortcut of two or three letters that always puts it first.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from hovedindgang.servicemodel.document import Service, ServiceModel
from hovedindgang.servicemodel.text import fold, tokens

# How near what was typed is to a phrase; lower is nearer.
_SAME, _BEGINS, _EACH_WORD_BEGINS, _INITIALS, _INSIDE, _ONE_LETTER_OFF = 0.0, 1.0, 2.0, 3.0, 4.0, 5.0
_WORD = re.compile(r"[^\W_]+")
_LOOSE = 0.5  # added where it only fits with a for å and o for ø


@dataclass(frozen=True, slots=True)
class Spelling:
    """Words, and the same run together: people type *mit id* and *mitid*."""

    words: tuple[str, ...]
    run: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """What a service can be called, as written and loosely spelled."""

    exact: Spelling
    loose: Spelling
    initials: str  # of a service's own name; "" for other phrases
    cost: float  # added to every distance: a name before a synonym, a synonym before the English name


@dataclass(frozen=True, slots=True)
class ServiceIndex:
    """What services can be found by; make it once per model with `index_services`."""

    services: Mapping[str, Service]
    phrases: Mapping[str, tuple[Phrase, ...]]
    shortcuts: Mapping[str, str]  # service key to its two or three letters


def index_services(model: ServiceModel) -> ServiceIndex:
    phrases = {key: tuple(_phrases(service)) for key, service in model.services.items()}
    return ServiceIndex(model.services, phrases, _shortcuts(model, phrases))


def match_services(
    searched: ServiceModel | ServiceIndex,
    typed: str,
    day: dt.date,
    *,
    weights: Mapping[str, float] | None = None,
    limit: int = 10,
) -> list[str]:
    """Keys of the services that exist on `day` and fit what was typed, the best first, at most `limit`.

    `weights` (service key to how often it is used) decides between services that fit equally well; without it
    the model's own order does. Nothing typed gives an empty list.
    """
    index = searched if isinstance(searched, ServiceIndex) else index_services(searched)
    query = tuple(tokens(typed))
    if not query:
        return []
    exact, loose = _spelling(query), _loosened(query)
    used = weights or {}
    ranked = []
    for number, (key, service) in enumerate(index.services.items()):
        if not _exists(service, day):
            continue
        distances = [d for phrase in index.phrases[key] if (d := _distance(exact, loose, phrase)) is not None]
        if exact.run == fold(index.shortcuts.get(key, "")):
            distances.append(_SAME)
        if distances:
            ranked.append((min(distances), -used.get(key, 0.0), number, key))
    return [key for *_, key in sorted(ranked)[:limit]]


def _exists(service: Service, day: dt.date) -> bool:
    return (service.valid_from is None or service.valid_from <= day) and (
        service.valid_to is None or day < service.valid_to
    )


def _phrases(service: Service) -> Iterator[Phrase]:
    yield _phrase(service.name, 0.0, initials=True)
    for number, searched in enumerate(service.search_words):
        if tokens(searched):
            yield _phrase(searched, 0.1 + min(number, 30) / 100)
    for other in (service.name_en, service.kle):
        if other:
            yield _phrase(other, 0.45)


def _phrase(text: str, cost: float, *, initials: bool = False) -> Phrase:
    words = tuple(tokens(text)) or ("",)
    return Phrase(_spelling(words), _loosened(words), "".join(word[:1] for word in words) if initials else "", cost)


def _spelling(words: tuple[str, ...]) -> Spelling:
    return Spelling(words, "".join(words))


def _loosened(words: tuple[str, ...]) -> Spelling:
    return _spelling(tuple(word.replace("aa", "a").replace("oe", "o").replace("ae", "a") for word in words))


def _distance(exact: Spelling, loose: Spelling, phrase: Phrase) -> float | None:
    near = _nearness(exact, phrase.exact, phrase.initials)
    if near is None and (loose != exact or phrase.loose != phrase.exact):
        near = _nearness(loose, phrase.loose, "")
        near = None if near is None else near + _LOOSE
    return None if near is None else near + phrase.cost


def _nearness(typed: Spelling, phrase: Spelling, initials: str) -> float | None:
    run = typed.run
    if run == phrase.run:
        return _SAME
    if phrase.run.startswith(run):
        return _BEGINS
    if _each_begins(typed.words, phrase.words):
        return _EACH_WORD_BEGINS
    if len(run) >= 2 and initials.startswith(run):
        return _INITIALS
    if len(run) >= 3 and any(run in word for word in phrase.words):
        return _INSIDE
    if len(run) >= 5 and any(_one_letter_off(run, word[: len(run) + 1]) for word in (phrase.run, *phrase.words)):
        return _ONE_LETTER_OFF
    return None


def _each_begins(query: tuple[str, ...], words: tuple[str, ...]) -> bool:
    """Whether the typed parts begin words of the phrase, in its order: "fl ud" for *flytning til udlandet*."""
    remaining = iter(words)
    return all(any(word.startswith(part) for word in remaining) for part in query)


def _one_letter_off(typed: str, word: str) -> bool:
    """Whether `word` begins as `typed` but for one letter changed, missing, too many, or two swapped."""
    at = next((n for n, (a, b) in enumerate(zip(typed, word, strict=False)) if a != b), None)
    if at is None:
        return False
    rest, other = typed[at:], word[at:]
    return (
        other[1:].startswith(rest[1:])
        or other.startswith(rest[1:])
        or other[1:].startswith(rest)
        or (rest[:2] == other[1::-1] and other[2:].startswith(rest[2:]))
    )


def _shortcuts(model: ServiceModel, phrases: Mapping[str, tuple[Phrase, ...]]) -> dict[str, str]:
    """Two or three letters for each service, no two alike among those that exist at the same time.

    Given in the order of the model, so that a service added at the end takes nobody's letters; what is another
    service's whole word is never taken.
    """
    whole = {phrase.exact.run: key for key, found in phrases.items() for phrase in reversed(found)}
    taken: dict[str, list[Service]] = {}
    given: dict[str, str] = {}
    for key, service in model.services.items():
        for letters in _letters_for(service):
            others = taken.setdefault(fold(letters), [])
            if whole.get(fold(letters), key) == key and not any(_meet(service, other) for other in others):
                others.append(service)
                given[key] = letters
                break
    return given


def _letters_for(service: Service) -> Iterator[str]:
    """Two or three letters that could stand for the service, the most natural first, as they are typed: *kør*."""
    for phrase in (service.name, *service.search_words):
        words = [word.lower() for word in _WORD.findall(phrase)]
        if not words:
            continue
        if len("".join(words)) >= 3:
            yield "".join(words)[:3]
        if len(words) > 1:
            yield words[0][:2] + words[1][0]
            yield words[0][0] + words[1][:2]
    letters = "".join(_WORD.findall(service.name.lower()))
    yield from ("".join(three) for three in combinations(letters, 3))


def _meet(one: Service, other: Service) -> bool:
    first, last = dt.date.min, dt.date.max
    return (one.valid_from or first) < (other.valid_to or last) and (other.valid_from or first) < (one.valid_to or last)
