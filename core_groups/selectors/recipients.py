"""What each member of a core group is told of a meeting, and why someone can't be told by e-mail."""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import dataclass

from django.db.models.functions import Lower, Trim

from accounts.guests.mailboxes import normalized
from accounts.models import User
from core_groups.models import CoreGroupMeeting, CoreGroupMember, SeparateSitting
from core_groups.selectors.apart import Standing, standings
from core_groups.selectors.core_groups import children_around, members_of
from entitlement import concealed_from_each
from families.enums import ContactKind
from families.models import ContactPoint, Post
from families.models.persons import ADULT_FROM
from plans.models import Plan

UNDECIDED = "Someone has to decide first how this person meets the others."
NO_SITTING = "No sitting or call of their own is planned."
NO_MAILBOX = "No e-mail address that is marked safe."
SHARED = "Someone else has this e-mail address too."
NEVER = "Nothing is sent to this person any more."
LEFT = "This person has left the post."
GIVES_AWAY = "The place could tell this person where someone is whom they must not find."
PLAN_ENDED = "The plans this person comes for have ended."
GROWN_UP = "The young person is an adult now, and decides who in the family is told."
# Those who may know of the meeting, and whom someone has to tell by post, by telephone or in person.
BY_HAND = (NO_MAILBOX, SHARED)


@dataclass(frozen=True)
class Recipient:
    """A member, their mailbox, and when and where they themselves meet; ``why_not`` where no e-mail may go."""

    member: CoreGroupMember
    email: str
    at: datetime.datetime | None
    place: str
    why_not: str


def recipients_of(meeting: CoreGroupMeeting, *, on: datetime.date) -> list[Recipient]:
    """Return what each member of ``on`` is told of a meeting, in the order in which they joined."""
    group = meeting.core_group
    members = list(members_of(group, on=on).select_related("person", "post__agency"))
    emails = _mailboxes(members, on=on)
    shared = _shared(members, emails, on=on)
    known = standings(group, on=on)
    around = list(children_around(group))
    concealed = concealed_from_each([row.person for row in members], around, council=group.authority.name, on=on)
    own = {row.person_id: row for row in SeparateSitting.objects.filter(meeting=meeting)}
    open_plans = list(group.plans.filter(ends_on__isnull=True).select_related("child__person"))
    found = []
    for member in members:
        person, email = member.person, emails.get(member.pk, "")
        standing, hidden = known.get(person.pk), concealed.get(person.pk)
        at, place = _own_time(meeting, standing, own.get(person.pk))
        if person.death_date or person.sealed_at or person.merged_into_id:
            why_not = NEVER
        elif not _comes(member, open_plans):
            why_not = PLAN_ENDED
        elif member.post is None and _only_for_grown_ups(member, open_plans, on=on):
            why_not = GROWN_UP
        elif standing is not None and standing.is_open:
            why_not = UNDECIDED
        elif at is None:
            why_not = NO_SITTING
        elif member.post is not None and not member.post.is_current(on):
            why_not = LEFT
        elif hidden is not None and hidden.is_in(place):
            why_not = GIVES_AWAY
        elif not email:
            why_not = NO_MAILBOX
        else:
            why_not = SHARED if member.pk in shared else ""
        found.append(Recipient(member, email, at, place, why_not))
    return found


def _comes(member: CoreGroupMember, open_plans: list[Plan]) -> bool:
    """Return whether a plan they are in it for is open; who is named for none is in it for all."""
    named = {plan.pk for plan in member.plans.all()}
    return any(not named or plan.pk in named for plan in open_plans)


def _only_for_grown_ups(member: CoreGroupMember, open_plans: list[Plan], *, on: datetime.date) -> bool:
    """Return whether every child they are in it for has turned 18, and is not the member."""
    named = {plan.pk for plan in member.plans.all()}
    persons = [plan.child.person for plan in open_plans if not named or plan.pk in named]
    return bool(persons) and all(one.pk != member.person_id and one.turned(ADULT_FROM, on) for one in persons)


def _own_time(
    meeting: CoreGroupMeeting, standing: Standing | None, own: SeparateSitting | None
) -> tuple[datetime.datetime | None, str]:
    if standing is None or not standing.is_apart:
        return meeting.planned_at, meeting.place
    if standing.is_open or own is None:
        return None, ""
    return own.starts_at, own.place


def _mailboxes(members: list[CoreGroupMember], *, on: datetime.date) -> dict[int, str]:
    """Return, by member id, a post's address, or the newest address of a person in the family that is safe."""
    points = ContactPoint.objects.current(on=on).filter(
        person__in=[row.person_id for row in members], kind=ContactKind.EMAIL, is_safe=True
    )
    safe = dict(points.order_by("pk").values_list("person_id", "value"))
    found = {row.pk: row.post.email if row.post else safe.get(row.person_id, "") for row in members}
    return {pk: email.strip() for pk, email in found.items() if email.strip()}


def _shared(members: list[CoreGroupMember], emails: dict[int, str], *, on: datetime.date) -> set[int]:
    """Return ids of members whose mailbox someone else reads, or may read."""
    boxes = {normalized(email) for email in emails.values()}
    readers: dict[str, set[int]] = {box: set() for box in boxes}
    points = ContactPoint.objects.current(on=on).annotate(box=Lower(Trim("value")))
    for person_id, box in points.filter(kind=ContactKind.EMAIL, box__in=boxes).values_list("person_id", "box"):
        readers[box].add(person_id)
    posts = Post.objects.current(on=on).annotate(box=Lower(Trim("email"))).filter(box__in=boxes)
    for person_id, box in posts.values_list("person_id", "box"):
        readers[box].add(person_id)
    for pk, box, person_id in User.objects.filter(email__in=boxes).values_list("pk", "email", "person__pk"):
        readers[box].add(person_id or -pk)
    both = Counter(normalized(emails[row.pk]) for row in _one_each(members) if row.pk in emails)
    return {
        row.pk
        for row in members
        if row.pk in emails
        and (both[normalized(emails[row.pk])] > 1 or readers[normalized(emails[row.pk])] - {row.person_id})
    }


def _one_each(members: list[CoreGroupMember]) -> list[CoreGroupMember]:
    return list({row.person_id: row for row in members}.values())
