"""The web process."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from types import ModuleType

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from hovedindgang.site.setup import django_ready, house_must_fit, keys_must_fit


@contextmanager
def no_test_client() -> Iterator[None]:
    """Load without the package `django.test`, which brings unittest and jinja2: 4 MB and more of every process.

    django-ninja takes one signal from a module of it, and that module needs none of the rest.
    """
    package = find_spec("django.test")
    if package is None or "django.test" in sys.modules:
        yield
        return
    stand_in = sys.modules["django.test"] = ModuleType("django.test")
    stand_in.__path__ = list(package.submodule_search_locations or [])  # its modules are found, each by itself
    try:
        yield
    finally:
        del sys.modules["django.test"]  # whoever asks for the package gets it whole


with no_test_client():
    django_ready()
    house_must_fit()
    keys_must_fit()
    application = get_wsgi_application()
    get_resolver().url_patterns  # noqa: B018 (the first page would have to wait for them)
gc.collect()  # what loading left behind has room for pages
gc.freeze()  # what is loaded stays, and is not looked through again
