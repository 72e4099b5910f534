"""One core group member's copy of a meeting's minutes, as it may go out today."""

from __future__ import annotations

import datetime

from django.db.models import Q

from core_groups.models import CoreGroupMeeting, CoreGroupMember
from core_groups.selectors.apart import standings
from deadlines.working_days.arithmetic import civil_day
from entitlement import concealed_from
from families.enums import PregnancyOutcome
from families.models import Child
from reports.content.core_groups import key_workers_now
from reports.copies import Composed, compose, entitlement_of
from reports.models import Document
from reports.services.refusals import CopyRefusedError, refuse_newly_hidden

ENDED_PREGNANCIES = (
    PregnancyOutcome.STILLBIRTH,
    PregnancyOutcome.MISCARRIAGE,
    PregnancyOutcome.TERMINATION,
    PregnancyOutcome.NOT_PREGNANT,
)


def composed_for_member(document: Document, member_id: int, *, now: datetime.datetime) -> Composed:
    """Return one member's copy of a version, as it may go out today.

    Raises CopyRefusedError if they get nothing, have left the core group or their post since, someone has to decide
    how they meet the others, or have come to be apart from them; if a child has died, a pregnancy has ended or a
    record is sealed; or if something in the copy was marked confidential after the version was prepared.
    """
    entitlement = entitlement_of(document.content, member_id)
    if not entitlement.covers(document.kind):
        raise CopyRefusedError(entitlement.because or "There is nothing in this paper for them.")
    meetings = CoreGroupMeeting.objects.select_related("core_group__authority", "core_group__family")
    meeting = meetings.get(documents=document)
    today = civil_day(now)
    _refuse_after_an_ending(meeting)
    member = CoreGroupMember.objects.select_related("person", "post").get(pk=member_id)
    _refuse_to(member, today=today)
    frozen = next(row for row in document.content["participants"] if row["id"] == member_id)
    standing = standings(meeting.core_group, on=today).get(member.person_id)
    if standing is not None and standing.is_open:
        raise CopyRefusedError("Someone has to decide first how this person meets the others.")
    if standing is not None and standing.is_apart and not frozen["separate"]:
        raise CopyRefusedError("Since this version was prepared they must not meet the others. Prepare a new version.")
    copy = compose(document.content | key_workers_now(meeting), member_id, document.kind)
    around = Child.objects.filter(
        Q(person__memberships__family=meeting.core_group.family_id) | Q(plans__core_groups=meeting.core_group_id)
    )
    children = list(around.select_related("person").distinct().order_by("pk"))
    concealed = concealed_from([member.person], children, council=meeting.core_group.authority.name, on=today)
    refuse_newly_hidden(copy, concealed)
    return copy


def _refuse_to(member: CoreGroupMember, *, today: datetime.date) -> None:
    person = member.person
    if person.sealed_at or person.death_date or person.merged_into_id:
        raise CopyRefusedError("This person has died, or their record is sealed or merged. Nothing goes to them.")
    if not member.is_current(today):
        raise CopyRefusedError("This person has left the core group. Nothing more of it goes to them.")
    if member.post is not None and not member.post.is_current(today):
        raise CopyRefusedError("This person has left the post. Nothing goes to them there.")


def _refuse_after_an_ending(meeting: CoreGroupMeeting) -> None:
    ended = Q(child__person__death_date__isnull=False) | Q(child__person__sealed_at__isnull=False)
    ended |= Q(child__pregnancy__outcome__in=ENDED_PREGNANCIES, child__person__birth_date__isnull=True)
    if meeting.core_group.plans.filter(ended).exists():
        raise CopyRefusedError(
            "Since this version was prepared a child has died, a pregnancy has ended, or a record was sealed. "
            "Nothing can go out until a manager has looked at it."
        )
