from __future__ import annotations

from django.apps import AppConfig

from cpconf import celery, checks
from cpconf.demo import DEMONSTRATION

# Imported for what they register: the Celery application that shared tasks belong to, and the system checks.
__all__ = ["CpconfConfig", "celery", "checks"]


class CpconfConfig(AppConfig):
    name = "cpconf"

    def ready(self) -> None:
        from accounts.history.registry import register_tasks  # noqa: PLC0415 - models exist from here on
        from accounts.second_factor import register_open  # noqa: PLC0415

        register_tasks({DEMONSTRATION: "The demonstration"})
        register_open(("healthz", "healthz-web"))
