"""The worker: tells listeners what happened, at least once, in order for each subject; and runs the regular jobs.

One `UPDATE … RETURNING` leases the head of some queues, a queue being one listener and one subject. The listener's
work and the mark that it is done are one transaction, so a worker killed anywhere has done a delivery wholly or
not at all; its leases run out and another takes them. A thread beats while work goes on, so that long work keeps
its lease. What fails is tried again with growing pauses, the rest of its queue waiting, and after the last attempt
it is quarantined for a person and its queue goes on.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import DatabaseError, InterfaceError, OperationalError, close_old_connections, connection, transaction
from django.db.models import F
from django.utils.module_loading import import_string

from hovedindgang.kernel import clock
from hovedindgang.kernel.logs import without_cpr
from hovedindgang.kernel.models import Delivery, DeliveryState, Event
from hovedindgang.kernel.requests import one_request

LEASE_SECONDS = 60.0
POLL_SECONDS = 0.5
BATCH = 20
ATTEMPTS = 8  # then a person looks at it: the last pause is about a quarter of an hour
Value = str | float | uuid.UUID
log = logging.getLogger(__name__)

# The database's clock decides, in both: the application's machines may disagree.
_NOW = {"postgresql": "now()", "sqlite": "strftime('%%Y-%%m-%%d %%H:%%M:%%f', 'now')"}
_LATER = {
    "postgresql": "now() + make_interval(secs => %s)",
    "sqlite": "strftime('%%Y-%%m-%%d %%H:%%M:%%f', 'now', '+' || %s || ' seconds')",
}
_LEASE = """
UPDATE kernel_delivery SET state = 'leased', lease = %s, attempts = attempts + 1, leased_until = {later}
WHERE id IN (
    SELECT head.id FROM kernel_delivery AS head
    WHERE head.state IN ('waiting', 'leased') AND head.attempts < %s
      AND ((head.state = 'waiting' AND head.available_at <= {now})
           OR (head.state = 'leased' AND head.leased_until < {now}))
      AND NOT EXISTS (
          SELECT 1 FROM kernel_delivery AS earlier
          WHERE earlier.listener = head.listener AND earlier.subject = head.subject AND earlier.id < head.id
            AND earlier.state IN ('waiting', 'leased'))
    ORDER BY head.id LIMIT %s {skip}
)
RETURNING id
"""
_AGAIN = """
UPDATE kernel_delivery SET state = %s, lease = NULL, leased_until = NULL, error = %s, available_at = {later}
WHERE id = %s AND lease = %s AND state = 'leased'
"""
_BEAT = "UPDATE kernel_delivery SET leased_until = {later} WHERE lease = %s AND state = 'leased'"
_GIVE_UP = """
UPDATE kernel_delivery SET state = 'quarantined', lease = NULL, leased_until = NULL,
       error = 'the worker died at the last attempt'
WHERE state = 'leased' AND leased_until < {now} AND attempts >= %s
"""


class LeaseLost(Exception):
    """Another worker has it now; what this one did is rolled back."""


@dataclass(slots=True)
class Job:
    """Work that comes round. Several workers may run it at once, so it must be safe to repeat."""

    name: str
    every: dt.timedelta
    run: Callable[[], object]
    _next: dt.datetime = field(default=dt.datetime.min.replace(tzinfo=dt.UTC))

    def run_if_due(self) -> None:
        """Run it when its time has come; a failure is logged, and it comes round again as usual."""
        if clock.now() < self._next:
            return
        self._next = clock.now() + self.every
        try:
            with one_request():
                self.run()
        except Exception:
            log.exception("the job %s failed", self.name)


def run_worker(
    stop: threading.Event,
    *,
    jobs: Sequence[Job] = (),
    lease_seconds: float = LEASE_SECONDS,
    poll_seconds: float = POLL_SECONDS,
) -> None:
    """Work until `stop` is set; what is under way is finished first, and what was leased beyond it given back."""
    while not stop.is_set():
        try:
            for job in jobs:
                job.run_if_due()
            done = work_off(stop=stop, lease_seconds=lease_seconds)
        except (OperationalError, InterfaceError):  # the database is away: it comes back, or we are stopped
            log.exception("the worker lost its database")
            done = 0
        close_old_connections()
        if not done:
            stop.wait(poll_seconds)


def work_off(*, stop: threading.Event | None = None, lease_seconds: float = LEASE_SECONDS) -> int:
    """Lease one batch and work it off; gives the number of deliveries tried. 0: nothing waits."""
    if not Delivery.objects.filter(state__in=[DeliveryState.WAITING, DeliveryState.LEASED]).exists():
        return 0  # a look costs no lock; leasing does, where there is one writer
    lease = uuid.uuid4()
    _execute(_GIVE_UP, [ATTEMPTS])
    leased = _leased(lease, lease_seconds)
    if not leased:
        return 0
    tried = 0
    with _beating(lease, lease_seconds):
        for delivery in leased:
            if stop is not None and stop.is_set():
                break
            _deliver(delivery, lease)
            tried += 1
    if tried < len(leased):
        _give_back(lease)
    return tried


def work_off_all() -> int:
    """Deliver until nothing waits; for commands and tests, where no worker runs. What failed stays for later."""
    total = 0
    while tried := work_off():
        total += tried
    return total


def _leased(lease: uuid.UUID, lease_seconds: float) -> list[Delivery]:
    skip = "FOR UPDATE SKIP LOCKED" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(_sql(_LEASE, skip=skip), [_uuid(lease), lease_seconds, ATTEMPTS, BATCH])
        ids = [row[0] for row in cursor.fetchall()]
    return list(Delivery.objects.filter(pk__in=ids).select_related("event").order_by("pk")) if ids else []


def _deliver(delivery: Delivery, lease: uuid.UUID) -> None:
    try:
        with one_request(), transaction.atomic():
            _tell(delivery.listener, delivery.event)
            _mark_done(delivery, lease)
    except LeaseLost:
        log.warning("delivery %s was taken over by another worker", delivery.pk)
    except Exception as error:
        _try_again(delivery, lease, error)


def _tell(listener: str, event: Event) -> None:
    listen: Callable[[Event], object] = import_string(listener)
    listen(event)


def _mark_done(delivery: Delivery, lease: uuid.UUID) -> None:
    mine = Delivery.objects.filter(pk=delivery.pk, lease=lease, state=DeliveryState.LEASED)
    if not mine.update(state=DeliveryState.DONE, lease=None, leased_until=None, error="", done_at=clock.now()):
        raise LeaseLost


def _try_again(delivery: Delivery, lease: uuid.UUID, error: Exception) -> None:
    last = delivery.attempts >= ATTEMPTS
    state = DeliveryState.QUARANTINED if last else DeliveryState.WAITING
    said = without_cpr(f"{type(error).__name__}: {error}")[:500]
    log.warning("delivery %s to %s failed, attempt %s: %s", delivery.pk, delivery.listener, delivery.attempts, said)
    _execute(_AGAIN, [state.value, said, pause_seconds(delivery.attempts), delivery.pk, _uuid(lease)])


def pause_seconds(attempts: int) -> float:
    """How long to wait after so many attempts: 2, 8, 32 ... seconds, at most a quarter of an hour."""
    return min(900.0, 2.0 * 4 ** (attempts - 1))


def _give_back(lease: uuid.UUID) -> None:
    """What was leased and not begun; its attempt is not counted."""
    Delivery.objects.filter(lease=lease, state=DeliveryState.LEASED).update(
        state=DeliveryState.WAITING, lease=None, leased_until=None, attempts=F("attempts") - 1
    )


@contextmanager
def _beating(lease: uuid.UUID, lease_seconds: float) -> Iterator[None]:
    """Within the block the lease is renewed each third of its length, from a thread with its own connection."""
    finished = threading.Event()

    def beat() -> None:
        try:
            while not finished.wait(lease_seconds / 3):
                _execute(_BEAT, [lease_seconds, _uuid(lease)])
        except DatabaseError:  # then the lease runs out, and the work is rolled back by LeaseLost
            log.exception("the lease could not be renewed")
        finally:
            connection.close()

    thread = threading.Thread(target=beat, name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        finished.set()
        thread.join()


def _execute(statement: str, values: Sequence[Value]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_sql(statement), values)


def _sql(statement: str, **parts: str) -> str:
    return statement.format(now=_NOW[connection.vendor], later=_LATER[connection.vendor], **parts)


def _uuid(value: uuid.UUID) -> uuid.UUID | str:
    """A UUID as the database at work takes it in plain SQL."""
    return value if connection.vendor == "postgresql" else value.hex
