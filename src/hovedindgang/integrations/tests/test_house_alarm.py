"""The house's own alarm is told at the address that the operator named, and nowhere else."""

from __future__ import annotations

import email.message
import urllib.request

from hovedindgang.integrations.house_alarm import OPENER, NotElsewhere


def test_where_the_address_leads_on_is_not_followed() -> None:
    asked = urllib.request.Request("https://alarm.kommune.example/", data=b"{}", method="POST")
    answer = NotElsewhere().redirect_request(asked, None, 302, "", email.message.Message(), "https://another.example/")
    assert answer is None
    kinds = [type(one) for one in OPENER.handlers if isinstance(one, urllib.request.HTTPRedirectHandler)]
    assert kinds == [NotElsewhere]
