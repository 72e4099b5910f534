"""Template filters about how long records are kept."""

from __future__ import annotations

from django import template

from deadlines.policies.wording import label_of

register = template.Library()


@register.filter
def rule_in_words(key: str) -> str:
    """Return a rule of the procedures as people read it."""
    return label_of(key.removeprefix("keep-")) if key else ""
