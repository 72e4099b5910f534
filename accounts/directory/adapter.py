"""The allauth adapter for users who sign in through a directory."""

from __future__ import annotations

import time
from typing import Any

import structlog
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts.directory.claims import ClaimsRefused, read_claims
from accounts.directory.services import admit
from accounts.signin.directories import Directory, directories, directory_called

logger = structlog.get_logger(__name__)

# How recent a repeated sign-in at the directory must be; includes the time to type a code there.
ASKED_ANEW_SECONDS = 300


class DirectoryAdapter(DefaultSocialAccountAdapter):
    """Reads directories from the environment only, allows no sign-up, and links accounts by our own rule."""

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        return [
            _as_app(one)
            for one in directories()
            if provider in {None, "openid_connect", one.slug} and client_id in {None, one.client_id}
        ]

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def authenticate_by_email(self, sociallogin: SocialLogin) -> None:
        """Do nothing: ``admit`` decides when an address is enough."""

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> Any:
        return sociallogin.user

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Before sign-in completes: compare the nonce, read the claims and update the account from them."""
        directory = directory_called(sociallogin.account.provider)
        claims = sociallogin.directory_claims
        if directory is None or not constant_time_compare(
            str(claims.get("nonce")), str(sociallogin.state.get("nonce"))
        ):
            raise ImmediateHttpResponse(failed(request, directory, "nonce"))
        try:
            told = read_claims(directory, claims)
        except ClaimsRefused as reason:
            raise ImmediateHttpResponse(failed(request, directory, str(reason))) from reason
        admission = admit(directory=directory, told=told, now=timezone.now())
        if admission.user is None:
            logger.info("directory_refused", directory=directory.slug, why=admission.refusal)
            answer = render(
                request,
                "accounts/directory_refused.html",
                {"directory": directory, "refusal": admission.refusal},
                status=403,
            )
            raise ImmediateHttpResponse(answer)
        sociallogin.user = admission.user
        request.came_by_directory = directory.slug  # type: ignore[attr-defined]
        request.directory_second_factor = told.second_factor  # type: ignore[attr-defined]
        request.directory_asked_anew = (  # type: ignore[attr-defined]
            bool(sociallogin.state.get("again")) and time.time() - told.asked_at < ASKED_ANEW_SECONDS
        )

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        why = str(exception) if exception else str(error)
        raise ImmediateHttpResponse(failed(request, directory_called(provider.app.provider_id), why))


def _as_app(directory: Directory) -> SocialApp:
    return SocialApp(
        provider="openid_connect",
        provider_id=directory.slug,
        name=directory.name,
        client_id=directory.client_id,
        secret=directory.secret,
        settings={
            "server_url": directory.issuer,
            "scope": list(directory.scopes),
            "oauth_pkce_enabled": True,
            "fetch_userinfo": False,
            "uid_field": "sub",
        },
    )


def failed(request: HttpRequest, directory: Directory | None, why: str) -> HttpResponse:
    """Say that sign-in through the directory failed; the reason goes to the log, for the site's operators."""
    logger.warning("directory_failed", directory=directory.slug if directory else "", why=why)
    return render(request, "accounts/directory_failed.html", {"directory": directory}, status=401)
