"""The strip counter of the rush hours."""

import re
import uuid

import pytest

from hovedindgang.contacts.models import Tally


@pytest.fixture
def alice(cast, client_of):
    return client_of(cast.alice)


def count(client, what, key=None):
    return client.post("/skranke/strip/", {"count": what, "key": key or str(uuid.uuid4())})


def test_one_press_counts_one_and_the_page_shows_the_days_strip(alice, cast):
    assert count(alice, "phone:information").status_code == 303
    count(alice, "phone:information")
    tally = Tally.objects.first()
    assert (tally.channel, tally.kind, tally.centre_id, tally.employee) == (
        "phone",
        "information",
        "aabybro",
        cast.alice,
    )
    page = alice.get("/skranke/strip/").content.decode()
    button = re.search(r'value="phone:information".*?</button>', page, re.DOTALL)[0]
    assert '<span class="strip-number">2</span>' in button


def test_a_second_click_counts_nothing(alice):
    key = str(uuid.uuid4())
    count(alice, "in_person:reception", key)
    count(alice, "in_person:reception", key)
    assert Tally.objects.count() == 1


@pytest.mark.parametrize("what", ["", "phone", "phone:gossip", "smoke:information"])
def test_an_unknown_counter_counts_nothing_and_says_so(alice, what):
    answer = count(alice, what)
    assert answer.status_code == 422
    assert "Der blev ikke talt" in answer.content.decode()
    assert not Tally.objects.exists()
