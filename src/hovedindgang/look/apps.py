from django.apps import AppConfig


class LookConfig(AppConfig):
    name = "hovedindgang.look"
    label = "look"
