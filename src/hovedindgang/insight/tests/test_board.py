"""The leader's board: who sees what, what stands on it, and that its figures open the lists they count."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from html import unescape
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hovedindgang.conftest import adopt, small_model
from hovedindgang.contacts.actions import NewEnquiry, NewHandover, NewSignpost
from hovedindgang.contacts.rules import AvoidableCause, ForwardKind, Outcome, SentOnHow, WithdrawnWhy
from hovedindgang.insight import lists
from hovedindgang.insight.actions import recompute_days
from hovedindgang.insight.lists import ENQUIRIES, listing
from hovedindgang.insight.periods import Period
from hovedindgang.insight.queries import board
from hovedindgang.insight.tests.desk import Desk
from hovedindgang.kernel import clock
from hovedindgang.kernel.clock import DENMARK
from hovedindgang.people.models import Employee
from hovedindgang.servicemodel.document import Channel

ClientOf = Callable[..., Client]
MARCH = "/tavle/?period=custom&from=2026-03-01&to=2026-03-31"


@pytest.fixture
def march(desk: Desk) -> Desk:
    """A week's work: ten passports, six moves by phone, one of them sent on, one given up."""
    for _ in range(10):
        desk.comes(desk.citizen(), NewEnquiry(service="pas"))
    for number in range(6):
        said = {"sent_on": SentOnHow.RING} if number == 0 else {}
        desk.comes(desk.citizen(), NewEnquiry(service="flytning", **said), channel=Channel.PHONE)
    desk.comes(
        desk.citizen(), NewEnquiry(service="flytning", outcome=Outcome.WITHDRAWN, withdrawn_why=WithdrawnWhy.GAVE_UP)
    )
    desk.days_pass(60)
    desk.count()
    return desk


def test_the_leader_sees_whether_the_goal_holds(march: Desk, client_of: ClientOf) -> None:
    page = client_of(march.cast.dorthe).get(MARCH)
    assert page.status_code == 200
    text = page.content.decode()
    assert "94,1" in text  # 16 of 17
    assert "målet holder" in text
    assert "mellem 94,1\xa0% og 94,1\xa0%, når åbne" in text
    assert "Politikken giver intet måltal" in text


def test_a_move_that_is_still_open_widens_the_range_of_transactions_as_it_does_of_all(march: Desk) -> None:
    for _ in range(3):
        march.comes(
            march.citizen(), NewEnquiry(service="flytning", outcome=Outcome.OPEN, promised_on=march.promised(3))
        )
    march.comes(march.citizen(), NewEnquiry(service="aabningstider"))
    march.count()
    found = board(Period(dt.date(2026, 3, 1), clock.today()))
    assert (found.a_transactions.numerator, found.a_transactions.denominator, found.a_transactions.open) == (16, 20, 3)
    assert (found.a_transactions.low, found.a_transactions.high) == (16 / 20, 19 / 20)
    assert found.a_enquiries.open == 3


def test_every_figure_opens_the_list_it_counts(march: Desk, client_of: ClientOf) -> None:
    browser = client_of(march.cast.dorthe)
    text = browser.get(MARCH).content.decode()
    links = re.findall(r'href="(/tavle/liste/[^"]+)">([\d.]+)<', text)
    assert len(links) > 30
    for address, shown in links:
        listed = browser.get(address.replace("&amp;", "&")).context["found"]
        assert listed.total == int(shown.replace(".", "")), address
        assert len(listed.rows) == min(25, listed.total), address


def test_what_is_not_sent_on_and_the_other_ways_to_read_the_goal_open_their_lists(
    march: Desk, client_of: ClientOf
) -> None:
    march.days_pass(-60)
    for _ in range(6):
        march.comes(march.citizen(), NewEnquiry(service="flytning"), channel=Channel.DIGITAL, unattended=True)
        march.comes(
            march.citizen(), NewEnquiry(service="byggesag"), employee=march.cast.hanne, department="teknik", centre=None
        )
    march.days_pass(60)
    march.count()
    browser = client_of(march.cast.dorthe)
    text = browser.get(MARCH).content.decode()
    links = re.findall(r'href="/tavle/liste/henvendelser/(\w+)/([^"]+)">(\d+)<', text)
    counted = {
        (figure, asked.partition("channel=")[2]): int(shown) for figure, asked, shown in links if "centre" not in asked
    }
    of_seventeen = {("not_sent_on", "in_person"): 11, ("not_sent_on", "phone"): 5}
    with_six = {("with_self_service", ""): 23, ("with_self_service_solved", ""): 22, ("with_elsewhere", ""): 23}
    assert of_seventeen.items() | with_six.items() <= counted.items()
    for figure, asked, shown in links:
        page = browser.get(f"/tavle/liste/henvendelser/{figure}/{asked}".replace("&amp;", "&"))
        assert page.context["found"].total == int(shown), figure


def test_what_waits_now_what_was_handed_over_and_what_was_avoidable_open_their_lists(
    march: Desk, client_of: ClientOf
) -> None:
    for _ in range(6):
        handed = NewHandover(department="jobcenter", summary="Hun vil høre om sin sag", promised_on=march.promised(5))
        somebody = march.citizen()
        march.comes(somebody, NewEnquiry(service="flytning", outcome=Outcome.PASSED_ON, handover=handed))
        march.comes(somebody, NewEnquiry(service="pas", outcome=Outcome.OPEN, promised_on=march.promised(3)))
        cause = AvoidableCause.WEBSITE
        march.comes(somebody, NewEnquiry(service="pas", avoidable=True, avoidable_cause=cause))
    march.days_pass(20)
    march.count()
    browser = client_of(march.cast.dorthe)
    text = browser.get(f"/tavle/?period=custom&from=2026-03-01&to={clock.today()}").content.decode()
    links = dict(re.findall(r'href="(/tavle/liste/[^"]+)">([\d.]+)<', text))
    asked = {address.partition("?")[0].removeprefix("/tavle/liste/"): address for address in links}
    assert {"aabne/overdue/", "overdragelser/sent/", "overdragelser/overdue/", "aerinder/avoidable/"} <= asked.keys()
    assert any("avoidable_cause=website" in address for address in links)
    for address, shown in links.items():
        page = browser.get(address.replace("&amp;", "&"))
        assert page.context["found"].total == int(shown.replace(".", "")), address
    assert [links[asked[which]] for which in ("aabne/overdue/", "overdragelser/overdue/")] == ["6", "6"]


@pytest.mark.parametrize(
    "address",
    [
        "overdragelser/sent/",
        "aabne/overdue/?channel=phone",
        "aerinder/judged/?avoidable_cause=website",
        "aabne/solved/",
    ],
)
def test_a_list_that_the_board_has_no_figure_for_is_not_there(march: Desk, client_of: ClientOf, address: str) -> None:
    assert client_of(march.cast.dorthe).get(f"/tavle/liste/{address}").status_code == 404


def test_a_department_with_fewer_than_five_handovers_cannot_be_listed(march: Desk, client_of: ClientOf) -> None:
    handed = NewHandover(department="jobcenter", summary="Hun vil høre om sin sag", promised_on=None)
    march.comes(march.citizen(), NewEnquiry(service="flytning", outcome=Outcome.PASSED_ON, handover=handed))
    address = f"/tavle/liste/overdragelser/sent/?department_id=jobcenter&from=2026-03-01&to={clock.today()}"
    page = client_of(march.cast.dorthe).get(address)
    assert page.status_code == 200
    assert "found" not in page.context


def test_a_list_over_days_that_were_counted_at_different_times_says_of_each_what_was_counted(desk: Desk) -> None:
    counted = (("pas", 0), ("pas", 3), ("koerekort", 17))
    for service, later in counted:
        desk.days_pass(later)
        desk.comes(desk.citizen(), NewEnquiry(service=service))
        recompute_days(days=[clock.today()])
    desk.days_pass(60)  # and the worker has not run since
    period = Period(dt.date(2026, 3, 1), dt.date(2026, 4, 30))
    found = listing(ENQUIRIES, "pending", period, {})
    assert found.total == len(found.rows) == 3
    assert [row["service_id"] for row in found.rows] == ["koerekort", "pas", "pas"]
    recompute_days(days=[row["day"] for row in found.rows])
    assert listing(ENQUIRIES, "pending", period, {}).rows == []
    assert len(listing(ENQUIRIES, "on_the_spot", period, {"service_id": "pas"}).rows) == 2


def test_a_list_over_many_days_is_judged_at_once(
    desk: Desk, django_assert_max_num_queries: Callable[..., object]
) -> None:
    for _ in range(20):
        desk.comes(desk.citizen(), NewEnquiry(service="pas"))
        desk.days_pass(1)
    desk.count()
    with django_assert_max_num_queries(6):  # counts and what was shown, days and what waits, the version, the rows
        found = listing(ENQUIRIES, "solved", Period(dt.date(2026, 3, 1), dt.date(2026, 4, 30)), {"service_id": "pas"})
    assert len(found.rows) == 20


def test_a_list_shows_a_page_at_a_time_and_judges_the_days_of_that_page_alone(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert lists.PAGE == 25
    monkeypatch.setattr(lists, "PAGE", 2)
    judged, rows_of = [], lists._rows
    monkeypatch.setattr(lists, "_rows", lambda *asked: judged.append(len(asked[2])) or rows_of(*asked))
    for _ in range(5):
        desk.comes(desk.citizen(), NewEnquiry(service="pas"))
        desk.days_pass(1)
    desk.count()
    period = Period(dt.date(2026, 3, 1), dt.date(2026, 4, 30))
    shown = [len(listing(ENQUIRIES, "solved", period, {}, page).rows) for page in range(3)]
    assert (shown, judged) == ([2, 2, 1], [2, 2, 1])


def test_a_caseworker_has_no_business_at_the_board(march: Desk, client_of: ClientOf) -> None:
    assert client_of(march.cast.charlie).get(MARCH).status_code == 403
    assert client_of(march.cast.charlie).get("/tavle/liste/aerinder/solved/").status_code == 403


def test_a_planner_sees_figures_and_no_contacts(march: Desk, client_of: ClientOf) -> None:
    text = client_of(march.cast.erik).get(MARCH).content.decode()
    assert "94,1" in text
    assert "/tavle/liste/" not in text
    assert 'href=""' not in text
    assert client_of(march.cast.erik).get("/tavle/liste/aerinder/solved/").status_code == 403


def test_the_board_is_whole_in_english(march: Desk, client_of: ClientOf) -> None:
    march.cast.dorthe.language = "en"
    march.cast.dorthe.save()
    browser = client_of(march.cast.dorthe)
    browser.cookies["hovedindgang_language"] = "en"
    text = browser.get(MARCH).content.decode()
    assert "Solved in Borgerservice" in text
    assert "Løst i" not in text
    assert "Assumed for use in tests" in text
    assert "Antaget til brug" not in text


def test_a_centre_with_fewer_than_five_employees_shows_no_figures(march: Desk) -> None:
    period = Period(dt.date(2026, 3, 1), dt.date(2026, 3, 31))
    (line,) = board(period).breakdowns["centre"]
    assert line.hidden
    assert line.a.share is None
    for number in range(4):
        colleague = Employee.objects.create_user(f"ny{number}", "x", name="Ny", is_employee=True, centre_id="aabybro")
        march.time.stand(dt.datetime(2026, 3, 20, 10, tzinfo=DENMARK))
        march.comes(march.citizen(), NewEnquiry(service="pas"), employee=colleague)
    march.count()
    (line,) = board(period).breakdowns["centre"]
    assert not line.hidden
    assert line.a.denominator == 21


def test_a_board_takes_few_queries(
    march: Desk, client_of: ClientOf, django_assert_max_num_queries: Callable[..., object]
) -> None:
    browser = client_of(march.cast.dorthe)
    with django_assert_max_num_queries(16):  # twelve for the figures; session, employee, versions
        browser.get(MARCH)


def test_no_contact_is_counted_while_the_leader_waits(march: Desk, client_of: ClientOf) -> None:
    browser = client_of(march.cast.dorthe)
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(MARCH).status_code == 200
    read = [query["sql"] for query in asked if re.search(r'FROM "?contacts_', query["sql"])]
    # Only what is open now, and what was handed over: both by an index that holds little else.
    assert [re.findall(r'FROM "contacts_(\w+)"', sql)[0] for sql in read] == ["enquiry", "handover"]
    assert "\"outcome\" = 'open'" in read[0]


@pytest.mark.parametrize(
    "asked",
    [
        "from=x&to=y",
        "from=2026-03-31&to=2026-03-01",
        "from=0001-01-01&to=9999-12-31",
        "from=9999-12-30&to=9999-12-31",
        "from=0001-01-01&to=0001-01-02",
        "from=2026-03-01&to=",
        "from=&to=",
        "period=?",
    ],
)
def test_a_period_that_cannot_be_is_told_and_never_an_error(
    cast: SimpleNamespace, client_of: ClientOf, asked: str
) -> None:
    for page in ("", "liste/aerinder/solved/"):
        answer = client_of(cast.dorthe).get(f"/tavle/{page}?period=custom&{asked}")
        assert answer.status_code == 422
        assert 'role="alert"' in answer.content.decode()


def test_a_word_for_a_period_that_does_not_exist_is_told_and_is_not_taken_for_a_year(
    march: Desk, client_of: ClientOf
) -> None:
    browser = client_of(march.cast.dorthe)
    for page in ("/tavle/", "/tavle/liste/aerinder/solved/"):
        answer = browser.get(f"{page}?period=next_month")
        assert answer.status_code == 422
        assert "Det valg findes ikke. Vælg på listen; her er det ikke brugt." in answer.content.decode()
        assert browser.get(f"{page}?period=last_month&from=&to=").status_code == 200
    browser.cookies["hovedindgang_language"] = "en"
    assert "That choice does not exist" in browser.get("/tavle/?period=next_month").content.decode()


@pytest.mark.parametrize(
    "asked",
    [
        "henvendelser/solved/?centre_id=maanen",
        "henvendelser/solved/?channel=roegsignal",
        "aerinder/judged/?service_id=pass",
        "aerinder/judged/?level=overalt",
        "aerinder/avoidable/?avoidable_cause=vejret",
        "overdragelser/sent/?department_id=maanen",
        "overdragelser/sent/?department_id=",
    ],
)
def test_a_list_of_what_does_not_exist_is_told_and_is_no_list_of_nothing(
    march: Desk, client_of: ClientOf, asked: str
) -> None:
    browser = client_of(march.cast.dorthe)
    answer = browser.get(f"/tavle/liste/{asked}")
    assert answer.status_code == 422
    assert "Det valg findes ikke. Gå tilbage til tavlen" in answer.content.decode()
    browser.cookies["hovedindgang_language"] = "en"
    assert "That choice does not exist. Go back to the board" in browser.get(f"/tavle/liste/{asked}").content.decode()


def test_a_list_of_those_that_name_none_is_a_list(march: Desk, client_of: ClientOf) -> None:
    for asked in ("henvendelser/solved/?centre_id=", "aerinder/judged/?level=", "aerinder/avoidable/?avoidable_cause="):
        assert client_of(march.cast.dorthe).get(f"/tavle/liste/{asked}").status_code == 200


@pytest.mark.parametrize("signposts", ["apart", "solved", "not_solved"])
@pytest.mark.parametrize("self_service", ["apart", "solved", "not_solved"])
def test_the_list_behind_the_headline_is_what_it_counts_however_the_model_counts(
    desk: Desk, client_of: ClientOf, signposts: str, self_service: str
) -> None:
    counts = f'[parameters]\nsignpost_counts = "{signposts}"\nself_service_counts = "{self_service}"\n'
    adopt(small_model(old="[parameters]\n", new=counts), dt.date(2026, 3, 1))
    skat = NewSignpost(how=ForwardKind.TOLD, authority="skat")
    for _ in range(6):
        desk.comes(desk.citizen(), NewEnquiry(service="pas"))
        desk.comes(desk.citizen(), NewEnquiry(service="aabningstider", outcome=Outcome.SIGNPOSTED, signpost=skat))
        desk.comes(desk.citizen(), NewEnquiry(service="flytning"), channel=Channel.DIGITAL, unattended=True)
    gave_up = NewEnquiry(service="pas", outcome=Outcome.WITHDRAWN, withdrawn_why=WithdrawnWhy.GAVE_UP)
    desk.comes(desk.citizen(), gave_up)
    desk.days_pass(60)
    desk.count()
    text, dorthe = client_of(desk.cast.dorthe).get(MARCH).content.decode(), client_of(desk.cast.dorthe)
    whole = 7 + 6 * (signposts != "apart") + 6 * (self_service != "apart")
    solved = 6 + 6 * (signposts == "solved") + 6 * (self_service == "solved")
    said = re.search(r"<p>(?:<a href=\"([^\"]*)\">)?(\d+)(?:</a>)? af (?:<a href=\"([^\"]*)\">)?(\d+)", text)
    assert said is not None
    assert (int(said[2]), int(said[4])) == (solved, whole)
    assert bool(said[1]) == bool(said[3]) == ("apart" in (signposts, self_service))
    for address, number in ((said[1], solved), (said[3], whole)):
        if address:
            assert f"<p>{number} fra " in dorthe.get(unescape(address)).content.decode()


@pytest.fixture
def few(march: Desk) -> Desk:
    """Three came for a driving licence besides: too few to show, and the moves are hidden with them."""
    march.time.stand(dt.datetime(2026, 3, 20, 10, tzinfo=DENMARK))
    for _ in range(3):
        march.comes(march.citizen(), NewEnquiry(service="koerekort"))
    march.days_pass(60)
    march.count()
    return march


@pytest.mark.parametrize("figure", ["judged", "solved", "not_solved", "late"])
@pytest.mark.parametrize("service", ["koerekort", "flytning"])
def test_a_group_that_the_board_hides_cannot_be_counted_in_a_list(
    few: Desk, client_of: ClientOf, figure: str, service: str
) -> None:
    browser = client_of(few.cast.dorthe)
    hidden = {line.key for line in browser.get(MARCH).context["board"].breakdowns["service"] if line.hidden}
    assert hidden == {"koerekort", "flytning"}
    page = browser.get(f"/tavle/liste/aerinder/{figure}/?from=2026-03-01&to=2026-03-31&service_id={service}")
    assert "found" not in page.context
    assert "for lille til at vises" in page.content.decode()
    shown = browser.get("/tavle/liste/aerinder/judged/?from=2026-03-01&to=2026-03-31&service_id=pas")
    assert shown.context["found"].total == 10


def test_a_group_named_by_two_things_at_once_is_no_way_around(few: Desk, client_of: ClientOf) -> None:
    address = "/tavle/liste/aerinder/judged/?from=2026-03-01&to=2026-03-31&service_id=pas&channel=phone"
    assert "found" not in client_of(few.cast.dorthe).get(address).context


def test_a_hidden_group_is_not_named_in_the_list_of_all(few: Desk, client_of: ClientOf) -> None:
    rows = client_of(few.cast.dorthe).get("/tavle/liste/aerinder/judged/?from=2026-03-01&to=2026-03-31")
    services = [row[4].text for row in rows.context["table"]["rows"]]
    assert sorted(set(services)) == ["Pas", "·"]
    assert services.count("·") == 10
    assert "En prik betyder" in rows.content.decode()


def test_small_departments_and_channels_are_left_out_with_those_that_would_give_them_away(march: Desk) -> None:
    march.time.stand(dt.datetime(2026, 3, 20, 10, tzinfo=DENMARK))
    for department, number in (("jobcenter", 2), ("teknik", 6)):
        asked = NewHandover(department=department, summary="Sagen", promised_on=march.promised(5))
        for _ in range(number):
            march.comes(march.citizen(), NewEnquiry(service="pas", outcome=Outcome.PASSED_ON, handover=asked))
    for _ in range(3):
        march.comes(march.citizen(), NewEnquiry(service="pas"), channel=Channel.WRITTEN, medium="letter")
    march.count()
    found = board(Period(dt.date(2026, 3, 1), dt.date(2026, 3, 31)))
    assert found.handovers == []
    assert set(found.not_sent_on) == {Channel.IN_PERSON}  # the phone is hidden with the letters


@pytest.mark.parametrize(
    "asked",
    [
        "liste/henvendelser/solved/?service_id=pas",
        "liste/henvendelser/solved/?level=guide",
        "liste/aerinder/solved/?centre_id=%00",
        "liste/henvendelser/solved/?channel=a%00",
    ],
)
def test_what_a_list_cannot_be_narrowed_to_is_not_found(march: Desk, client_of: ClientOf, asked: str) -> None:
    assert client_of(march.cast.dorthe).get(f"/tavle/{asked}").status_code == 404


def test_a_list_from_before_the_first_adoption_says_so(march: Desk, client_of: ClientOf) -> None:
    page = client_of(march.cast.dorthe).get("/tavle/liste/aerinder/solved/?from=2000-01-01&to=2000-01-02")
    assert page.status_code == 200
    assert page.context["nothing"]


@pytest.mark.parametrize("side", ["9" * 5000, "-1", "²", "x", "7"])
def test_a_page_that_cannot_be_is_told_and_the_nearest_shown(march: Desk, client_of: ClientOf, side: str) -> None:
    browser = client_of(march.cast.dorthe)
    page = browser.get("/tavle/liste/aerinder/solved/", {"side": side})
    assert page.context["found"].page == 0
    assert page.status_code == 422
    assert "Den side findes ikke. Her er side 1." in page.content.decode()
    assert browser.get("/tavle/liste/aerinder/solved/", {"side": "0"}).status_code == 200


@pytest.mark.parametrize("asked", ["liste/aerinder/drop/", "liste/x/solved/"])
def test_a_figure_nobody_counts_is_not_found(cast: SimpleNamespace, client_of: ClientOf, asked: str) -> None:
    assert client_of(cast.dorthe).get(f"/tavle/{asked}").status_code == 404
