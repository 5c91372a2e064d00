from django.apps import AppConfig


class PracticeConfig(AppConfig):
    name = "hovedindgang.practice"
    label = "practice"
