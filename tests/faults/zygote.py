"""The worker of a house whose worker is killed often: `python -m faults.zygote`.

It starts Django once, opens no connection, and forks a worker; when that one dies, another. So a kill costs
milliseconds, as it does with the web server, whose processes gunicorn forks from one that has loaded them.
"""

from __future__ import annotations

import ctypes
import datetime as dt
import os
import signal
import threading

from hovedindgang.site.setup import django_ready

LEASE_SECONDS = 2.0  # a minute in the product; what a dead worker held is waited for that long
POLL_SECONDS = 0.1
SET_PARENT_DEATH_SIGNAL = 1


def work() -> None:
    """The product's worker with the jobs that have to do with deliveries and seals; it ends only by being killed."""
    from hovedindgang.contacts.actions.sending import send_journal
    from hovedindgang.insight.actions import recompute_marked
    from hovedindgang.kernel.seals import seal_minute
    from hovedindgang.kernel.worker import Job, run_worker

    jobs = (
        Job("journalise in the case system", dt.timedelta(seconds=0.25), send_journal),
        Job("count marked days anew", dt.timedelta(seconds=5), recompute_marked),
        Job("seal what was done", dt.timedelta(seconds=5), seal_minute),
    )
    run_worker(threading.Event(), jobs=jobs, lease_seconds=LEASE_SECONDS, poll_seconds=POLL_SECONDS)


def warmed() -> None:
    """What a process loads when it is first asked; with no connection left open, since those do not outlive a fork."""
    from django.conf import settings
    from django.db import connections
    from django.urls import resolve
    from django.utils.module_loading import import_string

    from hovedindgang.insight import listeners  # noqa: F401
    from hovedindgang.kernel import clock, seals, worker  # noqa: F401
    from hovedindgang.policy.queries import in_force

    resolve("/api/v1/contacts")
    in_force(clock.today())
    import_string(settings.CASE_SYSTEM_ADAPTERS[settings.CASE_SYSTEM])
    connections.close_all()


def main() -> None:
    django_ready()
    warmed()
    while True:
        child = os.fork()
        if child == 0:
            ctypes.CDLL(None).prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)
            work()
            os._exit(0)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main()
