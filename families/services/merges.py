from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Q

from accounts.models import User
from families.enums import MergeState
from families.models import (
    ContactPoint,
    ContactRisk,
    FamilyMember,
    ParentalResponsibility,
    Person,
    PersonMerge,
    PersonName,
    Post,
    Pregnancy,
    Relationship,
    Residence,
    SafetyAlert,
)

# What moves from the record given up to the record kept.
MOVED: tuple[tuple[type[models.Model], str], ...] = (
    (PersonName, "person"),
    (Residence, "person"),
    (ContactPoint, "person"),
    (FamilyMember, "person"),
    (Relationship, "person"),
    (ParentalResponsibility, "person"),
    (ContactRisk, "person"),
    (Post, "person"),
    (Pregnancy, "mother"),
    (SafetyAlert, "person"),
)
# Records previously merged into the one given up; they follow it, so that all of a person's records are one step from
# the kept one.
FORMER = "Person"


def _check(kept: Person, merged: Person) -> None:
    if kept.pk == merged.pk:
        raise ValidationError("Choose two different records.")
    if kept.authority_id != merged.authority_id:
        raise ValidationError("Records from two councils can't be joined.")
    if kept.sealed_at or merged.sealed_at:
        raise ValidationError("These records can't be joined.")
    if kept.merged_into_id or merged.merged_into_id:
        raise ValidationError("One of these records is already joined with another.")
    if hasattr(merged, "child"):
        raise ValidationError("A child's record can't be given up. Keep the child's record.")
    records = Person.objects.filter(Q(pk__in=[kept.pk, merged.pk]) | Q(merged_into__in=[kept.pk, merged.pk]))
    if records.filter(user__isnull=False).count() > 1:
        raise ValidationError("Both records belong to people with accounts.")


@transaction.atomic
def propose_merge(*, kept: Person, merged: Person, reason: str, by: User, now: datetime.datetime) -> PersonMerge:
    """Propose that two records are one person. Changes and opens nothing until agreed.

    Returns an identical open proposal. Raises ValidationError where the two can't be merged: a sealed record
    (without saying so), two councils, a child's record given up.
    """
    if not reason.strip():
        raise ValidationError({"reason": "Say how you know that they are the same person."})
    _check(kept, merged)
    same = PersonMerge.objects.filter(kept=kept, merged=merged, state=MergeState.PROPOSED).first()
    if same is not None:
        return same
    merge = PersonMerge(kept=kept, merged=merged, reason=reason.strip(), proposed_by=by, proposed_at=now)
    merge.full_clean()
    merge.save()
    return merge


@transaction.atomic
def agree_merge(*, merge: PersonMerge, by: User, now: datetime.datetime) -> PersonMerge:
    """Merge the records, on a second person's agreement.

    In order: marks the merge agreed; moves names, homes, contacts, memberships, relationships,
    responsibilities, risks, posts, pregnancies and dangers to the kept record, noting each so that it can be
    undone (one that the kept record already has stays behind); moves records previously merged into the other;
    makes the other record unfindable. Agreeing again changes nothing. Raises ValidationError where ``by`` made
    the proposal, or the records can no longer be merged.
    """
    locked = PersonMerge.objects.select_for_update(no_key=True).get(pk=merge.pk)
    if locked.state == MergeState.AGREED:
        return locked
    if locked.state != MergeState.PROPOSED:
        raise ValidationError("This proposal is no longer open.")
    if locked.proposed_by_id == by.pk:
        raise ValidationError("Someone other than the person who proposed it has to agree.")
    persons = {
        person.pk: person
        for person in Person.objects.select_for_update(no_key=True)
        .filter(pk__in=[locked.kept_id, locked.merged_id])
        .order_by("pk")
    }
    kept, merged = persons[locked.kept_id], persons[locked.merged_id]
    _check(kept, merged)
    moved: dict[str, list[int]] = {}
    for model, field in MOVED:
        rows = model._default_manager.filter(**{field: merged})
        moved[model.__name__] = [pk for pk in rows.values_list("pk", flat=True) if _move(model, field, pk, kept)]
    former = Person.objects.filter(merged_into=merged)
    moved[FORMER] = list(former.order_by("pk").values_list("pk", flat=True))
    former.update(merged_into=kept)
    merged.merged_into = kept
    merged.save(update_fields=["merged_into"])
    locked.state, locked.settled_by, locked.settled_at, locked.moved = MergeState.AGREED, by, now, moved
    locked.save(update_fields=["state", "settled_by", "settled_at", "moved"])
    return locked


def _move(model: type[models.Model], field: str, pk: int, to: Person) -> bool:
    try:
        with transaction.atomic():
            model._default_manager.filter(pk=pk).update(**{field: to})
    except IntegrityError:
        return False
    return True


@transaction.atomic
def refuse_merge(*, merge: PersonMerge, by: User, now: datetime.datetime) -> PersonMerge:
    """Refuse an open proposal."""
    locked = PersonMerge.objects.select_for_update(no_key=True).get(pk=merge.pk)
    if locked.state == MergeState.PROPOSED:
        locked.state, locked.settled_by, locked.settled_at = MergeState.REFUSED, by, now
        locked.full_clean()
        locked.save(update_fields=["state", "settled_by", "settled_at"])
    return locked


@transaction.atomic
def ask_to_undo_merge(*, merge: PersonMerge, reason: str, by: User, now: datetime.datetime) -> PersonMerge:
    """Ask to undo a merge. Nothing changes or opens until a second person agrees.

    A request already made keeps its author. Raises ValidationError on ``reason`` where missing, otherwise as
    undo_merge.
    """
    locked = PersonMerge.objects.select_for_update(no_key=True).get(pk=merge.pk)
    _check_apart(locked)
    if not reason.strip():
        raise ValidationError({"reason": "Say why they are two people."})
    if locked.undo_asked_by_id is None:
        locked.undo_asked_by, locked.undo_asked_at, locked.undone_because = by, now, reason.strip()
        locked.save(update_fields=["undo_asked_by", "undo_asked_at", "undone_because"])
    return locked


@transaction.atomic
def keep_merge(*, merge: PersonMerge) -> PersonMerge:
    """Refuse a request to undo a merge; the request stays in the history."""
    locked = PersonMerge.objects.select_for_update(no_key=True).get(pk=merge.pk)
    if locked.state == MergeState.AGREED and locked.undo_asked_by_id is not None:
        locked.undo_asked_by, locked.undo_asked_at, locked.undone_because = None, None, ""
        locked.save(update_fields=["undo_asked_by", "undo_asked_at", "undone_because"])
    return locked


@transaction.atomic
def undo_merge(*, merge: PersonMerge, by: User, now: datetime.datetime) -> PersonMerge:
    """Separate two merged records, on a second person's agreement.

    While merged, a risk, a conflict of interest or a hidden address held for both records; once separated, each
    holds for one, so no one may undo a merge alone. In order: rows that moved, and still belong to the kept
    record, move back; the other record is findable again; the merge is marked undone, with who asked, who
    agreed, when and why. Undoing again changes nothing.

    Raises ValidationError where there is no request or ``by`` made it, where the merge never took effect, where
    the kept record has since been merged with another, and for a sealed record (without saying so).
    """
    locked = PersonMerge.objects.select_for_update(no_key=True).get(pk=merge.pk)
    if locked.state == MergeState.UNDONE:
        return locked
    _check_apart(locked)
    if locked.undo_asked_by_id is None:
        raise ValidationError("Someone first has to say why they are two people.")
    if locked.undo_asked_by_id == by.pk:
        raise ValidationError("Someone other than the person who asked has to separate them.")
    merged = Person.objects.select_for_update(no_key=True).get(pk=locked.merged_id)
    for model, field in MOVED:
        rows = model._default_manager.filter(pk__in=locked.moved.get(model.__name__, []), **{field: locked.kept_id})
        rows.update(**{field: merged})
    Person.objects.filter(pk__in=locked.moved.get(FORMER, []), merged_into=locked.kept_id).update(merged_into=merged)
    merged.merged_into = None
    merged.save(update_fields=["merged_into"])
    locked.state = MergeState.UNDONE
    locked.undone_by, locked.undone_at = by, now
    locked.save(update_fields=["state", "undone_by", "undone_at"])
    return locked


def _check_apart(merge: PersonMerge) -> None:
    if merge.state != MergeState.AGREED:
        raise ValidationError("This merge never took effect.")
    records = Person.objects.filter(pk__in=[merge.kept_id, merge.merged_id])
    if records.filter(sealed_at__isnull=False).exists():
        raise ValidationError("These records can't be separated.")
    if records.filter(pk=merge.kept_id, merged_into__isnull=False).exists():
        raise ValidationError("The record has since been joined with another one. Separate those first.")
