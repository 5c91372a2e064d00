"""The month's sample: drawn so that it can be proven, explained by who looked, judged by another."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from hovedindgang.kernel import clock as house_clock
from hovedindgang.kernel.clock import DENMARK
from hovedindgang.kernel.models import Event
from hovedindgang.oversight import sampling
from hovedindgang.oversight.actions import answer, ask, ask_about, ask_all, judge_question
from hovedindgang.oversight.judging import judge_day
from hovedindgang.oversight.models import Question
from hovedindgang.oversight.rules import ALLOWED, JUDGED, OversightRefused, State, Stratum, may_become
from hovedindgang.oversight.sampling import draw_again, draw_due_samples, draw_sample
from hovedindgang.oversight.tests.looking import citizen, look, settle
from hovedindgang.people.rules import NoAccess

pytestmark = pytest.mark.django_db
FEBRUARY = dt.date(2026, 2, 1)


@pytest.fixture
def february(cast: SimpleNamespace, clock: Any) -> SimpleNamespace:
    """A month of 30 look-ups that work explains, six that none does, and one opening of a closed record."""
    clock.stand(dt.datetime(2026, 2, 10, 10, 0, tzinfo=DENMARK))
    known, stranger = citizen(1), citizen(2)
    from hovedindgang.contacts.tests.desk import register

    register(cast.alice, asker=known.pk)
    for minute in range(30):
        look(cast.alice, known, at=house_clock.now() + dt.timedelta(minutes=minute))
    odd = [look(cast.bob, stranger, at=house_clock.now() + dt.timedelta(minutes=minute)) for minute in range(6)]
    opened = look(cast.alice, known, use=sampling.OPENING)
    look(cast.alice, known, use="work_list")
    clock.stand(dt.datetime(2026, 3, 9, 10, 0, tzinfo=DENMARK))
    settle(FEBRUARY, dt.date(2026, 2, 28))
    return SimpleNamespace(odd={one.pk for one in odd}, opened=opened.pk)


def drawn(stratum: Stratum) -> set[int]:
    return set(Question.objects.filter(stratum=stratum).values_list("look_up", flat=True))


def test_the_worker_draws_when_the_month_has_ended_and_only_once(february: SimpleNamespace, clock: Any) -> None:
    assert draw_due_samples() == [FEBRUARY]
    assert draw_due_samples() == []
    assert Event.objects.filter(verb="sample.drawn").count() == 1


def test_nothing_is_drawn_while_a_contact_to_come_may_explain_the_months_last_day(
    cast: SimpleNamespace, clock: Any
) -> None:
    clock.stand(dt.datetime(2026, 3, 1, 10, 0, tzinfo=DENMARK))
    look(cast.bob, citizen(), at=dt.datetime(2026, 2, 28, 12, 0, tzinfo=DENMARK))
    judge_day(dt.date(2026, 2, 28))
    assert draw_due_samples() == []


def test_openings_of_closed_records_are_all_drawn_and_the_unexplained_first(february: SimpleNamespace) -> None:
    sample = draw_sample(month=FEBRUARY)
    assert sample is not None
    assert (sample.population, sample.unlinked, sample.closed) == (37, 6, 1)
    assert drawn(Stratum.CLOSED) == {february.opened}
    assert drawn(Stratum.UNLINKED) == february.odd
    assert len(drawn(Stratum.LINKED)) == sample.size - 6


def test_the_same_is_drawn_again_and_a_changed_log_is_told(february: SimpleNamespace, cast: SimpleNamespace) -> None:
    sample = draw_sample(month=FEBRUARY)
    assert sample is not None
    assert draw_again(sample) == []
    look(cast.alice, citizen(3), at=dt.datetime(2026, 2, 11, 12, 0, tzinfo=DENMARK))
    assert "population" in draw_again(sample)


def test_another_key_draws_others(february: SimpleNamespace, settings: Any) -> None:
    first = sampling.draw(FEBRUARY, 5).rows
    settings.INDEX_KEY = "33" * 32
    assert list(sampling.draw(FEBRUARY, 5).rows) != list(first)


def test_the_command_proves_a_drawing(february: SimpleNamespace) -> None:
    from click.testing import CliRunner

    from hovedindgang.oversight.commands import lookups

    draw_sample(month=FEBRUARY)
    assert CliRunner().invoke(lookups, ["redraw", "2026-02"]).exit_code == 0
    assert CliRunner().invoke(lookups, ["redraw", "2026-01"]).exit_code == 1


def one_of(cast: SimpleNamespace) -> Question:
    draw_sample(month=FEBRUARY)
    return Question.objects.filter(employee=cast.bob).order_by("pk")[0]


def test_the_leader_asks_he_answers_in_his_own_words_and_she_signs(february: Any, cast: SimpleNamespace) -> None:
    question = one_of(cast)
    with pytest.raises(NoAccess):
        answer(employee=cast.bob, question_id=question.pk, text="før nogen har spurgt")
    assert ask_all(leader=cast.dorthe, month=FEBRUARY) == Question.objects.count()
    with pytest.raises(OversightRefused):
        judge_question(leader=cast.dorthe, question_id=question.pk, in_order=True, done="uden svar")
    with pytest.raises(NoAccess):
        answer(employee=cast.alice, question_id=question.pk, text="ikke hendes")
    answer(employee=cast.bob, question_id=question.pk, text="Hun ringede, og jeg nåede det ikke")
    judged = judge_question(leader=cast.dorthe, question_id=question.pk, in_order=False, done="Talt med Bob")
    assert judged.state == State.NOT_IN_ORDER
    verbs = list(
        Event.objects.filter(subject_kind="question", subject_id=str(question.pk)).values_list("verb", flat=True)
    )
    assert verbs == ["question.asked", "question.answered", "question.judged"]
    assert not any("ringede" in str(event.facts) or "Talt" in str(event.facts) for event in Event.objects.all())


def test_a_verdict_is_never_changed(february: Any, cast: SimpleNamespace) -> None:
    question = one_of(cast)
    ask(leader=cast.dorthe, question_id=question.pk)
    answer(employee=cast.bob, question_id=question.pk, text="Et brev")
    judge_question(leader=cast.dorthe, question_id=question.pk, in_order=True, done="Set brevet")
    with pytest.raises(OversightRefused):
        judge_question(leader=cast.dorthe, question_id=question.pk, in_order=False, done="Nej")
    with pytest.raises(IntegrityError, match="judged"), transaction.atomic():
        Question.objects.filter(pk=question.pk).update(done="Noget andet")


def test_nobody_judges_her_own_look_up(february: Any, cast: SimpleNamespace) -> None:
    cast.bob.is_leader = True
    cast.bob.save()
    question = one_of(cast)
    with pytest.raises(OversightRefused, match="anden leder"):
        ask(leader=cast.bob, question_id=question.pk)
    assert ask_all(leader=cast.bob, month=FEBRUARY) == Question.objects.exclude(employee=cast.bob).count()
    ask(leader=cast.dorthe, question_id=question.pk)
    answer(employee=cast.bob, question_id=question.pk, text="Et brev")
    with pytest.raises(OversightRefused, match="anden leder"):
        judge_question(leader=cast.bob, question_id=question.pk, in_order=True, done="Alt i orden")
    with pytest.raises(IntegrityError), transaction.atomic():
        Question.objects.filter(pk=question.pk).update(
            state=State.IN_ORDER, judged_by=cast.bob, judged_at=house_clock.now(), done="Bag om reglen"
        )


def test_who_has_left_is_judged_without_an_answer(february: Any, cast: SimpleNamespace) -> None:
    question = one_of(cast)
    cast.bob.is_active = False
    cast.bob.save()
    judge_question(
        leader=cast.dorthe, question_id=question.pk, in_order=False, done="Bob er fratrådt; borgeren er spurgt"
    )
    question.refresh_from_db()
    assert question.state == State.NOT_IN_ORDER


def test_the_leader_may_ask_about_anything_that_stands_out(february: Any, cast: SimpleNamespace) -> None:
    number = min(february.odd)
    first = ask_about(leader=cast.dorthe, look_up=number)
    assert ask_about(leader=cast.dorthe, look_up=number) == first
    draw_sample(month=FEBRUARY)
    assert Question.objects.filter(look_up=number).count() == 1
    with pytest.raises(NoAccess):
        ask_about(leader=cast.alice, look_up=number)


def test_no_state_follows_a_verdict_and_every_other_leads_to_one() -> None:
    for state in State:
        assert bool(ALLOWED[state]) is (state not in JUDGED)
    assert all(not may_become(was, becomes, left=True) for was in JUDGED for becomes in State)


# ------------------------------------------------------------------------------------------------------------- pages


def test_the_leader_goes_from_the_page_to_a_signed_sample(february: Any, cast: SimpleNamespace, client_of: Any) -> None:
    draw_sample(month=FEBRUARY)
    leader, bob = client_of(cast.dorthe), client_of(cast.bob)
    assert "februar 2026" in leader.get("/opslag/stikproever/").content.decode()
    leader.post("/opslag/stikproever/2026-2/spoerg/")
    question = Question.objects.filter(employee=cast.bob).first()
    assert question is not None
    empty = bob.post(f"/opslag/spoergsmaal/{question.pk}/svar/", {"answer": " "})
    assert (empty.status_code, "Skriv, hvad opslaget var til" in empty.content.decode()) == (422, True)
    assert bob.post(f"/opslag/spoergsmaal/{question.pk}/svar/", {"answer": "Et brev"}).status_code == 302
    address = f"/opslag/spoergsmaal/{question.pk}/"
    kept = leader.post(f"{address}afgoer/", {"done": "Set brevet"})
    assert (kept.status_code, "Set brevet" in kept.content.decode()) == (422, True)
    leader.post(f"{address}afgoer/", {"verdict": "in_order", "done": "Set brevet"})
    assert "I orden" in leader.get(address).content.decode()
    assert "Set brevet" in bob.get("/opslag/mit-eget/").content.decode()


def test_only_leaders_see_who_looked_and_each_only_her_own(
    february: Any, cast: SimpleNamespace, client_of: Any
) -> None:
    for person in (cast.alice, cast.charlie, cast.erik, cast.gorm):
        assert client_of(person).get("/opslag/").status_code == 403
    page = client_of(cast.alice).get("/opslag/mit-eget/").content.decode()
    assert "borger" in page
    assert "Bob" not in page


def test_the_page_asks_few_questions_and_names_no_citizen(february: Any, cast: SimpleNamespace, client_of: Any) -> None:
    browser = client_of(cast.dorthe)
    address = "/opslag/?fra=2026-02-01&til=2026-02-28"
    browser.get(address)
    with CaptureQueriesContext(connection) as asked:
        page = browser.get(address).content.decode()
    assert len(asked) <= 12
    assert "Bob" in page
    assert "Ottosen" not in page


@pytest.mark.parametrize("asked", ["fra=x", "fra=2026-03-01&til=2026-02-01", "fra=0001-01-01&til=9999-12-31"])
def test_a_period_that_cannot_be_read_is_told(cast: SimpleNamespace, client_of: Any, clock: Any, asked: str) -> None:
    answer = client_of(cast.dorthe).get(f"/opslag/?{asked}&foer=y&kun=z")
    assert answer.status_code == 422


def test_a_selection_that_does_not_exist_is_told(cast: SimpleNamespace, client_of: Any, clock: Any) -> None:
    answer = client_of(cast.dorthe).get("/opslag/?kun=naat")
    assert answer.status_code == 422
    assert "Det udvalg findes ikke" in answer.content.decode()
    assert client_of(cast.dorthe).get("/opslag/?kun=night").status_code == 200


def test_an_older_page_that_does_not_exist_is_told(cast: SimpleNamespace, client_of: Any, clock: Any) -> None:
    answer = client_of(cast.dorthe).get("/opslag/?foer=i+g%C3%A5r")
    assert answer.status_code == 422
    assert "Den side findes ikke. Her er den nyeste." in answer.content.decode()
    assert client_of(cast.dorthe).get("/opslag/?foer=2026-03-01T10:00:00%2B00:00_7").status_code == 200
