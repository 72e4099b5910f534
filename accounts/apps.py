from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules

from accounts import checks


class AccountsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "accounts"
    verbose_name = "Accounts: who"

    def ready(self) -> None:
        checks.register_all()
        # Models must be loaded before anything that reads them is imported.
        from accounts.hooks import connect  # noqa: PLC0415

        connect()
        autodiscover_modules("data_map")
