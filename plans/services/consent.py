"""Keeps what one person answered about a child in need plan, and puts what a manager has to decide before them."""

from __future__ import annotations

import datetime

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from conferences.models import Decision
from families.enums import Answer
from families.models import FamilyMember, Person
from notifications.services.outbox import notify
from plans.enums import ConsentMatterKind
from plans.models import Consent, ConsentMatter, Plan
from plans.selectors.managers import managers_of

AGAINST = (Answer.NO, Answer.REFUSED)


def keep_answer(
    plan: Plan,
    person: Person,
    answer: Answer | str,
    *,
    on: datetime.date,
    by: User,
    now: datetime.datetime,
    note: str = "",
    not_asked_because: str = "",
) -> Consent:
    """Write what one person answered about a locked plan; their answer before is kept, and replaced."""
    plan.consents.filter(person=person, replaced_at__isnull=True).update(replaced_at=now)
    consent: Consent = Consent.objects.create(
        plan=plan,
        person=person,
        answer=answer,
        answered_on=on,
        note=note.strip()[:250],
        not_asked_because=not_asked_because.strip() if answer == Answer.NOT_ASKED else "",
        recorded_by=by,
        recorded_at=now,
    )
    return consent


def follow_answers(plan: Plan, decision: Decision, *, now: datetime.datetime) -> None:
    """Keep the answers in a conference's decision; who disagrees or refuses goes to a manager. Idempotent."""
    standing = {row.person_id: row for row in plan.consents.filter(withdrawn_on__isnull=True, replaced_at__isnull=True)}
    made = []
    for row in decision.consents.select_related("person").order_by("pk"):
        before = standing.get(row.person_id)
        if before is None or before.answer != row.answer:
            day, by = decision.sitting.day, decision.decided_by
            made.append(keep_answer(plan, row.person, row.answer, on=day, by=by, now=now, note=row.note))
    for consent in made:
        settle_answer(consent, by=decision.decided_by, now=now)


def settle_answer(consent: Consent, *, by: User, now: datetime.datetime) -> None:
    """Put a refusal, or a disagreement with someone who agreed, before a manager."""
    if consent.answer not in AGAINST:
        return
    others = consent.plan.consents.filter(answer=Answer.YES, withdrawn_on__isnull=True, replaced_at__isnull=True)
    raise_matter(consent, ConsentMatterKind.DISAGREED if others.exists() else ConsentMatterKind.REFUSED, by=by, now=now)


def raise_matter(consent: Consent, kind: ConsentMatterKind, *, by: User, now: datetime.datetime) -> None:
    """Put a matter of consent before the managers, who are told at once."""
    matter = ConsentMatter.objects.create(plan=consent.plan, consent=consent, kind=kind, raised_by=by, raised_at=now)
    for manager in managers_of(consent.plan, on=timezone.localdate(now)):
        notify(
            user=manager,
            key=f"consent-matter:{matter.pk}:{manager.pk}",
            text=f"{case_of(consent.plan, now)}: {kind.label.lower()}, about a child in need plan. Please decide.",
            url=reverse("plans:decide-consent", args=[consent.plan_id, matter.pk]),
            now=now,
        )


def case_of(plan: Plan, now: datetime.datetime) -> str:
    """Return the number of the child's case, for a notice that names nobody."""
    family = FamilyMember.objects.current(on=timezone.localdate(now)).filter(person=plan.child.person_id)
    return family.values_list("family__case_number", flat=True).first() or "A case"
