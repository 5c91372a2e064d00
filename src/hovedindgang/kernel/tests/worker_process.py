"""A worker in a process of its own, to be killed: `python -m hovedindgang.kernel.tests.worker_process [broken]`."""

from __future__ import annotations

import os
import sys
import threading
import uuid

import django


def main(arguments: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hovedindgang.site.settings")
    django.setup()
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
