"""The web process."""

import gc

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from hovedindgang.site.setup import django_ready, house_must_fit, keys_must_fit

django_ready()
house_must_fit()
keys_must_fit()
application = get_wsgi_application()
get_resolver().url_patterns  # noqa: B018 (the first page would have to wait for them)
gc.collect()  # what loading left behind has room for pages
gc.freeze()  # what is loaded stays, and is not looked through again
