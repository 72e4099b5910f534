from __future__ import annotations

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "reports"
    verbose_name = "Reports and papers"

    def ready(self) -> None:
        # Models have to be loaded before anything that reads them can be imported.
        from reports.hooks import connect  # noqa: PLC0415

        connect()
