from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class DeadlinesConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "deadlines"
    verbose_name = "Deadlines: when"

    def ready(self) -> None:
        # Models must be loaded before anything that reads them is imported.
        from deadlines import checks  # noqa: F401, PLC0415 - imported for what it registers
        from deadlines.hooks import connect  # noqa: PLC0415
        from deadlines.services.calendar import seed_calendar  # noqa: PLC0415
        from deadlines.services.policies import lay_out_new_limits  # noqa: PLC0415

        connect()
        post_migrate.connect(seed_calendar, sender=self)
        post_migrate.connect(lay_out_new_limits, sender=self)
