"""Planning, cancelling and recording meetings of a core group."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from core_groups.access import AS_MEMBER, access_core_group
from core_groups.enums import MeetingState
from core_groups.forms.core_groups import InviteForm, MeetingForm, PlanMeetingForm
from core_groups.models import CoreGroupMeeting
from core_groups.selectors.apart import is_kept_apart, kept_apart
from core_groups.selectors.core_groups import members_of, planned_meeting
from core_groups.selectors.recipients import recipients_of
from core_groups.services.invitations import send_invitations
from core_groups.services.meetings import record_meeting
from core_groups.services.planning import cancel_meeting, plan_meeting
from deadlines.policies import policy_for
from govuk.forms import ReasonForm
from govuk.generic import form_view
from govuk.words import count


def record_core_group_meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a meeting of the core group, and when it next meets."""
    found = access_core_group(request, pk, to="record")
    if found.right == AS_MEMBER and is_kept_apart(user_of(request), found):  # type: ignore[attr-defined]
        raise Http404
    planned, today = planned_meeting(found), timezone.localdate()
    apart, waiting = kept_apart(found, on=today)
    form = kept_form(
        request,
        MeetingForm,
        members=members_of(found, on=today).exclude(person__in=apart),
        apart=apart,
        hours=policy_for(found.authority_id, on=today).usual_hours,
        family_id=found.family_id,
    )
    back = reverse("core_groups:core-group", args=[pk])
    return form_view(
        request,
        form,
        lambda _: record_meeting(
            core_group=found, meeting=planned, by=user_of(request), now=timezone.now(), **form.meeting()
        ),
        renamed={"held_on": "held_at"},
        success_url=back,
        success_message=_as_counted,
        cancel_url=back,
        template_name="core_groups/record_meeting.html",
        group=found,
        planned=planned,
        waiting=waiting,
    )


def _as_counted(meeting: CoreGroupMeeting) -> str:
    if meeting.counts:
        return "The meeting is recorded."
    return (
        "The meeting is recorded, but doesn’t count as held: the key worker or a stand-in was not there, or too few "
        "others. The time limit runs on."
    )


def invite_to_core_group_meeting(request: HttpRequest, pk: int, meeting_pk: int) -> HttpResponse:
    """Send each member their own time and place of a planned meeting, and show who has to be told another way."""
    found = access_core_group(request, pk, to="plan")
    meeting = get_object_or_404(CoreGroupMeeting, core_group=found, pk=meeting_pk, state=MeetingState.PLANNED)
    back = reverse("core_groups:core-group", args=[pk])
    return form_view(
        request,
        kept_form(request, InviteForm),
        lambda _: send_invitations(meeting=meeting, now=timezone.now()),
        success_url=back,
        success_message=lambda sent: f"{count(sent, 'message is', 'messages are')} on the way.",
        cancel_url=back,
        template_name="core_groups/invite.html",
        group=found,
        meeting=meeting,
        recipients=recipients_of(meeting, on=timezone.localdate()),
    )


def plan_core_group_meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan the next meeting or move it, with a sitting of their own for whoever must not meet the others."""
    found = access_core_group(request, pk, to="plan")
    planned, today = planned_meeting(found), timezone.localdate()
    apart, waiting = kept_apart(found, on=today)
    form = kept_form(
        request,
        PlanMeetingForm,
        planned=planned,
        apart=apart,
        family_id=found.family_id,
        hours=policy_for(found.authority_id, on=today).usual_hours,
    )
    back = reverse("core_groups:core-group", args=[pk])
    return form_view(
        request,
        form,
        lambda _: plan_meeting(
            core_group=found, meeting=planned, by=user_of(request), now=timezone.now(), **form.meeting()
        ),
        success_url=back,
        success_message="The meeting is planned.",
        cancel_url=back,
        template_name="core_groups/plan_meeting.html",
        group=found,
        planned=planned,
        waiting=waiting,
    )


def cancel_core_group_meeting(request: HttpRequest, pk: int, meeting_pk: int) -> HttpResponse:
    """Cancel a planned meeting, with the reason."""
    found = access_core_group(request, pk, to="plan")
    meeting = get_object_or_404(CoreGroupMeeting, core_group=found, pk=meeting_pk, state=MeetingState.PLANNED)
    back = reverse("core_groups:core-group", args=[pk])
    return form_view(
        request,
        kept_form(request, ReasonForm, label="Why is the meeting cancelled?", button="Cancel the meeting"),
        lambda data: cancel_meeting(meeting=meeting, by=user_of(request), now=timezone.now(), **data),
        success_url=back,
        success_message="The meeting is cancelled.",
        cancel_url=back,
        template_name="core_groups/cancel_meeting.html",
        group=found,
        meeting=meeting,
    )
