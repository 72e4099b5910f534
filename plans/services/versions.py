"""Makes the numbered versions of a plan."""

from __future__ import annotations

import datetime
import hashlib
import uuid
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import Max

from accounts.models import User
from conferences.models import Decision
from deadlines.working_days.arithmetic import civil_day
from plans.enums import Occasion, WhyChanged
from plans.events import version_made
from plans.models import CinReview, Plan, PlanVersion
from plans.occasions import link_to_meeting, meetings_of, meetings_of_versions


@dataclass(frozen=True, kw_only=True)
class Why:
    """By whom a plan is changed, on which occasion, on what ground and why.

    Entered by a user, or by a guest. ``meeting_id`` is the core group meeting, ``review`` the review of a child in
    need plan.
    """

    occasion: Occasion | str
    because: WhyChanged | str
    reason: str
    now: datetime.datetime
    by: User | None = None
    guest_session_id: int | None = None
    meeting_id: int | None = None
    review: CinReview | None = None


def new_version(
    plan: Plan,
    *,
    occasion: Occasion | str,
    now: datetime.datetime,
    by: User | None = None,
    guest_session_id: int | None = None,
    because: WhyChanged | str = "",
    reason: str = "",
    decision: Decision | None = None,
    review: CinReview | None = None,
) -> PlanVersion:
    """Make the next version of a plan that is locked.

    Made by a user or by a guest.
    """
    last: int = plan.versions.aggregate(last=Max("number"))["last"] or 0
    return PlanVersion.objects.create(
        plan=plan,
        number=last + 1,
        occasion=occasion,
        because=because,
        reason=reason.strip(),
        decision=decision,
        review=review,
        made_by=by,
        guest_session_id=guest_session_id,
        made_at=now,
    )


def version_for(plan: Plan, why: Why) -> PlanVersion:
    """Return the version of a locked plan that takes up a change: a new one, or the one being written.

    What the same user or guest changes for the same reason, on the same occasion and day, is one version, until
    someone else changes the plan.
    """
    newest = current_version(plan)
    if newest is not None and _is_being_written(newest, why):
        return newest
    version = new_version(
        plan,
        occasion=why.occasion,
        because=why.because,
        reason=why.reason,
        review=why.review,
        by=why.by,
        guest_session_id=why.guest_session_id,
        now=why.now,
    )
    if why.meeting_id is not None:
        link_to_meeting(version, why.meeting_id)
    for told in version_made:
        told(version, why.now)
    return version


def _is_being_written(version: PlanVersion, why: Why) -> bool:
    same = (version.occasion, version.because, version.reason, version.made_by_id, version.guest_session_id)
    wanted = (why.occasion, why.because, why.reason.strip(), why.by.pk if why.by else None, why.guest_session_id)
    if same != wanted or version.review_id != (why.review.pk if why.review else None):
        return False
    meeting, _ = meetings_of_versions([version.pk]).get(version.pk, (None, ""))
    return meeting == why.meeting_id and civil_day(version.made_at) == civil_day(why.now)


def check_why(plan: Plan, why: Why) -> None:
    """Raise ValidationError by field where a change does not say on which occasion, on what ground and why."""
    if why.occasion == Occasion.CORE_GROUP and why.meeting_id is None:
        raise ValidationError({"occasion": "Choose the meeting"})
    if why.meeting_id is not None and why.meeting_id not in dict(meetings_of([plan])):
        raise ValidationError({"occasion": "Choose a meeting about this child"})
    if current_version(plan) is None:
        return
    if why.because not in WhyChanged.values:
        raise ValidationError({"because": "Choose why the plan is changed"})
    if not why.reason.strip():
        raise ValidationError({"reason": "Say why"})


def current_version(plan: Plan) -> PlanVersion | None:
    """Return the newest version of a plan; None where nothing has been written in it yet."""
    return plan.versions.order_by("-number").first()


def thread_of_outline(outline_id: int) -> uuid.UUID:
    """Return the thread of an action that a conference drafted: the same in all plans that take it over."""
    return uuid.UUID(hashlib.md5(f"outline action {outline_id}".encode(), usedforsecurity=False).hexdigest())


def thread_of_agreed(entry_id: int) -> uuid.UUID:
    """Return the thread of an outcome, or of what is done if something happens, that a conference agreed."""
    return uuid.UUID(hashlib.md5(f"outline entry {entry_id}".encode(), usedforsecurity=False).hexdigest())
