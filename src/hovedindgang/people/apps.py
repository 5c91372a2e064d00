from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "hovedindgang.people"
    label = "people"
