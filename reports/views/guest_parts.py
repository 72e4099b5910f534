"""What an author's own pages of a report share: their frame, and how much may be sent in a day."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from accounts.guests.pages import guest_page
from accounts.throttling import allow
from conferences.models import Participant
from govuk.generic import Draw
from reports.selectors.papers import agency_in_full
from reports.selectors.writing import framework_of

T = TypeVar("T")
HOME = "guest_papers:own-report"
ENOUGH = (
    "We could not save this. You have sent us a lot today, and we have all of it. If there is more to say, ring us."
)
SAID = {
    "saved": "Saved. Nothing is handed in yet.",
    "removed": "Taken out.",
    "file": "The file is in your report.",
    "file-removed": "The file is taken out. No one can open it any more.",
    "copied": "Your last report is copied in. Read each passage again, and change what is no longer so.",
    "handed-in": "Your report is in, and the chair can read it. Now talk it through with the family.",
    "shared": "Thank you. We have how it went.",
}


def drawn_for(author: Participant) -> Draw:
    """Return what draws an author's own pages in their council's frame."""
    around = {
        "author": author,
        "agency": agency_in_full(author),
        "conference": author.conference,
        "framework": framework_of(author),
    }
    return lambda request, template, context: guest_page(
        request,
        template,
        {**around, "said": SAID.get(request.GET.get("said", ""), ""), **context},
        authority=author.conference.authority,
    )


def drawn_plainly(participant: Participant) -> Draw:
    """Return what draws a guest's page in their council's frame."""
    return lambda request, template, context: guest_page(
        request, template, context, authority=participant.conference.authority
    )


def home_url(said: str = "", anchor: str = "") -> str:
    """Return the address of the report's own page, saying what was done, at ``anchor``."""
    return f"{reverse(HOME)}{f'?said={said}' if said else ''}{f'#{anchor}' if anchor else ''}"


def session_of(request: HttpRequest) -> int:
    """Return the id of the guest's stay, which is recorded as who wrote."""
    session_id: int = request.guest.session_id  # type: ignore[attr-defined]
    return session_id


def writes(guest: Participant, act: Callable[[], T]) -> T:
    """Carry out what a guest writes. Raises ValidationError above the daily limit."""
    if not allow("guest-writes:participant", guest.pk, now=timezone.now()):
        raise ValidationError(ENOUGH)
    return act()
