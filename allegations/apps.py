from __future__ import annotations

from django.apps import AppConfig


class AllegationsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "allegations"
    verbose_name = "Allegations against people who work with children"

    def ready(self) -> None:
        # Models must be loaded before anything that reads them is imported.
        from allegations.hooks import connect  # noqa: PLC0415

        connect()
