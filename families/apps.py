from __future__ import annotations

from django.apps import AppConfig


class FamiliesConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "families"
    verbose_name = "Families: about whom"

    def ready(self) -> None:
        # Models must be loaded before anything that reads them is imported.
        from families.history import register_history  # noqa: PLC0415
        from families.hooks import connect  # noqa: PLC0415

        register_history()
        connect()
