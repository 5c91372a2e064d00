"""The pages of django-allauth that are used here, under our words; the others are closed.

Its code asks for the addresses of pages that we do not have (sign-up, e-mail, reset by e-mail): they lead nowhere.
"""

from allauth.account import views as account
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkey
from django.urls import path

from hovedindgang.people import idle_views, provider_views
from hovedindgang.people.doors import door, public
from hovedindgang.people.views import SignIn, my_sign_ins, no_password, nowhere, sign_out, with_a_new_key

CLOSED = (
    "account_signup",
    "account_email",
    "account_email_verification_sent",
    "account_reset_password",
    "account_reset_password_done",
    "mfa_edit_webauthn",
    "socialaccount_connections",
    "socialaccount_login_cancelled",
    "socialaccount_signup",
)

urlpatterns = [
    path("log-ind/", public(SignIn.as_view()), name="account_login"),
    path("log-ud/", sign_out, name="account_logout"),
    path("lukket/", account.account_inactive, name="account_inactive"),
    path("bekraeft/", with_a_new_key(account.reauthenticate), name="account_reauthenticate"),
    path("adgangskode/", account.password_change, name="account_change_password"),
    path("adgangskode/ingen/", no_password, name="account_set_password"),
    path("kode/", second_factor.authenticate, name="mfa_authenticate"),
    path("kode/bekraeft/", with_a_new_key(second_factor.reauthenticate), name="mfa_reauthenticate"),
    path("kode/app/", second_factor.index, name="mfa_index"),
    path("kode/app/til/", app.activate_totp, name="mfa_activate_totp"),
    path("kode/app/fra/", app.deactivate_totp, name="mfa_deactivate_totp"),
    path("kode/reserve/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("kode/reserve/nye/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("kode/reserve/hent/", recovery_codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("noegle/", second_factor.index, name="mfa_list_webauthn"),
    path("noegle/ny/", passkey.add_webauthn, name="mfa_add_webauthn"),
    path("noegle/bekraeft/", with_a_new_key(passkey.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
    path("noegle/<int:pk>/fjern/", door()(passkey.remove_webauthn), name="mfa_remove_webauthn"),
    path("logget-ind/", my_sign_ins, name="my_sign_ins"),
    path("laast/", idle_views.locked, name="locked"),
    path("laas/", idle_views.lock_now, name="lock_now"),
    path("her/", idle_views.still_here, name="still_here"),
    path("skrevet/", idle_views.kept, name="kept"),
    path("kommune/", provider_views.sign_in, name="provider_sign_in"),
    path("kommune/bekraeftet/", provider_views.proven, name="provider_proven"),
    path("kommune/ud/", provider_views.end_from_there, name="provider_ends"),
    path("kommune/<str:provider_id>/svar/", provider_views.callback, name="openid_connect_callback"),
    *(path(f"ingen/{name}/", nowhere, name=name) for name in CLOSED),
]
