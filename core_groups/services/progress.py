"""How each action of a plan has come on, as a core group meeting records it."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.constraint_errors import refused_by_database
from accounts.models import User
from core_groups.models import CoreGroupMeeting, ProgressAtMeeting
from core_groups.services.guards import refuse_unless_held
from plans.enums import SAYS_WHY, Progress
from plans.models import PlanAction
from plans.services.plans import record_progress


@dataclass(frozen=True)
class SaidOfAction:
    """What was said about one action; ``version`` is that of the action as it was seen."""

    action: PlanAction
    progress: str
    said: str
    version: int


class ProgressMeanwhile(ValidationError):
    """Someone else recorded the progress of these actions since the page was opened; nothing was saved."""

    def __init__(self, actions: Sequence[PlanAction]) -> None:
        self.actions = list(actions)
        super().__init__(
            {
                f"said_{action.pk}": (
                    f"Someone else has recorded this meanwhile: {action.get_progress_display()}. "
                    f"{action.progress_note or 'Nothing was written.'} To put yours in its place, save again."
                )
                for action in actions
            }
        )


@transaction.atomic
def record_meeting_progress(
    *, meeting: CoreGroupMeeting, said: Sequence[SaidOfAction], by: User, now: datetime.datetime
) -> list[ProgressAtMeeting]:
    """Record how far each action has come and what was said about it, at a held meeting.

    Each becomes the action's progress and a row of this meeting; an earlier row of the same meeting is kept. What was
    not changed is left alone. Raises ProgressMeanwhile where someone recorded other progress since, ValidationError
    where the meeting was not held, a plan has ended or was not in force then, or an action was replaced.
    """
    row = CoreGroupMeeting.objects.select_related("core_group").get(pk=meeting.pk)
    refuse_unless_held(row)
    wanted = sorted(said, key=lambda one: one.action.pk)
    in_force = PlanAction.objects.filter(pk__in=[one.action.pk for one in wanted], plan__core_groups=row.core_group_id)
    # ``of`` leaves the plan alone: the order of locks is the plan's services'.
    now_there = {action.pk: action for action in in_force.select_for_update(of=("self",)).order_by("pk")}
    entries = {
        entry.action_id: entry
        for entry in ProgressAtMeeting.objects.select_related("recorded").filter(
            meeting=row, action__in=now_there, member__isnull=True, superseded_at__isnull=True
        )
    }
    new = [one for one in wanted if not _says_it(entries.get(one.action.pk), one)]
    if any(one.action.pk not in now_there or now_there[one.action.pk].until_id for one in new):
        raise ValidationError("An action of this plan was changed since you opened this page. Reload it.")
    changed = [now_there[one.action.pk] for one in new if now_there[one.action.pk].version != one.version]
    if changed:
        raise ProgressMeanwhile(changed)
    return [_record(row, one, now_there[one.action.pk], entries.get(one.action.pk), by=by, now=now) for one in new]


def _says_it(entry: ProgressAtMeeting | None, one: SaidOfAction) -> bool:
    return entry is not None and (entry.progress, entry.said) == (one.progress, one.said.strip())


def _record(
    meeting: CoreGroupMeeting,
    one: SaidOfAction,
    action: PlanAction,
    earlier: ProgressAtMeeting | None,
    *,
    by: User,
    now: datetime.datetime,
) -> ProgressAtMeeting:
    if one.progress not in Progress.values:
        raise ValidationError({f"progress_{action.pk}": "Choose how far this has come."})
    if one.progress in SAYS_WHY and not one.said.strip():
        raise ValidationError({f"said_{action.pk}": "Say why."})
    recorded = record_progress(
        action=action, progress=Progress(one.progress), note=one.said.strip(), version=one.version, by=by, now=now
    )
    if earlier is not None:
        earlier.superseded_at = now
        earlier.save(update_fields=["superseded_at"])
    entry = ProgressAtMeeting(meeting=meeting, action=action, recorded=recorded)
    with refused_by_database():
        entry.save()
    return entry
