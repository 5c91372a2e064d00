"""A higher room calls a lower one, never the reverse: also in keys, templates, links, migrations and SQL."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from house.tree import HOUSE, ROOT, floors, may_call, rooms
from house.uphill import in_python, in_template

pytestmark = pytest.mark.once


def pages() -> dict[str, str]:
    """The name of each page → the room whose view serves it."""
    found: dict[str, str] = {}

    def walk(patterns: list[URLPattern | URLResolver], prefix: str) -> None:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
                walk(pattern.url_patterns, inner)
            elif pattern.name:
                module = getattr(pattern.callback, "__module__", "").split(".")
                if module[0] == "hovedindgang":
                    found[prefix + pattern.name] = module[1]

    walk(get_resolver().url_patterns, "")
    return found


def uphill(room: Path, served: dict[str, str]) -> list[str]:
    """Each place where the room names one that stands above or beside it."""
    wrong = []
    for file in sorted(room.rglob("*")):
        if file.suffix == ".py" and "tests" not in file.parts:
            named = in_python(file.read_text(encoding="utf-8"), served)
        elif file.suffix in {".html", ".txt"} and "templates" in file.parts:
            named = in_template(file.read_text(encoding="utf-8"), served)
        else:
            continue
        wrong += [f"{file.relative_to(room.parent)}: {what}" for other, what in named if not may_call(room.name, other)]
    return wrong


@pytest.mark.parametrize("room", rooms(), ids=lambda room: room.name)
def test_a_room_names_no_room_above_or_beside_it(room: Path) -> None:
    assert uphill(room, pages()) == []


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("models.py", 'asked_by = models.ForeignKey("contacts.Contact", on_delete=models.CASCADE)'),
        ("models.py", 'asked_by = models.ForeignKey(on_delete=models.CASCADE, to="desk.Draft")'),
        ("models.py", 'apps.get_model("contacts", "Contact")'),
        ("queries.py", 'cursor.execute("SELECT count(*) FROM contacts_enquiry e")'),
        ("queries.py", 'cursor.execute("DELETE FROM people_citizen USING x JOIN desk_draft d ON true")'),
        ("views.py", 'redirect("to_the_desk", pk=1)'),
        ("migrations/0002_far.py", 'class Migration: dependencies = [("contacts", "0001_tables")]'),
        ("templates/people/a.html", '{% extends "desk/base.html" %}'),
        ("templates/people/b.html", "{% include 'contacts/receipt.html' with x=1 %}"),
        ("templates/people/c.html", "<a href=\"{% url 'to_the_desk' pk=1 %}\">"),
    ],
)
def test_a_room_that_names_a_higher_one_is_found(tmp_path: Path, file: str, text: str) -> None:
    planted = tmp_path / "people" / file
    planted.parent.mkdir(parents=True)
    planted.write_text(text)
    assert len(uphill(tmp_path / "people", {"to_the_desk": "desk"})) == 1


def test_a_room_may_name_itself_and_the_rooms_below(tmp_path: Path) -> None:
    (tmp_path / "people" / "templates").mkdir(parents=True)
    (tmp_path / "people" / "models.py").write_text('models.ForeignKey("policy.CentreKey", models.PROTECT)')
    (tmp_path / "people" / "templates" / "a.html").write_text('{% extends "look/base.html" %}{% url "my_page" %}')
    assert uphill(tmp_path / "people", {"my_page": "people"}) == []


def test_every_room_is_on_the_map() -> None:
    built = {folder.name for folder in HOUSE.iterdir() if (folder / "__init__.py").exists()}
    assert built <= set(floors())


@pytest.mark.parametrize(
    ("file", "code"),
    [
        ("kernel/events.py", "from hovedindgang.people import models"),
        ("desk/views.py", "import hovedindgang.portal"),
        ("servicemodel/hours.py", "import django"),
        ("desk/views.py", "from hovedindgang.contacts.models import Contact"),
        ("cellar/__init__.py", "pass"),
    ],
)
def test_the_contracts_bite(tmp_path: Path, file: str, code: str) -> None:
    """A small copy of the house in which one line runs uphill, sideways, out of doors, or into a room nobody knows."""
    (tmp_path / "hovedindgang").mkdir()
    for name in ("site", "desk", "portal", "contacts", "people", "kernel", "planning", "servicemodel"):
        room = tmp_path / "hovedindgang" / name
        room.mkdir()
        for part in ("__init__", "views", "models"):
            (room / f"{part}.py").touch()
    (tmp_path / "hovedindgang" / "__init__.py").touch()
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    linted = [str(Path(sys.executable).with_name("lint-imports")), "--no-logo", "--no-cache"]
    whole = subprocess.run(linted, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert whole.returncode == 0, whole.stdout
    (tmp_path / "hovedindgang" / file).parent.mkdir(exist_ok=True)
    (tmp_path / "hovedindgang" / file).write_text(code)
    broken = subprocess.run(linted, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert broken.returncode == 1, broken.stdout
