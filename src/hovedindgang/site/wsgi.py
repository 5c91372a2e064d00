"""The web process."""

from django.core.wsgi import get_wsgi_application

from hovedindgang.site.setup import django_ready

django_ready()
application = get_wsgi_application()
