"""Every table is of a kind that says how it is kept, and what the page says of a kind holds for its tables."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from django.apps import apps
from django.db import models

from house.tree import ROOT
from hovedindgang.kernel.encryption import SEALED
from hovedindgang.people.models import Citizen

pytestmark = pytest.mark.once

PAGE = ROOT / "docs" / "data-classes.md"
ABOUT_CITIZENS = {"identity", "matter"}
HOLDS_SEALED = {"identity", "matter", "key"}
A_TABLE = re.compile(r"^\| `(\w+)` \| `(\w+)` \|$", re.MULTILINE)
A_KIND = re.compile(r"^\| `(\w+)` \| [^`]", re.MULTILINE)


def wrong(page: str) -> list[str]:
    listed = A_TABLE.findall(page)
    kind_of, kinds = dict(listed), set(A_KIND.findall(page))
    found = [f"{name} stands twice" for name, times in Counter(name for name, _kind in listed).items() if times > 1]
    found += [f"{name}: no such kind: {kind}" for name, kind in listed if kind not in kinds]
    tables = {one._meta.db_table: one for one in apps.get_models(include_auto_created=True) if one._meta.managed}
    found += [f"{name} is of no kind" for name in tables.keys() - kind_of.keys()]
    found += [f"{name} is no table" for name in kind_of.keys() - tables.keys()]
    for name, table in tables.items():
        leads = any(isinstance(one, models.ForeignKey) and one.related_model is Citizen for one in table._meta.fields)
        if leads and kind_of.get(name) not in ABOUT_CITIZENS:
            found.append(f"{name} leads to a citizen and is {kind_of.get(name)}")
    found += [
        f"{one.table} holds what is sealed and is {kind_of.get(one.table)}"
        for one in SEALED.values()
        if kind_of.get(one.table) not in HOLDS_SEALED
    ]
    return sorted(found)


def test_every_table_is_of_one_kind_that_fits_it() -> None:
    assert wrong(PAGE.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("planted", "said"),
    [
        (("| `contacts_note` | `matter` |\n", ""), "contacts_note is of no kind"),
        (("| `people_citizen` | `identity` |", "| `people_citizen` | `rule` |"), "people_citizen leads"),
        (("| `safety_warning` | `matter` |", "| `safety_warning` | `figure` |"), "safety_warning leads"),
        (("| `mfa_authenticator` | `key` |", "| `mfa_authenticator` | `secret` |"), "no such kind"),
        (("| `mfa_authenticator` | `key` |", "| `mfa_authenticator` | `rule` |"), "mfa_authenticator holds"),
        (("| `contacts_note` |", "| `contacts_gone` |"), "contacts_gone is no table"),
    ],
)
def test_what_is_wrong_about_a_table_is_found(planted: tuple[str, str], said: str) -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert planted[0] in page
    found = wrong(page.replace(*planted))
    if "people_citizen" in planted[0]:
        said = "people_citizen holds what is sealed"
    assert any(said in one for one in found), found
