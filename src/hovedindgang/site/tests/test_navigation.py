"""The main menu: what one does all day stands beside each other, what a leader minds now and then is one click away."""

from __future__ import annotations

import re
from typing import Any

from django.urls import reverse


def menu_of(client: Any, page: str) -> str:
    text = client.get(reverse(page)).content.decode()
    return re.search(r'<nav class="house-nav".*?</nav>', text, re.DOTALL)[0]  # type: ignore[index]


def test_a_leader_with_many_pages_has_those_she_minds_now_and_then_in_one_place(client_of: Any, cast: Any) -> None:
    menu = menu_of(client_of(cast.dorthe), "look_ups")
    beside, folded = menu.split("<details", 1)
    assert reverse("board") in beside
    assert f'href="{reverse("look_ups")}"' not in beside
    assert all(reverse(page) in folded for page in ("look_ups", "retention", "openings", "incidents"))
    assert '<summary class="here">' in menu
    assert 'aria-current="page"' in folded


def test_a_planner_with_few_pages_has_them_all_beside_each_other(client_of: Any, cast: Any) -> None:
    menu = menu_of(client_of(cast.erik), "board")
    assert "<details" not in menu
    assert all(reverse(page) in menu for page in ("board", "policy", "registers"))
