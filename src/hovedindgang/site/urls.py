"""Every page's address: each room's urls under its own Danish word."""

from django.urls import include, path

from hovedindgang.site.api import api
from hovedindgang.site.views import demo_figures

handler400 = "hovedindgang.site.views.cannot_be_read"
handler403 = "hovedindgang.people.closing_views.refused"
handler500 = "hovedindgang.site.problems.failed"

urlpatterns = [
    path("api/v1/", api.urls),  # first, since other systems ask most often
    path("", include("hovedindgang.people.urls")),
    path("skranke/", include("hovedindgang.desk.urls")),
    path("henvendelser/", include("hovedindgang.contacts.urls")),
    path("klager/", include("hovedindgang.surveys.urls")),
    path("tryghed/", include("hovedindgang.safety.urls")),
    path("vejledning/", include("hovedindgang.knowledge.urls")),
    path("politik/", include("hovedindgang.policy.urls")),
    path("beslutning/", include("hovedindgang.governance.urls")),
    path("proev/", include("hovedindgang.scenarios.urls")),
    path("databeskyttelse/", include("hovedindgang.privacy.urls")),
    path("tavle/", include("hovedindgang.insight.urls")),
    path("opslag/", include("hovedindgang.oversight.urls")),
    path("registre/", include("hovedindgang.registers.urls")),
    path("oevehus/", include("hovedindgang.practice.urls")),
    path("demonstration/", demo_figures, name="demo_figures"),
    path("konto/", include("hovedindgang.people.account_urls")),
]
