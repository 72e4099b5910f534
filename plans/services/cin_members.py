"""Names someone for a child in need plan whom the core group before did not propose."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from families.models import Person, Post
from families.selectors.people import open_contact_risks
from plans.enums import CinMemberState, PlanKind
from plans.models import CinMember, Plan
from plans.selectors.document import people_for


@transaction.atomic
def propose_cin_member(
    *, plan: Plan, person: Person, post: Post | None, because: str, by: User, now: datetime.datetime
) -> CinMember:
    """Propose someone around the child for an open child in need plan; the family is asked before they are in it.

    Someone who was left out earlier is proposed anew. Proposing twice is kept once. Raises ValidationError by field:
    no reason, someone who is not around the child, or a contact risk; and where the plan has ended.
    """
    plan = Plan.objects.select_for_update(of=("self",)).select_related("child__person").get(pk=plan.pk)
    if plan.kind != PlanKind.CIN or not plan.is_open or plan.held_elsewhere:
        raise ValidationError("Only an open child in need plan of this council is worked on here.")
    today = timezone.localdate(now)
    faults = {}
    around = {(one.pk, at.pk if at else None) for (one, at), _ in people_for([plan], on=today).values()}
    if (person.pk, post.pk if post else None) not in around or person.pk == plan.child.person_id:
        faults["who"] = "Choose someone who works with the child, or of the family"
    elif open_contact_risks([person.pk], [], on=today).filter(person=person.pk).exists():
        faults["who"] = "A contact risk is recorded about this person. Choose someone else, or end the risk first."
    if not because.strip():
        faults["because"] = "Say why"
    if faults:
        raise ValidationError(faults)
    named = CinMember.objects.select_for_update(of=("self",)).filter(plan=plan, person=person, post=post).first()
    if named is not None and named.state != CinMemberState.LEFT_OUT:
        return named
    row = named or CinMember(plan=plan, person=person, post=post)
    row.state, row.settled_by, row.settled_at, row.because = CinMemberState.PROPOSED, None, None, ""
    row.family_agrees = CinMember._meta.get_field("family_agrees").get_default()
    row.proposed_by, row.proposed_because, row.proposed_at = by, because.strip()[:250], now
    row.save()
    return row
