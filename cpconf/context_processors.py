"""Context for the frame of every page: the council, the role, and the navigation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from accounts.enums import CASE_ROLES, Role
from accounts.models import User
from accounts.people.landing_pages import home_of
from deadlines.selectors import late_count
from govuk.colours import DEFAULT_COLOUR, usable


@dataclass(frozen=True)
class Destination:
    """One entry of the main navigation; ``count`` is shown beside it if above zero."""

    label: str
    url: str
    current: bool = False
    count: Any = 0


# Label, URL name and the start or starts of the paths that belong to it.
MY_WORK = "deadlines:my-work"
READ_LOG = "/account/read-log/ /account/unusual-reads/"
MAIN = (("My work", MY_WORK, "/deadlines/"), ("Conferences", "conferences:conferences", "/conferences/"))
# The same, with the roles that see it.
BY_ROLE = (
    ("Families", "families:families", "/families/ /transfers/families/", CASE_ROLES),
    ("Open a case", "families:find-case", "/families/open-a-case/", (Role.DUTY_WORKER, Role.CUSTODIAN)),
    ("Plans", "plans:plans", "/plans/ /transfers/plans/", CASE_ROLES),
    ("The list", "plans:see-list", "/plans/list/", (Role.CUSTODIAN,)),
    ("Check the list", "plans:check-list", "/plans/list/check", (Role.DUTY_WORKER, Role.CUSTODIAN)),
    ("Team", "deadlines:team", "/team/", (Role.TEAM_MANAGER, Role.SERVICE_MANAGER)),
    ("Council", "deadlines:council", "/council/", (Role.SERVICE_MANAGER,)),
    ("Outbox", "notifications:outbox", "/outbox/", (Role.COORDINATOR, Role.SERVICE_MANAGER)),
    ("Records", "records:review-cases", "/records/", (Role.SERVICE_MANAGER, Role.CUSTODIAN)),
    ("Incidents", "incidents:incidents", "/incidents/", (Role.DATA_PROTECTION, Role.SERVICE_MANAGER, Role.AUDITOR)),
    ("Referrals", "allegations:referrals", "/allegations/", (Role.DESIGNATED_OFFICER,)),
    ("Settings", "deadlines:settings", "/settings/", (Role.ADMINISTRATOR,)),
    ("What was done", "records:audit", "/records/audit/", (Role.AUDITOR,)),
    ("Read log", "accounts:read-log", READ_LOG, (Role.AUDITOR, Role.SERVICE_MANAGER)),
)


def navigation(path: str, user: User) -> list[Destination]:
    """Return the main navigation as seen from ``path``, without pages that do not exist yet.

    "My work" is left out for those whose home page is elsewhere, because it would only redirect there.
    """
    home = home_of(user)
    own = tuple((label, name, start) for label, name, start, roles in BY_ROLE if user.holds(*roles))
    places = []
    for label, name, starts in MAIN + own:
        if home and name == MY_WORK:
            continue
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        places.append((label, name, url, _length_shared(path, url, starts)))
    nearest = max((shared for *_, shared in places), default=0)
    return [
        Destination(label=label, url=url, current=0 < shared == nearest, count=_count(name, user))
        for label, name, url, shared in places
    ]


def _length_shared(path: str, url: str, starts: str) -> int:
    """Return how much of ``path`` an entry covers; 0 if it is elsewhere."""
    if path == url:
        return len(url)
    return max(len(start) if path.startswith(start) else 0 for start in starts.split())


def _count(name: str, user: User) -> Any:
    """Return the number in a destination's badge; counted only when a page renders it."""
    if name != MY_WORK or not user.holds(*CASE_ROLES):
        return 0
    return SimpleLazyObject(lambda: late_count(user, now=timezone.now()))


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return everything that ``govuk/frame.html`` and the footer need, signed in or not."""
    user = getattr(request, "user", None)
    signed_in = bool(user is not None and user.is_authenticated)
    authority = getattr(user, "authority", None) if signed_in else None
    colour = usable(authority.colour) if authority else DEFAULT_COLOUR
    return {
        "authority": authority,
        "role_name": getattr(user, "current_role_name", "") if signed_in else "",
        "navigation": SimpleLazyObject(lambda: navigation(request.path, user))
        if user is not None and signed_in
        else [],
        "theme_digits": colour.removeprefix("#"),
        "demo": settings.DEMO,
        "live_port": settings.LIVE_PORT,
    }
