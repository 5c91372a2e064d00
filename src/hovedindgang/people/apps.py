from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "hovedindgang.people"
    label = "people"

    def ready(self) -> None:
        from allauth.mfa.signals import authenticator_added
        from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed

        from hovedindgang.people.accounts import note_failure, note_second_factor, note_sign_in, note_sign_out

        authenticator_added.connect(note_second_factor, dispatch_uid="people.note_second_factor")
        user_logged_in.connect(note_sign_in, dispatch_uid="people.note_sign_in")
        user_login_failed.connect(note_failure, dispatch_uid="people.note_failure")
        user_logged_out.connect(note_sign_out, dispatch_uid="people.note_sign_out")
