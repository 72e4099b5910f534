from __future__ import annotations

from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "incidents"
    verbose_name = "Papers that reached the wrong hands"

    def ready(self) -> None:
        # Models must be loaded before anything that reads them is imported.
        from incidents.hooks import connect  # noqa: PLC0415

        connect()
