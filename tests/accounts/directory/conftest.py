"""A directory that runs, and the council whose staff it knows."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from tests.accounts.directory.coming_in import BACK
from tests.accounts.directory.directory_server import running_directory
from tests.factories import AuthorityFactory, TeamFactory
from tests.stories import once_per_module


@pytest.fixture(scope="module")
def server():
    with pytest.MonkeyPatch.context() as patch:
        # The test directory runs without TLS, which its library refuses by default.
        patch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
        with running_directory() as running:
            yield running


@once_per_module()
def council():
    authority = AuthorityFactory(slug="eastmere")
    TeamFactory(authority=authority, name="Assessment")
    TeamFactory(authority=authority, name="Long term")
    return authority


@pytest.fixture(scope="module")
def ours(server):
    """Our registration at the directory."""
    return server.client(f"http://testserver{BACK}")


@pytest.fixture
def directory(server, council, ours, settings):
    """The directory as configured in the environment, and what tests can change in it."""
    settings.OIDC_SECRETS = {"OIDC_SECRET_EASTMERE": ours[1]}
    settings.OIDC_DIRECTORIES = json.dumps(
        [
            {
                "slug": "eastmere",
                "name": "Eastmere Council",
                "authority": "eastmere",
                "issuer": server.url,
                "client_id": ours[0],
                "email_domains": ["eastmere.example"],
                "groups": {
                    "assessment": {"role": "social_worker", "team": "Assessment"},
                    "long-term": {"role": "social_worker", "team": "Long term"},
                    "chairs": {"role": "chair"},
                    "nowhere": {"role": "social_worker", "team": "Nowhere"},
                },
                "acr": ["urn:two"],
            }
        ]
    )
    yield server
    server.door.silent = False
    server.door.id_token_instead = ""
    server.door.issuer_instead = ""


@pytest.fixture
def visitor():
    return Client()
