"""What someone says after the meeting on their own page: what is wrong in the minutes, and that they do not agree."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.drafts.forms import kept_form
from accounts.enums import ReadKind
from accounts.guests.access import GuestRequired
from conferences.guest_access import access_as_guest, place_of_guest, record_as_guest
from conferences.models import Participant
from deadlines.working_days.arithmetic import civil_day
from govuk.generic import form_view
from reports.enums import DocumentKind
from reports.forms.comments import OwnCommentForm
from reports.forms.dissents import OwnDissentForm
from reports.selectors.guest_papers import copies_for
from reports.selectors.objections import dissent_until, minutes_comments_until
from reports.selectors.own_objections import children_to_dissent_about, own_comments, own_dissents
from reports.services.comments import record_comment
from reports.services.dissents import lodge_dissent
from reports.views.guest_parts import drawn_plainly, session_of, writes


@require_http_methods(["GET", "HEAD", "POST"])
def say_minutes_wrong(request: HttpRequest, copy_pk: int) -> HttpResponse:
    """Say what is wrong in one's own copy of the minutes; any other copy answers as a closed link does."""
    participant = place_of_guest(request)
    copy = next((row for row in copies_for(participant) if row.pk == copy_pk), None)
    theirs = copy is not None and copy.document.kind == DocumentKind.MINUTES
    record_as_guest(
        request, participant, kind=ReadKind.PAGE if theirs else ReadKind.REFUSED, subject="Copy", subject_id=copy_pk
    )
    if not theirs:
        raise GuestRequired
    now = timezone.now()
    here = reverse("guest_papers:minutes-wrong", args=[copy_pk])
    return _says(
        request,
        participant,
        kept_form(request, OwnCommentForm),
        lambda data: record_comment(
            conference=participant.conference,
            participant=participant,
            received_on=civil_day(now),
            guest_session_id=session_of(request),
            now=now,
            **data,
        ),
        here=here,
        back=reverse("guest_papers:read-copy", args=[copy_pk]),
        template="guest_papers/minutes_wrong.html",
        said=own_comments(participant),
        until=minutes_comments_until(participant),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def do_not_agree(request: HttpRequest) -> HttpResponse:
    """Say that one does not agree with the decision about a child; read what one said, and the answer."""
    participant = access_as_guest(request, to="home")
    rows = children_to_dissent_about(participant)
    if not rows:
        raise GuestRequired
    now = timezone.now()
    return _says(
        request,
        participant,
        kept_form(request, OwnDissentForm, rows=rows),
        lambda data: lodge_dissent(
            conference=participant.conference,
            participant=participant,
            children=data["children"],
            text=data["text"],
            lodged_at=now,
            guest_session_id=session_of(request),
            now=now,
        ),
        here=reverse("guest_papers:not-agree"),
        back=reverse("guest_papers:papers"),
        template="guest_papers/not_agree.html",
        said=own_dissents(participant),
        until=dissent_until(participant.conference),
    )


def _says(
    request: HttpRequest,
    participant: Participant,
    form: Any,
    save: Any,
    *,
    here: str,
    back: str,
    template: str,
    **context: Any,
) -> HttpResponse:
    return form_view(
        request,
        form,
        lambda data: writes(participant, lambda: save(data)),
        success_url=f"{here}#said",
        cancel_url=back,
        back_url=back,
        template_name=template,
        draw=drawn_plainly(participant),
        **context,
    )
