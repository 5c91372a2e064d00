"""The web process of a house that is killed often: all that the first request would load is loaded before the fork."""

from faults.zygote import warmed
from hovedindgang.site.wsgi import application

warmed()
__all__ = ["application"]
