from django.apps import AppConfig


class OversightConfig(AppConfig):
    name = "hovedindgang.oversight"
    label = "oversight"
