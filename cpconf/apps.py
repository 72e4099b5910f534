from __future__ import annotations

from django.apps import AppConfig

from cpconf import celery, checks

# Imported for their side effects: the Celery application that shared tasks belong to, and the system checks.
__all__ = ["CpconfConfig", "celery", "checks"]


class CpconfConfig(AppConfig):
    name = "cpconf"

    def ready(self) -> None:
        from accounts.signin.second_factor import register_open  # noqa: PLC0415 - models exist from here on

        register_open(("healthz", "healthz-web"))
