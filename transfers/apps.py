from __future__ import annotations

from django.apps import AppConfig


class TransfersConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "transfers"
    verbose_name = "Transfers between councils"

    def ready(self) -> None:
        # Models must be loaded before anything that reads them is imported.
        from transfers.hooks import connect  # noqa: PLC0415

        connect()
