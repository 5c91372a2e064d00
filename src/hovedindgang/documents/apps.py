from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "hovedindgang.documents"
    label = "documents"
