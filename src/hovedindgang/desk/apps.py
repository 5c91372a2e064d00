from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "hovedindgang.desk"
    label = "desk"
