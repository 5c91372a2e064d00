"""What is measured takes the place of what was assumed, says so, and is about nobody."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from random import Random
from types import SimpleNamespace

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from hovedindgang.contacts.actions import import_contacts
from hovedindgang.contacts.bulk import BulkContact, BulkEnquiry
from hovedindgang.contacts.rules import ForwardKind, Outcome, WorkedBy
from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.kernel.clock import DENMARK
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.service.coming import of_a_year
from hovedindgang.planning.service.competences import CompetenceMatrix
from hovedindgang.planning.service.inputs import Appointments, Assisted, Figure, Inputs
from hovedindgang.planning.service.minutes import handle_minutes
from hovedindgang.policy.queries import in_force
from hovedindgang.registers.models import ImportedFile, RecordedContact
from hovedindgang.registers.rules import FileKind, RecordKind, Result
from hovedindgang.scenarios import actions, pages, queries
from hovedindgang.scenarios.calibrating import begin, calibrate, calibrated
from hovedindgang.scenarios.documents import inputs_of, kept_inputs
from hovedindgang.scenarios.measuring import Measured, Spread, day_spread, measure
from hovedindgang.scenarios.rules import Ground, PlanRefused, RunKind, RunState
from hovedindgang.scenarios.starting import starting_inputs
from hovedindgang.scenarios.tests.planned import done, kept
from hovedindgang.scenarios.writing import as_document
from hovedindgang.servicemodel.document import Channel, Level, ServiceKind, SourceKind

FIRST, DAYS, A_DAY = dt.date(2026, 1, 5), 28, 12  # Mondays to Sundays; 20 workdays
LAST = FIRST + dt.timedelta(days=DAYS - 1)


FIVE = ("alice", "bob", "dorthe", "erik", "frida")


def registered(cast: SimpleNamespace, *, by: tuple[str, ...] = FIVE) -> None:
    """Four weeks: twelve passports a workday in Aabybro, ten minutes each, by those named in turn."""
    rows, people = [], [getattr(cast, name).pk for name in by]
    for day in (FIRST + dt.timedelta(days=number) for number in range(DAYS)):
        for number in range(A_DAY if day.weekday() < 5 else 0):
            began = dt.datetime.combine(day, dt.time(10 + number // 4, 15 * (number % 4)), tzinfo=DENMARK)
            ended = began + dt.timedelta(minutes=8 if number % 2 else 12)
            who = people[(number + day.toordinal()) % len(people)]
            matter = BulkEnquiry(
                service="pas",
                kind=ServiceKind.TRANSACTION,
                level=Level.ADMINISTER,
                outcome=Outcome.RESOLVED,
                outcome_at=ended,
                outcome_by=who,
                worked_by=WorkedBy.BORGERSERVICE,
                on_the_spot=True,
            )
            rows.append(
                BulkContact(
                    channel=Channel.IN_PERSON if number % 3 else Channel.PHONE,
                    started_at=began,
                    ended_at=ended,
                    centre="aabybro",
                    employee=who,
                    enquiries=(matter,),
                )
            )
    import_contacts(rows=rows, actor=SYSTEM, source_name="prøve")


def rung(waits: list[float], given_up: list[float]) -> None:
    """A switchboard that saw so many calls answered and given up after so many minutes."""
    began = dt.datetime.combine(FIRST, dt.time(10), tzinfo=DENMARK)
    file = ImportedFile.objects.create(
        name="opkald.csv",
        sha256="x",
        kind=FileKind.CSV,
        system="Omstilling",
        read=1,
        added=1,
        refused=0,
        first_at=began,
        last_at=began,
        zone="Europe/Copenhagen",
    )
    rows = []
    for number, (minutes, result) in enumerate(
        [*((one, Result.ANSWERED) for one in waits), *((one, Result.LEFT) for one in given_up)]
    ):
        after = began + dt.timedelta(minutes=minutes)
        rows.append(
            RecordedContact(
                file=file,
                system="Omstilling",
                external_id=str(number),
                kind=RecordKind.CALL,
                channel=Channel.PHONE,
                came_at=began,
                called_at=after if result == Result.ANSWERED else None,
                ended_at=after,
                result=result,
            )
        )
    RecordedContact.objects.bulk_create(rows)


def share_of(inputs: Inputs) -> float:
    return of_a_year(in_force(LAST).model, inputs, Channel.IN_PERSON.value)[1]


def test_measured_numbers_take_the_place_of_assumed_ones(cast: SimpleNamespace) -> None:
    registered(cast)
    before = starting_inputs(in_force(LAST).model, FIRST)
    document = calibrate(first=FIRST, last=LAST, actor=SYSTEM)
    inputs = kept_inputs(document.text)
    assert (document.ground, document.measured_first, inputs.first_day, inputs.days) == (
        Ground.CALIBRATED,
        FIRST,
        FIRST,
        DAYS,
    )
    person = inputs.demand.contacts_per_year[Channel.IN_PERSON]
    assert person.kind is SourceKind.MEASURED
    assert person.value == pytest.approx(160 * 365 / DAYS, rel=0.05)
    assert share_of(inputs) * person.value == pytest.approx(160, rel=0.001), "the time that was measured has as many"
    assert "05.01.2026-01.02.2026, antal 160" in person.reference
    minutes = inputs.work.handle_minutes["in_person:pas"]
    assert minutes.kind is SourceKind.MEASURED
    # Ten minutes of everybody; half of the services are new to each, and take 1.4 times as long.
    assert minutes.value == pytest.approx(10 / 1.2, rel=0.05)
    assert inputs.demand.weekday[Channel.IN_PERSON][5] == 0
    assert inputs.demand.hour[Channel.IN_PERSON][9] == 0
    written = inputs.demand.contacts_per_year[Channel.WRITTEN]
    assert written.kind is SourceKind.ASSUMED, "no letter was registered, so nobody knows"
    assert written == before.demand.contacts_per_year[Channel.WRITTEN]
    assert {team.key: (team.number, team.kind) for team in inputs.staff.teams} == {
        "aabybro": (1, SourceKind.MEASURED),
        "pandrup": (1, SourceKind.MEASURED),
    }


def shown_the_way(cast: SimpleNamespace) -> None:
    """Ten who ask about building are sent to the department, ten who ask about housing benefit to the tax authority,
    and ten who want a passport to the tax authority too, though it is ours to make."""
    rows = []
    for number in range(30):
        began = dt.datetime.combine(FIRST, dt.time(10, number), tzinfo=DENMARK)
        service, kind, level, out = (
            ("byggesag", ServiceKind.TRANSACTION, Level.REFER, False),
            ("boligstoette_vejledning", ServiceKind.INFORMATION, Level.GUIDE, True),
            ("pas", ServiceKind.TRANSACTION, Level.ADMINISTER, True),
        )[number % 3]
        who = getattr(cast, FIVE[number // 3 % 5]).pk
        matter = BulkEnquiry(
            service=service,
            kind=kind,
            level=level,
            outcome=Outcome.SIGNPOSTED,
            outcome_at=began,
            outcome_by=who,
            signpost_how=ForwardKind.TOLD,
            signpost_authority="skat" if out else None,
            signpost_department=None if out else "teknik",
        )
        rows.append(
            BulkContact(
                channel=Channel.PHONE,
                started_at=began,
                ended_at=began + dt.timedelta(minutes=5),
                employee=who,
                enquiries=(matter,),
            )
        )
    import_contacts(rows=rows, actor=SYSTEM, source_name="prøve")


def test_who_is_shown_to_a_department_is_not_taken_for_helped_and_who_is_shown_out_counts_as_the_policy_says(
    cast: SimpleNamespace,
) -> None:
    shown_the_way(cast)
    model = in_force(LAST).model
    for counts, guided in (("apart", {}), ("solved", {"resolved": 10}), ("not_solved", {"handed_over": 10})):
        said = dataclasses.replace(model.parameters, signpost_counts=counts)
        found = measure(FIRST, LAST, model=dataclasses.replace(model, parameters=said), smallest=5)
        assert {level: +ends for level, ends in found.ended.items() if +ends} == {
            Level.REFER: {"handed_over": 10},
            **({Level.GUIDE: guided} if guided else {}),
            Level.ADMINISTER: {"handed_over": 10},
        }
        assert found.happened()["sent:all"] == pytest.approx(10 / DAYS, abs=1e-6)


@pytest.mark.parametrize("by", [("alice",), FIVE[:4]], ids=["one", "four"])
def test_what_fewer_than_five_employees_did_tells_of_none_of_them(cast: SimpleNamespace, by: tuple[str, ...]) -> None:
    """Their minutes and what came of their matters stay as assumed, and are not shown; that people came is measured."""
    registered(cast, by=by)
    before = starting_inputs(in_force(LAST).model, FIRST)
    document = calibrate(first=FIRST, last=LAST, actor=SYSTEM)
    work = kept_inputs(document.text).work
    assert work.handle_minutes == before.work.handle_minutes
    assert work.results == before.work.results
    assert not any(key.startswith("minutes:") for key in document.measured["figures"])
    assert kept_inputs(document.text).demand.contacts_per_year[Channel.IN_PERSON].kind is SourceKind.MEASURED


def test_registered_competences_of_a_centre_with_fewer_than_five_stay_out() -> None:
    start, model = starting_inputs_of_nobody(), model_of_nobody()
    centre, service = start.staff.teams[0].centre, next(iter(model.services))
    measured = Measured(FIRST, LAST, smallest=5)
    measured.employees[centre] = 4
    known = calibrated(start, measured, model, competences={centre: [{service: "generalist"}] * 4})
    assert known.staff.competence is None


def test_the_document_tells_of_nobody(cast: SimpleNamespace) -> None:
    registered(cast)
    document = calibrate(first=FIRST, last=LAST, actor=SYSTEM)
    for name in ("alice", "Alice", str(cast.alice.email or "alice@")):
        assert name not in document.text
    assert set(document.measured) == {"days", "figures"}
    assert "served:written" not in document.measured["figures"]


def test_a_group_too_small_is_left_out() -> None:
    measured = Measured(FIRST, LAST, smallest=5)
    measured.contacts.update({"in_person": 4, "phone": 5})
    assert set(measured.happened()) == {"served:phone"}


def test_a_service_with_few_contacts_takes_as_much_more_than_known_as_all_of_its_channel() -> None:
    """Forty calls took twice what is known of their services; of the ten about moving alone nothing could be said."""
    start, model = starting_inputs_of_nobody(), model_of_nobody()
    known_of = dataclasses.replace(model.services["flytning"], handle_minutes=model.services["pas"].handle_minutes)
    model = dataclasses.replace(model, services={**model.services, "flytning": known_of})
    pas, moving = (handle_minutes(start.work, "phone", model.services[key]) for key in ("pas", "flytning"))
    measured = Measured(FIRST, LAST, smallest=5)
    for service, known, number in (("pas", pas, 30), ("flytning", moving, 10)):
        for at in range(number):
            for spread in (measured.handle[f"phone:{service}"], measured.minutes["phone"]):
                spread.add(known * (1.5 if at % 2 else 2.5))
            measured.timed[f"phone:{service}"] += 1
    minutes = calibrated(start, measured, model).work.handle_minutes
    assert minutes["phone:flytning"].value / moving == pytest.approx(minutes["phone:pas"].value / pas, rel=0.01)
    assert "antal 40; opgaven selv har for få" in minutes["phone:flytning"].reference
    assert "antal 30" in minutes["phone:pas"].reference
    assert set(minutes) - set(start.work.handle_minutes) == {"phone:pas", "phone:flytning"}


def test_patience_is_that_of_those_who_gave_up_and_those_who_were_answered(cast: SimpleNamespace) -> None:
    """Who was answered after a minute would have waited longer: patience is not the mean of those who gave up."""
    registered(cast)
    chance = Random(4)
    true = 6.0
    calls = [(chance.expovariate(1 / true), chance.expovariate(1 / 3.0)) for _number in range(4000)]
    rung(
        [wait for patience, wait in calls if wait < patience],
        [patience for patience, wait in calls if wait >= patience],
    )
    inputs = kept_inputs(calibrate(first=FIRST, last=LAST, actor=SYSTEM).text)
    patience = inputs.behaviour.patience_minutes[Channel.PHONE]
    assert patience.kind is SourceKind.MEASURED
    assert patience.value == pytest.approx(true, rel=0.1)
    assert patience.low is not None
    assert patience.high is not None
    assert patience.low < true < patience.high


def test_a_time_too_short_or_not_over_is_not_measured(cast: SimpleNamespace) -> None:
    with pytest.raises(PlanRefused, match="ikke registreret nogen"):
        calibrate(first=None, last=None, actor=SYSTEM)
    with pytest.raises(PlanRefused, match="mindst to uger"):
        calibrate(first=FIRST, last=FIRST, actor=SYSTEM)
    with pytest.raises(PlanRefused, match="for få henvendelser"):
        calibrate(first=FIRST, last=LAST, actor=SYSTEM)


def test_no_more_than_two_years_are_measured(policy_in_force: object) -> None:
    with pytest.raises(PlanRefused, match="højst to år"):
        calibrate(first=LAST - dt.timedelta(days=731), last=LAST, actor=SYSTEM)


def test_a_replay_is_set_beside_what_happened(cast: SimpleNamespace, client_of: Callable[..., Client]) -> None:
    """Before anyone trusts a what-if: contacts a day and minutes come to what was registered."""
    registered(cast)
    document = calibrate(first=FIRST, last=LAST, actor=SYSTEM)
    planner = client_of(cast.erik)
    asked = queries.run(int(planner.post(f"/proev/grundlag/{document.pk}/efterproev/").url.split("/")[-2]))
    assert asked is not None
    assert (asked.kind, asked.replications) == (RunKind.REPLAY, 20)
    actions.stop_run(run_id=asked.pk, actor=SYSTEM)
    run = actions.ask_replay(inputs_id=document.pk, actor=SYSTEM, replications=3)
    assert done(run).state == RunState.DONE
    rows = {str(row[0]): [str(cell) for cell in row[1:]] for row in pages.replay_rows(run)}
    assert rows["Personligt: henvendelser om dagen"][0] == "5,7"
    figure = run.results["figures"]["served:in_person"]
    assert figure["value"] == pytest.approx(160 / DAYS, rel=0.15)
    page = planner.get(f"/proev/koersel/{run.pk}/").content.decode()
    assert "Hvor tæt på det, der skete?" in page
    assert "Demonstrationens år er opdigtet" not in page
    assert "Efterprøvet" in planner.get("/proev/").content.decode()


def test_what_is_not_measured_is_not_replayed(policy_in_force: object) -> None:
    with pytest.raises(PlanRefused, match="ikke målt"):
        actions.ask_replay(inputs_id=kept().pk, actor=SYSTEM)


def test_before_anything_is_measured_everything_is_assumed_and_says_so(
    cast: SimpleNamespace, client_of: Callable[..., Client]
) -> None:
    planner = client_of(cast.erik)
    assert "Begynd med antagelser" in planner.get("/proev/").content.decode()
    assert planner.post("/proev/grundlag/maal/", {"how": "begin"}).status_code == 302
    document = queries.latest_inputs()
    assert document is not None
    kinds = pages.counted_kinds(kept_inputs(document.text))
    assert kinds["measured"] == 0
    assert kinds["assumed"] > 40
    assert begin(actor=SYSTEM).pk == document.pk, "asked for twice it is kept once"
    page = planner.get("/proev/").content.decode()
    assert "Intet er målt" in page


def test_a_document_changed_by_hand_is_kept_as_a_new_one(
    cast: SimpleNamespace, client_of: Callable[..., Client]
) -> None:
    document, planner = kept(), client_of(cast.erik)
    typed = document.text.replace("number = 2", "number = 3", 1)
    made = planner.post(f"/proev/grundlag/{document.pk}/", {"title": "Tre i Aabybro", "text": typed})
    new = queries.latest_inputs()
    assert new is not None
    assert made.url == f"/proev/grundlag/{new.pk}/"
    assert (new.follows_id, kept_inputs(new.text).staff.teams[0].number) == (document.pk, 3)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("number = 2", "numbr = 2", "staff.team.1.numbr"),
        ("[work]", "[work", "TOML"),
        ("days = 14", "days = 0", "days"),
        ("days = 14", 'days = "to"', "days"),
        ("value = 60", "value = -60", "value"),
        ("value = 60", "value = nan", "skal være et tal, der ikke er negativt"),
        ("number = 2", 'number = "to"', "number skal være et helt tal"),
        ("number = 2", "number = 2000", "over 1000 medarbejdere"),
        ("generalist_share = 0.5", "generalist_share = 50", "generalist_share er en andel"),
        ("days = 14", "days = 3000", "højst to år"),
        (
            "[demand.contacts_per_year]\nin_person = { value = ",
            "[demand.contacts_per_year]\nin_person = { value = 9000",
            "over 5000000",
        ),
    ],
)
def test_what_is_wrong_in_a_document_is_said_and_nothing_typed_is_lost(
    cast: SimpleNamespace, client_of: Callable[..., Client], old: str, new: str, said: str
) -> None:
    document = kept()
    typed = document.text.replace(old, new, 1)
    assert typed != document.text
    answer = client_of(cast.erik).post(f"/proev/grundlag/{document.pk}/", {"title": "Forkert", "text": typed})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page
    assert new in page.replace("&quot;", '"')


@settings(max_examples=30, deadline=None)
@given(
    value=st.floats(min_value=0, max_value=1e6),
    more=st.floats(min_value=0, max_value=1e6),
    reference=st.text(max_size=60),
    name=st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\r"), min_size=1, max_size=30),
)
def test_a_document_written_and_read_again_is_the_same(value: float, more: float, reference: str, name: str) -> None:
    start = starting_inputs_of_nobody()
    figure = Figure(value, SourceKind.MEASURED, reference, value, value + more)
    inputs = dataclasses.replace(
        start,
        title=name,
        demand=dataclasses.replace(start.demand, weights={f"phone:{name}": figure}, day_cv=figure),
        work=dataclasses.replace(start.work, transferred=figure),
        appointments=Appointments({name: figure}),
        assisted=Assisted({f"pas:{name}": figure}, figure),
    )
    assert inputs_of(as_document(inputs)) == inputs


def test_registered_competences_take_the_place_of_assumed_ones_and_name_nobody() -> None:
    start, model = starting_inputs_of_nobody(), model_of_nobody()
    centre, service = start.staff.teams[0].centre, next(iter(model.services))
    measured = Measured(FIRST, LAST, smallest=2)
    measured.employees[centre] = 2
    known = calibrated(start, measured, model, competences={centre: [{service: "generalist"}, {service: "none"}]})
    assert known.staff.competence is not None
    assert known.staff.competence.kind is SourceKind.MEASURED
    assert set(known.staff.competence.levels) == {f"{start.staff.teams[0].key}-1", f"{start.staff.teams[0].key}-2"}
    assert "kompetencer er antaget" not in known.staff.teams[0].source
    assert inputs_of(as_document(known)) == known


def test_a_matrix_that_was_written_stands_when_the_rest_is_measured_but_for_those_who_left() -> None:
    start, model = starting_inputs_of_nobody(), model_of_nobody()
    team, service = start.staff.teams[0], next(iter(model.services))
    levels = {f"{team.key}-1": {service: "specialist"}, f"{team.key}-2": {service: "trainee"}}
    staff = dataclasses.replace(start.staff, competence=CompetenceMatrix(levels, "samtaler", otherwise="none"))
    measured = Measured(FIRST, LAST, smallest=3)
    measured.employees[team.centre] = 1
    known = calibrated(dataclasses.replace(start, staff=staff), measured, model).staff.competence
    assert known is not None
    assert known.levels == {f"{team.key}-1": {service: "specialist"}}


def starting_inputs_of_nobody():  # type: ignore[no-untyped-def]
    return starting_inputs(model_of_nobody(), FIRST)


def model_of_nobody():  # type: ignore[no-untyped-def]
    from hovedindgang.conftest import SMALL
    from hovedindgang.servicemodel.loading import loads_kept

    return loads_kept(SMALL.read_text(encoding="utf-8"), name="small", includes={})


def test_a_document_that_cannot_be_read_is_refused_at_the_command_line_too(policy_in_force: object) -> None:
    with pytest.raises(CannotPlan, match="first_day mangler"):
        inputs_of("title = 'x'")


def test_days_that_differ_by_chance_alone_are_not_said_to_vary() -> None:
    """Poisson days have a spread beyond chance of nothing; days half as busy and half as busy again do."""
    chance = Random(1)
    calm, wild = Measured(FIRST, FIRST + dt.timedelta(days=363), 5), Measured(FIRST, FIRST + dt.timedelta(days=363), 5)
    for number in range(364):
        day = FIRST + dt.timedelta(days=number)
        calm.by_day["phone", day] = poisson(chance, 60.0)
        wild.by_day["phone", day] = poisson(chance, 60.0 * chance.choice([0.7, 1.3]))
    quiet, loud = day_spread(calm, "phone", {}), day_spread(wild, "phone", {})
    assert quiet is not None
    assert quiet < 0.05
    assert loud == pytest.approx(0.3, abs=0.04)


def poisson(chance: Random, mean: float) -> int:
    at, number = chance.expovariate(1.0), 0
    while at < mean:
        at, number = at + chance.expovariate(1.0), number + 1
    return number


@given(st.lists(st.floats(min_value=0.1, max_value=200), min_size=2, max_size=40))
def test_a_spread_is_the_samples(values: list[float]) -> None:
    spread = Spread()
    for value in values:
        spread.add(value)
    mean = sum(values) / len(values)
    deviation = (sum((one - mean) ** 2 for one in values) / (len(values) - 1)) ** 0.5
    assert spread.mean == pytest.approx(mean)
    assert spread.cv == pytest.approx(deviation / mean, abs=1e-5)
