from django.apps import AppConfig


class ScenariosConfig(AppConfig):
    name = "hovedindgang.scenarios"
    label = "scenarios"
