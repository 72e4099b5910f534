"""Makes the numbered versions of a plan."""

from __future__ import annotations

import datetime
import hashlib
import uuid

from django.db.models import Max

from accounts.models import User
from conferences.models import Decision
from plans.enums import Occasion, WhyChanged
from plans.models import CinReview, Plan, PlanVersion


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

    Made by a user or by a guest. The caller says which core group meeting made it (``ChangeAtMeeting``).
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


def current_version(plan: Plan) -> PlanVersion | None:
    """Return the newest version of a plan; None where nothing has been written in it yet."""
    return plan.versions.order_by("-number").first()


def thread_of_outline(outline_id: int) -> uuid.UUID:
    """Return the thread of an action that a conference drafted: the same in all plans that take it over."""
    return uuid.UUID(hashlib.md5(f"outline action {outline_id}".encode(), usedforsecurity=False).hexdigest())
