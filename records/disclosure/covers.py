"""Notes which order covers a sealed record, and asks those who may see one whether an order does."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from families.models import Adoption
from notifications.services.outbox import notify
from records.disclosure.sealed import may_be_covered, sealed_around
from records.enums import DisclosureState
from records.models import Disclosure, SealedCover


def ask_about_sealed(disclosure: Disclosure, *, now: datetime.datetime) -> None:
    """Ask those who may still see a sealed record around the person whether the court's order covers it."""
    if not disclosure.is_for_court:
        return
    around = [row.pk for row in sealed_around(disclosure.person)]
    for user in User.objects.filter(
        is_active=True,
        pk__in=Adoption.may_see.through.objects.filter(
            adoption__person__in=around, adoption__withdrawn_at__isnull=True
        ).values("user"),
    ):
        if may_be_covered(disclosure, user):
            notify(
                user=user,
                key=f"bundle-sealed:{disclosure.pk}",
                text=f"The bundle {disclosure.reference} is for a court. Say whether its order covers a sealed record.",
                url=reverse("records:cover-sealed", args=[disclosure.pk]),
                now=now,
            )


@transaction.atomic
def cover_sealed(
    *,
    disclosure: Disclosure,
    adoption: Adoption,
    order: str,
    ordered_on: datetime.date,
    says: str,
    by: User,
    now: datetime.datetime,
) -> SealedCover:
    """Note which order covers a sealed record: from now on its pieces are in the court's bundle.

    By someone who may still see that record. The same again changes nothing. Raises ValidationError by field without
    order, words or with a day in the future; for a bundle that is not for a court or was submitted already; and for a
    record that ``by`` may not see.
    """
    rows = Disclosure.objects.select_for_update(no_key=True, of=("self",)).select_related("person")
    locked = rows.get(pk=disclosure.pk)
    known = locked.sealed_covers.filter(person=adoption.person_id).first()
    if known is not None:
        return known
    if not locked.is_for_court:
        raise ValidationError("Only a court’s order opens a sealed record.")
    if locked.state != DisclosureState.PREPARING:
        raise ValidationError("This bundle is not being prepared any more. Nothing was changed.")
    if adoption.pk not in {row.pk for row in may_be_covered(locked, by)}:
        raise ValidationError("This record is not one that you may still see.")
    faults = {
        name: said
        for name, text, said in (
            ("order", order, "Say which court made the order, and its reference"),
            ("says", says, "Copy what the order says about the sealed record"),
        )
        if not text.strip()
    }
    if ordered_on > timezone.localdate(now):
        faults["ordered_on"] = "The order can’t be dated in the future"
    if faults:
        raise ValidationError(faults)
    return SealedCover.objects.create(
        disclosure=locked,
        person_id=adoption.person_id,
        order=order.strip(),
        ordered_on=ordered_on,
        says=says.strip(),
        recorded_by=by,
        recorded_at=now,
    )
