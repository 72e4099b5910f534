"""Gatekeepers for sensitive rows.

A gatekeeper is a function that calls :func:`open_row` with a rule (``accounts.rules``). It is the only way to a
sensitive row: it refuses without revealing whether the row exists, and writes the read log.
"""

from __future__ import annotations

import hashlib
import ipaddress
from collections.abc import Callable, Iterable
from typing import Any, Protocol, TypeVar
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.enums import ReadKind
from accounts.models import AccessEvent, Authority, User
from accounts.rows_to_open import RowsToOpen
from accounts.rules import Rule

M = TypeVar("M", bound=Model)
LONGEST_RIGHT = 200


class SignInRequired(Exception):
    """Raised by gatekeepers when no user is signed in; middleware redirects to the sign-in page."""


def open_row(
    request: HttpRequest,
    queryset: QuerySet[M] | RowsToOpen[M],
    rule: Rule,
    *,
    page: str,
    families: Callable[[M], Iterable[int]] | None = None,
    persons: Callable[[M], Iterable[int]] | None = None,
    kind: ReadKind = ReadKind.PAGE,
    **lookup: Any,
) -> M:
    """Return the one row that ``lookup`` names if the user may see it, and log the read.

    Raises SignInRequired when no user is signed in, Http404 when there is no such row or the user may not see
    it. The response does not distinguish the two; the log does, by naming a row that exists.
    """
    if not request.user.is_authenticated:
        raise SignInRequired
    user = request.user
    row = (
        queryset.open_to(user, rule, lookup)
        if isinstance(queryset, RowsToOpen)
        else rule.visible(queryset, user).filter(**lookup).first()
    )
    if row is None:
        refused = queryset.known(lookup) if isinstance(queryset, RowsToOpen) else queryset.filter(**lookup).first()
        record_read(
            request,
            page=page,
            subject=queryset.model.__name__,
            subject_id=refused.pk if refused else None,
            family_ids=families(refused) if refused and families else (),
            person_ids=persons(refused) if refused and persons else (),
            kind=ReadKind.REFUSED,
        )
        raise Http404
    record_read(
        request,
        page=page,
        subject=queryset.model.__name__,
        subject_id=row.pk,
        family_ids=families(row) if families else (),
        person_ids=persons(row) if persons else (),
        right=row.right,  # type: ignore[attr-defined]
        kind=kind,
    )
    return row


def user_of(request: HttpRequest) -> User:
    """Return the signed-in user. Raises SignInRequired, which a gatekeeper will normally have done before."""
    if not request.user.is_authenticated:
        raise SignInRequired
    return request.user


def require_roles(request: HttpRequest, *roles: str) -> User:
    """Return the signed-in user if they hold one of ``roles`` today.

    Raises SignInRequired when no user is signed in, Http404 when they hold none of the roles. Without
    ``roles``, any signed-in user with at least one role passes.
    """
    if not request.user.is_authenticated:
        raise SignInRequired
    user = request.user
    if not (user.holds(*roles) if roles else user.current_roles):
        record_read(request, page=_page_of(request), subject="", subject_id=None, kind=ReadKind.REFUSED)
        raise Http404
    return user


class GuestReader(Protocol):
    """A reader with a guest link instead of an account: their session, council and person."""

    @property
    def session(self) -> Model: ...
    @property
    def authority(self) -> Authority: ...
    @property
    def person_id(self) -> int | None: ...


def record_read(
    request: HttpRequest,
    *,
    page: str,
    subject: str,
    subject_id: int | None,
    family_ids: Iterable[int] = (),
    person_ids: Iterable[int] = (),
    right: str = "",
    kind: ReadKind = ReadKind.PAGE,
    by: User | None = None,
    guest: GuestReader | None = None,
) -> AccessEvent:
    """Append one row to the read log, in one query.

    ``by`` is the reader where no user is signed in, ``guest`` a reader without an account. Call it outside a
    transaction, so that what was shown stays in the log whatever happens afterwards.
    """
    user = by or (request.user if request.user.is_authenticated and guest is None else None)
    authority = guest.authority if guest else user.authority if user else None
    return AccessEvent.objects.create(
        user=user,
        authority=authority,
        kind=kind,
        page=page[:80],
        subject=subject,
        subject_id=subject_id,
        family_ids=sorted(set(family_ids)),
        person_ids=sorted(set(person_ids)),
        right=right[:LONGEST_RIGHT],
        address=address_of(request),
        session=_session_of(request),
        guest_session_id=guest.session.pk if guest else None,
        guest_person_id=guest.person_id if guest else None,
    )


def rights_of(rows: Iterable[Any]) -> str:
    """Return the distinct rights under which ``Rule.visible`` showed the rows of a list."""
    return ", ".join(sorted({row.right for row in rows if row.right}))


def _session_of(request: HttpRequest) -> str:
    """Return a hash that distinguishes a user's sessions; the session key itself would give access."""
    key = getattr(getattr(request, "session", None), "session_key", None)
    return hashlib.sha256(key.encode()).hexdigest()[:16] if key else ""


def _page_of(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""


def address_of(request: HttpRequest) -> str | None:
    """Return the client's IP address; None behind a Unix socket, where the server doesn't know it."""
    try:
        return str(ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")))
    except ValueError:
        return None


class SignInRequiredMiddleware:
    """Redirects to the sign-in page on SignInRequired, and back here afterwards.

    After a POST the way back is the page that held the form: the form's own URL may not have a page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        if not isinstance(exception, SignInRequired):
            return None
        return redirect_to_login(way_back(request))


def way_back(request: HttpRequest) -> str:
    """Return the URL to come back to: this page or, after a POST, the page that held the form."""
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    held_by = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(held_by, allowed_hosts={request.get_host()}):
        return request.path
    parts = urlsplit(held_by)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
