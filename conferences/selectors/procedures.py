"""The council's procedures under which a conference is held."""

from __future__ import annotations

from conferences.models import Conference
from deadlines.policies import Policy, policy_of


def policy_of_conference(conference: Conference) -> Policy:
    """Return the council's procedures under which the conference is held."""
    return policy_of(conference.policy_version_id)
