"""Complaints on one's own page: made there, answered there, and taken further."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.drafts.forms import kept_form
from accounts.guests.access import GuestRequired
from conferences.guest_access import access_as_guest
from deadlines.policies import policy_of
from deadlines.working_days.arithmetic import civil_day
from govuk.generic import form_view
from reports.forms.complaints import OwnComplaintForm, OwnFurtherForm
from reports.selectors.complaints import own_complaints
from reports.selectors.objections import people_who_may_complain
from reports.services.complaints import record_complaint, take_complaint_further
from reports.views.guest_parts import drawn_plainly, session_of, writes


@require_http_methods(["GET", "HEAD", "POST"])
def complain(request: HttpRequest) -> HttpResponse:
    """Complain about how a meeting was run; read what one said, and the answers."""
    participant = access_as_guest(request, to="home")
    conference = participant.conference
    if not people_who_may_complain(conference).filter(pk=participant.pk).exists():
        raise GuestRequired
    policy, now = policy_of(conference.policy_version_id), timezone.now()
    home = reverse("guest_meeting:home")
    return form_view(
        request,
        kept_form(request, OwnComplaintForm),
        lambda data: writes(
            participant,
            lambda: record_complaint(
                conference=conference,
                participant=participant,
                received_on=civil_day(now),
                guest_session_id=session_of(request),
                now=now,
                **data,
            ),
        ),
        success_url=f"{reverse('guest_papers:complain')}#said",
        cancel_url=home,
        back_url=home,
        template_name="guest_papers/complain.html",
        draw=drawn_plainly(participant),
        said=own_complaints(participant),
        answered_within=policy.limit("complaint-answer").words,
        help_lines=policy.value("family-complaint-help") if participant.is_family else (),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def take_further(request: HttpRequest, complaint_pk: int) -> HttpResponse:
    """Say why the answer to one's own complaint is not enough; any other answers as a closed link does."""
    participant = access_as_guest(request, to="home")
    row = next((row for row in own_complaints(participant) if row.complaint.pk == complaint_pk), None)
    if row is None or row.further_until is None:
        raise GuestRequired
    now, back = timezone.now(), reverse("guest_papers:complain")
    return form_view(
        request,
        kept_form(request, OwnFurtherForm),
        lambda data: writes(
            participant,
            lambda: take_complaint_further(
                complaint=row.complaint, asked_on=civil_day(now), guest_session_id=session_of(request), now=now, **data
            ),
        ),
        success_url=f"{back}#said",
        cancel_url=back,
        back_url=back,
        template_name="guest_papers/complain_further.html",
        draw=drawn_plainly(participant),
        row=row,
    )
