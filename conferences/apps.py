from __future__ import annotations

from django.apps import AppConfig


class ConferencesConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "conferences"
    verbose_name = "Conferences: the meeting"

    def ready(self) -> None:
        # Models must be loaded before anything that reads them is imported.
        from conferences.hooks import connect  # noqa: PLC0415

        connect()
