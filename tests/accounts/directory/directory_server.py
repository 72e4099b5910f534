"""A local OpenID Connect provider that stands in for a council's directory and insists on PKCE.

The provider itself is the package ``oidc_provider_mock``: discovery, clients with secrets, authorization codes,
signed tokens and published keys. This module adds what it lacks, the comparison of the two halves of PKCE, and
lets tests make it answer as a compromised directory would.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from contextlib import contextmanager
from io import BytesIO
from urllib.parse import parse_qs, urlsplit

import oidc_provider_mock
import requests
from oidc_provider_mock._server import _threaded_server


class KeepingToTheLetter:
    """Wraps the provider's application: remembers each code's request parameters, and checks them."""

    def __init__(self, application):
        self.application = application
        self.challenges = {}
        self.seen = []
        self.id_token_instead = ""
        self.issuer_instead = ""
        self.silent = False

    def __call__(self, environ, start_response):
        if self.silent:
            start_response("503 Service Unavailable", [("Content-Length", "0")])
            return [b""]
        path = environ["PATH_INFO"]
        query = {name: values[0] for name, values in parse_qs(environ.get("QUERY_STRING", "")).items()}
        if path == "/oauth2/token" and not self._verified(environ):
            body = b'{"error": "invalid_grant"}'
            start_response("400 Bad Request", [("Content-Type", "application/json")])
            return [body]
        answer = []
        parts = self.application(environ, lambda status, headers, *_: answer.append((status, headers)))
        body = b"".join(parts)
        status, headers = answer[0]
        if path == "/oauth2/authorize":
            self.seen.append(query)
            code = parse_qs(urlsplit(dict(headers).get("Location", "")).query).get("code")
            if code:
                self.challenges[code[0]] = (query.get("code_challenge_method"), query.get("code_challenge"))
        body = self._changed(path, body)
        headers = [(name, value) for name, value in headers if name != "Content-Length"]
        start_response(status, [*headers, ("Content-Length", str(len(body)))])
        return [body]

    def _verified(self, environ):
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = BytesIO(body)
        sent = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        method, challenge = self.challenges.pop(sent.get("code", ""), ("", ""))
        digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        return method == "S256" and base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == challenge

    def _changed(self, path, body):
        if path == "/oauth2/token" and self.id_token_instead and b"id_token" in body:
            return json.dumps(json.loads(body) | {"id_token": self.id_token_instead}).encode()
        if path.startswith("/.well-known/") and self.issuer_instead:
            return json.dumps(json.loads(body) | {"issuer": self.issuer_instead}).encode()
        return body


class RunningDirectory:
    """What tests can configure in the directory, and what people do on its page."""

    def __init__(self, port, door):
        self.url = f"http://localhost:{port}"
        self.door = door

    def client(self, *redirect_uris):
        """Return our registration there: an id and a secret."""
        answer = requests.post(
            f"{self.url}/oauth2/clients",
            json={"redirect_uris": list(redirect_uris), "token_endpoint_auth_method": "client_secret_post"},
            timeout=5,
        )
        answer.raise_for_status()
        return answer.json()["client_id"], answer.json()["client_secret"]

    def knows(self, subject, **claims):
        """Put a person into the directory, replacing their previous entry."""
        requests.put(f"{self.url}/users/{subject}", json=claims, timeout=5).raise_for_status()

    def sign_in(self, url, subject):
        """Sign in on the directory's page at ``url``, and return the URL it redirects to."""
        form = requests.get(url, timeout=5)
        assert "<form" in form.text
        answer = requests.post(url, data={"sub": subject}, allow_redirects=False, timeout=5)
        return answer.headers["Location"]

    def refuse(self, url):
        """Press "deny" on the directory's page."""
        answer = requests.post(url, data={"action": "deny"}, allow_redirects=False, timeout=5)
        return answer.headers["Location"]

    def id_token(self, *, client, redirect_uri, subject, nonce):
        """Return a token really signed by the directory, for any client and nonce."""
        verifier = "v" * 50
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        asked = requests.Request(
            "GET",
            f"{self.url}/oauth2/authorize",
            params={
                "client_id": client[0],
                "redirect_uri": redirect_uri,
                "response_type": "code",
                "scope": "openid profile email",
                "nonce": nonce,
                "state": "s",
                "code_challenge": challenge,
                "code_challenge_method": "S256",
            },
        ).prepare()
        back = self.sign_in(asked.url, subject)
        answer = requests.post(
            f"{self.url}/oauth2/token",
            data={
                "grant_type": "authorization_code",
                "code": re.search(r"code=([^&]+)", back).group(1),
                "redirect_uri": redirect_uri,
                "client_id": client[0],
                "client_secret": client[1],
                "code_verifier": verifier,
            },
            timeout=5,
        )
        answer.raise_for_status()
        return answer.json()["id_token"]


@contextmanager
def running_directory():
    """Run a directory on a free local port for the duration of the block."""
    door = KeepingToTheLetter(oidc_provider_mock.app(require_client_registration=True, require_nonce=True))
    with _threaded_server(app=door) as server:
        yield RunningDirectory(server.server_port, door)
