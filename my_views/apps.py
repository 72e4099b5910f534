from __future__ import annotations

from django.apps import AppConfig


class MyViewsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "my_views"
    verbose_name = "My Views: what the family thinks and wishes"

    def ready(self) -> None:
        # Models must be loaded before anything that reads them is imported.
        from my_views.hooks import connect  # noqa: PLC0415

        connect()
