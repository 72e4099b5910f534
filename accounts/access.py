"""The doors of need-to-know.

A gatekeeper is a function that calls :func:`open_row` with a rule (``accounts.rules``): it is the only door to a
sensitive row, refuses without telling whether the row exists, and writes the read log.
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
from accounts.rules import Rule

M = TypeVar("M", bound=Model)
LONGEST_RIGHT = 200


class SignInRequired(Exception):
    """Raised by gatekeepers for somebody who is not signed in; middleware sends them to sign in."""


def open_row(
    request: HttpRequest,
    queryset: QuerySet[M],
    rule: Rule,
    *,
    page: str,
    families: Callable[[M], Iterable[int]] | None = None,
    persons: Callable[[M], Iterable[int]] | None = None,
    kind: ReadKind = ReadKind.PAGE,
    **lookup: Any,
) -> M:
    """Give the one row that ``lookup`` names if the user may see it, and log the read.

    Raises SignInRequired when nobody is signed in, Http404 when there is no such row or it is not
    the user's to see. The answer does not tell the two apart; the log does: it names a row that exists.
    """
    if not request.user.is_authenticated:
        raise SignInRequired
    user = request.user
    row = rule.visible(queryset, user).filter(**lookup).first()
    if row is None:
        refused = queryset.filter(**lookup).first()
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
    """Who acts. Raises SignInRequired when nobody is signed in; gatekeepers have asked before."""
    if not request.user.is_authenticated:
        raise SignInRequired
    return request.user


def require_roles(request: HttpRequest, *roles: str) -> User:
    """The signed-in user, if they hold one of ``roles`` today.

    Raises SignInRequired when nobody is signed in, Http404 when the role is missing. Without
    ``roles`` any signed-in user with some role passes.
    """
    if not request.user.is_authenticated:
        raise SignInRequired
    user = request.user
    if not (user.holds(*roles) if roles else user.current_roles):
        record_read(request, page=_page_of(request), subject="", subject_id=None, kind=ReadKind.REFUSED)
        raise Http404
    return user


class GuestReader(Protocol):
    """Somebody without an account who reads through a link: their stay, whose council, which person they are."""

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

    ``by`` is who reads where nobody is signed in, ``guest`` who reads without an account. Call it outside a
    transaction: what was shown stays in the log whatever happens afterwards.
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
    """The rights under which ``Rule.visible`` showed the rows of a list, each once."""
    return ", ".join(sorted({row.right for row in rows if row.right}))


def _session_of(request: HttpRequest) -> str:
    """A mark that tells the sessions of one user apart; the key itself would open the session."""
    key = getattr(getattr(request, "session", None), "session_key", None)
    return hashlib.sha256(key.encode()).hexdigest()[:16] if key else ""


def _page_of(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""


def address_of(request: HttpRequest) -> str | None:
    """Where the request came from; None behind a Unix socket, where the server knows no address."""
    try:
        return str(ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")))
    except ValueError:
        return None


class SignInRequiredMiddleware:
    """Turns SignInRequired into a redirect to the sign-in page that comes back here afterwards.

    After a form it comes back to the page that held the form: the address of a form may have no page.
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
    """The page to come back to: this one, or after a form the page that held it."""
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    held_by = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(held_by, allowed_hosts={request.get_host()}):
        return request.path
    parts = urlsplit(held_by)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
