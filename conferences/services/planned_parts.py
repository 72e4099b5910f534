"""Plan the parts of a sitting before it is held: what each is, when, and who is in it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.constraint_errors import refused_by_database
from accounts.models import User
from conferences.access import may
from conferences.enums import HowToAttend, ParticipantStatus, PartKind, SittingState
from conferences.models import Conference, Part, Participant, Sitting
from conferences.parts_changed import why_part_stays
from conferences.selectors.arrivals import own_times
from conferences.selectors.planned_parts import PlannedFor, planned_for, planned_parts
from conferences.services.guards import EditedMeanwhile
from conferences.services.parts_decided import put_times
from conferences.services.scheduling import lock_conference
from conferences.services.sending import send_next_version
from deadlines.services import reconcile
from govuk.words import listed
from notifications.enums import Subject

WHOLE = "Whole meeting"


@dataclass(frozen=True)
class PlannedPart:
    """One part as planned; the parts of a sitting are numbered in their order."""

    kind: str
    title: str
    starts_at: datetime.datetime
    ends_at: datetime.datetime


@transaction.atomic
def plan_parts(
    *,
    conference: Conference,
    parts: Sequence[PlannedPart],
    who: Mapping[int, frozenset[int]],
    version: int,
    by: User,
    now: datetime.datetime,
) -> int:
    """Plan in which parts the next sitting is held, and who is in which; return how many were sent new times.

    ``who`` gives for each person's id the numbers of their parts, counted from 1. In order: checks the parts; puts
    them in place of those planned before, one whole meeting where fewer than two are given; gives each person who is
    in some of them only their own arrival and end, and who is in all of them the usual ones; sends whoever is invited
    and whose own times have changed the next version of their entry, which says nothing of other parts. The same plan
    again changes nothing. Raises EditedMeanwhile where the conference changed since ``version``, and ValidationError
    for anyone but social care, the chair and coordinators, once the sitting has begun, for parts that are not within
    the booking one after the other, and where someone is in no part, or in one that the chair keeps them out of.
    """
    locked = lock_conference(conference)
    if not may(by, locked, to="plan parts"):
        raise ValidationError("Only the chair, a coordinator or social care can plan the parts of this conference.")
    sitting = locked.sittings.select_for_update().filter(state=SittingState.BOOKED).order_by("number").first()
    if sitting is None:
        raise ValidationError("No date is booked for this conference, or it has begun. Parts are planned before that.")
    wanted = list(parts) if len(parts) > 1 else []
    _check(sitting, wanted)
    people = {row.participant.pk: row for row in planned_for(locked, planned_parts(sitting))}
    if _is_so(sitting, wanted, people, who):
        return 0
    if version != locked.version:
        raise EditedMeanwhile(locked)
    _refuse_around_decisions(locked, people.values(), len(wanted), by=by)
    made = _put(sitting, wanted, now=now)
    _check_people(people, made, who)
    locked.version += 1
    locked.save(update_fields=["version"])
    sent = 0
    rows = locked.participants.select_for_update(of=("self",), no_key=True).select_related("person", "post", "agency")
    for participant in rows.filter(pk__in=people).order_by("pk"):
        participant.conference = locked
        sent += _place(participant, sitting, made, who.get(participant.pk, frozenset()), now=now)
    reconcile(family_ids=[locked.family_id], now=now)
    return sent


def _check(sitting: Sitting, parts: list[PlannedPart]) -> None:
    errors: dict[str, str] = {}
    before: PlannedPart | None = None
    for number, part in enumerate(parts, start=1):
        if part.kind not in PartKind.values or part.kind == PartKind.WHOLE:
            errors[f"kind_{number}"] = "Choose what this part is."
        if not part.title.strip():
            errors[f"title_{number}"] = "Give this part a name, such as “With the mother”."
        if part.ends_at <= part.starts_at:
            errors[f"until_{number}"] = "A part ends after it starts."
        elif part.starts_at < sitting.booked_from or part.ends_at > sitting.booked_until:
            errors[f"from_{number}"] = "This is outside the time that is booked."
        elif before is not None and part.starts_at < before.ends_at:
            errors[f"from_{number}"] = "This starts before the part above ends."
        before = part
    if errors:
        raise ValidationError(errors)


def _is_so(
    sitting: Sitting, parts: list[PlannedPart], people: Mapping[int, PlannedFor], who: Mapping[int, frozenset[int]]
) -> bool:
    standing = planned_parts(sitting)
    same = [(row.kind, row.title, row.starts_at, row.ends_at) for row in standing] == [
        (row.kind, row.title.strip(), row.starts_at, row.ends_at) for row in parts
    ]
    return same and (not parts or all(who.get(pk) == row.numbers for pk, row in people.items()))


def _refuse_around_decisions(conference: Conference, people: Iterable[PlannedFor], parts: int, *, by: User) -> None:
    """Refuse what would change in which parts someone may be whom the chair keeps out of others."""
    decided = [row for row in people if row.allowed is not None]
    if decided and not may(by, conference, to="chair"):
        raise ValidationError("The chair has decided who is in which part. Only the chair can change the parts now.")
    for row in decided:
        if parts < max(row.allowed or {0}):
            raise ValidationError(
                f"You decided in which parts {row.participant.person.full_name} is. Decide that again first."
            )


def _put(sitting: Sitting, parts: list[PlannedPart], *, now: datetime.datetime) -> list[Part]:
    """Put the planned parts in place of what was planned before; nothing has taken place in those yet."""
    known = {row.number: row for row in sitting.parts.all()}
    wanted: list[PlannedPart | None] = [*parts] or [None]
    made = []
    with refused_by_database(part_ends_after_it_starts="until_1"):
        for number, part in enumerate(wanted, start=1):
            row = known.pop(number, None) or Part(sitting=sitting, number=number)
            becomes = (PartKind.WHOLE, WHOLE) if part is None else (part.kind, part.title.strip())
            if row.pk and (row.kind, row.title) != becomes:
                _refuse_to_change(row)
            row.given_up_at = None
            if part is None:
                row.kind, row.title, row.starts_at, row.ends_at = PartKind.WHOLE, WHOLE, None, None
            else:
                row.kind, row.title = part.kind, part.title.strip()
                row.starts_at, row.ends_at = part.starts_at, part.ends_at
            row.save()
            made.append(row)
    for row in known.values():
        if row.given_up_at is None:
            _refuse_to_change(row)
            row.planned_for.clear()
            row.given_up_at = now
            row.save(update_fields=["given_up_at"])
    return made


def _refuse_to_change(part: Part) -> None:
    if why := why_part_stays(part):
        raise ValidationError(why)


def _check_people(people: Mapping[int, PlannedFor], parts: list[Part], who: Mapping[int, frozenset[int]]) -> None:
    if len(parts) == 1:
        return
    errors: dict[str, str] = {}
    numbers = {part.number for part in parts}
    for pk, row in people.items():
        chosen = who.get(pk, frozenset()) & numbers
        kept_from = chosen - row.allowed if row.allowed is not None else set()
        if not chosen:
            errors[f"parts_{pk}"] = f"Choose which parts {row.participant.person.full_name} is in."
        elif kept_from:
            titles = listed([str(part) for part in parts if part.number in kept_from])
            errors[f"parts_{pk}"] = f"The chair keeps {row.participant.person.full_name} out of {titles}."
    if errors:
        raise ValidationError(errors)


def _place(
    participant: Participant, sitting: Sitting, parts: list[Part], numbers: frozenset[int], *, now: datetime.datetime
) -> int:
    """Give one locked person their own times, or the usual ones; return 1 where a message about it was queued."""
    chosen = [part for part in parts if part.number in numbers]
    had_parts = participant.parts.exists()
    before = own_times(participant, sitting)
    if len(chosen) in (0, len(parts)):
        participant.parts.clear()
        if not had_parts:
            return 0
        participant.arrives_at = participant.leaves_at = None
        if participant.how == HowToAttend.PART:
            participant.how = HowToAttend.WHOLE
    else:
        participant.parts.set(chosen)
        put_times(participant, sitting, chosen)
    participant.version += 1
    participant.save(update_fields=["arrives_at", "leaves_at", "how", "version"])
    if own_times(participant, sitting) == before or participant.status != ParticipantStatus.INVITED:
        return 0
    return send_next_version(
        participant=participant, conference=participant.conference, sitting=sitting, subject=Subject.CHANGED, now=now
    )
