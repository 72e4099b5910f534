"""Where somebody begins who has one thing to do, and no cases of their own."""

from __future__ import annotations

from accounts.enums import CASE_ROLES
from accounts.models import User

_homes: dict[str, str] = {}


def register_home(role: str, url_name: str) -> None:
    """Let people who hold ``role`` and work on no case begin on this page; called from ``AppConfig.ready``."""
    _homes[role] = url_name


def home_of(user: User) -> str:
    """The name of the page on which the user begins; empty where that is My work."""
    if user.holds(*CASE_ROLES):
        return ""
    return next((_homes[held.role] for held in user.current_roles if held.role in _homes), "")
