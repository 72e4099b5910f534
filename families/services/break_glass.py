"""Break-glass: opening another worker's case for a day, for a reason, and the review that follows."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from accounts.people.selectors.roles import users_with_role
from families.access import FAMILY_RULE, GLASS_RULE, reviewers_of
from families.enums import GlassOutcome
from families.models import BreakGlass, Family
from families.services.need_to_know import is_barred
from notifications.enums import MessageKind, Subject
from notifications.services.outbox import notify, queue_message, reference_subject

# A night and the working day after it: long enough to act, too short to rely on.
OPEN_FOR = datetime.timedelta(days=1)
# A review still outstanding after a day is chased daily.
REVIEW_WITHIN = datetime.timedelta(days=1)


@transaction.atomic
def break_glass(*, user: User, family: Family, reason: str, now: datetime.datetime) -> BreakGlass:
    """Open a case that is closed to the user, for reading, for a day from ``now``.

    The page asks for the second factor. In order: records who, why and until when; tells every service manager
    of the council at once, in the product and by e-mail, without the case's name or number. Returns the
    existing opening while one is in force. Raises ValidationError on ``reason`` where it is missing, and where
    the user may not break the glass on this case or doesn't need to.
    """
    if not reason.strip():
        raise ValidationError({"reason": "Say why you need to open this case now."})
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    held = BreakGlass.objects.open(at=now).filter(user=user, family=family).first()
    if held is not None:
        return held
    if GLASS_RULE.right_of(user, family) is None:
        raise ValidationError("You can't open this case.")
    if FAMILY_RULE.right_of(user, family) is not None:
        raise ValidationError("You can already open this case. Open it from the families page.")
    glass = BreakGlass(family=family, user=user, reason=reason.strip(), opened_at=now, closes_at=now + OPEN_FOR)
    glass.full_clean()
    glass.save()
    _tell(glass, now=now)
    return glass


def _ask_for_a_reviewer(glass: BreakGlass, *, key: str, now: datetime.datetime) -> None:
    """Say that nobody could review it: to service managers, who name someone, or else to administrators."""
    council, today = glass.family.authority, timezone.localdate(now)
    text = (
        f"No one could review break-glass {glass.pk}. Another service manager is needed, or someone named to step in."
    )
    managers = users_with_role(authority=council, roles=[Role.SERVICE_MANAGER], on=today).order_by("pk")
    told = [user for user in managers if not is_barred(user, glass.family)]
    page = "users:second-people" if told else "users:users"
    for user in told or users_with_role(authority=council, roles=[Role.ADMINISTRATOR], on=today).order_by("pk"):
        notify(user=user, key=key, text=text, url=reverse(page), urgent=True, now=now)


def _tell(glass: BreakGlass, *, now: datetime.datetime) -> None:
    url = reverse("families:review-glass", args=[glass.pk])
    reviewers = reviewers_of(glass, on=timezone.localdate(now))
    if not reviewers:
        _ask_for_a_reviewer(glass, key=f"glass-nobody:{glass.pk}", now=now)
    for user in reviewers:
        text = f"Break-glass {glass.pk}: a case was opened by someone it is not allocated to. Please review it."
        notify(user=user, key=f"glass:{glass.pk}", text=text, url=url, urgent=True, now=now)
        queue_message(
            authority=glass.family.authority,
            key=f"glass:{glass.pk}:{user.pk}",
            kind=MessageKind.ALERT,
            to_email=user.email,
            subject=reference_subject(subject=Subject.ALERT, reference=f"BG-{glass.pk}"),
            body=f"{text}\n\n{settings.PUBLIC_URL}{url}",
            user=user,
            now=now,
        )


@transaction.atomic
def review_glass(
    *, glass: BreakGlass, outcome: GlassOutcome | str, words: str, close: bool, by: User, now: datetime.datetime
) -> BreakGlass:
    """Record whether opening the case was right; with ``close``, close it at once.

    A second review changes nothing. Raises ValidationError on ``words`` or ``outcome`` where missing, and where
    ``by`` opened the case or may never open it.
    """
    locked = BreakGlass.objects.select_for_update(no_key=True).select_related("family").get(pk=glass.pk)
    if locked.reviewed_at is not None:
        return locked
    if by.pk == locked.user_id or by not in reviewers_of(locked, on=timezone.localdate(now)):
        raise ValidationError("Someone else has to review this: another service manager, or whoever is named for that.")
    if not words.strip():
        raise ValidationError({"words": "Say what you found."})
    if outcome not in GlassOutcome.values:
        raise ValidationError({"outcome": "Choose what you found."})
    locked.outcome, locked.review = outcome, words.strip()
    locked.reviewed_by, locked.reviewed_at = by, now
    if close and locked.closes_at > now > locked.opened_at:
        locked.closes_at = now
    locked.save(update_fields=["outcome", "review", "reviewed_by", "reviewed_at", "closes_at"])
    return locked


@transaction.atomic
def chase_reviews(*, now: datetime.datetime) -> int:
    """Remind service managers, once a day, of each review older than a day; return how many were chased."""
    today = timezone.localdate(now)
    waiting = BreakGlass.objects.unreviewed().filter(opened_at__lte=now - REVIEW_WITHIN)
    chased = 0
    for glass in waiting.select_related("family").order_by("opened_at", "pk"):
        chased += 1
        reviewers = reviewers_of(glass, on=today)
        if not reviewers:
            _ask_for_a_reviewer(glass, key=f"glass-nobody:{glass.pk}:{today:%Y-%m-%d}", now=now)
        for user in reviewers:
            notify(
                user=user,
                key=f"glass:{glass.pk}:{today:%Y-%m-%d}",
                text=f"Break-glass {glass.pk} is still waiting for your review.",
                url=reverse("families:review-glass", args=[glass.pk]),
                urgent=True,
                now=now,
            )
    return chased
