from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "hovedindgang.people"
    label = "people"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from hovedindgang.people.accounts import note_sign_in

        user_logged_in.connect(note_sign_in, dispatch_uid="people.note_sign_in")
