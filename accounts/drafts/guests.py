"""What a guest had typed when they left quickly or their stay ended, kept for their next stay."""

from __future__ import annotations

import datetime

from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.drafts.services import LONGEST_PATH, MAX_DRAFT_CHARACTERS
from accounts.drafts.typed import typed_in
from accounts.models import GuestDraft, GuestLink
from govuk.drafts import page_of

GUEST_PAGES = "/guest/"


def keep_for_guest(request: HttpRequest, *, link: GuestLink, page: str, now: datetime.datetime) -> GuestDraft | None:
    """Keep the posted fields for the guest page ``page``; None where nothing was typed, or too much."""
    fields = {name: values for name, values in typed_in(request.POST).items() if name != "page" and any(values)}
    characters = sum(len(value) for values in fields.values() for value in values)
    if not fields or not page.startswith(GUEST_PAGES) or len(page) > LONGEST_PATH or characters > MAX_DRAFT_CHARACTERS:
        return None
    draft = GuestDraft.objects.filter(link=link, path=page_of(page)).first() or GuestDraft(
        link=link, path=page_of(page)
    )
    draft.fields, draft.saved_at = fields, now
    draft.save()
    return draft


def draft_of_guest(request: HttpRequest) -> GuestDraft | None:
    """Return what this page's guest had typed when they left, if it was not sent since."""
    guest = getattr(request, "guest", None)
    if guest is None:
        return None
    page = page_of(request.get_full_path())
    return _drafts_of(guest.link).filter(path=page).exclude(sealed="").order_by("-saved_at").first()


def forget_for_guest(request: HttpRequest) -> None:
    """Empty the draft of a page whose form was sent."""
    guest = getattr(request, "guest", None)
    if guest is not None:
        _drafts_of(guest.link).filter(path=page_of(request.get_full_path())).update(sealed="")


def _drafts_of(link: GuestLink) -> QuerySet[GuestDraft]:
    """Return what the person of this link typed behind it, or behind one that it replaced."""
    return GuestDraft.objects.filter(
        link__purpose=link.purpose, link__subject_id=link.subject_id, link__person_id=link.person_id
    )
