"""Landing pages for users whose work is one page and who have no cases."""

from __future__ import annotations

from accounts.enums import CASE_ROLES
from accounts.models import User

_homes: dict[str, str] = {}


def register_home(role: str, url_name: str) -> None:
    """Register a landing page for holders of ``role`` who work on no case; called from ``AppConfig.ready``."""
    _homes[role] = url_name


def home_of(user: User) -> str:
    """Return the name of the user's landing page; empty where that is My work."""
    if user.holds(*CASE_ROLES):
        return ""
    return next((_homes[held.role] for held in user.current_roles if held.role in _homes), "")
