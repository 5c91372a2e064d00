"""A search in notes ends: it shows the newest few, looks through no more than so many, and is counted as a look-up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hovedindgang.contacts import searching
from hovedindgang.contacts.actions import NewEnquiry
from hovedindgang.contacts.searching import FoundNote, search_notes
from hovedindgang.contacts.templatetags.contacts import named
from hovedindgang.contacts.tests.desk import register
from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.kernel.models import LookUp
from hovedindgang.people.actions import register_citizen
from hovedindgang.people.models import Employee
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
    without_the_last = _all_but(lambda note: note.text[-1] == "4")
    monkeypatch.setattr(searching, "_readable", without_the_last)
    assert [note.text[-1] for note in search_notes(cast.alice, "rotter")] == ["3", "2"]  # looked further, shown no more


def _all_but(closed: Callable[[FoundNote], bool]) -> Callable[[Employee, list[int]], Any]:
    readable = searching._readable

    def some_of_them(employee: Employee, numbers: list[int]) -> Any:
        notes, about = readable(employee, numbers)
        return [note for note in notes if not closed(note)], about

    return some_of_them


@pytest.mark.parametrize("at_a_time", [3, 4, 5, 20])
@pytest.mark.parametrize(("newest", "most"), [(1, 0), (1, 4), (4, 0), (4, 7), (4, 100), (100, 100)])
def test_what_she_may_not_read_takes_no_place_however_much_is_looked_at_at_a_time(
    cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, at_a_time: int, newest: int, most: int
) -> None:
    monkeypatch.setattr(searching, "FOUND", 3)
    monkeypatch.setattr(searching, "AT_A_TIME", at_a_time)
    monkeypatch.setattr(searching, "WINDOW", newest)
    monkeypatch.setattr(searching, "MOST_IN_A_WINDOW", most)
    for number in range(10):
        register(cast.alice, note=f"Spurgte til {'mus' if number % 4 == 1 else 'rotter'}, gang {number}")
    monkeypatch.setattr(searching, "_readable", _all_but(lambda note: int(note.text[-1]) % 3 == 0))
    assert [note.text[-1] for note in search_notes(cast.alice, "rotter")] == ["8", "7", "4"]
    assert [note.text[-1] for note in search_notes(cast.alice, "mus")] == ["5", "1"]
    assert search_notes(cast.alice, "katte") == []


def test_five_thousand_notes_are_looked_through_for_those_she_may_read(
    cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at: list[int] = []
    monkeypatch.setattr(searching, "_found", lambda _terms: (list(range(75)) for _endlessly in count()))
    monkeypatch.setattr(searching, "_readable", lambda _employee, numbers: looked_at.extend(numbers) or ([], {}))
    assert search_notes(cast.alice, "rotter") == []
    assert 5_000 <= len(looked_at) < 5_075


def test_a_page_of_found_notes_asks_no_more_of_the_database_than_one(cast: SimpleNamespace) -> None:
    register(cast.alice, note="Spurgte til rotter")
    with CaptureQueriesContext(connection) as for_one:
        search_notes(cast.alice, "rotter")
    for _number in range(searching.FOUND):
        register(cast.alice, note="Spurgte til rotter")
    with CaptureQueriesContext(connection) as for_a_page:
        assert len([note.services for note in search_notes(cast.alice, "rotter")]) == searching.FOUND
    assert len(for_a_page) <= len(for_one) <= 10


def test_whose_notes_were_found_is_logged_who_asked_and_for_whom(cast: SimpleNamespace) -> None:
    mother, child, other = (register_citizen(actor=SYSTEM, cpr=f"610190000{n}", name="Opdigtet").pk for n in (1, 2, 3))
    register(cast.alice, NewEnquiry(service="pas", for_whom=(child,)), asker=mother, note="Spurgte til rotter")
    register(cast.alice, asker=other, note="Spurgte til mus")
    search_notes(cast.alice, "rotter")
    logged = LookUp.objects.filter(use="search", reason="notes").values_list("citizen_id", flat=True)
    assert sorted(logged) == sorted([mother, child])


def test_a_contact_that_is_forgotten_while_she_searches_is_shown_no_more(
    cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    register(cast.alice, note="Spurgte til rotter, gang 1")
    gone = register(cast.alice, note="Spurgte til rotter, gang 2").contact_id
    occasions = searching.occasions
    monkeypatch.setattr(searching, "occasions", lambda roots: occasions(roots).exclude(pk=gone))
    assert [note.text[-1] for note in search_notes(cast.alice, "rotter")] == ["1"]


def test_the_page_says_of_each_note_what_it_was_about_where_and_who_wrote_it(cast: Any, client_of: Any) -> None:
    register(cast.alice, NewEnquiry(service="pas"), NewEnquiry(service="flytning"), note="Spurgte til rotter")
    page = client_of(cast.alice).post("/henvendelser/soeg/", {"typed": "rotter"}).content.decode()
    about = ", ".join(named(key, "services") for key in ("pas", "flytning"))
    where = named(cast.alice.centre_id, "centres")
    assert f'<p class="soft">{about} · {where} · {cast.alice.name}</p><p>Spurgte til rotter</p>' in page


def test_whoever_searches_on_and_on_waits(cast: SimpleNamespace, settings: Any) -> None:
    settings.MOST_LOOK_UPS = 2
    assert [search_notes(cast.alice, "rotter") for _search in range(2)] == [[], []]
    with pytest.raises(TooMany):
        search_notes(cast.alice, "rotter")
