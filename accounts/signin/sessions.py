"""How long users stay signed in, and where.

The server checks the limits on each request, using two times stored in the session: when it began and when its
user was last active. ``allauth.usersessions`` keeps a row for each session, for the page on which people see
where they are signed in. A session ended elsewhere is deleted, so its next request is anonymous.

What a browser does by itself does not count as activity: saving a draft, polling, prefetching. The one
exception is a page of a conference in session, used by the person who leads or records it.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import structlog
from allauth.core.internal.httpkit import HTTP_USER_AGENT_MAX_LENGTH
from allauth.usersessions.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone

from accounts.access import address_of, user_of
from accounts.models import User
from govuk.drafts import owner_of

# A screen left alone in an open-plan office must not stay open: NCSC and OWASP (ASVS 5, 7.3.1) ask for a limit by
# risk; half an hour is as long as a phone call about one case.
IDLE_LIMIT = datetime.timedelta(minutes=30)
# One long working day (ASVS 5, 7.3.2): each day starts with signing in.
ABSOLUTE_LIMIT = datetime.timedelta(hours=12)
# Long enough to come back from the printer (WCAG 2.2, 2.2.1 asks for at least 20 seconds).
WARN_BEFORE = datetime.timedelta(minutes=5)
# A read should not cause a write each time; the idle limit may apply up to a minute early as a result.
WRITE_EVERY = datetime.timedelta(minutes=1)

logger = structlog.get_logger(__name__)

KEY, BEGAN, SEEN = "session_listed_as", "session_began_at", "session_seen_at"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
IDLE_ENDED = "You were signed out because nothing happened for 30 minutes. Sign in to carry on where you were."
LONGEST_ENDED = "You were signed out because 12 hours had passed. Sign in to carry on where you were."
# The library requires an address; a server behind a Unix socket knows none.
UNKNOWN_ADDRESS = "::"

Holds = Callable[[User, Mapping[str, Any]], bool]

_keeps_alive: dict[str, Holds] = {}


@dataclass(frozen=True)
class Limits:
    """When a session ends: if idle, and at the latest."""

    idle_at: datetime.datetime
    ends_at: datetime.datetime

    def why_over(self, now: datetime.datetime) -> str:
        """Return why the session has ended, as told to its user; empty while it is active."""
        if now >= self.ends_at:
            return LONGEST_ENDED
        return IDLE_ENDED if now >= self.idle_at else ""

    def seconds_left(self, now: datetime.datetime) -> int:
        return max(0, int((min(self.idle_at, self.ends_at) - now).total_seconds()))

    def is_last(self) -> bool:
        """Return whether staying signed in is no longer possible: the absolute limit comes first."""
        return self.ends_at <= self.idle_at

    @property
    def left(self) -> int:
        """Return the seconds left as the page is rendered."""
        return self.seconds_left(timezone.now())


def register_keeps_alive(url_names: Iterable[str], holds: Holds) -> None:
    """Register pages whose automatic saving counts as activity while ``holds(user, URL kwargs)`` is true.

    Called from ``AppConfig.ready``.
    """
    _keeps_alive.update(dict.fromkeys(url_names, holds))


def limits_of(request: HttpRequest) -> Limits | None:
    """Return when this session ends; None where no user is signed in."""
    seen, began = request.session.get(SEEN), request.session.get(BEGAN)
    if seen is None or began is None:
        return None
    return Limits(idle_at=_moment(seen) + IDLE_LIMIT, ends_at=_moment(began) + ABSOLUTE_LIMIT)


def key_of(request: HttpRequest) -> str:
    """Return the key under which this session is listed; empty where it is not."""
    return str(request.session.get(KEY) or "")


def begin(request: HttpRequest, user: User, *, now: datetime.datetime) -> None:
    """Record that ``user`` has just signed in with this session, starting its limits."""
    note_sign_out(request)
    if not request.session.session_key:
        request.session.save()
    UserSession.objects.update_or_create(
        session_key=request.session.session_key,
        defaults={
            "user": user,
            "created_at": now,
            "last_seen_at": now,
            "ip": address_of(request) or UNKNOWN_ADDRESS,
            "user_agent": request.META.get("HTTP_USER_AGENT", "")[:HTTP_USER_AGENT_MAX_LENGTH],
        },
    )
    request.session[KEY] = request.session.session_key
    request.session[BEGAN] = request.session[SEEN] = now.timestamp()
    logger.info("signed_in", user=user.pk)


def note_activity(request: HttpRequest, *, now: datetime.datetime) -> None:
    """Restart the idle limit at ``now``; writes at most once a minute."""
    seen = request.session.get(SEEN)
    if seen is not None and now < _moment(seen) + WRITE_EVERY:
        return
    request.session[SEEN] = now.timestamp()
    UserSession.objects.filter(session_key=key_of(request)).update(last_seen_at=now)


def note_sign_out(request: HttpRequest) -> None:
    """Remove this session from the list of where its user is signed in."""
    UserSession.objects.filter(session_key=key_of(request)).delete()


@transaction.atomic
def end_one(*, user: User, session_pk: int, now: datetime.datetime) -> bool:
    """End one session of ``user`` at once; return False where there is none such, or it has ended."""
    return _end(live_sessions(user, now=now).filter(pk=session_pk)) == 1


@transaction.atomic
def end_all(*, user: User, but: str = "") -> int:
    """End every session of ``user`` at once except the one with the key ``but``; return how many."""
    return _end(UserSession.objects.filter(user=user).exclude(session_key=but))


def live_sessions(user: User, *, now: datetime.datetime) -> QuerySet[UserSession]:
    """Return sessions in which ``user`` is signed in now, most recently used first."""
    return UserSession.objects.filter(
        user=user,
        session_key__in=Session.objects.filter(expire_date__gt=now).values("session_key"),
        last_seen_at__gt=now - IDLE_LIMIT,
        created_at__gt=now - ABSOLUTE_LIMIT,
    ).order_by("-last_seen_at", "-pk")


def _end(rows: QuerySet[UserSession]) -> int:
    ended = list(rows)
    get_adapter().end_sessions(ended)
    for row in ended:
        logger.info("session_ended", user=row.user_id, began=row.created_at.isoformat())
    return len(ended)


class LimitSessionsMiddleware:
    """Ends sessions past their limits, and records user activity.

    Runs after authentication and messages, before anything that checks who is signed in. An ended session is
    anonymous from here on: gatekeepers redirect to the sign-in page and back, and the text of a form is kept.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        key = request.session.session_key
        if key and request.user.is_authenticated:
            self._judge(request, now=timezone.now())
        request.session_limits = limits_of(request) if key else None  # type: ignore[attr-defined]
        response = self.get_response(request)
        if key and key_of(request) and request.session.session_key != key_of(request):
            _follow_key(request)
        return response

    def process_view(self, request: HttpRequest, *_: object) -> None:
        name = request.resolver_match.view_name if request.resolver_match else ""
        request.keeps_session_alive = name in _keeps_alive  # type: ignore[attr-defined]

    @staticmethod
    def _judge(request: HttpRequest, *, now: datetime.datetime) -> None:
        limits = limits_of(request)
        if limits is None:
            # From before sessions had limits.
            begin(request, user_of(request), now=now)
            return
        why = limits.why_over(now)
        if why:
            logger.info("session_ran_out", user=request.user.pk)
            note_sign_out(request)
            request.session.flush()
            request.user = AnonymousUser()
            messages.info(request, why)
        elif _person_acts(request) or (_saves_by_itself(request) and _is_kept_alive(request, now=now)):
            note_activity(request, now=now)


def _follow_key(request: HttpRequest) -> None:
    """Keep the row with its session when its key changes, after a password or a second step."""
    former, key = key_of(request), request.session.session_key
    # The library creates a second row after some of these changes.
    UserSession.objects.filter(session_key=key).delete()
    UserSession.objects.filter(session_key=former).update(session_key=key)
    request.session[KEY] = key


def _person_acts(request: HttpRequest) -> bool:
    """Return whether a person asked for this, rather than a script or the browser by itself."""
    if request.path in {reverse("accounts:save-draft"), reverse("accounts:keep-session")}:
        return False
    if request.method not in SAFE:
        return True
    asked_by_script = request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate"
    ahead = "prefetch" in request.headers.get("Sec-Purpose", "")
    return not (asked_by_script or ahead)


def _saves_by_itself(request: HttpRequest) -> bool:
    return request.method == "POST" and not _person_acts(request)


def _is_kept_alive(request: HttpRequest, *, now: datetime.datetime) -> bool:
    """Return whether this automatic save is from a meeting that the user is leading or recording now."""
    limits = limits_of(request)
    if limits and now < limits.idle_at - IDLE_LIMIT + WRITE_EVERY:
        return False  # nothing would be written, so there is nothing to check
    owner = owner_of(request)
    page = owner.path if owner else request.POST.get("path", "")
    try:
        found = resolve(urlsplit(page).path)
    except Resolver404:
        return False
    holds = _keeps_alive.get(found.view_name)
    return bool(holds and holds(user_of(request), found.kwargs))


def _moment(seconds: float) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(seconds, tz=datetime.UTC)
