from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "hovedindgang.privacy"
    label = "privacy"
