"""What this room does after a deed: the house's own alarm is told, and what has expired is erased."""

from __future__ import annotations

from django.conf import settings
from django.utils.module_loading import import_string

from hovedindgang.kernel.models import Event
from hovedindgang.safety.actions import erase_expired_warnings
from hovedindgang.safety.models import Alarm
from hovedindgang.safety.ports import AlarmTold, HouseAlarm


def tell_house_alarm(event: Event) -> None:
    """Listens to alarm.raised. Screens never wait for it: a listener runs after the deed, and is tried again."""
    alarm = Alarm.objects.filter(pk=int(event.subject_id)).first()
    if alarm is None or not settings.HOUSE_ALARM:
        return
    house: HouseAlarm = import_string(settings.HOUSE_ALARM_ADAPTER)()
    house.pass_on(AlarmTold(alarm.pk, alarm.raised_at, alarm.centre_id or "", alarm.place, alarm.drill))


def erase_expired(event: Event) -> None:
    """Listens to day.began; safe to repeat."""
    erase_expired_warnings()
