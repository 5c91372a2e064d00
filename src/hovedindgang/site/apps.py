from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "hovedindgang.site"
    label = "site"

    def ready(self) -> None:
        from hovedindgang.kernel import deliveries
        from hovedindgang.site.listeners import LISTENERS

        deliveries.listen(LISTENERS)
