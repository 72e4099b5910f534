"""Who still has to be told by another way than e-mail: what to say, how it is safe, and who waits for the chair."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from django.db.models import F, Q, QuerySet
from django.db.models.expressions import Combinable

from conferences.enums import (
    ABOUT_A_PLAN,
    NOT_ABOUT_THE_MEETING,
    ConferenceStatus,
    Occasion,
    ParticipantStatus,
    TellingOutcome,
)
from conferences.models import Conference, ExclusionRequest, Participant, Sitting, Telling, ToTell
from conferences.selectors.letters import letter
from conferences.selectors.reach import Reach, reach_of
from conferences.selectors.risks import undecided_risks
from conferences.selectors.standing import kept_out_before
from conferences.selectors.who_runs import as_it_is
from families.models import AgencyInvolvement, ContactPoint, Post
from families.selectors.losses import people_held
from govuk import words
from notifications.enums import Subject

# An occasion counts only for those who still stand as they did when it arose.
STANDS_FOR: dict[Occasion, tuple[ParticipantStatus, ...]] = {
    Occasion.INVITATION: (ParticipantStatus.TO_INVITE, ParticipantStatus.INVITED, ParticipantStatus.AWAITING_CHAIR),
    Occasion.CHANGED: (ParticipantStatus.INVITED, ParticipantStatus.AWAITING_CHAIR),
    Occasion.PLACE: (ParticipantStatus.INVITED, ParticipantStatus.AWAITING_CHAIR),
    Occasion.TAKEN_OFF: (ParticipantStatus.WITHDRAWN, ParticipantStatus.KEPT_OUT, ParticipantStatus.LEFT_OUT),
}
SUBJECTS = {
    Occasion.INVITATION: Subject.INVITATION,
    Occasion.CHANGED: Subject.CHANGED,
    Occasion.PLACE: Subject.PLACE,
    Occasion.TAKEN_OFF: Subject.PLACE,
    Occasion.CANCELLED: Subject.CANCELLED,
}
# The invitation itself is sent with the others; the chair's answer is given by whoever knows the one who asked.
BY_EMAIL = (Occasion.CHANGED, Occasion.PLACE, Occasion.TAKEN_OFF, Occasion.CANCELLED)
BEFORE_THE_MEETING = (ConferenceStatus.REQUESTED, ConferenceStatus.SCHEDULED, ConferenceStatus.OPEN)
WAITS = "Wait for the chair: say nothing to them before the chair has decided."


def still_to_tell(on: datetime.date | Combinable) -> Q:
    """Match rows of ``ToTell`` that someone has to act on, on the day ``on``.

    Nobody who is dead, sealed, merged into another record or out of the post they were invited in is told anything,
    and after the loss of a child nobody of the family before a manager lets messages go. What is said about a meeting
    ends with it, but for a cancellation and for the chair's answer.
    """
    of_the_meeting = Q()
    for occasion, statuses in STANDS_FOR.items():
        of_the_meeting |= Q(occasion=occasion, participant__status__in=statuses)
    # Whoever was taken off before a cancellation hears that they do not come, which is as true.
    off = Q(occasion=Occasion.TAKEN_OFF, participant__status__in=STANDS_FOR[Occasion.TAKEN_OFF])
    off &= Q(conference__status=ConferenceStatus.CANCELLED)
    ahead = Q(conference__status__in=BEFORE_THE_MEETING)
    in_post = Q(participant__post__isnull=True) | Q(participant__post__ends_on__isnull=True)
    return (
        Q(told_at__isnull=True, ended_at__isnull=True)
        & Q(participant__person__sealed_at__isnull=True, participant__person__death_date__isnull=True)
        & Q(participant__person__merged_into__isnull=True)
        & ~waits_after_a_loss()
        & (in_post | Q(participant__post__ends_on__gt=on))
        & (Q(occasion__in=[Occasion.CANCELLED, *NOT_ABOUT_THE_MEETING]) | ahead & of_the_meeting | off)
    )


def waits_after_a_loss() -> Q:
    """Match rows for people of a family that lost a child, who hear nothing before a manager lets messages go."""
    return Q(participant__person__in=people_held().order_by().values("pk"))


def to_tell_in(conference: Conference, *, on: datetime.date) -> QuerySet[ToTell]:
    """Return what people of this conference still have to be told, oldest first."""
    rows: QuerySet[ToTell] = conference.to_tell.filter(still_to_tell(on)).select_related(
        "participant__person", "participant__post", "participant__agency", "request"
    )
    return rows.prefetch_related("participant__earlier_answers").order_by("arose_at", "pk")


def on_the_list(conference: Conference, *, on: datetime.date) -> set[int]:
    """Return the ids of the participants who still have to be told something. One query."""
    return set(to_tell_in(conference, on=on).values_list("participant_id", flat=True))


def waiting_for_the_chair(conference: Conference, rows: Iterable[ToTell], *, on: datetime.date) -> set[int]:
    """Return the ids of those rows about which nothing may be said before the chair has decided.

    Not that the meeting is cancelled, to someone who knows of it: there is nothing left to decide. A fixed number of
    queries.
    """
    return held_for_the_chair(conference, (row for row in rows if row.occasion != Occasion.CANCELLED), on=on)


def held_for_the_chair(conference: Conference, rows: Iterable[ToTell], *, on: datetime.date) -> set[int]:
    """Return the ids of those rows of which nothing is sent before the chair has decided about the person.

    A fixed number of queries.
    """
    rows = list(rows)
    people = list({row.participant_id: row.participant for row in rows}.values())
    if not people:
        return set()
    asked = set(
        ExclusionRequest.objects.filter(
            participant__in=[person.pk for person in people], decided_at__isnull=True
        ).values_list("participant_id", flat=True)
    )
    risks = undecided_risks(people, on=on)
    before = kept_out_before(conference, people)
    out = (Occasion.TAKEN_OFF, Occasion.CANCELLED, Occasion.ANSWER)
    return {
        row.pk
        for row in rows
        if row.participant_id in asked
        or row.participant_id in risks
        or row.participant.status == ParticipantStatus.AWAITING_CHAIR
        or (row.participant_id in before and row.occasion not in out)
    }


@dataclass(frozen=True)
class Way:
    """One way to reach a person; ``value`` is empty where it may not stand on this page."""

    kind: str
    value: str
    note: str
    is_safe: bool
    confidential: bool


@dataclass(frozen=True)
class ToTellRow:
    """One thing to tell one person, as the list shows it. ``words`` are empty while the chair has to decide."""

    to_tell: ToTell
    participant: Participant
    waits: bool
    words: str
    ways: list[Way]
    tried: list[Telling]
    by_mail_now: bool

    @property
    def by_mail_from_here(self) -> bool:
        return self.by_mail_now and self.to_tell.occasion in BY_EMAIL


@dataclass(frozen=True)
class NamesToTell:
    """Who is named as still to be told: those about whom someone can act now."""

    names: list[str]
    participant_ids: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.names)

    @property
    def title(self) -> str:
        return f"Tell {words.count(len(self.names), 'person', 'people')} by post, telephone or in person"

    @property
    def said(self) -> str:
        return words.listed(self.names)


def names_to_tell(conference: Conference, *, on: datetime.date) -> NamesToTell:
    """Return who still has to be told. One query."""
    waits = Q(participant__status=ParticipantStatus.AWAITING_CHAIR) & ~Q(occasion=Occasion.CANCELLED)
    rows = list(to_tell_in(conference, on=on).exclude(waits))
    named = {row.participant_id: row.participant.person.full_name for row in rows}
    return NamesToTell(list(named.values()), frozenset(named))


def list_of_those_to_tell(conference: Conference, *, on: datetime.date) -> list[ToTellRow]:
    """Return everything people of this conference still have to be told, with what to say and how it is safe.

    A fixed number of queries.
    """
    rows = list(to_tell_in(conference, on=on))
    held = held_for_the_chair(conference, rows, on=on)
    waits = {row.pk for row in rows if row.pk in held and row.occasion != Occasion.CANCELLED}
    people = list({row.participant_id: row.participant for row in rows}.values())
    ways, reach = ways_to_reach(people, on=on), reach_of(people, on=on)
    tried: dict[int, list[Telling]] = defaultdict(list)
    for entry in tellings_in(conference).filter(outcome=TellingOutcome.NOT_REACHED, taken_back_at=None):
        tried[entry.to_tell.participant_id].append(entry)
    sitting = newest_sitting(conference)
    return [
        ToTellRow(
            to_tell=row,
            participant=row.participant,
            waits=row.pk in waits,
            words="" if row.pk in waits else words_to_say(row, conference, sitting),
            ways=ways[row.participant_id],
            tried=tried[row.participant_id],
            by_mail_now=row.pk not in held and reach[row.participant_id] == Reach.BY_MAIL,
        )
        for row in rows
    ]


def not_told_of_plans(conference: Conference) -> QuerySet[ToTell]:
    """Return those who are not told that a plan has ended, or what is new in one, each with the reason.

    Of what is new only those who were never to be told: the others have read it, or hear something later.
    """
    rows: QuerySet[ToTell] = conference.to_tell.filter(
        Q(occasion=Occasion.PLAN_ENDED) | Q(occasion__in=ABOUT_A_PLAN, ended_at=F("arose_at")),
        told_at__isnull=True,
        ended_at__isnull=False,
        participant__person__sealed_at__isnull=True,
    )
    return rows.select_related("participant__person").order_by("-ended_at", "-pk")


def no_longer_to_tell(conference: Conference) -> QuerySet[ToTell]:
    """Return what nobody has to tell any more and nobody did: someone may have done so before, and say it later."""
    rows: QuerySet[ToTell] = conference.to_tell.filter(
        told_at__isnull=True,
        ended_at__isnull=False,
        superseded_by__isnull=True,
        occasion__in=[Occasion.INVITATION, Occasion.CHANGED, Occasion.PLACE],
        participant__person__sealed_at__isnull=True,
    )
    return rows.select_related("participant__person").order_by("-ended_at", "-pk")


def tellings_in(conference: Conference) -> QuerySet[Telling]:
    """Return every entry of who was told or tried, the newest first, those taken back too."""
    rows: QuerySet[Telling] = Telling.objects.filter(to_tell__conference=conference).select_related(
        "to_tell__participant__person", "told_by", "recorded_by", "taken_back_by"
    )
    return rows.order_by("-at", "-pk")


def newest_sitting(conference: Conference) -> Sitting | None:
    """Return the sitting people were or are asked to, cancelled or not."""
    found: Sitting | None = conference.sittings.select_related("room", "chair").order_by("-number").first()
    return found


def words_to_say(row: ToTell, conference: Conference, sitting: Sitting | None) -> str:
    """Return what this person is told, to read out or print: it names no one, and gives their own time and place."""
    if row.occasion in NOT_ABOUT_THE_MEETING or sitting is None:
        return f"Hello,\n\n{row.words}\n\n{conference.authority.name}"
    return letter(
        participant=row.participant,
        conference=conference,
        sitting=sitting,
        subject=SUBJECTS[Occasion(row.occasion)],
        told=as_it_is(row.words, conference),
        on_paper=True,
    )


class Reachable(Protocol):
    """A participant of a conference, or a member of a core group."""

    pk: int
    person_id: int
    post: Post | None


def ways_to_reach(people: Iterable[Reachable], *, on: datetime.date) -> dict[int, list[Way]]:
    """Return by the id of each row the current ways to reach each, safe ones first, and how far each may be used.

    What is not marked safe, or confidential, is named without its number or address. Two queries.
    """
    people = list(people)
    found: dict[int, list[Way]] = {row.pk: [] for row in people}
    points: dict[int, list[ContactPoint]] = defaultdict(list)
    for point in (
        ContactPoint.objects.current(on=on).filter(person__in={row.person_id for row in people}).order_by("pk")
    ):
        points[point.person_id].append(point)
    hidden = set(
        AgencyInvolvement.objects.filter(
            agency__in={row.post.agency_id for row in people if row.post}, confidential=True
        ).values_list("agency_id", flat=True)
    )
    for row in people:
        for point in sorted(points[row.person_id], key=lambda point: not point.is_safe):
            shown = point.is_safe and not point.confidential
            found[row.pk].append(
                Way(
                    kind=point.get_kind_display(),
                    value=point.value if shown else "",
                    note=point.safety_note,
                    is_safe=point.is_safe,
                    confidential=point.confidential,
                )
            )
        if row.post is not None and row.post.phone:
            marked = row.post.agency_id in hidden
            found[row.pk].append(
                Way("Phone at work", "" if marked else row.post.phone, "", is_safe=True, confidential=marked)
            )
    return found
