from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    name = "hovedindgang.knowledge"
    label = "knowledge"
