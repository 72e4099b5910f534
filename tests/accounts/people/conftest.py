"""A council with two administrators, a service manager and a chair."""

from __future__ import annotations

from allauth.mfa.totp.internal.auth import TOTP

from accounts.enums import Role
from tests.accounts.people.proposals import NOW, SECRET
from tests.factories import AuthorityFactory, user_with_role
from tests.stories import once_per_module


@once_per_module(at=NOW)
def council():
    return AuthorityFactory(name="Eastmere Council")


@once_per_module(at=NOW)
def admin(council):
    return user_with_role(Role.ADMINISTRATOR, authority=council, name="Ada Stork")


@once_per_module(at=NOW)
def second(council):
    return user_with_role(Role.ADMINISTRATOR, authority=council, name="Ben Stork")


@once_per_module(at=NOW)
def manager(council):
    return user_with_role(Role.SERVICE_MANAGER, authority=council, name="Cara Crane")


@once_per_module(at=NOW)
def chair(council):
    user = user_with_role(Role.CHAIR, authority=council, name="Tomasz Kestrel", email="kestrel@council.example")
    user.set_password("heron plover wren")
    user.save()
    TOTP.activate(user, SECRET)
    return user
