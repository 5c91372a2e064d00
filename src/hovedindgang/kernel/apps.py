from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "hovedindgang.kernel"
    label = "kernel"

    def ready(self) -> None:
        from hovedindgang.kernel.encryption import prove_with
        from hovedindgang.kernel.rotation import prove

        prove_with(prove)
