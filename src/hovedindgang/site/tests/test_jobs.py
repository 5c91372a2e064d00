"""What comes round by itself."""

from __future__ import annotations

import datetime as dt

import pytest

from hovedindgang.kernel.models import Event
from hovedindgang.kernel.worker import Job
from hovedindgang.policy.queries import InForce
from hovedindgang.site.jobs import JOBS


def test_the_worker_begins_the_day_once_however_often_the_job_comes_round(policy_in_force: InForce, clock) -> None:
    for _minute in range(3):
        for job in JOBS:
            job.run_if_due()
        clock.go(minutes=1)
    assert list(Event.objects.filter(verb="day.began").values_list("subject_id", flat=True)) == ["2026-03-11"]
    clock.go(days=1)
    for job in JOBS:
        job.run_if_due()
    assert Event.objects.filter(verb="day.began").latest("id").subject_id == "2026-03-12"


@pytest.mark.django_db
def test_a_job_that_fails_is_logged_and_comes_round_again(clock, caplog) -> None:
    runs = []

    def fails() -> None:
        runs.append(1)
        raise ValueError("610190-0001")

    job = Job("a job", dt.timedelta(minutes=1), fails)
    for _second in range(120):
        job.run_if_due()
        clock.go(seconds=1)
    assert len(runs) == 2
    assert "the job a job failed" in caplog.text
