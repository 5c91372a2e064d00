"""The pass to the practice house: a minute, once, one house, and nobody else's hand in it."""

from __future__ import annotations

import datetime as dt
import uuid
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hovedindgang.kernel.clock import DENMARK
from hovedindgang.kernel.models import Event
from hovedindgang.people.models import Employee, Role
from hovedindgang.practice import actions, keys
from hovedindgang.practice.models import UsedPass
from hovedindgang.practice.rules import BadKey, BadPass, read_pass, write_pass

HERE = "https://oev.lilleby.example"
KEY, OTHER_KEY = bytes(range(32)), bytes(range(1, 33))
NOW = dt.datetime(2026, 3, 11, 10, 0, tzinfo=DENMARK)
NUMBER = uuid.UUID(int=7)


def written(**changed: Any) -> str:
    said = {"employee": 41, "name": "Alice Øst", "roles": [Role.EMPLOYEE, Role.LEADER], "house": HERE, "key": KEY}
    return write_pass(**{**said, "number": NUMBER, "now": NOW, **changed})


def resigned(*, key: bytes = KEY, algorithm: str = "HS256", **changed: Any) -> str:
    """What the pass says with something changed, signed again; None takes a claim out."""
    said = jwt.decode(written(), options={"verify_signature": False})
    said.update(changed)
    return jwt.encode({name: one for name, one in said.items() if one is not None}, key, algorithm=algorithm)


def why_not(token: str, *, at: dt.datetime = NOW, house: str = HERE) -> str:
    with pytest.raises(BadPass) as refused:
        read_pass(token, house=house, key=KEY, now=at)
    return refused.value.code


def test_a_pass_says_who_comes_and_nothing_else_about_her() -> None:
    read = read_pass(written(), house=HERE, key=KEY, now=NOW)
    assert (read.employee, read.name, read.roles) == (41, "Alice Øst", {Role.EMPLOYEE, Role.LEADER})
    said = jwt.decode(written(), options={"verify_signature": False})
    assert set(said) == {"iss", "aud", "iat", "exp", "jti", "sub", "name", "roles"}


def test_a_pass_lives_one_minute() -> None:
    read_pass(written(), house=HERE, key=KEY, now=NOW + dt.timedelta(seconds=59))
    assert why_not(written(), at=NOW + dt.timedelta(seconds=60)) == "expired"


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x.y.z",
        written(key=OTHER_KEY),
        resigned(exp=int(NOW.timestamp()) + 3600),  # who has the key cannot make one that lives longer either
        resigned(exp=None),
        resigned(jti=None),
        resigned(jti="seven"),
        resigned(sub="Alice"),
        resigned(roles=["king"]),
        resigned(cpr="6101901234"),
        resigned(iss="another"),
        resigned(aud=[HERE, "https://another.example"]),
        resigned(iat=int(NOW.timestamp()) + 3600, exp=int(NOW.timestamp()) + 3660),
        jwt.encode(jwt.decode(written(), options={"verify_signature": False}), "", algorithm="none"),
    ],
    ids="empty nonsense other-key hour-long endless unnumbered bad-number no-employee bad-role more issuer two-houses "
    "tomorrow unsigned".split(),
)
def test_what_is_not_wholly_ours_lets_nobody_in(token: str) -> None:
    assert why_not(token) == "not_ours"


def test_a_pass_to_another_house_lets_nobody_in_here() -> None:
    assert why_not(written(), house="https://oev.storeby.example") == "another_house"


@given(place=st.integers(0, 2**31), letter=st.sampled_from("AZaz09-_"))
def test_one_letter_changed_anywhere_is_refused_or_changes_nothing(place: int, letter: str) -> None:
    """The last letter of base64 may hold bits that say nothing: then it is the same pass."""
    whole = written()
    at = place % len(whole)
    changed = whole[:at] + letter + whole[at + 1 :]
    try:
        read = read_pass(changed, house=HERE, key=KEY, now=NOW)
    except BadPass:
        return
    assert read == read_pass(whole, house=HERE, key=KEY, now=NOW)
    assert at in {len(whole) - 1} or changed == whole


# ------------------------------------------------------------------------------------------------------- in the house


@pytest.fixture
def houses(settings: Any, tmp_path: Path) -> Any:
    """Both houses' settings; `settings.PRACTICE` says at which one we are."""
    settings.PRACTICE_ADDRESS = HERE
    settings.PRACTICE_KEY_FILE = tmp_path / "pass.key"
    assert keys.make_shared_key()
    assert not keys.make_shared_key()
    return settings


@pytest.mark.django_db
def test_alice_comes_as_herself_with_the_roles_she_has_today(cast: SimpleNamespace, houses: Any) -> None:
    token = actions.go_to_practice(employee=cast.alice)
    houses.PRACTICE = True
    came = actions.come_to_practice(written=token)
    assert (came.name, came.roles, came.centre_id) == ("Alice", {Role.EMPLOYEE}, "aabybro")
    assert not came.has_usable_password()
    cast.alice.is_leader, cast.alice.name = True, "Alice Ny"
    again = actions.come_to_practice(written=actions.go_to_practice(employee=cast.alice))
    assert (again.pk, again.name, again.roles) == (came.pk, "Alice Ny", {Role.EMPLOYEE, Role.LEADER})


@pytest.mark.django_db
def test_a_caseworker_practises_in_a_department(cast: SimpleNamespace, houses: Any) -> None:
    came = actions.come_to_practice(written=actions.go_to_practice(employee=cast.charlie))
    assert came.roles == {Role.CASEWORKER}
    assert came.department_id


@pytest.mark.django_db
def test_a_pass_lets_in_once(cast: SimpleNamespace, houses: Any) -> None:
    token = actions.go_to_practice(employee=cast.alice)
    actions.come_to_practice(written=token)
    with pytest.raises(BadPass) as refused:
        actions.come_to_practice(written=token)
    assert refused.value.code == "used"
    assert Event.objects.filter(verb="employee.came_to_practice").count() == 1


@pytest.mark.django_db
def test_a_pass_used_twice_would_let_in_twice_without_the_row_that_remembers_it(
    cast: SimpleNamespace, houses: Any
) -> None:
    """The broken variant: it is the database that makes a pass good for once, and nothing else."""
    token = actions.go_to_practice(employee=cast.alice)
    actions.come_to_practice(written=token)
    UsedPass.objects.all().delete()
    actions.come_to_practice(written=token)
    assert Event.objects.filter(verb="employee.came_to_practice").count() == 2


@pytest.mark.django_db
def test_used_passes_are_forgotten_when_they_would_be_refused_by_their_age(
    cast: SimpleNamespace, houses: Any, clock: Any
) -> None:
    token = actions.go_to_practice(employee=cast.alice)
    actions.come_to_practice(written=token)
    clock.stand(UsedPass.objects.get().used_at + dt.timedelta(days=2))
    actions.forget_used_passes()
    assert not UsedPass.objects.exists()
    with pytest.raises(BadPass) as refused:
        actions.come_to_practice(written=token)
    assert refused.value.code == "expired"


@pytest.mark.django_db
def test_that_she_went_is_one_event_without_her_name(cast: SimpleNamespace, houses: Any) -> None:
    actions.go_to_practice(employee=cast.alice)
    event = Event.objects.get(verb="employee.went_to_practice")
    assert (event.subject_id, event.facts) == (str(cast.alice.pk), {})


@pytest.mark.django_db
def test_a_key_that_is_missing_or_short_is_no_key(cast: SimpleNamespace, houses: Any, tmp_path: Path) -> None:
    (tmp_path / "short.key").write_text("abcd")
    for file in (tmp_path / "short.key", tmp_path / "none.key"):
        houses.PRACTICE_KEY_FILE = file
        with pytest.raises(BadKey):
            actions.go_to_practice(employee=cast.alice)
    assert Employee.objects.filter(username__startswith="oev-").count() == 0
