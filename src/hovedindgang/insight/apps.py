from django.apps import AppConfig


class InsightConfig(AppConfig):
    name = "hovedindgang.insight"
    label = "insight"
