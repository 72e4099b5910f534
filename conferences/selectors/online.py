"""Who comes on a screen, and who may have the link for those online: one rule for every place it can leave by.

Whoever leads or arranges the meeting reads the link on the conference's own page and needs none in a message.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from conferences.enums import (
    Capacity,
    ConferenceStatus,
    DeputyState,
    HowToAttend,
    Mode,
    ParticipantStatus,
    Presence,
    Reply,
)
from conferences.models import Attendance, Conference, Deputy, ExclusionRequest, LinkGiven, Participant
from conferences.selectors.risks import undecided_risks
from conferences.selectors.standing import kept_out_before
from deadlines.policies import policy_of
from deadlines.working_days.arithmetic import civil_day

CONFIRMED = frozenset({Reply.COMING, Reply.ONLINE})
MEETS = (ConferenceStatus.SCHEDULED, ConferenceStatus.OPEN)
RUNS_IT = frozenset({Capacity.CHAIR, Capacity.COORDINATOR})


def comes_on_screen(participant: Participant, conference: Conference) -> bool:
    """Return whether they would take part on a screen: as they answered, as arranged, or as the chair decided."""
    if participant.how == HowToAttend.SEPARATE_PLACE:
        return False
    return (
        participant.how == HowToAttend.VIDEO
        or participant.reply == Reply.ONLINE
        or Mode.ONLINE in (participant.mode, conference.mode)
    )


def may_have_link(conference: Conference, participants: Iterable[Participant]) -> set[int]:
    """Return the ids of those who may have the link now: they come on a screen, have said so, and nothing holds them.

    Not before they have answered, and so never with their first message; not while the chair has to decide about
    them; not once they were taken off the list, kept out, removed from the meeting, replaced by a deputy or have
    left their post. A fixed number of queries; none where nobody could.
    """
    rows = [
        row
        for row in participants
        if conference.status in MEETS
        and row.status == ParticipantStatus.INVITED
        and row.reply in CONFIRMED
        and comes_on_screen(row, conference)
    ]
    if not conference.link or not rows:
        return set()
    today = civil_day(timezone.now())
    ids = [row.pk for row in rows]
    held = {
        *ExclusionRequest.objects.filter(participant__in=ids, decided_at=None).values_list("participant_id", flat=True),
        *Attendance.objects.filter(participant__in=ids, presence=Presence.REMOVED).values_list(
            "participant_id", flat=True
        ),
        *Deputy.objects.filter(participant__in=ids, state=DeputyState.CONFIRMED).values_list(
            "participant_id", flat=True
        ),
        *undecided_risks(rows, on=today),
        *kept_out_before(conference, rows),
    }
    return {row.pk for row in rows if row.pk not in held and (row.post is None or row.post.is_current(today))}


def link_for(participant: Participant, conference: Conference) -> str:
    """Return the link, where this person may have it now; otherwise nothing."""
    return conference.link if may_have_link(conference, [participant]) else ""


def online_place(participant: Participant, conference: Conference, link: str | None = None) -> str:
    """Return what someone who comes on a screen reads as the place: the link, or when they get it.

    ``link`` is what ``may_have_link`` found for them, where many are asked about at once.
    """
    link = link_for(participant, conference) if link is None else link
    if link:
        return link
    if participant.capacity in RUNS_IT:
        return "Online: the link is on the conference’s page"
    if participant.status == ParticipantStatus.INVITED and participant.reply == Reply.NONE:
        return "Online: you get the link once you have said that you are coming"
    return "Online: we will send you the link"


def knows_link(conference: Conference) -> set[int]:
    """Return the ids of everyone on the list who could know the present link. One query."""
    if not conference.link:
        return set()
    known = LinkGiven.objects.filter(participant__conference=conference, link=conference.link)
    return set(known.values_list("participant_id", flat=True))


def holds_link(conference: Conference, text: str) -> bool:
    """Return whether a text says the present link."""
    return bool(conference.link) and conference.link in text


def online_rules_for(participant: Participant) -> list[str]:
    """Return what whoever joins on a screen keeps to, as the council says it; nothing for those in the room."""
    conference = participant.conference
    if not comes_on_screen(participant, conference):
        return []
    rules: list[str] = policy_of(conference.policy_version_id).value("online-rules")
    return list(rules)
