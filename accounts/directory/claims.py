"""What a directory says about a user, read from the claims of a signed token. No request, no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from accounts.enums import TEAM_ROLES
from accounts.signin.directories import Directory
from govuk.cleaning import clean_line

LONGEST_SUBJECT = 191
LONGEST_NAME = 120
# Sent by a directory, in place of the groups, when they don't fit into a token.
TOO_MANY = ("_claim_names", "hasgroups")


class ClaimsRefused(Exception):
    """The claims can't be read, so nothing may be concluded from what they omit."""


@dataclass(frozen=True, order=True)
class GrantedRole:
    """A role granted by a directory, with the team's name where the role belongs to a team."""

    role: str
    team: str = ""


@dataclass(frozen=True)
class Identity:
    """A user as their directory describes them. ``email`` is empty unless verified and in a council domain."""

    subject: str
    name: str
    email: str
    job_title: str
    roles: frozenset[GrantedRole]
    second_factor: bool
    asked_at: int


def read_claims(directory: Directory, claims: Mapping[str, Any]) -> Identity:
    """Return who the user is and which roles they have here.

    Raises ClaimsRefused where the subject is missing, or where the directory omitted the groups because there
    were too many: that must not be taken for "no group".
    """
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise ClaimsRefused("no subject")
    if directory.groups_claim not in claims and _left_out(directory, claims):
        raise ClaimsRefused("too many groups")
    email = _verified_email(directory, claims)
    return Identity(
        subject=subject,
        name=_name(directory, claims) or email,
        email=email,
        job_title=_text(claims.get(directory.job_title_claim)) if directory.job_title_claim else "",
        roles=_roles(directory, claims),
        second_factor=_second_factor(directory, claims),
        asked_at=_seconds(claims.get("auth_time")),
    )


def _verified_email(directory: Directory, claims: Mapping[str, Any]) -> str:
    """Return the address, if the directory vouches for it and it is in one of the council's own domains."""
    email = claims.get(directory.email_claim)
    if not isinstance(email, str) or claims.get(directory.verified_claim) not in (True, 1, "true", "True", "1"):
        return ""
    try:
        validate_email(email)
    except ValidationError:
        return ""
    email = email.lower()
    return email if email.rpartition("@")[2] in directory.email_domains else ""


def _name(directory: Directory, claims: Mapping[str, Any]) -> str:
    whole = _text(claims.get(directory.name_claim))
    return whole or f"{_text(claims.get('given_name'))} {_text(claims.get('family_name'))}".strip()


def _roles(directory: Directory, claims: Mapping[str, Any]) -> frozenset[GrantedRole]:
    team = _text(claims.get(directory.team_claim)) if directory.team_claim else ""
    given = [
        directory.groups[group] for group in _texts(claims.get(directory.groups_claim)) if group in directory.groups
    ]
    return frozenset(
        GrantedRole(gives.role, (gives.team or team) if gives.role in TEAM_ROLES else gives.team) for gives in given
    )


def _second_factor(directory: Directory, claims: Mapping[str, Any]) -> bool:
    return bool(directory.amr & set(_texts(claims.get("amr")))) or _text(claims.get("acr")) in directory.acr


def _left_out(directory: Directory, claims: Mapping[str, Any]) -> bool:
    elsewhere = claims.get(TOO_MANY[0])
    named = isinstance(elsewhere, Mapping) and directory.groups_claim in elsewhere
    return named or claims.get(TOO_MANY[1]) in (True, "true")


def _texts(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [item for item in values if isinstance(item, str)]


def _text(value: Any) -> str:
    return clean_line(value)[:LONGEST_NAME].strip() if isinstance(value, str) else ""


def _seconds(value: Any) -> int:
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0
