"""A search in notes ends: it shows the newest few, looks through no more than so many, and is counted as a look-up."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from hovedindgang.contacts import searching
from hovedindgang.contacts.searching import search_notes
from hovedindgang.contacts.tests.desk import register
from hovedindgang.people.pace import TooMany, forget_pace

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_has_asked() -> Iterator[None]:
    forget_pace()
    yield
    forget_pace()


def test_of_many_notes_the_newest_are_shown(cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    assert searching.FOUND == 50
    monkeypatch.setattr(searching, "FOUND", 2)
    for number in range(5):
        register(cast.alice, note=f"Spurgte til rotter, gang {number}")
    assert [note.text[-1] for note in search_notes(cast.alice, "rotter")] == ["4", "3"]
    readable = searching._readable
    monkeypatch.setattr(searching, "_readable", lambda *asked: [one for one in readable(*asked) if one.text[-1] != "4"])
    assert [note.text[-1] for note in search_notes(cast.alice, "rotter")] == ["3", "2"]  # looked further, shown no more


def test_five_thousand_notes_are_looked_through_for_those_she_may_read(
    cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    monkeypatch.setattr(searching, "_found", lambda _terms, most: asked.append(most) or list(range(most)))
    monkeypatch.setattr(searching, "_readable", lambda _employee, _numbers: [])
    assert search_notes(cast.alice, "rotter") == []
    assert asked == [50, 500, 5_000]


def test_whoever_searches_on_and_on_waits(cast: SimpleNamespace, settings: Any) -> None:
    settings.MOST_LOOK_UPS = 2
    assert [search_notes(cast.alice, "rotter") for _search in range(2)] == [[], []]
    with pytest.raises(TooMany):
        search_notes(cast.alice, "rotter")
