"""What higher apps show on the pages of a team's work and of a council's figures. They connect in ``hooks.py``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from accounts.models import Authority, Team
from govuk.hook import Hook

Section = tuple[str, Mapping[str, Any]] | None
# Each returns a template and its context, or None; in a fixed number of queries, of what the user may open.
team_sections: Hook[Callable[[HttpRequest, Team], Section]] = Hook()
# Given the council, and the id of a team where its figures alone are wanted; numbers only, no names.
council_sections: Hook[Callable[[HttpRequest, Authority, int | None], Section]] = Hook()


def sections_for_team(request: HttpRequest, team: Team) -> list[SafeString]:
    """Return the rendered sections of a team's page."""
    return _rendered(request, (ask(request, team) for ask in team_sections))


def sections_for_council(request: HttpRequest, authority: Authority, team_id: int | None) -> list[SafeString]:
    """Return the rendered sections of a council's page."""
    return _rendered(request, (ask(request, authority, team_id) for ask in council_sections))


def _rendered(request: HttpRequest, found: Any) -> list[SafeString]:
    return [mark_safe(render_to_string(template, dict(context), request)) for template, context in filter(None, found)]
