"""Papers of a meeting that is over, for someone who takes the case over: asked for, then released by the chair."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from accounts.models import User
from conferences.access import chairs_of
from conferences.enums import Capacity, ConferenceStatus, ParticipantStatus
from conferences.models import Conference, ConferenceChild, Participant
from conferences.selectors.recipients import to_be_told
from conferences.services.guards import require_chair
from conferences.services.scheduling import lock_conference
from deadlines.working_days.arithmetic import civil_day
from families.models import Child, Post
from notifications.services.outbox import notify
from reports.content import content_for
from reports.enums import DocumentState
from reports.models import Document
from reports.selectors.circulation import may_be_settled
from reports.services.formats_asked import ask_for_formats
from reports.services.kept_papers import ask_for_papers


@transaction.atomic
def ask_for_later_recipient(
    *, conference: Conference, post: Post, children: Sequence[Child], because: str, by: User, now: datetime.datetime
) -> Participant:
    """Ask the chair of a closed conference to release its papers to a worker who takes these children over.

    In order: locks the conference; adds the worker to its list, as someone who was not there, for those of the
    children whom it was about; tells the chair. Nothing goes to the worker before the chair releases it. Asking again
    returns the same row, with the children added. Raises ValidationError for a meeting that is not over, and where it
    was about none of the children.
    """
    locked = lock_conference(conference)
    if locked.status != ConferenceStatus.CLOSED:
        raise ValidationError("The meeting is not closed yet. Its papers can be asked for once it is.")
    rows = list(ConferenceChild.objects.filter(conference=locked, child__in=children, withdrawn_at__isnull=True))
    if not rows:
        raise ValidationError("This conference was not about these children.")
    there = locked.participants.filter(person=post.person_id, capacity=Capacity.PROFESSIONAL).first()
    if there is not None and there.status != ParticipantStatus.AFTERWARDS:
        return there
    asked = there or Participant.objects.create(
        conference=locked,
        person=post.person,
        post=post,
        agency=post.agency,
        capacity=Capacity.PROFESSIONAL,
        status=ParticipantStatus.AFTERWARDS,
        because=because,
        email=post.email,
    )
    asked.children.add(*rows)
    on = civil_day(now)
    for user in to_be_told(locked, chairs_of(locked, on=on), on=on):
        notify(
            user=user,
            key=f"later-recipient:{asked.pk}",
            text=f"{locked.reference}: another council takes a child over. Decide whether it gets the papers.",
            url=reverse("reports:minutes", args=[locked.pk]),
            now=now,
        )
    return asked


@transaction.atomic
def release_to_later(*, document: Document, recipient: Participant, by: User, now: datetime.datetime) -> Document:
    """Release a version that is out already to someone about whom the chair decides, as the chair.

    In order: locks the version; notes the chair's decision; has the copy laid out. The copy is sent and recorded as
    every other (``record_copy``), and composed for this recipient: for someone who takes the case over, only what
    concerns the children they take over. The copies of everyone else stay as they are. Releasing twice changes
    nothing. Raises ValidationError for anyone but the chair, a version that is not released, and for someone about
    whom the chair does not decide here.
    """
    locked = Document.objects.select_for_update(of=("self",)).select_related("conference__chair").get(pk=document.pk)
    require_chair(by, locked.conference, "release it")
    if locked.state != DocumentState.RELEASED:
        raise ValidationError("This version is not released, or there is a newer one. Look at that one first.")
    if locked.settled_for.filter(pk=recipient.pk).exists():
        return locked
    allowed = {pk for pk, _, _ in may_be_settled(content_for(locked, recipient.pk), locked.kind)}
    if recipient.pk not in allowed:
        raise ValidationError("Choose someone about whom the chair decides here.")
    locked.settled_for.add(recipient)
    ask_for_papers(locked, [recipient.pk], now=now)
    ask_for_formats(locked, [recipient.pk], now=now)
    return locked
