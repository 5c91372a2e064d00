from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "hovedindgang.surveys"
    label = "surveys"
