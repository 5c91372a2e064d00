from django.apps import AppConfig


class RegistersConfig(AppConfig):
    name = "hovedindgang.registers"
    label = "registers"
