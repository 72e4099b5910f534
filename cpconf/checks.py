"""System checks for combinations that must not go into production."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connections


@register(Tags.security)
def no_demo_in_production(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse one-click sign-in and made-up families beside real ones."""
    if settings.PRODUCTION and settings.DEMO:
        return [Error("Demo mode can't run in production.", hint="Unset CPCONF_DEMO.", id="cpconf.E001")]
    return []


@register(Tags.security)
def no_debug_in_production(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse error pages that show settings and variables."""
    if settings.PRODUCTION and settings.DEBUG:
        return [Error("Debugging can't be on in production.", hint="Unset DJANGO_DEBUG.", id="cpconf.E002")]
    return []


@register(Tags.security)
def public_address_is_encrypted(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse an unencrypted URL for invitations and letters."""
    if settings.PRODUCTION and not settings.PUBLIC_URL.startswith("https://"):
        return [Error("PUBLIC_URL must begin with https:// in production.", id="cpconf.E003")]
    return []


@register(Tags.security)
def second_factor_in_production(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse sign-in with only a password beside real families."""
    if settings.PRODUCTION and not settings.REQUIRE_SECOND_FACTOR:
        return [
            Error(
                "The second factor can't be switched off in production.",
                hint="Unset CPCONF_REQUIRE_SECOND_FACTOR.",
                id="cpconf.E005",
            )
        ]
    return []


FORBIDDEN_IN_PRODUCTION = (
    no_demo_in_production,
    no_debug_in_production,
    public_address_is_encrypted,
    second_factor_in_production,
)


def refuse_to_serve() -> None:
    """Raise ImproperlyConfigured if a setting is forbidden in production.

    The web server calls this as it starts, because Django runs no checks then.
    """
    wrong = [problem for check in FORBIDDEN_IN_PRODUCTION for problem in check(None)]
    if wrong:
        raise ImproperlyConfigured(" ".join(f"({problem.id}) {problem.msg}" for problem in wrong))


@register(Tags.security)
def files_lie_where_no_address_leads(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse to store uploads in a folder that is served to everyone."""
    kept = Path(settings.MEDIA_ROOT).resolve()
    given_out = [Path(folder).resolve() for folder in (settings.STATIC_ROOT, *settings.STATICFILES_DIRS)]
    if any(kept.is_relative_to(folder) or folder.is_relative_to(kept) for folder in given_out):
        return [Error("MEDIA_ROOT must lie outside the folders of static files.", id="cpconf.E006")]
    return []


@register(Tags.security, deploy=True)
def files_are_looked_over(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Warn if uploads are not scanned for viruses."""
    if settings.PRODUCTION and not settings.CLAMAV_URL:
        hint = "Run ClamAV's daemon and set CLAMAV_URL, such as tcp://clamav:3310."
        return [checks.Warning("Uploaded files are not scanned for viruses.", hint=hint, id="cpconf.W001")]
    return []


@register(Tags.database, deploy=True)
def application_owns_no_table(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Refuse a production role that could disable the history or empty the read log.

    Runs with ``manage.py check --deploy --database default``, as the role that web and workers use; never before
    ``migrate``, which the owner runs.
    """
    if not settings.PRODUCTION or "default" not in (databases or ()):
        return []
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_tables"
            " WHERE schemaname = 'public' AND pg_has_role(current_user, tableowner, 'USAGE')"
        )
        owned = cursor.fetchone()[0]
    if owned:
        return [
            Error(
                f"The application's database role owns {owned} tables.",
                hint="Migrate as the owner, then run manage.py grant_application_role and use the other role here.",
                id="cpconf.E004",
            )
        ]
    return []
