"""A child is not safe tonight: chair, social worker and managers are told at once and nobody else; the flow waits."""

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
from conferences.services.guards import lock_child, participant_in, require_chair, text_of
from deadlines.working_days.arithmetic import civil_day
from meetings.enums import StopGround
from meetings.models import SafetyStop
from meetings.selectors.stops import social_workers_of
from meetings.services.guards import lock_in_session, part_in
from meetings.services.rounds import end_complete_rounds
from notifications.services.outbox import notify


@transaction.atomic
def raise_stop(
    *,
    conference_child: ConferenceChild,
    ground: StopGround,
    now: datetime.datetime,
    by: User | None = None,
    guest_session_id: int | None = None,
    said_by: Participant | None = None,
    said: str = "",
    part: Part | None = None,
) -> SafetyStop:
    """Record that a child is not safe tonight.

    In order:
    1. locks the conference and returns an open stop for the same child, ground and speaker if there is one;
    2. writes the stop, after which no scores are shown, nothing is decided and the meeting does not close;
    3. tells the chair, the social workers and the managers of the family's team (if there are none, the service
      managers), by notice and by e-mail, with references only. Nobody else's page changes: a stop that everyone sees
      would expose who said it beside the person they fear.

    Raises MeetingClosed after closing, ValidationError on ``said`` if it is empty and no score stands for it.
    """
    conference, sitting = lock_in_session(conference_child.conference)
    child = lock_child(conference, conference_child)
    participant_in(conference, said_by, "said_by")
    words = said.strip()
    if ground == StopGround.SAID:
        words = text_of("said", said, "Write what was said: why is the child not safe tonight?")
    standing = SafetyStop.objects.filter(
        conference_child=child, ground=ground, said_by=said_by, settled_at__isnull=True
    ).first()
    if standing is not None and standing.said == words:
        return standing
    stop = SafetyStop.objects.create(
        conference=conference,
        conference_child=child,
        part=part_in(sitting, part),
        ground=ground,
        said_by=said_by,
        said=words,
        raised_by=by,
        guest_session_id=guest_session_id,
        raised_at=now,
    )
    _tell(stop, conference, now=now)
    return stop


@transaction.atomic
def call_break(*, stop: SafetyStop, by: User, now: datetime.datetime) -> SafetyStop:
    """Call a break, as the chair: the room's screen pauses until what is done now is recorded. Idempotent.

    Raises ValidationError if ``by`` is not the chair; MeetingClosed.
    """
    conference, _ = lock_in_session(stop.conference)
    require_chair(by, conference, "call a break")
    locked = SafetyStop.objects.select_for_update().get(pk=stop.pk)
    if locked.break_at is None and locked.settled_at is None:
        locked.break_at = now
        locked.save(update_fields=["break_at"])
    return locked


@transaction.atomic
def settle_stop(
    *, stop: SafetyStop, action: str, action_by: str, action_when: str, by: User, now: datetime.datetime
) -> SafetyStop:
    """Record, as the chair, what is done now, by whom and when, so that the meeting can go on. Idempotent.

    Rounds that waited for it end. Raises ValidationError on each field that is empty, or if ``by`` is not the chair.
    """
    conference, _ = lock_in_session(stop.conference)
    locked = SafetyStop.objects.select_for_update().get(pk=stop.pk)
    if locked.settled_at is not None:
        return locked
    require_chair(by, conference, "record what is being done now")
    for name, text in what_is_done(action, action_by, action_when).items():
        setattr(locked, name, text)
    locked.settled_by = by
    locked.settled_at = now
    locked.save()
    end_complete_rounds(conference, now=now)
    return locked


def what_is_done(action: str, action_by: str, action_when: str) -> dict[str, str]:
    """Return what is done now, by whom and when, by column. Raises ValidationError on each that is empty."""
    given = {"action": action.strip(), "action_by": action_by.strip(), "action_when": action_when.strip()}
    asked = {
        "action": "Write what is being done now so that the child is safe tonight.",
        "action_by": "Write who is doing it.",
        "action_when": "Write when it will be done, such as “now” or “by 15:00 today”.",
    }
    if empty := {name: message for name, message in asked.items() if not given[name]}:
        raise ValidationError(empty)
    return given


def tell_managers(
    conference: Conference, *, key: str, text: str, also: tuple[User, ...] = (), url: str = "", now: datetime.datetime
) -> None:
    """Tell the case's managers (and ``also``) something urgent, by notice and e-mail, references only.

    A danger never goes unreported: if no manager of the case is left, the service managers receive the
    reference.
    """
    url = url or reverse("conferences:overview", args=[conference.pk])
    today = civil_day(now)
    managers = managers_of(conference, on=today) or service_managers(conference, on=today)
    others = [user for user in also if user.is_active and may(user, conference, to="read")]
    people = {user.pk: user for user in (*managers, *others)}
    for user in people.values():
        notify(user=user, key=key, text=text, url=url, urgent=True, now=now)
        queue_alert(user=user, about=conference, key=key, text=text, now=now)


def _tell(stop: SafetyStop, conference: Conference, *, now: datetime.datetime) -> None:
    today = civil_day(now)
    people = [*chairs_of(conference, on=today), *social_workers_of(conference, on=today)]
    tell_managers(
        conference,
        key=f"safety-stop:{stop.pk}",
        text=f"Conference {conference.reference}: a child may not be safe tonight. Read it where no one else can see.",
        also=tuple(people),
        url=reverse("meetings:safety", args=[conference.pk]),
        now=now,
    )
