from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "notifications"
    verbose_name = "Notifications: outbox"

    def ready(self) -> None:
        # Models must be loaded before anything that reads them is imported.
        from notifications.hooks import connect  # noqa: PLC0415

        connect()
