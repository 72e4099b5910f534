"""Says on a page what the council's procedures ask of whoever works there."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone

from accounts.models import Authority
from deadlines.policies import Policy, PolicyMissing, policy_for, policy_of
from deadlines.selectors.policies import policy_row

register = template.Library()


@register.inclusion_tag("deadlines/procedure_says.html")
def procedure(of: Any, *keys: str) -> dict[str, Any]:
    """Show what a council says under these keys.

    ``of`` is the council, or a row of one; a conference has its own version of the procedures.
    """
    policy = _policy(of)
    return {
        "authority": of if isinstance(of, Authority) else of.authority,
        "rows": [policy_row("values", key, policy.data) for key in keys] if policy else [],
    }


def _policy(of: Any) -> Policy | None:
    if version_id := getattr(of, "policy_version_id", None):
        return policy_of(version_id)
    try:
        return policy_for(of if isinstance(of, Authority) else of.authority_id, on=timezone.localdate())
    except PolicyMissing:
        return None
