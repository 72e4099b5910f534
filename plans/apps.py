from __future__ import annotations

from django.apps import AppConfig


class PlansConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "plans"
    verbose_name = "Plans"

    def ready(self) -> None:
        # Models must be loaded before anything that reads them is imported.
        from plans.hooks import connect  # noqa: PLC0415

        connect()
