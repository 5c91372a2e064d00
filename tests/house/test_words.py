"""Danish stands in the code, and every word of it has its English."""

from __future__ import annotations

from pathlib import Path

import polib
import pytest
from django.utils import translation

from hovedindgang.site.messages import CATALOGUE, compile_all, problems, rooms, update

pytestmark = pytest.mark.once


@pytest.mark.parametrize("room", rooms(), ids=lambda room: room.name)
def test_everything_a_room_says_has_its_english(room: Path) -> None:
    assert problems(room) == []


def planted_room(folder: Path) -> Path:
    room = folder / "cellar"
    (room / "templates" / "cellar").mkdir(parents=True)
    (room / "__init__.py").touch()
    (room / "views.py").write_text(
        'from django.utils.translation import gettext as _\nsaid = _("Gem %(name)s") + _("Luk {door}")\n'
    )
    (room / "templates" / "cellar" / "page.html").write_text(
        '{% translate "Åbn" %}{% blocktranslate count n=n %}Én sag{% plural %}{{ n }} sager{% endblocktranslate %}'
    )
    update(room)
    return room


def translated(room: Path, **english: str) -> list[str]:
    """Write the English for each message that begins with a keyword, and give the problems that are left."""
    file = room / CATALOGUE
    catalogue = polib.pofile(str(file))
    for entry in catalogue:
        words = english[entry.msgid.split()[0]]
        if entry.msgid_plural:
            entry.msgstr_plural = {0: words, 1: f"%(n)s {words}"}
        else:
            entry.msgstr = words
    catalogue.save(str(file))
    return problems(room)


GOOD = {"Gem": "Save %(name)s", "Luk": "Close {door}", "Åbn": "Open", "Én": "One case"}


def test_a_complete_catalogue_is_in_order(tmp_path: Path) -> None:
    assert translated(planted_room(tmp_path), **GOOD) == []


@pytest.mark.parametrize(
    ("english", "problem"),
    [
        ({"Åbn": ""}, "no English: 'Åbn'"),
        ({"Gem": "Save %(nam)s"}, "other placeholders in 'Save %(nam)s'"),
        ({"Luk": "Close"}, "other placeholders in 'Close'"),
    ],
)
def test_english_that_is_missing_or_unfit_is_found(tmp_path: Path, english: dict[str, str], problem: str) -> None:
    (found,) = translated(planted_room(tmp_path), **GOOD | english)
    assert problem in found


def test_a_new_sentence_and_one_no_longer_said_are_found(tmp_path: Path) -> None:
    room = planted_room(tmp_path)
    translated(room, **GOOD)
    (room / "templates" / "cellar" / "page.html").write_text('{% translate "Luk op" %}')
    assert sorted(line.split(":")[1].strip() for line in problems(room)) == [
        "no longer said", "no longer said", "not in the catalogue",
    ]  # fmt: skip


def test_updating_keeps_the_english_and_changes_nothing_twice(tmp_path: Path) -> None:
    room = planted_room(tmp_path)
    translated(room, **GOOD)
    before = (room / CATALOGUE).read_text(encoding="utf-8")
    update(room)
    assert (room / CATALOGUE).read_text(encoding="utf-8") == before
    assert "page.html" not in before


def test_a_danish_page_shows_the_danish_that_stands_in_the_code() -> None:
    """Also where Django's own Danish, or our English, knows the same words."""
    compile_all()
    with translation.override("da"):
        assert translation.gettext("Det gik ikke") == "Det gik ikke"
    with translation.override("en"):
        assert translation.gettext("Det gik ikke") == "It could not be done"
