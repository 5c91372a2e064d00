from django.apps import AppConfig


class PolicyConfig(AppConfig):
    name = "hovedindgang.policy"
    label = "policy"
