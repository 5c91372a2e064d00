"""What an employee sees of herself: every look-up of hers, those of one request together."""

from __future__ import annotations

import datetime as dt
import uuid
from types import SimpleNamespace
from typing import Any

import pytest

from hovedindgang.kernel import clock as clock_module
from hovedindgang.oversight import queries
from hovedindgang.oversight.tests.looking import citizen, look

pytestmark = pytest.mark.django_db


def test_a_list_of_many_is_one_look_up_of_hers_and_hides_no_other(cast: SimpleNamespace, client_of: Any) -> None:
    met = [citizen(n) for n in range(1, 5)]
    long_ago, opened = clock_module.now() - dt.timedelta(hours=2), uuid.uuid4()
    look(cast.alice, met[3], at=long_ago)
    look(cast.alice, None, at=long_ago, use="search")
    for one in met[:3]:
        for number in range(queries.MINE):
            look(cast.alice, one, use="work_list", request=opened, reason=f"enquiry:{number}")
    look(cast.bob, met[0])
    mine = queries.my_look_ups(cast.alice)
    assert [(one.use, len(one.citizens)) for one in mine] == [("work_list", 3), ("search", 0), ("history", 1)]
    page = client_of(cast.alice).get("/opslag/mit-eget/").content.decode()
    assert "<summary>3 borgere</summary>" in page
    assert f"borger {met[0].pk}, {met[1].pk}, {met[2].pk}</details>" in page
    assert f"borger {met[3].pk}<" in page
    assert "ingen fundet" in page
