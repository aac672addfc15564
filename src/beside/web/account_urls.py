"""The addresses for signing in and for what opens an account: only those of allauth's views that we use."""

from __future__ import annotations

from allauth.mfa.webauthn import views as passkeys
from django.urls import URLPattern, path

from beside.web.views import account_changes, organisation_links, reauthentication, sign_in

urlpatterns: list[URLPattern] = [
    path("sign-in/", sign_in.SignIn.as_view(), name="account_login"),
    path("sign-in/passkey/", sign_in.SignInByPasskey.as_view(), name="mfa_login_webauthn"),
    path("code/", sign_in.AskForCode.as_view(), name="account_request_login_code"),
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
    path("address/", account_changes.ChangeAddress.as_view(), name="account_email"),
    path(
        "address/confirm/",
        sign_in.ConfirmAddress.as_view(),
        name="account_email_verification_sent",
    ),
    path("password/", account_changes.ChangePassword.as_view(), name="account_change_password"),
    path("password/first/", account_changes.SetPassword.as_view(), name="account_set_password"),
    path("again/", reauthentication.ByPassword.as_view(), name="account_reauthenticate"),
    path(
        "again/passkey/",
        reauthentication.ByPasskey.as_view(),
        name="mfa_reauthenticate_webauthn",
    ),
    path("again/code/", reauthentication.ByCode.as_view(), name="reauthenticate_by_code"),
    path("undo/", account_changes.undo, name="undo_account_change"),
    path("changes/<uuid:change_id>/", account_changes.own, name="account_change"),
    path("passkeys/", passkeys.list_webauthn, name="mfa_list_webauthn"),
    path("passkeys/", passkeys.list_webauthn, name="mfa_index"),
    path("organisation/", organisation_links.show, name="organisation_link"),
    path("organisation/there/", organisation_links.begin, name="organisation_begin"),
    path("organisation/back/", organisation_links.back, name="organisation_back"),
    path("organisation/yours/", organisation_links.yours, name="organisation_yours"),
    path("organisation/end/", organisation_links.end, name="organisation_end"),
    path("passkeys/add/", account_changes.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("passkeys/end/", account_changes.RemovePasskey.as_view(), name="mfa_remove_webauthn"),
]
