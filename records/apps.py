from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class RecordsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "records"
    verbose_name = "Records: kept, disposed of, given out"

    def ready(self) -> None:
        # Models must be loaded before anything that reads them is imported.
        from records.hooks import connect  # noqa: PLC0415
        from records.retention.disposal_sql import install  # noqa: PLC0415

        connect()
        post_migrate.connect(install, sender=self, dispatch_uid="records.retention")
