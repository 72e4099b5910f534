from __future__ import annotations

from django.apps import AppConfig


class ChronologyConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "chronology"
    verbose_name = "Chronology of a case"

    def ready(self) -> None:
        # Models must be loaded before anything that reads them is imported.
        from chronology.hooks import connect  # noqa: PLC0415

        connect()
