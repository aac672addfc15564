"""The addresses of coming in: those of allauth's views that we use, and no others."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.webauthn import views as passkeys
from django.urls import URLPattern, path

from beside.web.views import sign_in

urlpatterns: list[URLPattern] = [
    path("sign-in/", sign_in.SignIn.as_view(), name="account_login"),
    path("sign-in/passkey/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path("code/", account.request_login_code, name="account_request_login_code"),
    path("code/confirm/", sign_in.ConfirmCode.as_view(), name="account_confirm_login_code"),
    path("sign-out/", sign_in.SignOut.as_view(), name="account_logout"),
    path("sign-up/", sign_in.SignUp.as_view(), name="account_signup"),
    path(
        "sign-up/passkey/",
        sign_in.SignUpByPasskey.as_view(),
        name="account_signup_by_passkey",
    ),
    path("sign-up/passkey/make/", passkeys.signup_webauthn, name="mfa_signup_webauthn"),
    path("sign-up/passkey/later/", sign_in.passkey_later, name="passkey_later"),
    path("sign-up/another-address/", sign_in.another_address, name="another_address"),
    path("address/", sign_in.ChangeAddress.as_view(), name="account_email"),
    path(
        "address/confirm/",
        account.email_verification_sent,
        name="account_email_verification_sent",
    ),
    path("password/", sign_in.ChangePassword.as_view(), name="account_change_password"),
    path("password/first/", sign_in.SetPassword.as_view(), name="account_set_password"),
    path("again/", account.reauthenticate, name="account_reauthenticate"),
    path("again/passkey/", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("passkeys/", passkeys.list_webauthn, name="mfa_list_webauthn"),
    path("passkeys/", passkeys.list_webauthn, name="mfa_index"),
    path("passkeys/add/", sign_in.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("passkeys/end/", sign_in.RemovePasskey.as_view(), name="mfa_remove_webauthn"),
]
