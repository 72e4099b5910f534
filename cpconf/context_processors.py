"""What the frame of every page needs: whose council, which role, where one can go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from govuk.colours import DEFAULT_COLOUR, usable


@dataclass(frozen=True)
class Destination:
    """One entry of the main navigation; ``count`` is shown beside it when above zero."""

    label: str
    url: str
    current: bool = False
    count: int = 0


# Label, URL name and the start of the paths that belong to it.
MAIN = (
    ("My work", "deadlines:my-work", "/my-work/"),
    ("Conferences", "conferences:list-conferences", "/conferences/"),
    ("Families", "families:list-families", "/families/"),
    ("Plans", "plans:list-plans", "/plans/"),
)
IN_DEVELOPMENT = (("Outbox", "notifications:list-messages", "/outbox/"),)


def navigation(path: str) -> list[Destination]:
    """The main navigation as seen from ``path``; a page that does not exist yet is left out."""
    entries = MAIN + (IN_DEVELOPMENT if settings.DEBUG or settings.DEMO else ())
    found = []
    for label, name, start in entries:
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        found.append(Destination(label=label, url=url, current=path == url or path.startswith(start)))
    return found


def frame(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    signed_in = bool(user is not None and user.is_authenticated)
    authority = getattr(user, "authority", None) if signed_in else None
    colour = usable(authority.colour) if authority else DEFAULT_COLOUR
    return {
        "authority": authority,
        "role_name": getattr(user, "current_role_name", "") if signed_in else "",
        "navigation": navigation(request.path) if signed_in else [],
        "theme_digits": colour.removeprefix("#"),
        "demo": settings.DEMO,
    }
