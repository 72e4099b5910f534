"""Planning, cancelling and recording meetings of a core group."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from core_groups.access import AS_MEMBER, access_core_group
from core_groups.enums import MeetingState
from core_groups.forms.core_groups import InviteForm, MeetingForm, PlanMeetingForm
from core_groups.models import CoreGroup, CoreGroupMeeting, CoreGroupMember
from core_groups.selectors.apart import is_kept_apart, kept_apart
from core_groups.selectors.carried import carried_on, may_stand_in
from core_groups.selectors.core_groups import planned_meeting
from core_groups.selectors.held import held_for, not_counted_for
from core_groups.selectors.recipients import recipients_of
from core_groups.selectors.recording import members_on
from core_groups.services.invitations import send_invitations
from core_groups.services.meetings import record_meeting
from core_groups.services.planning import cancel_meeting, plan_meeting
from deadlines.policies import policy_for
from govuk.forms import ReasonForm
from govuk.generic import form_view
from govuk.words import count


def record_core_group_meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that the core group met: when, who came and when it next meets; the rest follows on the next page."""
    found = access_core_group(request, pk, to="record")
    if found.right == AS_MEMBER and is_kept_apart(user_of(request), found):  # type: ignore[attr-defined]
        raise Http404
    planned, today = planned_meeting(found), timezone.localdate()
    apart, waiting = kept_apart(found, on=today)
    form = kept_form(
        request,
        MeetingForm,
        members=_who_may_have_come(found, planned).exclude(person__in=apart),
        apart=apart,
        hours=policy_for(found.authority_id, on=today).usual_hours,
        family_id=found.family_id,
        carried=carried_on(found, on=_day_asked_about(planned)),
        workers=may_stand_in(found, on=today),
        initial={"of": planned.pk if planned else None},
    )

    def save(data: dict[str, Any]) -> CoreGroupMeeting:
        # The meeting that the page was about: since then another one may be the next.
        of = found.meetings.filter(pk=data["of"]).first() if data["of"] else None
        try:
            return record_meeting(
                core_group=found, meeting=of, by=user_of(request), now=timezone.now(), **form.meeting()
            )
        except ValidationError:
            if of is not None and of.state == MeetingState.CANCELLED:
                form.data["of"] = ""  # type: ignore[index]
            raise

    return form_view(
        request,
        form,
        save,
        renamed={"held_on": "held_at"},
        success_url=lambda meeting: reverse("core_groups:meeting", args=[pk, meeting.pk]),
        success_message=_as_counted,
        cancel_url=reverse("core_groups:core-group", args=[pk]),
        template_name="core_groups/record_meeting.html",
        group=found,
        planned=planned,
        waiting=waiting,
        recorded=_recorded_lately(found),
    )


def _who_may_have_come(group: CoreGroup, planned: CoreGroupMeeting | None) -> QuerySet[CoreGroupMember]:
    """Return the members of today and, of those who left, the ones who were in it on the planned day."""
    today = timezone.localdate()
    pks = {row.pk for on in (today, _day_asked_about(planned)) for row in members_on(group, on)}
    rows = CoreGroupMember.objects.filter(pk__in=pks).select_related("person", "post__agency")
    return rows.order_by("pk")


def _day_asked_about(planned: CoreGroupMeeting | None) -> datetime.date:
    """Return the day on which the meeting that is to be recorded was planned, today at the latest."""
    today = timezone.localdate()
    return min(today, timezone.localdate(planned.planned_at)) if planned else today


def _recorded_lately(group: CoreGroup) -> list[CoreGroupMeeting]:
    """Return the newest held meeting, which someone else may just have recorded."""
    return list(group.meetings.filter(state=MeetingState.HELD).order_by("-held_at")[:1])


def _as_counted(meeting: CoreGroupMeeting) -> str:
    not_for = not_counted_for(held_for(meeting))
    if meeting.counts and not_for:
        return (
            f"The meeting is recorded. It doesn’t count as held for {not_for}: the key worker or a stand-in was not "
            f"there, or too few others. For {not_for} the time limit runs on."
        )
    if meeting.counts:
        return "The meeting is recorded. Now add how the plans are going, what was said and the scores."
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
