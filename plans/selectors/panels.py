"""What plans show on pages of lower apps."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from families.models import Family
from families.selectors.people import children_alone
from plans.selectors.plans import plans_of_children


def plans_panel(_request: HttpRequest, family: Family) -> tuple[str, dict[str, Any]]:
    """Return the plans of the family's children, for the family's page."""
    children = children_alone(family, on=timezone.localdate())
    return "plans/panel.html", {"plans": plans_of_children(children.values("pk"))}
