from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import require_roles, user_of
from accounts.drafts.forms import kept_form
from core_groups.access import AS_MEMBER, CORE_GROUP_RECORD_RULE, CORE_GROUP_RULE, access_core_group
from core_groups.forms.core_groups import MeetingForm
from core_groups.models import CoreGroup
from core_groups.selectors.core_groups import group_of_conference, group_page, members_of, members_part, planned_meeting
from core_groups.services.meetings import record_meeting
from deadlines.policies import policy_for
from govuk.generic import form_view


def core_group(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a core group: members, plans and meetings."""
    found = access_core_group(request, pk)
    if found.goes_on_in_id is not None:
        return redirect("core_groups:core-group", found.goes_on_in_id)
    if found.right == AS_MEMBER:  # type: ignore[attr-defined]
        return _as_member(request, found)
    return render(
        request,
        "core_groups/core_group.html",
        {
            "group": group_page(found),
            "members": members_of(found, on=timezone.localdate()),
            "planned": planned_meeting(found),
            "may_record": CORE_GROUP_RECORD_RULE.right_of(user_of(request), found) is not None,
        },
    )


def _as_member(request: HttpRequest, group: CoreGroup) -> HttpResponse:
    """Show a professional of another agency their plans, actions and meetings."""
    today = timezone.localdate()
    context = {
        "group": group,
        "part": members_part(group, user_of(request), on=today),
        "members": members_of(group, on=today),
        "planned": planned_meeting(group),
        "may_record": CORE_GROUP_RECORD_RULE.right_of(user_of(request), group) is not None,
    }
    return render(request, "core_groups/as_member.html", context)


def of_conference(request: HttpRequest, conference_pk: int) -> HttpResponse:
    """Redirect to the core group that a conference formed or that goes on after it."""
    user = require_roles(request)
    group = group_of_conference(conference_pk, CORE_GROUP_RULE.visible(CoreGroup.objects.all(), user))
    if group is None:
        raise Http404
    return redirect("core_groups:core-group", group.pk)


def record_core_group_meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a meeting of the core group, and when it next meets."""
    found = access_core_group(request, pk, to="record")
    planned = planned_meeting(found)
    form = kept_form(
        request,
        MeetingForm,
        members=members_of(found, on=timezone.localdate()),
        hours=policy_for(found.authority_id, on=timezone.localdate()).usual_hours,
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
        cancel_url=back,
        template_name="core_groups/record_meeting.html",
        group=found,
        planned=planned,
    )
