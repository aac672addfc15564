"""Django's settings, all made from `env`. There is one file for every place it runs in."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from beside.config import databases, env, logs, mail_server, process, root_key
from beside.people import languages
from beside.photos.vault import root
from beside.photos.vault.slots import slots_at

# Every process that loads these settings holds a key.
process.keep_to_itself()
BESIDE = env.load(os.environ)
process.write_as_owner_of(BESIDE.data.absolute())
SOURCE = Path(__file__).resolve().parent.parent
_address = urlsplit(BESIDE.url)
_secure = _address.scheme == "https"

root_key.require_readable(BESIDE.root_key_file)
# Only a place without a keyring and without rows gets a new root key; elsewhere a missing one is an error to report.
_lacks_key = not BESIDE.root_key_file.exists()
_is_new_place = _lacks_key and not slots_at(BESIDE.keyring_place).exist()
if process.may_create_root_key():
    _is_new_place = _is_new_place and not databases.has_tables(BESIDE)
if _is_new_place and not process.may_create_root_key():
    # A command that only looks at an empty place: nothing is sealed or signed with this key.
    ROOT_KEY = root.throw_away_root()
else:
    ROOT_KEY = root_key.opened(BESIDE, is_new_place=_is_new_place)
SECRET_KEY = root.derive(ROOT_KEY, "django-secret").hex()
WEB_PUSH_KEY = root.derive(ROOT_KEY, "web-push")
DEBUG = BESIDE.debug
# An address of IPv6 stands in brackets in the Host header, too.
_host = _address.netloc.rpartition("]")[0] + "]" if "]" in _address.netloc else _address.hostname
ALLOWED_HOSTS = [_host or "localhost", "localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [f"{_address.scheme}://{_address.netloc}"]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    # Before allauth, so that every page of sign-in is one of ours.
    "beside.web",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    # For signing in by the organisation's own provider; its tables are there whether that is offered or not.
    "allauth.socialaccount",
    "beside.notices",
    "beside.index",
    "beside.people",
    "beside.photos",
    "beside.posts",
    "beside.access",
    "beside.responses",
    "beside.thanks",
    "beside.family",
    "beside.archive",
    "beside.moderation",
]

MIDDLEWARE = [
    "beside.web.http.middleware.headers",
    "beside.web.http.middleware.health_by_any_name",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "beside.web.http.languages.activate",
    "beside.web.http.unsent.SignInRequired",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "beside.web.http.middleware.viewer",
    "beside.web.http.middleware.suspension",
    "beside.web.http.time_zones.activate",
    "beside.web.views.errors.middleware",
]

ROOT_URLCONF = "beside.config.urls"
WSGI_APPLICATION = "beside.config.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "beside.web.http.context.frame",
            ],
            "libraries": {"i18n": "beside.web.templatetags.sentences"},
            "builtins": [
                "beside.web.templatetags.addresses",
                "beside.web.templatetags.isolates",
                "beside.web.templatetags.formats",
                "beside.web.templatetags.people",
            ],
        },
    }
]

# Its tags `translate` and `blocktranslate` are ours on purpose.
SILENCED_SYSTEM_CHECKS = ["templates.W003"]

DATABASES: dict[str, Any] = {"default": databases.of(BESIDE)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# In the database, because a limit on sign-in must hold in every server process.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "rate_limits",
        # At Django's 300, a flood of attempts would push the count of others out.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

AUTH_USER_MODEL = "people.Account"
SESSION_ENGINE = "beside.people.sessions"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _secure
SESSION_COOKIE_NAME = "__Host-session" if _secure else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if _secure else "csrf"
DEVICE_COOKIE_NAME = "__Host-device" if _secure else "device"
CSRF_FAILURE_VIEW = "beside.web.http.csrf.csrf_lapsed"
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 31_536_000 if _secure else 0
# Beside itself speaks no TLS: where its address is https, a proxy stands in front of it and says so.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _secure else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# No upload may ever be written to a temporary file: plain pixels never reach a disk.
FILE_UPLOAD_HANDLERS = ["beside.web.http.multipart.SealingUploadHandler"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
# The handler itself says kindly that there are too many; this bounds what it has to look at.
DATA_UPLOAD_MAX_NUMBER_FILES = 500

# In every language by itself: whoever looks for theirs may read no other.
LANGUAGES = list(languages.NAMES.items())
LANGUAGE_CODE = BESIDE.language
LANGUAGE_COOKIE_NAME = "language"
LOCALE_PATHS = [SOURCE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = BESIDE.time_zone

STATIC_URL = "/static/"
STATIC_ROOT = BESIDE.data / "static"
STATICFILES_DIRS: list[Path] = []
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "beside.web.static_files.HashedFiles"},
}

DEFAULT_FROM_EMAIL = BESIDE.sender
EMAIL_BACKEND = "beside.config.mail_backend.Outbox"
MAIL_CARRIER = "beside.notices.mail.FolderAndTerminal"
EMAIL_FILE_PATH = BESIDE.data / "mail"
if _server := BESIDE.mail_server:
    MAIL_CARRIER = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = _server.host
    EMAIL_PORT = _server.port
    EMAIL_HOST_USER = _server.user
    EMAIL_HOST_PASSWORD = _server.password
    EMAIL_USE_TLS = _server.uses_starttls
    EMAIL_USE_SSL = _server.uses_tls
    EMAIL_TIMEOUT = mail_server.TIMEOUT_S

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "beside.web.allauth_adapter.Adapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
# A password is never asked for at sign-up; naming it here lets those who have one use it.
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1"]
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
# Fifteen minutes: three are too few at night, on a phone, with the mail in another app.
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 900
ACCOUNT_LOGIN_BY_CODE_FORMAT = ACCOUNT_EMAIL_VERIFICATION_BY_CODE_FORMAT = {
    "numeric": True,
    "length": 8,
    "dashed": False,
}
ACCOUNT_PREVENT_ENUMERATION = True
# The adapter writes this mail and throws it away, so that an answer takes as long for either.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
# How often something may be done: by account ("user"), address ("key") or network ("ip"). They are counted
# in the cache, so over all processes. Guesses at secrets are counted by `people.guesses` instead, which
# no number of parallel requests gets around; so allauth's own limits on them are off.
ACCOUNT_RATE_LIMITS = {
    "login": "",
    "login_failed": "",
    "request_login_code": "",
    "reauthenticate": "",
    "confirm_email": "1/5s/key,6/h/key",
    "signup": "10/h/ip",
    "change_password": "5/h/user",
    "manage_email": "10/h/user",
}
ACCOUNT_FORMS = {
    "login": "beside.web.forms.sign_in.PasswordForm",
    "request_login_code": "beside.web.forms.sign_in.AskForCodeForm",
    "confirm_login_code": "beside.web.forms.sign_in.CodeForm",
    "confirm_email_verification_code": "beside.web.forms.sign_in.AddressCodeForm",
    "signup": "beside.web.forms.sign_in.SignUpForm",
    "reauthenticate": "beside.web.forms.sign_in.PasswordAgainForm",
    "add_email": "beside.web.forms.sign_in.NewAddressForm",
    "change_password": "beside.web.forms.sign_in.NewPasswordForm",
    "set_password": "beside.web.forms.sign_in.NewPasswordForm",
}
ALLAUTH_TRUSTED_PROXY_COUNT = BESIDE.trusted_proxies
MFA_ADAPTER = "beside.web.passkey_adapter.Passkeys"
MFA_FORMS = {"add_webauthn": "beside.web.forms.sign_in.PasskeyForm"}
# A passkey opens the door by itself; it is never a second lock behind a code or a password.
MFA_SUPPORTED_TYPES = ["webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = True
# Counted by `people.guesses`, as passwords and codes are.
MFA_RATE_LIMITS = {"webauthn_login": ""}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _secure

SOCIALACCOUNT_ADAPTER = "beside.web.identity_provider_adapter.Adapter"
SOCIALACCOUNT_STORE_TOKENS = False
# Every step waits for the provider in a thread that pages need too.
SOCIALACCOUNT_REQUESTS_TIMEOUT = 3

AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LOGGING = logs.settings(BESIDE.log_level, BESIDE.log_format)
