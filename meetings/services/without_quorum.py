"""Going on without a quorum: the chair writes what the procedures ask, and whoever they name agrees."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from accounts.models import User
from conferences.models import Conference, Sitting
from conferences.services.guards import require_chair
from deadlines.working_days.arithmetic import civil_day
from meetings.models import WithoutQuorum
from meetings.selectors.the_day import children_on_the_day
from meetings.selectors.without_quorum import GoingOn, may_agree, who_agrees
from meetings.services.guards import lock_in_session
from notifications.services.outbox import notify


@dataclass(frozen=True)
class QuorumFacts:
    """The key of the condition under which the chair goes on, and a text for each thing the procedures ask for."""

    condition: str = ""
    written: Sequence[str] = ()


@transaction.atomic
def go_on_without_quorum(
    *, conference: Conference, facts: QuorumFacts, by: User, now: datetime.datetime
) -> WithoutQuorum:
    """Record, as the chair, why the running sitting goes on without a quorum.

    In order:
    1. refuses where the council's procedures never allow it twice running and each child's last conference was held
      without a quorum;
    2. keeps the condition and what the procedures ask to be written; a later text replaces an earlier one, and an
      agreement to that;
    3. tells whoever else the procedures ask to agree. Until they have, nothing is decided without a quorum.

    Raises ValidationError by field (``condition``, ``need_0`` and so on), or if ``by`` is not the chair; MeetingClosed.
    """
    locked, sitting = lock_in_session(conference)
    require_chair(by, locked, "go on without a quorum")
    found = GoingOn(locked, sitting)
    never = [found.why_never(child) for child in children_on_the_day(locked)]
    if never and all(never):
        raise ValidationError(never[0])
    return keep_facts(found, sitting, facts, by=by, now=now)


def keep_facts(
    found: GoingOn, sitting: Sitting, facts: QuorumFacts, *, by: User, now: datetime.datetime
) -> WithoutQuorum:
    """Store what was written for a locked sitting, and tell whoever has to agree. Raises ValidationError by field."""
    needs, conditions = found.rule.needs, dict(found.rule.conditions)
    written = [*(text.strip() for text in facts.written), *[""] * len(needs)][: len(needs)]
    faults = {f"need_{at}": f"Write this: {need}." for at, need in enumerate(needs) if not written[at]}
    if facts.condition not in conditions:
        faults = {"condition": "Choose why the meeting can go on without a quorum.", **faults}
    if faults:
        raise ValidationError(faults)
    condition = conditions[facts.condition][:250]
    record = found.record
    if record is not None and (record.condition, record.written) == (condition, written):
        return record
    record, _ = WithoutQuorum.objects.update_or_create(
        sitting=sitting,
        defaults={
            "condition": condition,
            "asked": [need[:250] for need in needs],
            "written": written,
            "asked_by": by,
            "asked_at": now,
            "party": found.party,
            "agreed_by": None,
            "agreed_at": None,
        },
    )
    conference = found.conference
    for user in who_agrees(conference, on=civil_day(now)) if record.party else ():
        if user != by:
            notify(
                user=user,
                key=f"without-quorum:{record.pk}:{now:%Y%m%d%H%M}",
                text=f"{conference.reference}: the chair asks you to agree to going on without a quorum.",
                url=reverse("meetings:agree-without-quorum", args=[conference.pk]),
                now=now,
            )
    return record


@transaction.atomic
def agree_without_quorum(*, conference: Conference, by: User, now: datetime.datetime) -> WithoutQuorum:
    """Agree, as whoever the procedures name, that the running sitting goes on without a quorum. Idempotent.

    Raises ValidationError if nothing is asked, if ``by`` is not named for it or asked for it; MeetingClosed.
    """
    locked, sitting = lock_in_session(conference)
    record = WithoutQuorum.objects.select_for_update().filter(sitting=sitting).first()
    if record is None or not record.party:
        raise ValidationError("No agreement is asked for.")
    if record.agreed_at is not None:
        return record
    if record.asked_by_id == by.pk or not may_agree(by, locked):
        raise ValidationError(f"Only the {record.get_party_display().lower()} can agree to this.")
    record.agreed_by, record.agreed_at = by, now
    record.save(update_fields=["agreed_by", "agreed_at"])
    return record
