from __future__ import annotations

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "reports"
    verbose_name = "Reports and papers"

    def ready(self) -> None:
        # Models must be loaded before anything that reads them is imported.
        from reports.hooks import connect  # noqa: PLC0415

        connect()
