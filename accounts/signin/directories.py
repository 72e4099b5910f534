"""The councils' directories, as the environment describes them.

``OIDC_DIRECTORIES`` holds a JSON list with one object per directory (see docs/runbook/directory.md), and
``OIDC_SECRET_<SLUG>`` the secret of each. A description with a mistake opens no door: the directory is left
out, and a system check says what is wrong with it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from accounts.enums import TEAM_ROLES, Role

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
# Signed with the directory's private key; anything that could be made with a shared or no secret is refused.
SIGNED_BY = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")


@dataclass(frozen=True)
class GroupGives:
    """What membership of one group of the directory gives here. Without ``team`` the team claim names it."""

    role: str
    team: str = ""


@dataclass(frozen=True)
class Directory:
    """One council's directory."""

    slug: str
    name: str
    authority: str
    issuer: str
    client_id: str
    secret: str
    groups: Mapping[str, GroupGives]
    email_domains: frozenset[str]
    scopes: tuple[str, ...] = ("openid", "profile", "email")
    groups_claim: str = "groups"
    team_claim: str = ""
    name_claim: str = "name"
    email_claim: str = "email"
    verified_claim: str = "email_verified"
    job_title_claim: str = ""
    amr: frozenset[str] = field(default_factory=lambda: frozenset({"mfa"}))
    acr: frozenset[str] = frozenset()


TEXTS = (
    "slug",
    "name",
    "authority",
    "issuer",
    "client_id",
    "groups_claim",
    "team_claim",
    "name_claim",
    "email_claim",
    "verified_claim",
    "job_title_claim",
)
NEEDED = ("slug", "name", "authority", "issuer", "client_id", "groups", "email_domains")
LISTS = ("email_domains", "scopes", "amr", "acr")


def directories() -> tuple[Directory, ...]:
    """The directories that are described without a mistake."""
    return _read(
        settings.OIDC_DIRECTORIES, tuple(sorted(settings.OIDC_SECRETS.items())), settings.PRODUCTION
    )[0]


def directory_called(slug: str) -> Directory | None:
    """The directory with this slug, if there is one."""
    return next((one for one in directories() if one.slug == slug), None)


def problems() -> tuple[str, ...]:
    """What is wrong with the descriptions, in sentences that hold no secret."""
    return _read(
        settings.OIDC_DIRECTORIES, tuple(sorted(settings.OIDC_SECRETS.items())), settings.PRODUCTION
    )[1]


def secret_name(slug: str) -> str:
    """The environment variable that holds the secret of a directory."""
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
        called = f"Directory {row['slug']}" if isinstance(row.get("slug"), str) else f"Directory {place}"
        secret = dict(secrets).get(secret_name(str(row.get("slug"))), "")
        mistakes = list(
            _mistakes(row, secret=secret, taken=[one.slug for one in found], production=production)
        )
        wrong += [f"{called}: {mistake}" for mistake in mistakes]
        if not mistakes:
            found.append(_directory(row, secret))
    return tuple(found), tuple(wrong)


def _mistakes(row: Mapping[str, Any], *, secret: str, taken: list[str], production: bool) -> Iterable[str]:
    known = {*NEEDED, *TEXTS, *LISTS}
    yield from (f"{name} is missing." for name in NEEDED if not row.get(name))
    yield from (f"{name} is unknown." for name in sorted(set(row) - known))
    yield from (f"{name} must be a text." for name in TEXTS if not isinstance(row.get(name, ""), str))
    for name in LISTS:
        if not _are_texts(row.get(name, [])):
            yield f"{name} must be a list of texts."
    slug = row.get("slug")
    if isinstance(slug, str) and slug:
        if not SLUG.fullmatch(slug) or len(slug) > 50:  # noqa: PLR2004 - the width of the column that keeps it
            yield "slug may hold small letters, digits and hyphens, 50 at most."
        if slug in taken:
            yield "slug is used twice."
    if not secret:
        yield f"{secret_name(str(slug or 'SLUG'))} is not set."
    yield from _mistakes_of_issuer(row.get("issuer"), production=production)
    if _are_texts(row.get("email_domains")):
        yield from (
            f"{domain!r} is not a domain."
            for domain in row["email_domains"]
            if not DOMAIN.fullmatch(domain.lower())
        )
    if "openid" not in row.get("scopes", ["openid"]):
        yield "scopes must hold openid."
    yield from _mistakes_of_groups(row.get("groups", {}), team_claim=row.get("team_claim", ""))


def _mistakes_of_issuer(issuer: Any, *, production: bool) -> Iterable[str]:
    if not isinstance(issuer, str) or not issuer:
        return
    parts = urlsplit(issuer)
    local = not production and parts.hostname in LOOPBACK
    if parts.scheme != "https" and not local:
        yield "issuer must begin with https://."
    if parts.query or parts.fragment or "/.well-known/" in issuer:
        yield "issuer must be the address alone, without the document's path or a query."


def _mistakes_of_groups(groups: Any, *, team_claim: Any) -> Iterable[str]:
    if not isinstance(groups, dict):
        yield "groups must be an object: what each group gives."
        return
    for name, gives in groups.items():
        if (
            not isinstance(gives, dict)
            or set(gives) - {"role", "team"}
            or not _are_texts(list(gives.values()))
        ):
            yield f"group {name}: give role and, where needed, team."
        elif gives.get("role") not in Role.values:
            yield f"group {name}: there is no role {gives.get('role')!r}."
        elif gives["role"] in TEAM_ROLES and not gives.get("team") and not team_claim:
            yield f"group {name}: the role {gives['role']} needs a team, or a team_claim that names it."


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _directory(row: Mapping[str, Any], secret: str) -> Directory:
    known = {name: row[name] for name in TEXTS if name in row}
    if "scopes" in row:
        known["scopes"] = tuple(row["scopes"])
    known.update({name: frozenset(row[name]) for name in ("amr", "acr") if name in row})
    return Directory(
        **known,
        secret=secret,
        email_domains=frozenset(domain.lower() for domain in row["email_domains"]),
        groups={name: GroupGives(**gives) for name, gives in row["groups"].items()},
    )
