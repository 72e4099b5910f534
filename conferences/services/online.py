"""The link for those online: whoever confirms gets it at once, whoever takes that back loses it, and it can change."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction

from accounts.models import User
from conferences.models import Conference, Participant
from conferences.selectors.letters import LINK_CHANGED, LINK_GIVEN, LINK_TAKEN
from conferences.selectors.online import MEETS, may_have_link
from conferences.services.known_links import note_given, warn_if_known
from conferences.services.sending import booked_sitting, send_next_version, was_told
from conferences.services.to_tell import open_for, take_off_list
from notifications.enums import Subject

AGAIN = "Someone else has changed this conference. Reload the page and look again."


def follow_answer(participant: Participant, *, had_link: str, has_link: str, now: datetime.datetime) -> None:
    """After an answer of a locked participant, send the link to whoever may have it now, or take it back.

    Their calendar entry follows; without an e-mail address they are put on the list of those to be told. The
    coordinator is warned of someone who could know the link and takes back the yes.
    """
    if had_link == has_link:
        # Asked again after a move, they may still know it.
        if not has_link:
            warn_if_known(participant, now=now)
        return
    conference = participant.conference
    if has_link:
        note_given(participant, conference, now=now)
    else:
        warn_if_known(participant, now=now)
    waits = open_for(participant)
    if not has_link and waits is not None and waits.words == LINK_GIVEN:
        take_off_list(participant, because="They do not join on a screen after all.", now=now)
        return
    sitting = booked_sitting(conference)
    if sitting is not None and was_told(participant):
        send_next_version(
            participant=participant,
            conference=conference,
            sitting=sitting,
            subject=Subject.PLACE,
            told=LINK_GIVEN if has_link else LINK_TAKEN,
            now=now,
        )


@transaction.atomic
def change_link(*, conference: Conference, link: str, version: int, by: User, now: datetime.datetime) -> int:
    """Put another link in place of the one for those online; return how many it was sent to.

    In order: records the link; sends it, with the next version of their calendar entry, to each who may have it,
    and to no one else. The same link again changes nothing. ``version`` is that of the conference on the page; ``by``
    stands in the history of the request. Raises ValidationError for what is not a web address, where someone else has
    changed the conference since, and where it is over.
    """
    locked = Conference.objects.select_for_update(of=("self",), no_key=True).get(pk=conference.pk)
    link = link.strip()
    if locked.link == link:
        return 0
    if locked.status not in MEETS:
        raise ValidationError("This conference is over, so its link can't be changed.")
    if locked.version != version:
        raise ValidationError(AGAIN)
    try:
        URLValidator(schemes=["https", "http"])(link)
    except ValidationError as error:
        raise ValidationError({"link": "Enter the new link, like https://video.example/room"}) from error
    locked.link = link
    locked.version += 1
    locked.save(update_fields=["link", "version"])
    conference.link, conference.version = locked.link, locked.version
    sitting = booked_sitting(locked)
    rows = list(
        locked.participants.select_for_update(of=("self",), no_key=True)
        .select_related("person", "post", "agency", "conference__authority")
        .order_by("pk")
    )
    allowed = may_have_link(locked, rows)
    for row in rows if sitting is not None else ():
        if row.pk in allowed and sitting is not None:
            row.conference = locked
            note_given(row, locked, now=now)
            send_next_version(
                participant=row, conference=locked, sitting=sitting, subject=Subject.PLACE, told=LINK_CHANGED, now=now
            )
    return len(allowed)
