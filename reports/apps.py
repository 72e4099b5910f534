from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ReportsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "reports"
    verbose_name = "Reports and papers"

    def ready(self) -> None:
        # Models have to be loaded before anything that reads them can be imported.
        from reports.hooks import connect  # noqa: PLC0415

        connect()
        from reports.retention.database import install  # noqa: PLC0415

        post_migrate.connect(install, sender=self, dispatch_uid="reports.retention")
