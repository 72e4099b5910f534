from __future__ import annotations

from django.apps import AppConfig

from demo import DEMONSTRATION


class DemoConfig(AppConfig):
    name = "demo"
    verbose_name = "The demonstration"

    def ready(self) -> None:
        from accounts.history.registry import register_tasks  # noqa: PLC0415 - models exist from here on

        register_tasks({DEMONSTRATION: "The demonstration"})
