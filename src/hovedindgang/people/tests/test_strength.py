"""How surely somebody must have signed in elsewhere, as the settings say it."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from hovedindgang.people.strength import is_strong, levels_of, read_strengths


def test_one_of_what_is_named_is_enough_and_the_level_may_hold_an_equals_sign() -> None:
    asked = read_strengths("acr=urn:level?of=3; amr=mfa;")
    assert asked == (("acr", "urn:level?of=3"), ("amr", "mfa"))
    assert is_strong({"acr": "urn:level?of=3"}, asked)
    assert is_strong({"amr": ["pwd", "mfa"]}, asked)
    assert is_strong({"amr": "mfa"}, asked)
    assert not is_strong({"amr": ["mfas"], "acr": "urn:level"}, asked)
    assert levels_of(asked) == {"acr_values": "urn:level?of=3"}


def test_what_says_nothing_is_not_sure_where_something_is_asked_for() -> None:
    for claims in ({}, {"amr": None}, {"amr": []}, {"acr": 0}, {"amr": {"mfa": True}}):
        assert not is_strong(claims, read_strengths("amr=mfa; acr=2"))
    assert is_strong({}, read_strengths(""))
    assert levels_of(read_strengths("amr=mfa")) == {}


@pytest.mark.parametrize("line", ["mfa", "=mfa", "amr=", "amr=mfa; acr", "a mr=mfa"])
def test_a_line_that_cannot_be_read_says_what_it_should_be(line: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="Write CLAIM=VALUE"):
        read_strengths(line)
