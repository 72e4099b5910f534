"""What a member says themselves before or at a meeting, entered on their own page."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.constraint_errors import refused_by_database
from core_groups.enums import MeetingState
from core_groups.models import CoreGroup, CoreGroupMeeting, CoreGroupMember, OwnWords, ProgressAtMeeting
from core_groups.selectors.guests import children_of, own_actions, own_scores
from core_groups.services.guards import entered, sitting_of
from core_groups.services.progress import SaidOfAction
from core_groups.services.scores import OneScore, keep_score
from families.models import Child
from notifications.services.outbox import notify
from plans.enums import SAYS_WHY, Progress
from plans.models import KeyWorker
from plans.services.plans import record_own_progress

NO_MEETING = "No meeting is arranged for you now, so this can’t be sent. Please ring us."


@transaction.atomic
def write_own_words(
    *,
    meeting: CoreGroupMeeting,
    member: CoreGroupMember,
    words: Sequence[tuple[Child, str]],
    progress: Sequence[SaidOfAction],
    guest_session_id: int,
    now: datetime.datetime,
    scores: Sequence[OneScore] = (),
) -> CoreGroupMeeting:
    """Keep what a guest wrote about each child and their own actions, for one meeting, and tell the key workers.

    What they sent before for it is kept and superseded; the same again changes nothing. It changes no action: the
    meeting records that. A score of 0 reaches key workers and managers at once. Raises ValidationError where the
    meeting was cancelled, or an action or a child is not theirs.
    """
    CoreGroup.objects.select_for_update(no_key=True).get(pk=meeting.core_group_id)
    row = CoreGroupMeeting.objects.select_related("core_group__family").get(pk=meeting.pk)
    if row.state == MeetingState.CANCELLED:
        raise ValidationError(NO_MEETING)
    today = timezone.localdate(now)
    theirs = {child.pk for child in children_of(member, on=today)}
    if any(child.pk not in theirs for child in (*(child for child, _ in words), *(one.child for one in scores))):
        raise ValidationError("This is about a child you are no longer in the core group for. Open your page again.")
    own = set(own_actions(member, on=today).values_list("pk", flat=True))
    if any(one.action.pk not in own for one in progress):
        raise ValidationError("The plan was changed since you opened this page. Open your page again.")
    who = entered(None, guest_session_id)
    new = [_keep_words(row, member, child, text, who, now=now) for child, text in words]
    new += [_keep_progress(row, member, one, guest_session_id, now=now) for one in progress]
    before = set(own_scores(row, member).values())
    new += [keep_score(one, meeting=row, member=member, who=who, now=now) not in before for one in scores]
    if any(new):
        _tell(row, member, now=now)
    return row


def _keep_words(
    meeting: CoreGroupMeeting,
    member: CoreGroupMember,
    child: Child,
    text: str,
    who: dict[str, object],
    *,
    now: datetime.datetime,
) -> bool:
    standing = OwnWords.objects.filter(meeting=meeting, member=member, child=child, superseded_at__isnull=True).first()
    if standing is not None and standing.text == text.strip():
        return False
    if standing is not None:
        standing.superseded_at = now
        standing.save(update_fields=["superseded_at"])
    made = OwnWords(meeting=meeting, member=member, child=child, text=text.strip(), recorded_at=now, **who)
    with refused_by_database():
        made.save()
    return True


def _keep_progress(
    meeting: CoreGroupMeeting,
    member: CoreGroupMember,
    one: SaidOfAction,
    guest_session_id: int,
    *,
    now: datetime.datetime,
) -> bool:
    if one.progress not in Progress.values:
        raise ValidationError({f"progress_{one.action.pk}": "Choose how far this has come."})
    if one.progress in SAYS_WHY and not one.said.strip():
        raise ValidationError({f"said_{one.action.pk}": "Say why."})
    own = ProgressAtMeeting.objects.filter(meeting=meeting, member=member, superseded_at__isnull=True)
    standing = own.select_related("recorded").filter(action=one.action).first()
    if standing is not None and (standing.progress, standing.said) == (one.progress, one.said.strip()):
        return False
    if standing is not None:
        standing.superseded_at = now
        standing.save(update_fields=["superseded_at"])
    recorded = record_own_progress(
        action=one.action, progress=one.progress, note=one.said.strip(), said_by=member.person, now=now,
        guest_session_id=guest_session_id,
    )  # fmt: skip
    made = ProgressAtMeeting(
        meeting=meeting, member=member, action=one.action, sitting=sitting_of(meeting, member), recorded=recorded
    )
    with refused_by_database():
        made.save()
    return True


def _tell(meeting: CoreGroupMeeting, member: CoreGroupMember, *, now: datetime.datetime) -> None:
    group = meeting.core_group
    for row in KeyWorker.objects.filter(plan__core_groups=group, ends_on__isnull=True).select_related("user"):
        notify(
            user=row.user,
            key=f"core-group-words:{meeting.pk}:{member.pk}:{now:%Y%m%d%H%M%S}",
            text=f"Case {group.family.case_number}: a member of the core group has written something for the meeting.",
            url=reverse("core_groups:core-group", args=[group.pk]),
            now=now,
        )
