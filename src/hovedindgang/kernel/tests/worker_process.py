"""A worker in a process of its own, to be killed: `python -m hovedindgang.kernel.tests.worker_process [broken]`."""

from __future__ import annotations

import sys
import threading
import uuid

from hovedindgang.site.setup import django_ready


def main(arguments: list[str]) -> None:
    django_ready()
    from django.db import transaction

    from hovedindgang.kernel import worker
    from hovedindgang.kernel.models import Delivery
    from hovedindgang.kernel.tests import listeners

    listeners.hangs = True

    def marks_done_before_working(delivery: Delivery, lease: uuid.UUID) -> None:
        worker._mark_done(delivery, lease)
        with transaction.atomic():
            worker._tell(delivery.listener, delivery.event)

    if "broken" in arguments:
        worker._deliver = marks_done_before_working
    worker.run_worker(threading.Event(), lease_seconds=0.5, poll_seconds=0.05)


if __name__ == "__main__":
    main(sys.argv[1:])
