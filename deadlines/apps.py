from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class DeadlinesConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "deadlines"
    verbose_name = "Deadlines: when"

    def ready(self) -> None:
        from accounts.people.staff_events import register_staff_listener  # noqa: PLC0415
        from accounts.signin.second_factor import register_open  # noqa: PLC0415 - models exist from here on
        from deadlines import checks  # noqa: F401, PLC0415 - imported for what it registers
        from deadlines.panels import dates_panel  # noqa: PLC0415 - models exist from here on
        from deadlines.services.calendar import seed_calendar  # noqa: PLC0415
        from deadlines.services.feeds import end_of_leaver  # noqa: PLC0415
        from families.panels import register as register_panel  # noqa: PLC0415

        register_panel(dates_panel, order=20)
        register_staff_listener(end_of_leaver)
        register_open(("deadlines:calculate-dates", "deadlines:read-calendar-feed"))
        post_migrate.connect(seed_calendar, sender=self)
