"""Unsent form input, kept for its author alone, through a lost connection or an expired session.

A form that keeps drafts carries a signed owner: who was shown it, on which page, and when. That is proof enough
to keep the text for that person when their session has ended, and it opens nothing: the draft is shown to its
owner only, behind the gatekeeper of its page.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode

import structlog
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.forms import BaseForm, BoundField
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from accounts.drafts import services
from accounts.drafts.guests import draft_of_guest, forget_for_guest
from accounts.drafts.typed import typed_in
from accounts.encryption import CannotBeOpened
from accounts.models import Draft, GuestDraft
from govuk.date_fields import DateTimeInput
from govuk.drafts import WITHOUT_DRAFT, Owner, owner_of, page_of
from govuk.forms import VersionField
from govuk.words import clock, long_date

F = TypeVar("F", bound=BaseForm)

logger = structlog.get_logger(__name__)


def kept_form(request: HttpRequest, form_class: type[F], **kwargs: Any) -> F:
    """Return the page's form: with the POST data, else this user's draft, else the recorded values.

    Also serves a form that keeps no draft, for which nothing is looked up. A form restored from a draft is
    unbound, so it isn't validated yet; ``form.restored_at`` says when the draft was saved (otherwise None), and
    the page shows it.
    """
    if request.method == "POST":
        form = form_class(request.POST, request.FILES, **kwargs)
        form.restored_at = None  # type: ignore[attr-defined]
        return form
    form = form_class(**kwargs)
    keeps_draft = getattr(form_class, "keeps_draft", False)
    draft: Draft | GuestDraft | None = None
    if WITHOUT_DRAFT not in request.GET:
        draft = draft_of_guest(request) or (_draft(request) if keeps_draft else None)
    kept = _opened(request, draft) if draft else {}
    form.restored_at = draft.saved_at if draft and _restore(form, kept) else None  # type: ignore[attr-defined]
    if isinstance(draft, Draft) and form.restored_at:  # type: ignore[attr-defined]
        _tell_restored(request, form.restored_at)  # type: ignore[attr-defined]
    return form


def forget(request: HttpRequest) -> None:
    """Clear the draft of a form submitted successfully. A redirect after a POST does this by itself."""
    if request.user.is_authenticated:
        owner = owner_of(request)
        path = owner.path if owner and owner.user_id == request.user.pk else page_of(request.get_full_path())
        services.finish_draft(user_id=request.user.pk, path=path, now=timezone.now())


def hold(request: HttpRequest) -> None:
    """Keep the POST data of a form that could not be completed yet, although the response leads elsewhere."""
    request.holds_draft = True  # type: ignore[attr-defined]
    owner = owner_of(request)
    if owner and owner.user_id == request.user.pk:
        keep(request, owner)


def keep(request: HttpRequest, owner: Owner, *, unless_sent: bool = False) -> Draft | None:
    """Save the posted fields as a draft for ``owner``; None where too long, or submitted in the meantime."""
    shown_at = datetime.datetime.fromtimestamp(owner.shown_at, tz=datetime.UTC) if unless_sent else None
    return services.save_draft(
        user_id=owner.user_id, path=owner.path, fields=typed_in(request.POST), shown_at=shown_at, now=timezone.now()
    )


def _draft(request: HttpRequest) -> Draft | None:
    if not request.user.is_authenticated:
        return None
    page = page_of(request.get_full_path())
    return Draft.objects.filter(user=request.user, path=page, finished_at__isnull=True).first()


def _opened(request: HttpRequest, draft: Draft | GuestDraft) -> dict[str, list[str]]:
    """Return the draft's fields; empty if no key decrypts them any more, which the page reports once."""
    try:
        return draft.fields
    except CannotBeOpened:
        logger.warning("draft_set_aside", draft=draft.pk)
        if not getattr(request, "told_of_lost_draft", False):
            messages.info(request, "We can’t read what you typed here before. Please write it again.")
            request.told_of_lost_draft = True  # type: ignore[attr-defined]
        return {}


def _restore(form: Any, kept: dict[str, list[str]]) -> bool:
    """Restore the draft into ``form`` if it was typed there; a page may have several forms."""
    if not any(_belongs(name, own) for name in kept for field in form for own in _posted_names(field)):
        return False
    if not form.restore(kept):
        return False
    for name, field in form.fields.items():
        texts = kept.get(form.add_prefix(name))
        if isinstance(field, VersionField) and texts:
            # Restore the version it was typed over: if the row has changed since, submitting must say so.
            form.initial[name] = texts[0]
    return True


def _posted_names(bound: BoundField) -> tuple[str, ...]:
    """Return the names a field is posted under: two for the date and time of one moment."""
    widget = bound.field.widget
    return widget.names(bound.html_name) if isinstance(widget, DateTimeInput) else (bound.html_name,)


def _belongs(posted_name: str, field_name: str) -> bool:
    """Return whether a posted name is that of the field or of a part of it, such as the day of a date."""
    return posted_name == field_name or posted_name.startswith(f"{field_name}_")


def _tell_restored(request: HttpRequest, saved_at: datetime.datetime) -> None:
    """Say once that the page shows what was typed before, however many forms it has."""
    if getattr(request, "told_of_draft", False):
        return
    request.told_of_draft = True  # type: ignore[attr-defined]
    day = "" if timezone.localdate(saved_at) == timezone.localdate() else f" on {long_date(saved_at)}"
    message = format_html(
        "We saved what you typed{} at {}. It has not been sent yet. "
        '<a class="govuk-notification-banner__link" href="?{}">Show what is recorded instead</a>',
        day,
        clock(saved_at),
        urlencode([*parse_qsl(request.META.get("QUERY_STRING", "")), (WITHOUT_DRAFT, "1")]),
    )
    messages.info(request, message)


class KeepDraftsMiddleware:
    """Keeps what was typed once its author is signed out, and clears it once submitted.

    Runs after authentication. A form that keeps drafts is acted on only for the user it was shown to: with no
    user signed in, the text is kept and the user is sent through the sign-in page back to the form; with
    another user signed in, it is kept for its author and nothing else happens.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        held = getattr(request, "holds_draft", False)
        sent = request.method == "POST" and response.status_code in {302, 303} and not held
        if sent and request.user.is_authenticated:
            owner = owner_of(request)
            if owner and owner.user_id == request.user.pk:
                forget(request)
        if sent:
            forget_for_guest(request)
        return response

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponseBase | None:
        # The draft endpoint answers for itself, in JSON.
        if request.method != "POST" or request.path == reverse("accounts:save-draft"):
            return None
        owner = owner_of(request)
        if owner is None or (request.user.is_authenticated and request.user.pk == owner.user_id):
            return None
        draft = keep(request, owner)
        if request.user.is_authenticated:
            return render(request, "accounts/somebody_else.html", {"kept": draft is not None}, status=403)
        if draft is None:
            return None
        return redirect_to_login(owner.path)
