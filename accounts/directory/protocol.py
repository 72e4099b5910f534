"""OpenID Connect, with stricter checks than the library's.

In addition: the issuer of the discovery document must be the configured one; the identity token is verified
against the directory's published keys even though it came over TLS; a nonce ties it to the browser that started
the flow; only claims in that signed token count, and none is stored unchanged.
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
        """Return the discovery document, fetched once per request. Raises OAuth2Error."""
        if not hasattr(self, "_openid_config"):
            found = _fetched(f"{self.directory.issuer.rstrip('/')}/.well-known/openid-configuration")
            if found.get("issuer") != self.directory.issuer:
                raise OAuth2Error("The discovery document is of another issuer.")
            if not all(isinstance(found.get(name), str) for name in ENDPOINTS):
                raise OAuth2Error("The discovery document is not whole.")
            self._openid_config = found
        return self._openid_config

    def complete_login(self, request: HttpRequest, app: Any, token: SocialToken, **kwargs: Any) -> SocialLogin:
        """Verify the identity token. The claims stay with the request; only the subject is stored."""
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
    """Return the claims of an unexpired token that this directory signed for us.

    Raises OAuth2Error for any other. The caller compares the nonce, because it knows which one was sent.
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
    if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != directory.client_id:
        raise OAuth2Error("The identity token was made for someone else.")
    return claims


def send_to_directory(request: HttpRequest, directory: Directory, *, next_url: str, again: bool) -> HttpResponse:
    """Start the flow: keep state, nonce and PKCE verifier in the session, and send their public halves.

    ``again`` asks the directory to have the user sign in again even if they have a session there.
    """
    nonce = secrets.token_urlsafe(32)
    params = {"nonce": nonce}
    if again:
        params |= {"prompt": "login", "max_age": "0"}
    provider = get_adapter().get_provider(request, directory.slug)
    provider.get_oauth2_adapter = lambda asked: DirectoryProtocol(asked, directory)
    return provider.redirect(request, "login", next_url=next_url, auth_params=params, nonce=nonce, again=again)


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
