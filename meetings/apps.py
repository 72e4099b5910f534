from __future__ import annotations

from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "meetings"
    verbose_name = "Meetings: what happens in the room"

    def ready(self) -> None:
        # Models must be loaded before anything that reads them is imported.
        from meetings.hooks import connect  # noqa: PLC0415

        connect()
