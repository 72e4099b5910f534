"""The worker through whom an agency knows a child, when that one leaves the post."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import User
from families.access import FAMILY_CHANGE_RULE
from families.models import AgencyInvolvement, Allocation, Family, FamilyMember, Post
from families.post_work import PostChange, PostItem, PostWork
from families.selectors.people import managers_of
from families.services.agencies import record_involvement
from notifications.services.outbox import notify

CONTACTS = "agency-contact"


def _items(post: Post, on: datetime.date) -> Sequence[PostItem]:
    rows = list(
        AgencyInvolvement.objects.filter(post=post, ends_on__isnull=True)
        .exclude(starts_on__gt=on)
        .select_related("child")
    )
    members = FamilyMember.objects.current(on=on).filter(person__in={row.child.person_id for row in rows})
    family_of = dict(members.order_by("-pk").values_list("person_id", "family_id"))
    return [
        PostItem(family_of[row.child.person_id], row.pk, "Contact of their agency for a child")
        for row in sorted(rows, key=lambda row: row.pk)
        if row.child.person_id in family_of
    ]


def _leave(row_id: int, change: PostChange) -> None:
    """End the involvement through this worker; the agency goes on knowing the child, with nobody named."""
    row = AgencyInvolvement.objects.select_for_update(no_key=True).get(pk=row_id)
    row.ends_on = max(change.on, row.starts_on or change.on)
    row.save(update_fields=["ends_on"])
    standing = AgencyInvolvement.objects.filter(child=row.child_id, agency=row.agency_id, ends_on__isnull=True)
    if not standing.exists():
        goes_on = AgencyInvolvement.objects.create(
            child_id=row.child_id,
            agency_id=row.agency_id,
            direct_contact=row.direct_contact,
            confidential=row.confidential,
            starts_on=row.ends_on,
            source=row.source,
            address_given=row.address_given,
            phone_given=row.phone_given,
        )
        goes_on.hidden_from.set(row.hidden_from.all())


def _give(row_id: int, to: Post, by: User, now: datetime.datetime) -> None:
    left = AgencyInvolvement.objects.select_related("child").get(pk=row_id)
    if left.child.person.sealed_at is not None:
        raise ValidationError("This record is sealed.")
    record_involvement(
        children=[left.child],
        agency=to.agency,
        post=to,
        direct_contact=left.direct_contact,
        confidential=left.confidential,
        hidden_from=list(left.hidden_from.all()),
        source=left.source,
        address_given=left.address_given,
        phone_given=left.phone_given,
        by=by,
        now=now,
    )


AGENCY_CONTACT = PostWork(key=CONTACTS, title="Contact for children", items=_items, leave=_leave, give=_give)


def tell_social_worker(change: PostChange, kind: str, item: PostItem) -> None:
    """Tell whoever holds the case, or else the team's managers, that work waits for someone to take over."""
    family = Family.objects.select_related("team").get(pk=item.family_id)
    held = Allocation.objects.current(on=change.on).filter(family=family, user__is_active=True).select_related("user")
    found = [row.user for row in held] or list(managers_of(family.team, on=change.on))
    for user in found:
        if FAMILY_CHANGE_RULE.right_of(user, family) is not None:
            notify(
                user=user,
                key=f"post-left:{change.post.pk}:{kind}:{item.row_id}",
                text=f"Case {family.case_number}: a worker leaves their post. Say who takes over what they were to do.",
                url=reverse("families:family", args=[family.pk]),
                now=change.now,
            )
