"""Somebody who signs in with a second step."""

from __future__ import annotations

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache

from accounts.enums import Role
from tests.accounts.signin.second_steps import PASSWORD, SECRET
from tests.factories import user_with_role
from tests.stories import once_per_module


@pytest.fixture
def fresh_limits(db):
    cache.clear()


@pytest.fixture
def required(settings):
    settings.REQUIRE_SECOND_FACTOR = True


@once_per_module()
def user():
    user = user_with_role(Role.COORDINATOR, email="joan.plover@council.example")
    user.set_password(PASSWORD)
    user.save()
    return user


@once_per_module()
def app(user):
    return TOTP.activate(user, SECRET).instance
