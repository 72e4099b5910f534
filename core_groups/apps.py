from django.apps import AppConfig


class CoreGroupsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "core_groups"
    verbose_name = "Core groups"
