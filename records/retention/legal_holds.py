"""Legal holds, which stop a disposal: set by people or, on a death, automatically."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.models import User
from conferences.models import ConferenceChild
from families.enums import PregnancyOutcome
from families.events import CaseEvent, EventKind
from families.models import Child, Enquiry, Family, FamilyMember
from records.enums import GROUNDS_BY_HAND, HoldGround
from records.models import LegalHold

BY_ITSELF = {
    HoldGround.DEATH: "The death of a child was recorded.",
    HoldGround.PREGNANCY: "It was recorded that a pregnancy ended without a living child.",
}


def children_of_case(family_id: int) -> QuerySet[Child]:
    """Return children who ever belonged to the family, and those its conferences and enquiries are about."""
    members = FamilyMember.objects.order_by().filter(family=family_id)
    met = ConferenceChild.objects.order_by().filter(conference__family=family_id)
    enquired = Enquiry.objects.order_by().filter(discussion__family=family_id)
    return Child.objects.filter(
        Q(person__in=members.values("person")) | Q(pk__in=met.values("child")) | Q(pk__in=enquired.values("child"))
    )


def holds_on(family_id: int) -> QuerySet[LegalHold]:
    """Return holds in force on a case: its own, and those on one of its children in any case."""
    of_child = Q(child__in=children_of_case(family_id).order_by().values("pk"))
    rows = LegalHold.objects.filter(Q(family=family_id) | of_child, lifted_at__isnull=True)
    return rows.select_related("child__person", "set_by")


def on_case_event(event: CaseEvent) -> None:
    """Hold everything about a child who died or was not born alive; let go what was held for an entry in error.

    In the transaction that records it, in every case that the child ever belonged to. Idempotent.
    """
    if event.kind == EventKind.PERSON_DIED:
        _hold_children(event, list(event.child_ids), HoldGround.DEATH)
    elif event.kind == EventKind.LOSS_WITHDRAWN:
        LegalHold.objects.filter(
            child__in=event.child_ids, ground__in=BY_ITSELF, why__in=BY_ITSELF.values(), lifted_at__isnull=True
        ).update(lifted_at=event.now, lifted_by=event.by, lifted_because="The entry was an error.")
    elif event.kind == EventKind.PREGNANCY_ENDED:
        lost = Child.objects.filter(pk__in=event.child_ids).exclude(pregnancy__outcome=PregnancyOutcome.NOT_PREGNANT)
        _hold_children(event, list(lost.order_by("pk").values_list("pk", flat=True)), HoldGround.PREGNANCY)


def _hold_children(event: CaseEvent, child_ids: list[int], ground: HoldGround) -> None:
    members = FamilyMember.objects.filter(person__child__in=child_ids).order_by("family", "person")
    for family_id, child_id in dict.fromkeys(members.values_list("family", "person__child")):
        LegalHold.objects.get_or_create(
            family_id=family_id,
            child_id=child_id,
            ground=ground,
            lifted_at=None,
            defaults={"why": BY_ITSELF[ground], "set_by": event.by, "set_at": event.now},
        )


@transaction.atomic
def set_hold(
    *,
    family: Family,
    child: Child | None,
    ground: HoldGround | str,
    why: str,
    reference: str,
    by: User,
    now: datetime.datetime,
) -> LegalHold:
    """Hold a case, or everything about one of its children, until it is lifted.

    Returns the existing hold where the same one is in force. Raises ValidationError keyed by field.
    """
    locked = Family.objects.select_for_update(no_key=True).get(pk=family.pk)
    if locked.disposed_at:
        raise ValidationError("The records of this case were disposed of.")
    if ground not in GROUNDS_BY_HAND:
        raise ValidationError({"ground": "Choose a ground."})
    if child is not None and not children_of_case(locked.pk).filter(pk=child.pk).exists():
        raise ValidationError({"child": "Choose a child of this case."})
    facts = {"family": locked, "child": child, "ground": ground, "reference": reference.strip(), "why": why.strip()}
    standing = LegalHold.objects.filter(**facts, lifted_at__isnull=True).first()
    if standing:
        return standing
    hold = LegalHold(**facts, set_by=by, set_at=now)
    hold.full_clean()
    hold.save()
    return hold


@transaction.atomic
def lift_hold(*, hold: LegalHold, because: str, by: User, now: datetime.datetime) -> LegalHold:
    """End a hold. Idempotent. Raises ValidationError without a reason."""
    locked = LegalHold.objects.select_for_update(no_key=True, of=("self",)).get(pk=hold.pk)
    if locked.lifted_at:
        return locked
    if not because.strip():
        raise ValidationError({"because": "Say why you are lifting the hold."})
    locked.lifted_at, locked.lifted_by, locked.lifted_because = now, by, because.strip()
    locked.save(update_fields=["lifted_at", "lifted_by", "lifted_because"])
    return locked
