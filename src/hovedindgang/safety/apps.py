from django.apps import AppConfig


class SafetyConfig(AppConfig):
    name = "hovedindgang.safety"
    label = "safety"
