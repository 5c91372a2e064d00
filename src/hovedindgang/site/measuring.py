"""`hovedindgang plan calibrate`: the one command of planning that needs a database, with Django ready when it runs."""

from __future__ import annotations

from hovedindgang.scenarios.commands import calibrate
from hovedindgang.site.cli import after_django

calibrate.callback = after_django(calibrate.callback, "plan")
