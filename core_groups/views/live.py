"""Whether a page of a core group meeting is out of date, for scripts: the checks of the page, and nothing of it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import user_of
from core_groups.access import CORE_GROUP_RULE, access_core_group
from core_groups.guest_access import place_of_member
from core_groups.models import CoreGroup, CoreGroupMeeting, CoreGroupMember
from core_groups.selectors.following import PREFIX, is_followed, key_of_meeting, scope_of
from core_groups.selectors.own_answers import own_member
from core_groups.selectors.own_following import followed_by, key_of_member, scope_and_name
from core_groups.selectors.recording import the_record
from meetings.views.live import Followed, FollowedResponse


@require_safe
def changed(request: HttpRequest, meeting_pk: int) -> HttpResponse:
    """Answer with the key of what the user hears of; 204 once the record is no longer followed.

    Only a refusal is in the read log: nothing of the meeting is shown.
    """
    user = user_of(request)
    meeting = CoreGroupMeeting.objects.filter(pk=meeting_pk).first()
    group_pk = meeting.core_group_id if meeting else 0
    group = CORE_GROUP_RULE.visible(CoreGroup.objects.filter(pk=group_pk), user).first()
    if group is None or meeting is None:
        access_core_group(request, group_pk)
        raise Http404
    meeting.core_group = group
    record = the_record(meeting, user, right=CORE_GROUP_RULE.right_of(user, group) or "")
    if record is None:
        raise Http404
    if not is_followed(meeting, timezone.now()):
        return HttpResponse(status=204)
    scope = scope_of(record, user)
    return FollowedResponse(request, Followed(f"{PREFIX}{meeting.pk}", key_of_meeting(meeting.pk, scope), scope=scope))


def _own(request: HttpRequest, member: CoreGroupMember) -> HttpResponse:
    meeting = followed_by(member, timezone.now())
    if meeting is None:
        return HttpResponse(status=204)
    scope, name = scope_and_name(member, meeting)
    return FollowedResponse(request, Followed(name, key_of_member(member.pk), scope=scope))


@require_safe
def own_changed(request: HttpRequest, meeting_pk: int) -> HttpResponse:
    """Answer with the key of the user's own page at a meeting; only a refusal is in the read log."""
    user = user_of(request)
    meeting = CoreGroupMeeting.objects.filter(pk=meeting_pk).first()
    group_pk = meeting.core_group_id if meeting else 0
    group = CORE_GROUP_RULE.visible(CoreGroup.objects.filter(pk=group_pk), user).first()
    if group is None or meeting is None:
        access_core_group(request, group_pk)
        raise Http404
    meeting.core_group = group
    member = own_member(user, meeting)
    if member is None:
        raise Http404
    member.core_group = group
    return _own(request, member)


@require_safe
def guest_changed(request: HttpRequest) -> HttpResponse:
    """Answer with the key of a guest's own page; nothing of the meeting is shown, so nothing is logged."""
    return _own(request, place_of_member(request))
