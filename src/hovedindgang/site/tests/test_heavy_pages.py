"""A page that reads through many rows is opened so often and no more: nobody keeps the house busy with it."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from hovedindgang.kernel import clock
from hovedindgang.people.pace import Asked, forget_pace, mind_pace
from hovedindgang.people.step_up import PROVEN_AT

PAGES = {  # who opens it, and whether by a form
    "/registre/1/": ("erik", False),
    "/tavle/medarbejdere/": ("dorthe", False),
    "/klager/tal/": ("dorthe", False),
    "/klager/tal.csv": ("dorthe", False),
    "/proev/grundlag/maal/": ("erik", True),
    "/databeskyttelse/brud/": ("dorthe", True),
    "/databeskyttelse/brud/1/": ("dorthe", False),
    "/databeskyttelse/brud/1/hent/": ("dorthe", True),
    "/databeskyttelse/borger/1/pakke/": ("dorthe", True),
}


@pytest.fixture(autouse=True)
def nobody_has_asked() -> Iterator[None]:
    forget_pace()
    yield
    forget_pace()


@pytest.mark.parametrize("page", PAGES)
def test_whoever_has_opened_many_heavy_pages_waits_and_others_do_not(
    cast: SimpleNamespace, client_of: Any, settings: Any, page: str
) -> None:
    settings.MOST_COUNTED_PAGES = 1
    who, by_form = PAGES[page]
    browser = client_of(getattr(cast, who))
    session = browser.session
    session[PROVEN_AT] = clock.now().timestamp()
    session.save()
    mind_pace(Asked.COUNTED, cast.bob.pk)
    ask = browser.post if by_form else browser.get
    assert ask(page).status_code != 429
    assert ask(page).status_code == 429
