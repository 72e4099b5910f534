from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "notifications"
    verbose_name = "Notifications: outbox"

    def ready(self) -> None:
        # Models have to be loaded before anything that reads them can be imported.
        from notifications.guest_codes import register_guest_codes  # noqa: PLC0415
        from notifications.own_mail import register_own_mail  # noqa: PLC0415
        from notifications.staff import register_staff  # noqa: PLC0415

        register_guest_codes()
        register_staff()
        register_own_mail()
