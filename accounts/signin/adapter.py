from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.template.loader import render_to_string
from django.utils import timezone

from accounts import own_mail
from accounts.models import User
from accounts.signin import login_throttle, second_factor, sessions
from accounts.signin.views.refusals import by_directory_only


class ClosedAccountAdapter(DefaultAccountAdapter):
    """Accounts are created by an administrator; there is no sign-up."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": ("The e-mail address or the password is not right. Check both and try again."),
        "too_many_login_attempts": (
            "Too many tries. Wait 15 minutes. You can come in now with a passkey, in a browser you have signed in "
            "with before, or by choosing a new password with “I have forgotten my password”."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - the library's signature
        return False

    def get_logout_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002 - the library's signature
        return resolve_url("account_login")

    def send_notification_mail(self, template_prefix: str, user: User, *_: Any, **__: Any) -> None:
        """Record what the owner must be told; an unavailable mail server must not undo or stop a change."""
        now = timezone.now()
        words = render_to_string(f"{template_prefix}_message.txt", {"timestamp": now}).strip()
        own_mail.carry(user, own_mail.About.CHANGED, now=now, words=words)

    def set_password(self, user: User, password: str) -> None:
        """Set the password and end the user's other sessions."""
        super().set_password(user, password)
        login_throttle.begin_anew(user)
        own = sessions.key_of(self.request) if self.request.user.is_authenticated else ""
        sessions.end_all(user=user, but=own)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Return False for a user who has just signed in with every factor they have."""
        required = super().is_reauthentication_required(app=app, **kwargs)
        return bool(required) and not second_factor.signed_in_lately(self.request)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Offer the second step to users who have one: their password alone must not change it."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        own = [method for method in methods if method["id"] != "reauthenticate"]
        return second_factor.in_order(user, own) if own else methods

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse | None:
        """Refuse directory users who sign in any other way, so that leavers of the directory stay out."""
        answer: HttpResponse | None = super().pre_login(request, user, **kwargs)
        if answer is not None or hasattr(request, "came_by_directory"):
            return answer
        return by_directory_only(request, user)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the attempt before comparing anything. The library's own count is in a cache, which may forget."""
        email = str(credentials.get("email") or getattr(request.user, "email", ""))
        if not login_throttle.may_try_password(request, email, now=timezone.now()):
            raise self.validation_error("too_many_login_attempts")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Uncount the attempt of a user who knew the password."""
        user: User | None = super().authenticate(request, **credentials)
        if user is not None:
            login_throttle.was_right(request, str(credentials.get("email") or getattr(request.user, "email", "")))
        return user

    def get_login_stages(self) -> list[str]:
        """Accept the directory's second factor where its token says that it was given."""
        stages: list[str] = super().get_login_stages()
        given = getattr(self.request, "directory_second_factor", False)
        return [stage for stage in stages if not (given and stage.startswith("allauth.mfa."))]
