"""The web process."""

from django.core.wsgi import get_wsgi_application

from hovedindgang.site.setup import django_ready, house_must_fit, keys_must_fit

django_ready()
house_must_fit()
keys_must_fit()
application = get_wsgi_application()
