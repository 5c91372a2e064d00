from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    name = "hovedindgang.governance"
    label = "governance"
