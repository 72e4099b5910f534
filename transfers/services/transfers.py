"""A move to another council: that it was told, and what it answered about each child."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from accounts.models import User
from deadlines.services import reconcile
from deadlines.working_days.arithmetic import civil_day
from families.enums import AgencyKind
from families.models import Agency, Child, Family, FamilyMember, Residence
from families.selectors.people import current_allocations
from families.services.cases import lock_family
from govuk import words
from notifications.services.outbox import notify
from plans.enums import PlanKind
from plans.models import Plan
from plans.selectors.managers import managers_of
from plans.services.plans import families_of
from transfers.enums import STANDING, OutState, Stay
from transfers.models import TransferOut, TransferredChild
from transfers.selectors.own_council import is_own_council

FUTURE = "This day is in the future"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the other council answered, or what became of the move; the facts of an acceptance in writing."""

    state: OutState | str
    said: str
    stay: Stay | str
    conference_on: datetime.date | None = None
    responsible_from: datetime.date | None = None
    letter_kept: str = ""


@transaction.atomic
def record_transfer_out(
    *,
    family: Family,
    children: Sequence[Child],
    agency: Agency,
    told_on: datetime.date,
    moved_on: datetime.date | None,
    stay: Stay | str,
    who_visits: str,
    visits_agreed: str,
    by: User,
    now: datetime.datetime,
) -> TransferOut:
    """Record that another council was told of children with our plan who moved there, or are about to.

    In order: locks the family and the plans; writes the transfer, with each child's plan and main home of today.
    The clock of its answer starts. Nothing else changes: plan, list, clocks and visits stay this council's until it
    has taken responsibility (Working Together to Safeguard Children). The same news again returns the same row.
    Raises ValidationError by field: no child, one of another family, without an own open plan or with a move recorded
    already; a day in the future or before the plan began; an agency that is no other council.
    """
    locked, today = lock_family(family), civil_day(now)
    faults: dict[str, str] = {}
    if told_on > today:
        faults["told_on"] = FUTURE
    if not visits_agreed.strip():
        faults["visits_agreed"] = "Say how visits are agreed until the other council takes over"
    if agency.kind != AgencyKind.SOCIAL_CARE or agency.authority_id != locked.authority_id:
        faults["agency"] = "Choose the social care of the council to which the children moved"
    elif is_own_council(agency):
        faults["agency"] = "This is our own council. Choose the council to which the children moved"
    plans = _plans_of(locked, children)
    if not children:
        faults["children"] = "Choose at least one child"
    elif without := [child for child in children if child.pk not in plans]:
        names = words.listed([child.person.short_name for child in without])
        faults["children"] = f"There is no open child protection plan of this council for {names}"
    began = [plan for plan in plans.values() if plan.starts_on > told_on]
    if began and "children" not in faults:
        name, day = began[0].child.person.short_name, words.plain_date(began[0].starts_on)
        faults.setdefault("told_on", f"The plan of {name} began on {day}. No one was told of it before")
    if faults:
        raise ValidationError(faults)
    standing = TransferredChild.objects.filter(plan__in=plans.values(), state__in=STANDING).select_related("transfer")
    known = list(standing.select_related("child__person").order_by("pk"))
    same = {row.transfer for row in known if (row.transfer.agency_id, row.transfer.told_on) == (agency.pk, told_on)}
    if len(same) == 1 and len(known) == len(children):
        return same.pop()
    if known:
        day = words.plain_date(known[0].transfer.told_on)
        name = known[0].child.person.short_name
        raise ValidationError(
            {"children": f"The move of {name} is already recorded: the other council was told on {day}."}
        )
    transfer = TransferOut.objects.create(
        authority_id=locked.authority_id,
        family=locked,
        agency=agency,
        told_on=told_on,
        moved_on=moved_on,
        who_visits=who_visits,
        visits_agreed=visits_agreed.strip(),
        recorded_by=by,
        recorded_at=now,
    )
    homes = Residence.objects.current(on=today).filter(is_main=True).order_by("pk")
    for child in children:
        TransferredChild.objects.create(
            transfer=transfer,
            child=child,
            plan=plans[child.pk],
            residence=homes.filter(person=child.person_id).last(),
            stay=stay,
        )
    _recount(transfer, children, now=now)
    return transfer


def _recount(transfer: TransferOut, children: Sequence[Child], *, now: datetime.datetime) -> None:
    found = {pk for child in children for pk in families_of(child, on=civil_day(now))}
    reconcile(family_ids=sorted({transfer.family_id, *found}), now=now)


def _plans_of(family: Family, children: Collection[Child]) -> dict[int, Plan]:
    """Return, by child, the locked own open child protection plans of those who belong to the family."""
    members = FamilyMember.objects.filter(family=family, ends_on__isnull=True).values("person")
    rows = Plan.objects.filter(
        child__in=children, child__person__in=members, kind=PlanKind.CP, held_elsewhere="", ends_on__isnull=True
    )
    locked = rows.select_for_update(of=("self",)).select_related("child__person").order_by("pk")
    return {plan.child_id: plan for plan in locked}


@transaction.atomic
def change_who_visits(
    *, transfer: TransferOut, who_visits: str, visits_agreed: str, version: int, by: User, now: datetime.datetime
) -> TransferOut:
    """Record who sees the children until the other council takes over, and how that is agreed.

    Raises ValidationError without a word on what is agreed, and where someone else changed it since ``version``.
    """
    if not visits_agreed.strip():
        raise ValidationError({"visits_agreed": "Say how visits are agreed until the other council takes over"})
    locked = TransferOut.objects.select_for_update(no_key=True).get(pk=transfer.pk)
    if (locked.who_visits, locked.visits_agreed) == (who_visits, visits_agreed.strip()):
        return locked
    _require_version(locked, version)
    locked.who_visits, locked.visits_agreed, locked.version = who_visits, visits_agreed.strip(), locked.version + 1
    locked.save(update_fields=["who_visits", "visits_agreed", "version"])
    return locked


@transaction.atomic
def answer_transfer(
    *,
    transfer: TransferOut,
    children: Sequence[TransferredChild],
    answer: Answer,
    version: int,
    by: User,
    now: datetime.datetime,
) -> TransferOut:
    """Record what the other council answered about some of the children, or that one is missing or came back.

    In order: locks the plans, then the transfer; writes the answer for each; tells the children's social workers and
    managers, at once where a child is missing. No answer ends a plan: a manager does, on the page to which an
    acceptance leads (``plans.services.endings.end_moved``). The same answer again changes nothing. Raises
    ValidationError by field where a condition of an acceptance is missing; on ``children`` for one whose plan has
    ended; and where someone else answered since ``version``.
    """
    wanted = [row.pk for row in children]
    of_transfer = Plan.objects.filter(transfers_out__in=wanted)
    list(of_transfer.select_for_update(of=("self",)).order_by("pk"))
    locked = TransferOut.objects.select_for_update(no_key=True).get(pk=transfer.pk)
    rows = list(locked.children.filter(pk__in=wanted).select_related("plan", "child__person"))
    if not rows:
        raise ValidationError({"children": "Choose the children whom the answer is about"})
    accepts = answer.state == OutState.ACCEPTED
    kept = {row.pk: answer.letter_kept.strip() or (uploaded(row) if accepts else "") for row in rows}
    _check_answer(answer, rows, kept, today=civil_day(now))
    new = [row for row in rows if not _says(row, answer, kept[row.pk])]
    if not new:
        return locked
    ended = [row for row in new if row.plan.ends_on is not None]
    if ended:
        row = ended[0]
        day = words.plain_date(row.plan.ends_on) if row.plan.ends_on else ""
        why = row.plan.get_end_reason_display().lower()
        name = row.child.person.short_name
        raise ValidationError({"children": f"The plan of {name} ended on {day}: {why}. Nothing was changed."})
    _require_version(locked, version)
    for row in new:
        row.state, row.state_reason, row.stay = OutState(answer.state), answer.said.strip(), Stay(answer.stay)
        row.conference_on, row.responsible_from = answer.conference_on, answer.responsible_from
        row.letter_kept, row.state_by, row.state_at = kept[row.pk], by, now
        row.save()
    locked.version += 1
    locked.save(update_fields=["version"])
    _tell(locked, new, by=by, now=now)
    _recount(locked, [row.child for row in new], now=now)
    return locked


def _require_version(transfer: TransferOut, version: int) -> None:
    if transfer.version != version:
        raise ValidationError(
            "Someone else recorded an answer while you had the page open. Look at it, then save yours again."
        )


def uploaded(row: TransferredChild) -> str:
    """Return what stands where a typed reference would: the newest uploaded acceptance of a child; "" without one."""
    letter = row.letters.filter(withdrawn_at__isnull=True).last()
    return letter.reference if letter else ""


def _says(row: TransferredChild, answer: Answer, letter: str) -> bool:
    kept = (row.state, row.state_reason, row.stay, row.conference_on, row.responsible_from, row.letter_kept)
    return kept == (
        answer.state,
        answer.said.strip(),
        answer.stay,
        answer.conference_on,
        answer.responsible_from,
        letter,
    )


def _check_answer(
    answer: Answer, rows: Sequence[TransferredChild], kept: Mapping[int, str], *, today: datetime.date
) -> None:
    faults: dict[str, str] = {}
    if answer.state not in OutState.values:
        faults["state"] = "Choose what was answered, or what became of the move"
    if not answer.said.strip():
        faults["said"] = "Say what was said, and by whom"
    if answer.state == OutState.ACCEPTED:
        faults |= _missing_in_acceptance(answer)
        if not all(kept.values()):
            faults["letter_kept"] = "Upload its letter first, or say where it is kept"
        if answer.conference_on and (early := [row for row in rows if answer.conference_on < row.plan.starts_on]):
            name, day = early[0].child.person.short_name, words.plain_date(early[0].plan.starts_on)
            faults["conference_on"] = f"The plan of {name} began on {day}. Their conference was held later"
    for field, day_of in (("conference_on", answer.conference_on), ("responsible_from", answer.responsible_from)):
        if day_of and day_of > today:
            faults[field] = FUTURE
    if faults:
        raise ValidationError(faults)


def _missing_in_acceptance(answer: Answer) -> dict[str, str]:
    faults: dict[str, str] = {}
    if answer.stay != Stay.FOR_GOOD:
        faults["stay"] = "It takes responsibility only where the child has moved for good"
    if answer.conference_on is None:
        faults["conference_on"] = "Enter the day of its conference"
    if answer.responsible_from is None:
        faults["responsible_from"] = "Enter the day from which it takes responsibility"
    elif answer.conference_on and answer.responsible_from < answer.conference_on:
        faults["responsible_from"] = "It takes responsibility on the day of its conference or later"
    return faults


TOLD_OF: dict[str, str] = {
    OutState.ACCEPTED: "The other council has taken responsibility in writing. The plan stays until a manager ends it.",
    OutState.MISSING: "A child who moved away is missing. The plan stays. Tell the police, and the other council.",
    OutState.REFUSED: "The other council refuses to take a child over. The plan stays.",
    OutState.TEMPORARY: "The other council sees a child’s move as a stay for a time. The plan stays.",
    OutState.RETURNED: "A child who moved away has come back. The plan stays.",
}


def _tell(transfer: TransferOut, rows: Sequence[TransferredChild], *, by: User, now: datetime.datetime) -> None:
    """Tell the social workers and managers of the children, in words without a name, what was answered."""
    state, on = rows[0].state, civil_day(now)
    if state not in TOLD_OF:
        return
    people = [row.user for row in current_allocations([transfer.family_id], on=on)]
    for row in rows:
        people += managers_of(row.plan, on=on)
    for user in {user.pk: user for user in people if user.is_active and user.pk != by.pk}.values():
        notify(
            user=user,
            key=f"transfer-answered:{transfer.pk}:{transfer.version}",
            text=f"Case {transfer.family.case_number}: {TOLD_OF[state]}",
            url=reverse("transfers:transfer", args=[transfer.family_id, transfer.pk]),
            urgent=state == OutState.MISSING,
            now=now,
        )
