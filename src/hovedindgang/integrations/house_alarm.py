"""The house's own alarm, as a file that something reads or an address that is posted to. Implements safety's port."""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from hovedindgang.integrations.case_rest import is_here
from hovedindgang.safety.ports import AlarmTold

TIMEOUT_SECONDS = 5


class NotElsewhere(urllib.request.HTTPRedirectHandler):
    """The operator named one address; where that leads on is not followed."""

    def redirect_request(self, *asked: object) -> None:
        return None


OPENER = urllib.request.build_opener(NotElsewhere)


class HookOrFile:
    """`HOVEDINDGANG_ALARM`: an http(s) address is posted to, else it is a file that a line of JSON is added to."""

    def pass_on(self, alarm: AlarmTold) -> None:
        """Raises OSError where it could not be told."""
        place = settings.HOUSE_ALARM
        said = json.dumps(
            {
                "number": alarm.number,
                "raised_at": alarm.raised_at.isoformat(),
                "centre": alarm.centre,
                "place": alarm.place,
                "drill": alarm.drill,
            },
            ensure_ascii=False,
        )
        if place.startswith("http://") and not is_here(urlsplit(place).hostname or ""):
            raise OSError("the alarm's address is an open line: use https")
        if place.startswith(("http://", "https://")):
            post = urllib.request.Request(  # noqa: S310 - the address is the operator's own setting
                place, data=said.encode(), headers={"Content-Type": "application/json"}, method="POST"
            )
            with OPENER.open(post, timeout=TIMEOUT_SECONDS):
                return
        with Path(place).open("a", encoding="utf-8") as file:
            file.write(said + "\n")
