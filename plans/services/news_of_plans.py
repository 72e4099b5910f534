"""Who has to be told of a plan's new version or new key worker by another way than e-mail or a notice.

Whoever has an account reads it there. Everyone else around the plan is put on the list of their own conference, each
only as far as they are entitled on the day; whoever is not is listed with the reason. What is told says the child's
name, the day and whom to ring.
"""

from __future__ import annotations

import datetime

from django.db import transaction

from conferences.enums import FAMILY_CAPACITIES, Occasion
from conferences.models import Participant, ToTell
from deadlines.services import reconcile
from deadlines.working_days.arithmetic import civil_day
from entitlement import concealed_from_each
from govuk import words
from plans.models import KeyWorker, Plan
from plans.selectors.plan_readers import PlanReader, readers_of

BECAUSE = "They have no account here, and are around the plan or hold a copy of it."
LATER = "Something later is told in its place."
BY_COPY = "They were sent their own copy of the plan."


@transaction.atomic
def tell_of_version(plan: Plan, *, is_first: bool, now: datetime.datetime) -> None:
    """Ask for those without an account to be told that a plan, or a new version of it, was released."""
    day = words.plain_date(civil_day(now))
    kind = plan.get_kind_display().lower()
    what = f"There is a {kind} for {_name(plan)}" if is_first else f"The {kind} for {_name(plan)} was changed"
    text = f"{what}, on {day}. There is a copy for you. {_ring(plan)}"
    _tell(plan, Occasion.PLAN_VERSION, {}, text, now=now)


@transaction.atomic
def tell_of_key_worker(row: KeyWorker, now: datetime.datetime) -> None:
    """Ask for those without an account to be told who the key worker is; whoever has been told is left out.

    The name is left out for whoever it could lead to a hidden place.
    """
    plan = row.plan
    readers = readers_of(plan, on=civil_day(now))
    concealed = concealed_from_each(
        [one.person for one in readers], [plan.child], council=plan.authority.name, on=civil_day(now)
    )
    day = words.plain_date(row.starts_on)
    plain = f"{_name(plan)} has another key worker from {day}. {_ring(plan)}"
    own = f"From {day} the key worker for {_name(plan)} is {row.user.name}. {_ring(plan)}"
    texts = {
        one.person.pk: plain if one.person.pk in concealed and concealed[one.person.pk].is_in(row.user.name) else own
        for one in readers
    }
    if row.family_told_on is not None:
        readers = [one for one in readers if not one.is_family]
    _tell(plan, Occasion.KEY_WORKER, texts, own, now=now, readers=readers)


def family_was_told(row: KeyWorker, *, now: datetime.datetime) -> None:
    """End what the family still had to be told about a key worker: it is recorded who told them, and how."""
    rows = ToTell.objects.filter(
        plan_id=row.plan_id, occasion=Occasion.KEY_WORKER, participant__capacity__in=FAMILY_CAPACITIES
    )
    _end(rows, f"The family was told on {words.plain_date(row.family_told_on or civil_day(now))}.", now=now)
    _count(rows, now)


def told_by_copy(plan: Plan, person_id: int, *, now: datetime.datetime) -> None:
    """End what one person still had to be told of a plan's version, because their copy was sent to them."""
    rows = ToTell.objects.filter(plan_id=plan.pk, occasion=Occasion.PLAN_VERSION, participant__person=person_id)
    _end(rows, BY_COPY, now=now)


def _tell(
    plan: Plan,
    occasion: Occasion,
    texts: dict[int, str],
    text: str,
    *,
    now: datetime.datetime,
    readers: list[PlanReader] | None = None,
) -> None:
    earlier = ToTell.objects.filter(plan_id=plan.pk, occasion=occasion)
    _end(earlier, LATER, now=now)
    found = readers_of(plan, on=civil_day(now)) if readers is None else readers
    for one in found:
        if one.participant is not None and not one.has_account:
            _put(one.participant, plan, occasion, texts.get(one.person.pk, text), one.because, now=now)
    _count(ToTell.objects.filter(plan_id=plan.pk, occasion=occasion), now)


def _put(
    participant: Participant, plan: Plan, occasion: Occasion, text: str, because: str, *, now: datetime.datetime
) -> None:
    ToTell.objects.create(
        conference_id=participant.conference_id,
        participant=participant,
        occasion=occasion,
        plan_id=plan.pk,
        words=text,
        because=BECAUSE,
        arose_at=now,
        ended_at=now if because else None,
        ended_because=because[:200],
    )


def _end(rows: object, because: str, *, now: datetime.datetime) -> None:
    rows.filter(told_at__isnull=True, ended_at__isnull=True).update(  # type: ignore[attr-defined]
        ended_at=now, ended_because=because
    )


def _count(rows: object, now: datetime.datetime) -> None:
    families = set(rows.order_by().values_list("conference__family_id", flat=True))  # type: ignore[attr-defined]
    reconcile(family_ids=sorted(families), now=now)


def _ring(plan: Plan) -> str:
    phone = plan.authority.day_phone
    return f"If you have questions, ring us on {phone}." if phone else "If you have questions, get in touch with us."


def _name(plan: Plan) -> str:
    return plan.child.person.full_name
