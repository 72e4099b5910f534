"""Safety stops: the meeting waits until what is done now is recorded, and managers are told at once."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from accounts.models import User
from conferences.access import chairs_of, may
from conferences.models import Conference, ConferenceChild, Part, Participant
from conferences.selectors.recipients import managers_of, service_managers
from conferences.services.alerts import queue_alert
from conferences.services.guards import lock_child, participant_in, text_of
from deadlines.working_days.arithmetic import civil_day
from meetings.enums import StopGround
from meetings.models import SafetyStop
from meetings.services.guards import lock_in_session, part_in
from notifications.services.outbox import notify


@transaction.atomic
def raise_stop(
    *,
    conference_child: ConferenceChild,
    ground: StopGround,
    by: User,
    now: datetime.datetime,
    said_by: Participant | None = None,
    said: str = "",
    part: Part | None = None,
) -> SafetyStop:
    """Record that a child is not safe tonight.

    In order:
    1. locks the conference and returns an open stop for the same child, ground and speaker if there is one;
    2. writes the stop, after which the services of the day refuse to go on;
    3. tells the managers of the family's team (if there are none, the service managers), by notice and by
      e-mail, with references only, and the chair and coordinator of the conference if someone else wrote it.

    Raises MeetingClosed after closing, ValidationError on ``said`` if it is empty and no score stands for it.
    """
    conference, sitting = lock_in_session(conference_child.conference, in_spite_of_stop=True)
    child = lock_child(conference, conference_child)
    participant_in(conference, said_by, "said_by")
    words = said.strip()
    if ground == StopGround.SAID:
        words = text_of("said", said, "Write what was said: why is the child not safe tonight?")
    standing = SafetyStop.objects.filter(
        conference_child=child, ground=ground, said_by=said_by, settled_at__isnull=True
    ).first()
    if standing is not None:
        return standing
    stop = SafetyStop.objects.create(
        conference=conference,
        conference_child=child,
        part=part_in(sitting, part),
        ground=ground,
        said_by=said_by,
        said=words,
        raised_by=by,
        raised_at=now,
    )
    _tell(stop, conference, by=by, now=now)
    return stop


@transaction.atomic
def settle_stop(
    *, stop: SafetyStop, action: str, action_by: str, action_when: str, by: User, now: datetime.datetime
) -> SafetyStop:
    """Record what is done now, by whom and when, so that the meeting can go on. Idempotent.

    Raises ValidationError on each field that is empty, or if ``by`` is neither chair nor coordinator.
    """
    conference, _ = lock_in_session(stop.conference, in_spite_of_stop=True)
    locked = SafetyStop.objects.select_for_update().get(pk=stop.pk)
    if locked.settled_at is not None:
        return locked
    if not may(by, conference, to="record"):
        raise ValidationError("Only the chair or a coordinator can record what is being done now.")
    empty = {
        field: message
        for field, text, message in (
            ("action", action, "Write what is being done now so that the child is safe tonight."),
            ("action_by", action_by, "Write who is doing it."),
            ("action_when", action_when, "Write when it will be done, such as “now” or “by 15:00 today”."),
        )
        if not text.strip()
    }
    if empty:
        raise ValidationError(empty)
    locked.action = action.strip()
    locked.action_by = action_by.strip()
    locked.action_when = action_when.strip()
    locked.settled_by = by
    locked.settled_at = now
    locked.save()
    return locked


def tell_managers(
    conference: Conference, *, key: str, text: str, also: tuple[User, ...] = (), now: datetime.datetime
) -> None:
    """Tell the case's managers (and ``also``) something urgent, by notice and e-mail, references only.

    A danger never goes unreported: if no manager of the case is left, the service managers receive the
    reference.
    """
    url = reverse("conferences:overview", args=[conference.pk])
    today = civil_day(now)
    managers = managers_of(conference, on=today) or service_managers(conference, on=today)
    others = [user for user in also if user.is_active and may(user, conference, to="read")]
    people = {user.pk: user for user in (*managers, *others)}
    for user in people.values():
        notify(user=user, key=key, text=text, url=url, urgent=True, now=now)
        queue_alert(user=user, about=conference, key=key, text=text, now=now)


def _tell(stop: SafetyStop, conference: Conference, *, by: User, now: datetime.datetime) -> None:
    people = (*chairs_of(conference, on=civil_day(now)), conference.coordinator)
    others = tuple(user for user in people if user is not None and user.pk != by.pk)
    tell_managers(
        conference,
        key=f"safety-stop:{stop.pk}",
        text=f"Conference {conference.reference} has stopped: a child is not safe tonight.",
        also=others,
        now=now,
    )
