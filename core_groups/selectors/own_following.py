"""What a member's own page follows: a key that is another one when they are asked something else at a meeting."""

from __future__ import annotations

import datetime

from django.urls import reverse
from django.utils import timezone

from core_groups.enums import MeetingState
from core_groups.models import CoreGroupMeeting, CoreGroupMember
from core_groups.selectors.following import PREFIX
from core_groups.selectors.own_answers import meeting_under_way, own_scores_asked
from meetings.selectors.changes import Following, OwnPages
from meetings.selectors.own_answers import OwnAnswers
from meetings.selectors.own_following import key_of_own

OWN = "own-member:"
# How a stream of a member's own page is called: this and the id of the meeting, 0 for whoever came in by a link.
STREAM = "m"
# Ours: a first page waits for a meeting that begins about now, and for no other.
AROUND_NOW = datetime.timedelta(hours=12)


def followed_by(member: CoreGroupMember, now: datetime.datetime) -> CoreGroupMeeting | None:
    """Return the meeting that a member's own page follows: the one under way, or one that is to begin about now."""
    found = meeting_under_way(member, now)
    if found is not None:
        return found
    ahead = CoreGroupMeeting.objects.filter(
        core_group=member.core_group_id,
        state=MeetingState.PLANNED,
        planned_at__gt=now - AROUND_NOW,
        planned_at__lt=now + AROUND_NOW,
    )
    return ahead.order_by("planned_at", "pk").first()


def key_at(member: CoreGroupMember, meeting: CoreGroupMeeting | None, own: OwnAnswers | None) -> str:
    """Return the key of what a member is asked at a meeting; of one that has not begun, that nothing is."""
    is_held = meeting is not None and meeting.state == MeetingState.HELD
    return key_of_own(f"m{member.pk}:{meeting.pk if meeting and is_held else 0}", own)


def key_of_member(member_id: int) -> str:
    """Return the key of a member's own page now."""
    member = CoreGroupMember.objects.select_related("core_group", "person").filter(pk=member_id).first()
    if member is None:
        return key_of_own(f"m{member_id}", None)
    now = timezone.now()
    meeting = meeting_under_way(member, now)
    return key_at(member, meeting, own_scores_asked(meeting, member, now=now) if meeting else None)


def asks_for_own(name: str) -> str:
    """Return the address that decides about a stream of a member's own page."""
    pk = int(name.removeprefix(STREAM))
    return reverse("core_groups:own-changed", args=[pk]) if pk else reverse("guest_core_group:changed")


def scope_and_name(member: CoreGroupMember, meeting: CoreGroupMeeting) -> tuple[str, str]:
    """Return the scope of a member's key, and the meeting by the name under which changes are told."""
    return f"{OWN}{member.pk}", f"{PREFIX}{meeting.pk}"


def following_member(member: CoreGroupMember, *, by_link: bool) -> Following | None:
    """Return what lets a member's own page follow the meeting; None where there is none about now."""
    meeting = followed_by(member, timezone.now())
    if meeting is None:
        return None
    name = f"{STREAM}{0 if by_link else meeting.pk}"
    return Following(key_of_member(member.pk), asks_for_own(name), f"/live/{name}/")


OWN_PAGES = OwnPages(STREAM, asks_for_own, OWN, key_of_member)
