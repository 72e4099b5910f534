from django.apps import AppConfig


class GovukConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "govuk"
    verbose_name = "GOV.UK Design System adapter"
