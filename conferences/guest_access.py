"""Which participants may come in as guests and for what, and the gatekeeper of their pages."""

from __future__ import annotations

import datetime
from typing import Any, Literal

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Lower, Trim
from django.http import HttpRequest
from django.utils import timezone

from accounts.enums import ReadKind
from accounts.guests.access import GuestRequired, guest_of, record_guest_read
from accounts.guests.purposes import LinkPurpose, register_purpose
from conferences.access import FROM_OTHER_AGENCIES, UPCOMING
from conferences.enums import (
    FAMILY_CAPACITIES,
    Capacity,
    ConferenceStatus,
    DeputyState,
    ParticipantStatus,
    Presence,
    WhoOpens,
)
from conferences.models import Attendance, ConferenceChild, Deputy, DeviceAsked, ExclusionRequest, Participant
from conferences.selectors.devices import why_no_own_link
from conferences.selectors.mailboxes import ALREADY_OUT, given_up
from conferences.selectors.paper_only import on_paper_only
from deadlines.working_days.arithmetic import civil_day
from families.enums import PregnancyOutcome
from families.models import ContactRisk, Post
from families.selectors.birthdays import AdultOn
from families.selectors.losses import holding_losses, people_around
from notifications.enums import MessageState
from notifications.models import Message

INVITATION = "invitation"
HOME = "guest_meeting:home"
To = Literal["home", "meeting"]

COUNCILS_OWN = frozenset({Capacity.SOCIAL_WORKER, Capacity.TEAM_MANAGER, Capacity.CHAIR, Capacity.COORDINATOR})
WITHOUT_A_LIVING_CHILD = (
    PregnancyOutcome.STILLBIRTH,
    PregnancyOutcome.MISCARRIAGE,
    PregnancyOutcome.TERMINATION,
    PregnancyOutcome.NOT_PREGNANT,
)


def comes_by_link(participant: Participant) -> bool:
    """Return whether a participant comes in by link: reached by e-mail, not council staff, without an account.

    A child only where someone recorded that nobody else can open the device.
    """
    if not participant.email or participant.capacity in COUNCILS_OWN:
        return False
    if participant.person.user_id and participant.capacity in FROM_OTHER_AGENCIES:
        return False
    return not why_no_own_link(participant)


def open_to_guests(now: datetime.datetime) -> QuerySet[Participant]:
    """Return participants with guest access at this moment, each with ``mailbox`` in lower case: see ``open_on``."""
    return open_on(civil_day(now))


def open_on(today: Any) -> QuerySet[Participant]:
    """Return participants with guest access on a civil day, or on that of an expression, with their ``mailbox``.

    Invited, in a post they still hold, to a conference that was not cancelled; there is no open request to keep
    them out, no contact risk recorded since the chair last decided, the chair did not remove them, no one else
    in the conference has their mailbox, it has not been given up since, they have not chosen paper only, and nobody
    else can open the device of a child; they are alive, not sealed, not merged into another record; and no child of the
    conference has died or been sealed,
    which stops everything that leads to the family. After the loss of a child the family's own links stay closed,
    but for a person to whom a manager has released a message of that conference.
    """
    asked = ExclusionRequest.objects.filter(participant=OuterRef("pk"), decided_at__isnull=True)
    read_by_chair = ExclusionRequest.objects.filter(
        participant=OuterRef(OuterRef("pk")), decided_at__gte=OuterRef("recorded_at")
    )
    risks = ContactRisk.objects.current(on=today).filter(person=OuterRef("person")).filter(~Exists(read_by_chair))
    removed = Attendance.objects.filter(participant=OuterRef("pk"), presence=Presence.REMOVED)
    holds_post = Post.objects.current(on=today).filter(pk=OuterRef("post"))
    others = (
        Participant.objects.annotate(mailbox=Lower(Trim("email")))
        .filter(conference=OuterRef("conference"), mailbox=OuterRef("mailbox"))
        .exclude(person=OuterRef("person"))
        .exclude(status__in=ALREADY_OUT)
    )
    rows: QuerySet[Participant] = (
        Participant.objects.annotate(mailbox=Lower(Trim("email")))
        .filter(
            Q(post__isnull=True) | Exists(holds_post),
            ~Exists(asked),
            ~Exists(risks),
            ~Exists(removed),
            ~Exists(others),
            ~Exists(_ended_children()),
            ~_for_grown_ups_alone(today),
            ~given_up(on=today),
            ~on_paper_only("person"),
            ~Exists(_opened_by_others()),
            ~Q(person__in=people_around(holding_losses())) | Exists(_released()),
            status=ParticipantStatus.INVITED,
            conference__status__in=(*UPCOMING, ConferenceStatus.CLOSED),
            conference__family__disposed_at__isnull=True,
            person__sealed_at__isnull=True,
            person__death_date__isnull=True,
            person__merged_into__isnull=True,
        )
        .exclude(capacity__in=COUNCILS_OWN)
    )
    return rows


def _opened_by_others() -> QuerySet[DeviceAsked]:
    """Return what is recorded about a device of the outer participant's that others can open, or nobody knows of."""
    asked = DeviceAsked.objects.filter(participant=OuterRef("pk"), superseded_at__isnull=True)
    return asked.exclude(who_opens=WhoOpens.CHILD)


def _released() -> QuerySet[Message]:
    """Return messages of the outer participant's conference that a manager released to them, though held."""
    return Message.objects.filter(
        person_id=OuterRef("person_id"),
        conference_id=OuterRef("conference_id"),
        settled_at__isnull=False,
        state__in=[MessageState.WAITING, MessageState.SENDING, MessageState.SENT],
    )


def _ended_children() -> QuerySet[ConferenceChild]:
    ended = Q(child__person__death_date__isnull=False) | Q(child__person__sealed_at__isnull=False)
    ended |= Q(child__pregnancy__outcome__in=WITHOUT_A_LIVING_CHILD, child__person__birth_date__isnull=True)
    rows: QuerySet[ConferenceChild] = ConferenceChild.objects.filter(
        ended, conference=OuterRef("conference"), withdrawn_at__isnull=True
    )
    return rows


def _for_grown_ups_alone(today: Any) -> Q:
    """Match those of the family whose every child of the conference has turned 18: the young adult decides on contact.

    Who is named for none comes for all. Nobody is kept from what is about themselves.
    """
    about = ConferenceChild.objects.annotate(adult_on=AdultOn(F("child__person__birth_date")))
    own = Q(child__person=OuterRef("person"))
    grown_up = about.filter(~own, adult_on__lte=today)
    left = about.filter(own | Q(adult_on__isnull=True) | Q(adult_on__gt=today))
    theirs, all_of_it = Q(participants=OuterRef("pk")), Q(conference=OuterRef("conference"))
    return Q(capacity__in=FAMILY_CAPACITIES) & (
        Q(Exists(grown_up.filter(theirs))) & ~Q(Exists(left.filter(theirs)))
        | Q(Exists(grown_up.filter(all_of_it))) & ~Q(Exists(left.filter(all_of_it)))
    )


def register_guest_purpose() -> None:
    """Register the purpose of guest links. Called once from ``ConferencesConfig.ready``."""
    register_purpose(
        LinkPurpose(INVITATION, open_on, person="person_id", mailbox="mailbox", home=HOME, title="Your meeting")
    )


def has_deputy(participant: Participant) -> bool:
    """Return whether a deputy was confirmed in their place: day, place and answer are then no longer theirs."""
    return Deputy.objects.filter(participant=participant, state=DeputyState.CONFIRMED).exists()


def may_send_deputy(participant: Participant) -> bool:
    """Return whether a deputy may come in their place.

    A deputy can't send one: withdrawing a deputy must leave no one who came in the deputy's place.
    """
    return (
        participant.capacity == Capacity.PROFESSIONAL
        and participant.status == ParticipantStatus.INVITED
        and not participant.is_deputy
    )


def access_as_guest(request: HttpRequest, *, to: To) -> Participant:
    """Return the guest's own participant, open for this step; never another's, because no id is taken.

    home: as long as they have access. meeting (day, place, answer, who is coming): until it is over, and while
    no deputy comes in their place. Writes the read log. Raises GuestRequired, which the middleware answers with
    the closed page.
    """
    participant = place_of_guest(request)
    refused = to == "meeting" and (participant.conference.status not in UPCOMING or has_deputy(participant))
    record_as_guest(request, participant, kind=ReadKind.REFUSED if refused else ReadKind.PAGE)
    if refused:
        raise GuestRequired
    return participant


def place_of_guest(request: HttpRequest) -> Participant:
    """Return the guest's own participant, for a page that writes the read log itself. Raises GuestRequired."""
    guest = guest_of(request, purpose=INVITATION)
    participant = (
        open_to_guests(timezone.now())
        .select_related("conference__authority", "conference__family", "person", "post", "agency")
        .filter(pk=guest.subject_id, person=guest.person_id)
        .first()
    )
    if participant is None:
        raise GuestRequired
    return participant


def record_as_guest(
    request: HttpRequest,
    participant: Participant,
    *,
    kind: ReadKind = ReadKind.PAGE,
    subject: str = "Participant",
    subject_id: int | None = None,
) -> None:
    """Write the read log for a guest's page: which participant, and which family."""
    record_guest_read(
        request,
        guest_of(request, purpose=INVITATION),
        subject=subject,
        subject_id=participant.pk if subject_id is None else subject_id,
        family_ids=[participant.conference.family_id],
        person_ids=[participant.person_id],
        kind=kind,
    )
