from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.shortcuts import resolve_url

from accounts import second_factor


class ClosedAccountAdapter(DefaultAccountAdapter):
    """Accounts are made by an administrator; nobody signs up."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": (
            "The e-mail address and the password do not belong together. Check both and try again."
        ),
        "too_many_login_attempts": "Too many tries. Wait five minutes, or set a new password.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - the library's signature
        return False

    def get_logout_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002 - the library's signature
        return resolve_url("account_login")

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whoever has just signed in with all that they have need not do so again."""
        required = super().is_reauthentication_required(app=app, **kwargs)
        return bool(required) and not second_factor.signed_in_lately(self.request)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Whoever has a second step gives that one: their password alone must not change it."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        own = [method for method in methods if method["id"] != "reauthenticate"]
        return second_factor.in_order(user, own) if own else methods
