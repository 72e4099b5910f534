"""System checks for the environment that sign-in and drafts depend on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from accounts.encryption import is_key, key_from
from accounts.signin import directories

HOW_TO_MAKE_A_KEY = (
    'Make one with: python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'
)


def drafts_are_sealed(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse invalid draft keys and, in production, missing keys or keys derived from another secret."""
    keys = settings.DRAFT_KEYS
    if not keys:
        return [Error("DRAFT_KEYS must be set in production.", hint=HOW_TO_MAKE_A_KEY, id="accounts.E001")]
    found: list[CheckMessage] = [
        Error(f"Key {place} of DRAFT_KEYS is not 32 bytes in base64.", hint=HOW_TO_MAKE_A_KEY, id="accounts.E002")
        for place, key in enumerate(keys, start=1)
        if not is_key(key)
    ]
    if settings.PRODUCTION and key_from(settings.SECRET_KEY) in keys:
        found.append(
            Error("DRAFT_KEYS holds the key of development machines.", hint=HOW_TO_MAKE_A_KEY, id="accounts.E003")
        )
    return found


def directories_are_whole(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse an invalid directory configuration, with which no one could sign in."""
    return [
        Error(problem, hint="See docs/runbook/directory.md.", id="accounts.E004") for problem in directories.problems()
    ]


def register_all() -> None:
    """Register these system checks; called from ``AppConfig.ready``."""
    register(drafts_are_sealed, Tags.security)
    register(directories_are_whole, Tags.security)
