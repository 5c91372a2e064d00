"""The house's own alarm is told at the address that the operator named, and nowhere else."""

from __future__ import annotations

import email.message
import urllib.request

import pytest

from hovedindgang.integrations.house_alarm import OPENER, HookOrFile, NotElsewhere
from hovedindgang.kernel import clock
from hovedindgang.safety.ports import AlarmTold


def test_where_the_address_leads_on_is_not_followed() -> None:
    asked = urllib.request.Request("https://alarm.kommune.example/", data=b"{}", method="POST")
    answer = NotElsewhere().redirect_request(asked, None, 302, "", email.message.Message(), "https://another.example/")
    assert answer is None
    kinds = [type(one) for one in OPENER.handlers if isinstance(one, urllib.request.HTTPRedirectHandler)]
    assert kinds == [NotElsewhere]


def test_nobody_is_told_over_an_open_line(settings) -> None:
    settings.HOUSE_ALARM = "http://alarm.kommune.example/"
    told = AlarmTold(number=1, raised_at=clock.now(), centre="aabybro", place="Plads 4", drill=True)
    with pytest.raises(OSError, match="open line"):
        HookOrFile().pass_on(told)


def test_an_alarm_that_nobody_takes_is_waited_for_five_seconds(settings, monkeypatch) -> None:
    settings.HOUSE_ALARM = "https://alarm.kommune.example/"
    waited = []

    def silent(_post: object, timeout: float) -> None:
        waited.append(timeout)
        raise TimeoutError

    monkeypatch.setattr(OPENER, "open", silent)
    told = AlarmTold(number=1, raised_at=clock.now(), centre="aabybro", place="Plads 4", drill=True)
    with pytest.raises(TimeoutError):
        HookOrFile().pass_on(told)
    assert waited == [5]
