"""What a delivery does that can be counted: a row for each time it was done, and now and then a matter journalised."""

from __future__ import annotations

from hovedindgang.kernel.models import Event

HEAR = "faults.effects.hear"
TABLE = "CREATE TABLE faults_heard (event_id bigint NOT NULL)"  # no key: what is heard twice lies there twice
JOURNALISED_EVERY = 5
JOURNALIST = "journalist"


def hear(event: Event) -> None:
    """Listens to contact.registered. It is not safe to repeat: that it is done once is what is tried."""
    from django.db import connection

    from hovedindgang.contacts.actions import journalise
    from hovedindgang.contacts.models import Enquiry
    from hovedindgang.people.models import Employee

    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO faults_heard (event_id) VALUES (%s)", [event.pk])
    if event.pk % JOURNALISED_EVERY == 0:
        enquiry = Enquiry.objects.get(contact=int(event.subject_id))
        who = Employee.objects.get(username=JOURNALIST)
        journalise(employee=who, enquiry_id=enquiry.pk, title="Pas", text="Spurgte til sit pas")
