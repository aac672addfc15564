"""What Beside changes in how django-allauth asks an identity provider."""

from __future__ import annotations

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from requests import Session


class Adapter(DefaultSocialAccountAdapter):
    """Whoever asks the provider follows it nowhere else: a code and a secret go where the host has said."""

    def get_requests_session(self) -> Session:
        session: Session = super().get_requests_session()  # type: ignore[no-untyped-call]
        session.max_redirects = 0
        return session
