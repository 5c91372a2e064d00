from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "hovedindgang.people"
    label = "people"

    def ready(self) -> None:
        from allauth.account.signals import password_changed
        from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
        from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed

        from hovedindgang.people.accounts import (
            note_changed_way_in,
            note_failure,
            note_new_password,
            note_second_factor,
            note_sign_in,
            note_sign_out,
        )

        password_changed.connect(note_new_password, dispatch_uid="people.note_new_password")
        for changed in (authenticator_removed, authenticator_reset, password_changed):
            changed.connect(note_changed_way_in, dispatch_uid="people.note_changed_way_in")
        authenticator_added.connect(note_second_factor, dispatch_uid="people.note_second_factor")
        user_logged_in.connect(note_sign_in, dispatch_uid="people.note_sign_in")
        user_login_failed.connect(note_failure, dispatch_uid="people.note_failure")
        user_logged_out.connect(note_sign_out, dispatch_uid="people.note_sign_out")
