"""The allauth adapter for second factors."""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings

from accounts.signin import second_factor


class SecondFactorAdapter(DefaultMFAAdapter):
    """Encrypts the secrets of apps and codes, and protects the last second step of users who must have one."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": ("This is your only second step, and you need one. Set up another one first."),
        "cannot_generate_recovery_codes": "Set up an app or a passkey first.",
        "incorrect_code": "This code is not right. Enter the one your app shows now.",
    }

    def encrypt(self, text: str) -> str:
        return _box(_secrets()).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _box(_secrets()).decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        user = authenticator.user
        if not settings.REQUIRE_SECOND_FACTOR or not user.current_roles:
            return True
        others = Authenticator.objects.filter(user=user, type__in=second_factor.STEPS)
        return bool(others.exclude(pk=authenticator.pk).exists())

    def generate_authenticator_name(self, user: Any, type: str) -> str:  # noqa: A002 - the library's signature
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return "Passkey" if number == 1 else f"Passkey {number}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": settings.MFA_TOTP_ISSUER}


def _secrets() -> tuple[str, ...]:
    return (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


@lru_cache(maxsize=4)
def _box(secrets: tuple[str, ...]) -> MultiFernet:
    """Encrypt with a key made from the first secret and decrypt with any of them, as Django does with sessions."""
    digests = [hashlib.sha256(b"cpconf.second-factor:" + secret.encode()).digest() for secret in secrets]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
