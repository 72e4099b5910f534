"""Messages for refusals by triggers, and the form fields that constraints belong to."""

from __future__ import annotations

from accounts.constraint_errors import register_refusal

MUST_NOT_MEET = (
    "People who must not meet can't be in one meeting. Record whoever is apart in a sitting of their own, "
    "or ask for a decision first."
)


def register_refusals() -> None:
    """Register messages for database constraints. Called from ``CoreGroupsConfig.ready``."""
    register_refusal("core_group_keeps_people_apart", MUST_NOT_MEET, field="present")
    register_refusal("apart_decision_says_why", field="reason")
