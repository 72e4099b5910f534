"""What production does differently, for tests that walk through it."""

from __future__ import annotations

import os

import pytest
from django.core.management import call_command
from django.db import connection


@pytest.fixture
def as_production_role(db):
    """Use the database as production does: by a role that owns nothing and removes little."""
    role = f"cpconf_newcomer_{os.getpid()}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {role}")
        call_command("grant_application_role", role=role, verbosity=0)
        cursor.execute(f"SET ROLE {role}")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


@pytest.fixture
def production(settings, as_production_role):
    """What production sets differently, and its database role."""
    settings.DEMO = settings.DEBUG = False
    settings.REQUIRE_SECOND_FACTOR = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECURE_SSL_REDIRECT = settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    settings.PUBLIC_URL = "https://testserver"
