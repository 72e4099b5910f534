from __future__ import annotations

from django.apps import AppConfig


class CoreGroupsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "core_groups"
    verbose_name = "Core groups"

    def ready(self) -> None:
        # Models must be loaded before anything that reads them is imported.
        from core_groups.constraint_errors import register_refusals  # noqa: PLC0415
        from core_groups.hooks import connect  # noqa: PLC0415

        connect()
        register_refusals()
