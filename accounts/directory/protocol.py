"""OpenID Connect as we ask for it: the library's flow, held to the letter.

Added to what the library does: the issuer of the discovery document must be the one that was configured; the
identity token is verified by the directory's published keys though it came over TLS; a nonce ties it to the
browser that began; only what stands in that signed token counts, and none of it is stored as it came.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest, HttpResponse
from requests import RequestException

from accounts.signin.directories import SIGNED_BY, Directory

CLOCKS_DIFFER_BY_SECONDS = 60
NEEDED_CLAIMS = ("iss", "sub", "aud", "exp", "iat", "nonce")
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class DirectoryProtocol(OpenIDConnectOAuth2Adapter):
    """The library's adapter for one directory."""

    def __init__(self, request: HttpRequest, directory: Directory) -> None:
        super().__init__(request, directory.slug)
        self.directory = directory

    @property
    def openid_config(self) -> dict[str, Any]:
        """The discovery document, fetched once per request. Raises OAuth2Error."""
        if not hasattr(self, "_openid_config"):
            found = _fetched(f"{self.directory.issuer.rstrip('/')}/.well-known/openid-configuration")
            if found.get("issuer") != self.directory.issuer:
                raise OAuth2Error("The discovery document is of another issuer.")
            if not all(isinstance(found.get(name), str) for name in ENDPOINTS):
                raise OAuth2Error("The discovery document is not whole.")
            self._openid_config = found
        return self._openid_config

    def complete_login(
        self, request: HttpRequest, app: Any, token: SocialToken, **kwargs: Any
    ) -> SocialLogin:
        """Verify the identity token. The claims stay with the request; the stored row gets the subject alone."""
        claims = verified_claims(
            str(kwargs["response"].get("id_token") or ""),
            keys=_fetched(self.openid_config["jwks_uri"]),
            directory=self.directory,
        )
        login = self.get_provider().sociallogin_from_response(request, {"id_token": claims})
        login.account.extra_data = {}
        login.directory_claims = claims
        return login


def verified_claims(id_token: str, *, keys: Mapping[str, Any], directory: Directory) -> dict[str, Any]:
    """The claims of a token that this directory signed for us and that has not expired.

    Raises OAuth2Error for any other. The nonce is compared by the caller, who knows which one was sent.
    """
    try:
        header = jwt.get_unverified_header(id_token)
        if header.get("alg") not in SIGNED_BY:
            raise OAuth2Error("The identity token is not signed by a key of the directory.")
        claims: dict[str, Any] = jwt.decode(
            id_token,
            key=_key(keys, header.get("kid")),
            algorithms=[header["alg"]],
            audience=directory.client_id,
            issuer=directory.issuer,
            leeway=CLOCKS_DIFFER_BY_SECONDS,
            options={"require": list(NEEDED_CLAIMS)},
        )
    except (jwt.PyJWTError, ValueError, TypeError) as reason:
        raise OAuth2Error("The identity token is refused.") from reason
    if (
        isinstance(claims["aud"], list)
        and len(claims["aud"]) > 1
        and claims.get("azp") != directory.client_id
    ):
        raise OAuth2Error("The identity token was made for somebody else.")
    return claims


def send_to_directory(
    request: HttpRequest, directory: Directory, *, next_url: str, again: bool
) -> HttpResponse:
    """Begin: state, nonce and the secret half of PKCE stay in the session, their public halves go along.

    ``again`` asks the directory to have the person sign in anew, though they have a session there.
    """
    nonce = secrets.token_urlsafe(32)
    params = {"nonce": nonce}
    if again:
        params |= {"prompt": "login", "max_age": "0"}
    provider = get_adapter().get_provider(request, directory.slug)
    provider.get_oauth2_adapter = lambda asked: DirectoryProtocol(asked, directory)
    return provider.redirect(
        request, "login", next_url=next_url, auth_params=params, nonce=nonce, again=again
    )


def _key(keys: Mapping[str, Any], kid: str | None) -> jwt.PyJWK:
    rows = [row for row in keys.get("keys", []) if isinstance(row, dict) and row.get("use", "sig") == "sig"]
    fitting = [row for row in rows if row.get("kid") == kid] if kid else rows
    if len(fitting) != 1:
        raise OAuth2Error("No key of the directory fits the identity token.")
    return jwt.PyJWK(fitting[0], algorithm=fitting[0].get("alg"))


def _fetched(url: str) -> dict[str, Any]:
    try:
        with get_adapter().get_requests_session() as session:
            answer = session.get(url, allow_redirects=False)
            answer.raise_for_status()
            found = answer.json()
    except (RequestException, ValueError) as reason:
        raise OAuth2Error("The directory does not answer.") from reason
    if not isinstance(found, dict):
        raise OAuth2Error("The directory answers something else.")
    return found
