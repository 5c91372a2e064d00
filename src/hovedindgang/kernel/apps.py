from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "hovedindgang.kernel"
    label = "kernel"
