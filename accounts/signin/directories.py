"""The councils' directories, configured in the environment.

``OIDC_DIRECTORIES`` holds a JSON list with one object per directory (see docs/runbook/directory.md), and
``OIDC_SECRET_<SLUG>`` the secret of each. A directory with an invalid configuration is left out, and a system
check says what is wrong with it.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Annotated
from urllib.parse import urlsplit

from django.conf import settings
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from accounts.enums import TEAM_ROLES, Role

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
LONGEST_SLUG = 50  # the width of the column that keeps it
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
# Signed with the directory's private key; anything that can be forged with a shared secret or none is refused.
SIGNED_BY = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")


def _mistake(sentence: str) -> PydanticCustomError:
    return PydanticCustomError("mistake", "{sentence}", {"sentence": sentence})


def _domain(text: str) -> str:
    if not DOMAIN.fullmatch(text.lower()):
        raise _mistake(f"{text!r} is not a domain.")
    return text.lower()


class _Described(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class GroupGives(_Described):
    """The role that membership of one directory group gives here. Without ``team``, the team claim names it."""

    role: Annotated[Role, Field(strict=False)]
    team: str = ""


def _has_team(gives: GroupGives, info: ValidationInfo) -> GroupGives:
    if gives.role in TEAM_ROLES and not gives.team and not info.data.get("team_claim"):
        raise _mistake(f"the role {gives.role} needs a team, or a team_claim that names it.")
    return gives


Needed = Annotated[str, Field(min_length=1)]
Texts = Annotated[frozenset[str], Field(strict=False)]


class Description(_Described):
    """One council's directory as described in ``OIDC_DIRECTORIES``."""

    slug: Needed
    name: Needed
    authority: Needed
    issuer: Needed
    client_id: Needed
    email_domains: Annotated[frozenset[Annotated[str, AfterValidator(_domain)]], Field(strict=False, min_length=1)]
    team_claim: str = ""
    groups: Annotated[dict[str, Annotated[GroupGives, AfterValidator(_has_team)]], Field(min_length=1)]
    scopes: Annotated[tuple[str, ...], Field(strict=False)] = ("openid", "profile", "email")
    groups_claim: str = "groups"
    name_claim: str = "name"
    email_claim: str = "email"
    verified_claim: str = "email_verified"
    job_title_claim: str = ""
    amr: Texts = frozenset({"mfa"})
    acr: Texts = frozenset()

    @field_validator("slug")
    @classmethod
    def _fits_the_column_that_keeps_it(cls, slug: str) -> str:
        if not SLUG.fullmatch(slug) or len(slug) > LONGEST_SLUG:
            raise _mistake(f"slug may hold small letters, digits and hyphens, {LONGEST_SLUG} at most.")
        return slug

    @field_validator("issuer")
    @classmethod
    def _is_an_address_alone(cls, issuer: str, info: ValidationInfo) -> str:
        parts = urlsplit(issuer)
        local = parts.hostname in LOOPBACK and info.context == {"production": False}
        if parts.scheme != "https" and not local:
            raise _mistake("issuer must begin with https://.")
        if parts.query or parts.fragment or "/.well-known/" in issuer:
            raise _mistake("issuer must be the address alone, without the document's path or a query.")
        return issuer

    @field_validator("scopes")
    @classmethod
    def _hold_openid(cls, scopes: tuple[str, ...]) -> tuple[str, ...]:
        if "openid" not in scopes:
            raise _mistake("scopes must hold openid.")
        return scopes


class Directory(Description):
    """One council's directory with its secret, which is kept apart from its description."""

    secret: str = Field(repr=False)


def directories() -> tuple[Directory, ...]:
    """Return the validly configured directories."""
    return _read(settings.OIDC_DIRECTORIES, tuple(sorted(settings.OIDC_SECRETS.items())), settings.PRODUCTION)[0]


def directory_called(slug: str) -> Directory | None:
    """Return the directory with this slug, if there is one."""
    return next((one for one in directories() if one.slug == slug), None)


def problems() -> tuple[str, ...]:
    """Return what is wrong with the configuration, in sentences without secrets."""
    return _read(settings.OIDC_DIRECTORIES, tuple(sorted(settings.OIDC_SECRETS.items())), settings.PRODUCTION)[1]


def secret_name(slug: str) -> str:
    """Return the name of the environment variable with a directory's secret."""
    return f"OIDC_SECRET_{slug.upper().replace('-', '_')}"


@lru_cache(maxsize=8)
def _read(
    text: str, secrets: tuple[tuple[str, str], ...], production: bool
) -> tuple[tuple[Directory, ...], tuple[str, ...]]:
    if not text.strip():
        return (), ()
    try:
        rows = json.loads(text)
    except ValueError:
        return (), ("OIDC_DIRECTORIES is not JSON.",)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return (), ("OIDC_DIRECTORIES must be a list of objects.",)
    found: list[Directory] = []
    wrong: list[str] = []
    for place, row in enumerate(rows, start=1):
        slug = row.get("slug") if isinstance(row.get("slug"), str) else ""
        secret = dict(secrets).get(secret_name(slug), "")
        mistakes = [] if secret else [f"{secret_name(slug or 'SLUG')} is not set."]
        if slug in {one.slug for one in found}:
            mistakes.append("slug is used twice.")
        try:
            described = Description.model_validate(row, context={"production": production})
        except ValidationError as refusal:
            mistakes += map(_sentence, refusal.errors())
        if mistakes:
            wrong += [f"Directory {slug or place}: {mistake}" for mistake in dict.fromkeys(mistakes)]
        else:
            found.append(Directory.model_construct(**dict(described), secret=secret))
    return tuple(found), tuple(wrong)


def _sentence(error: ErrorDetails) -> str:
    """Describe one mistake in words that contain only names."""
    (name, *inner), kind = error["loc"], error["type"]
    if name == "groups" and inner:
        return f"group {inner[0]}: {_of_group(error)}"
    if kind == "mistake":
        return error["msg"]
    if kind in {"missing", "string_too_short", "too_short"}:
        return f"{name} is missing."
    if kind == "extra_forbidden":
        return f"{name} is unknown."
    if name == "groups":
        return "groups must be an object: what each group gives."
    a_list = inner or kind != "string_type"
    return f"{name} must be a list of texts." if a_list else f"{name} must be a text."


def _of_group(error: ErrorDetails) -> str:
    if error["type"] == "mistake":
        return error["msg"]
    if error["loc"][2:] == ("role",) and (error["type"] == "missing" or isinstance(error["input"], str)):
        return f"there is no role {None if error['type'] == 'missing' else error['input']!r}."
    return "give role and, where needed, team."
