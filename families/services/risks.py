from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from families.enums import RiskGround
from families.events import CaseEvent, EventKind, announce
from families.models import Child, ContactRisk, FamilyMember, Person


@transaction.atomic
def record_contact_risk(
    *,
    person: Person,
    ground: RiskGround | str,
    detail: str,
    by: User,
    now: datetime.datetime,
    children: Sequence[Child] = (),
    protects: Sequence[Person] = (),
    starts_on: datetime.date | None = None,
    ends_on: datetime.date | None = None,
    source: str = "",
) -> ContactRisk:
    """Record why contact with ``person`` may be dangerous for these children or adults.

    From this moment nothing about a conference goes to the person until the chair has decided. Announces the
    risk. Returns the existing row for the same open risk. Raises ValidationError keyed by field, also where
    there is no one to protect.
    """
    if not children and not protects:
        raise ValidationError({"protects": "Choose at least one person or child who may be in danger from contact."})
    if person.pk in {protected.pk for protected in protects} | {child.person_id for child in children}:
        raise ValidationError({"protects": "A person can't be protected from themselves."})
    if not detail.strip():
        raise ValidationError({"detail": "Say what the risk is."})
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    same = ContactRisk.objects.filter(
        person=person, ground=ground, detail=detail.strip(), starts_on=starts_on, ended_by__isnull=True
    ).first()
    if same is not None:
        return same
    risk = ContactRisk(
        person=person,
        ground=ground,
        detail=detail.strip(),
        starts_on=starts_on,
        ends_on=ends_on,
        source=source.strip(),
        recorded_by=by,
        recorded_at=now,
    )
    risk.full_clean()
    risk.save()
    risk.children.set(children)
    risk.protects.set(protects)
    _announce(risk, by, now)
    return risk


@transaction.atomic
def end_contact_risk(
    *, risk: ContactRisk, on: datetime.date, because: str, by: User, now: datetime.datetime
) -> ContactRisk:
    """End a risk on the first day on which it no longer holds, with the reason, and announce it.

    A no-op on an ended risk. Raises ValidationError without a reason or before its first day.
    """
    if not because.strip():
        raise ValidationError({"because": "Say why contact is no longer a risk."})
    locked = ContactRisk.objects.select_for_update(no_key=True, of=("self",)).get(pk=risk.pk)
    if locked.ended_by_id is not None:
        return locked
    if locked.starts_on and on < locked.starts_on:
        raise ValidationError({"on": "The risk can't end before it started."})
    locked.ends_on, locked.ended_because, locked.ended_by = on, because.strip(), by
    locked.save(update_fields=["ends_on", "ended_because", "ended_by"])
    _announce(locked, by, now)
    return locked


def _announce(risk: ContactRisk, by: User, now: datetime.datetime) -> None:
    child_ids = tuple(risk.children.values_list("pk", flat=True))
    around = [risk.person_id, *Child.objects.filter(pk__in=child_ids).values_list("person_id", flat=True)]
    members = FamilyMember.objects.filter(person__in=around, ends_on__isnull=True)
    families = tuple(sorted(set(members.values_list("family_id", flat=True))))
    announce(
        CaseEvent(EventKind.CONTACT_RISK_CHANGED, families, by, now, child_ids=child_ids, person_ids=(risk.person_id,))
    )
