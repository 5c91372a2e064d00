"""A counting week: who counts, that nothing is counted twice, and that no figure leads back to one who counted."""

from __future__ import annotations

import csv
import datetime as dt
import io
import uuid
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from hovedindgang.contacts.actions import NewEnquiry
from hovedindgang.insight.models import CountingDay, CountingWeek, Stroke
from hovedindgang.insight.tests.desk import Desk
from hovedindgang.insight.week_actions import count_stroke, drop_week, make_week, take_stroke_back
from hovedindgang.insight.week_queries import counts_now, figures_of
from hovedindgang.insight.weeks import Category, NewWeek, WeekRefused
from hovedindgang.kernel.models import Event
from hovedindgang.people.models import Employee
from hovedindgang.servicemodel.document import Channel

MONDAY = dt.date(2026, 3, 9)
ClientOf = Callable[..., Client]


def new_week(cast: SimpleNamespace, **said: object) -> CountingWeek:
    usual: dict[str, Any] = {
        "name": "Uge 11",
        "first_on": MONDAY,
        "last_on": MONDAY + dt.timedelta(days=6),
        "centres": ("aabybro",),
        "departments": ("jobcenter",),
    }
    return make_week(leader=cast.dorthe, week=NewWeek(**{**usual, **said}))


def stroke(employee: Employee, category: Category = Category.INFORMATION, times: int = 1) -> None:
    place = counts_now(employee)
    assert place is not None
    for _ in range(times):
        count_stroke(employee=employee, place=place, channel=Channel.PHONE, category=category, key=uuid.uuid4())


def colleagues(number: int, **at: object) -> list[Employee]:
    return [
        Employee.objects.create_user(f"k{at}{each}", "x", name=f"Kollega {each}", **at)  # type: ignore[arg-type]
        for each in range(number)
    ]


def test_a_leader_makes_a_week_and_the_desk_and_the_department_count_along(
    cast: SimpleNamespace, clock: object, client_of: ClientOf
) -> None:
    typed = {
        "name": "Uge 11",
        "first_on": "2026-03-09",
        "last_on": "",
        "centres": ["aabybro"],
        "departments": ["jobcenter"],
    }
    assert client_of(cast.dorthe).post("/tavle/taelleuger/", typed).status_code == 302
    week = CountingWeek.objects.get()
    assert (week.first_on, week.last_on) == (MONDAY, dt.date(2026, 3, 15))
    for who in (cast.alice, cast.charlie):
        browser = client_of(who)
        sent = {"count": "phone:misdirected", "key": str(uuid.uuid4())}
        assert browser.post("/skranke/taelleuge/", sent).status_code == 303
        assert browser.post("/skranke/taelleuge/", sent).status_code == 303  # the same press, sent twice
        page = browser.get("/skranke/taelleuge/").content.decode()
        assert page.count('<span class="strip-number">1</span>') == 1
    assert Stroke.objects.count() == 2
    assert Event.objects.filter(verb="counting_week.counted").count() == 2
    assert "ingen tælleuge i dag" in client_of(cast.bob).get("/skranke/taelleuge/").content.decode()
    assert client_of(cast.erik).post("/tavle/taelleuger/", typed).status_code == 404  # a planner sees, and makes none


@pytest.mark.usefixtures("clock")
def test_a_wrong_key_is_taken_back_and_only_ones_own(cast: SimpleNamespace, client_of: ClientOf) -> None:
    new_week(cast, centres=("aabybro", "pandrup"))
    stroke(cast.alice, times=2)
    place = counts_now(cast.alice)
    assert place is not None
    assert not take_stroke_back(employee=cast.bob, place=place)
    assert client_of(cast.alice).post("/skranke/taelleuge/", {"count": "undo"}).status_code == 303
    assert Stroke.objects.count() == 1
    wrong = client_of(cast.alice).post("/skranke/taelleuge/", {"count": "smoke:x", "key": str(uuid.uuid4())})
    assert wrong.status_code == 422


@pytest.mark.usefixtures("clock")
def test_a_place_counts_for_one_week_at_a_time(cast: SimpleNamespace) -> None:
    new_week(cast)
    with pytest.raises(WeekRefused, match="anden tælleuge"):
        new_week(cast, first_on=dt.date(2026, 3, 15), last_on=dt.date(2026, 3, 20))
    new_week(cast, first_on=dt.date(2026, 3, 16), last_on=dt.date(2026, 3, 20))
    with pytest.raises(IntegrityError), transaction.atomic():
        CountingDay.objects.create(week=CountingWeek.objects.earliest("pk"), day=MONDAY, centre_id="aabybro")


@pytest.mark.usefixtures("clock")
def test_a_week_in_which_somebody_counted_stays(cast: SimpleNamespace) -> None:
    kept, gone = new_week(cast), new_week(cast, first_on=dt.date(2026, 4, 6), last_on=dt.date(2026, 4, 6))
    stroke(cast.alice)
    with pytest.raises(WeekRefused, match="bliver stående"):
        drop_week(leader=cast.dorthe, week_id=kept.pk)
    drop_week(leader=cast.dorthe, week_id=gone.pk)
    assert list(CountingWeek.objects.all()) == [kept]


def test_its_figures_stand_beside_the_registered_ones_and_go_out_with_their_definition(
    desk: Desk, client_of: ClientOf
) -> None:
    week = new_week(desk.cast, departments=())
    for one in [desk.cast.alice, *colleagues(4, is_employee=True, centre_id="aabybro")]:
        stroke(one, Category.TRANSACTION)
    stroke(desk.cast.alice, Category.INFORMATION, times=2)
    desk.comes(desk.citizen(), NewEnquiry(service="pas"), channel=Channel.PHONE)
    found = figures_of(week)
    rows = {(row.place, row.channel, row.category): (row.counted, row.registered) for row in found.rows}
    assert rows == {
        ("centre:aabybro", "phone", "information"): (2, 0),
        ("centre:aabybro", "phone", "transaction"): (5, 1),
    }
    browser = client_of(desk.cast.dorthe)
    page = browser.get(f"/tavle/taelleuger/{week.pk}/").content.decode()
    assert "7 streger i alt" in page
    sent = browser.get(f"/tavle/taelleuger/{week.pk}/fil/")
    assert sent["Content-Type"] == "text/csv; charset=utf-8"
    head, *lines = csv.reader(io.StringIO(sent.content.decode("utf-8-sig")), delimiter=";")
    told = [dict(zip(head, line, strict=True)) for line in lines]
    assert [(one["kategori"], one["talt"], one["registreret"]) for one in told] == [
        ("Oplysning", "2", "0"),
        ("Ekspedition", "5", "1"),
    ]
    assert all(one["definition"] and one["version"] == "1" for one in told)


@pytest.mark.usefixtures("clock")
def test_where_fewer_than_five_counted_no_place_is_told_apart(cast: SimpleNamespace, client_of: ClientOf) -> None:
    week = new_week(cast)
    stroke(cast.alice, times=40)
    assert figures_of(week).too_few
    page = client_of(cast.dorthe).get(f"/tavle/taelleuger/{week.pk}/").content.decode()
    assert "Under fem medarbejdere har talt" in page
    assert "40" not in page.split("<h1>")[1].split("definition")[0]
    file = client_of(cast.dorthe).get(f"/tavle/taelleuger/{week.pk}/fil/").content.decode()
    assert len(file.strip().splitlines()) == 1
    for one in colleagues(4, is_employee=True, centre_id="aabybro"):
        stroke(one)
    stroke(cast.charlie, times=3)  # alone in her department: it stands with Aabybro
    found = figures_of(week)
    assert {row.place for row in found.rows} == {""}
    assert sum(row.counted for row in found.rows) == 47


@pytest.mark.parametrize(
    "said",
    [
        {"name": ""},
        {"last_on": dt.date(2026, 3, 1)},
        {"last_on": dt.date(2026, 5, 1)},
        {"centres": (), "departments": ()},
        {"centres": ("atlantis",)},
        {"name": "010190-1234"},
    ],
)
def test_a_week_that_cannot_be_is_refused_with_what_to_do(cast: SimpleNamespace, said: dict[str, object]) -> None:
    with pytest.raises(WeekRefused):
        new_week(cast, **said)
