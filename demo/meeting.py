"""One conference from booking to close, as created for the demonstration."""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import User
from conferences.enums import (
    REPORTING_CAPACITIES,
    Capacity,
    Category,
    ConferenceKind,
    HowToAttend,
    Mode,
    Outcome,
    ParticipantStatus,
    Presence,
    Reply,
    TellingHow,
    TellingOutcome,
)
from conferences.models import Conference, ConferenceChild, ExclusionRequest, Participant
from conferences.services.booking import Booking, ChildToConfer
from conferences.services.enquiries import record_strategy_discussion
from conferences.services.exclusions import decide_request
from conferences.services.invitations import ListChange, change_list, record_reply, send_invitations
from conferences.services.lobby import confirm_in_lobby
from conferences.services.proposals import propose_participants
from conferences.services.scheduling import convene_conference
from conferences.services.telling import record_telling
from deadlines.working_days.calendars import calendar_for
from demo import words
from demo.changes import agree_to_hold
from demo.council import Council
from demo.families import DemoFamily
from demo.rules_of_day import begin_by_the_rules, pause
from families.enums import AgencyKind, Answer
from families.models import Child, Enquiry
from meetings.enums import HarmAnswer, ViewStatus
from meetings.selectors.attendance import attendees_of, children_unheard, parts_of
from meetings.selectors.scores import scores_of
from meetings.selectors.the_day import children_on_the_day
from meetings.selectors.views_given import views_of
from meetings.services.attendance import record_attendance, say_who_brings_views, say_who_speaks_for_child
from meetings.services.board import add_entry
from meetings.services.closing import agree_next_dates, close_conference
from meetings.services.decisions import Consent, DecisionFacts, asked_for_consent, record_decision
from meetings.services.opening import open_conference
from meetings.services.outline import add_action
from meetings.services.scores import explore_spread, record_score
from meetings.services.views_given import record_view

LENGTH = datetime.timedelta(hours=2)
EARLY = datetime.timedelta(minutes=30)
HOURS = (10, 13)
# The share of invited people who have not answered yet.
SILENT = 0.25
TOLD = "The social worker tells them on a visit"


def at(day: datetime.date, hour: int, minute: int = 0) -> datetime.datetime:
    """Return an aware moment in London."""
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour, minute)))


def first_name(child: Child) -> str:
    """Return what people call the child in the meeting."""
    return child.person.given_name or "the baby"


def start_enquiries(demo: DemoFamily, *, held_at: datetime.datetime, reason: str) -> None:
    """Record the strategy discussion for all children of the family."""
    record_strategy_discussion(
        family=demo.family,
        children=demo.children,
        held_at=held_at,
        reason=reason,
        agencies_present="Social care, police, health",
        by=demo.social_worker,
        now=held_at + datetime.timedelta(hours=1),
    )


def bookings(council: Council, day: datetime.date, *, by_chair: str = "") -> Iterator[Booking]:
    """Yield a booking for each hour of a day at which a chair (or the one named) and a room may be free."""
    for starts_at, chair, room in slots(council, day, by_chair):
        yield Booking(
            starts_at=starts_at,
            family_arrives_at=starts_at - EARLY,
            professionals_arrive_at=starts_at - EARLY,
            until=starts_at + LENGTH,
            mode=Mode.BLENDED,
            link="https://video.example/conference-room",
            chair=chair,
            coordinator=council.user("Joan Plover"),
            room=room,  # type: ignore[arg-type]
            short_notice_reason="The children need a plan before the holidays.",
        )


def slots(council: Council, day: datetime.date, chair: str = "") -> Iterator[tuple[datetime.datetime, User, object]]:
    """Yield the hours of a day with chair and room, taken or not."""
    for hour in HOURS:
        for name, room in zip(("Tomasz Kestrel", "Ruth Avocet"), council.rooms, strict=False):
            if chair in {"", name}:
                yield at(day, hour), council.user(name), room


def book(
    council: Council, demo: DemoFamily, *, day: datetime.date, now: datetime.datetime, reason: str, chair: str = ""
) -> Conference:
    """Book the first free hour on ``day``, of any chair or the one named, or on the next working day that has one."""
    calendar = calendar_for(council.authority.pk)
    children = [
        ChildToConfer(
            child=child,
            kind=ConferenceKind.PRE_BIRTH if child.is_unborn else ConferenceKind.INITIAL,
            enquiry=Enquiry.objects.filter(child=child).latest("started_on"),
        )
        for child in demo.children
    ]
    while True:
        for booking in bookings(council, day, by_chair=chair):
            try:
                booked = convene_conference(
                    family=demo.family,
                    children=children,
                    reason=reason,
                    booking=booking,
                    by=demo.social_worker,
                    now=now,
                )
            except ValidationError as refusal:
                if not {"chair", "room"} & set(getattr(refusal, "error_dict", {})):
                    raise
            else:
                agree_to_hold(booked, now=now)
                return booked
        day = calendar.add(day, 1)


def invite(council: Council, conference: Conference, *, now: datetime.datetime) -> None:
    """Propose and invite people, and decide what waits for the chair."""
    by = council.user("Joan Plover")
    propose_participants(conference=conference, by=by, now=now)
    wanted = conference.participants.filter(status=ParticipantStatus.PROPOSED)
    change_list(
        conference=conference,
        changes=[
            ListChange(
                participant=participant,
                wanted=True,
                arrives_at=participant.arrives_at,
                mode=participant.mode,
                reports=participant.reports,
                email=participant.email,
                invited_how=participant.invited_how or ("" if participant.email else TOLD),
            )
            for participant in wanted
        ],
        by=by,
        now=now,
    )
    someone = conference.participants.filter(capacity=Capacity.SOCIAL_WORKER).first()
    for request in ExclusionRequest.objects.filter(conference=conference, decided_at__isnull=True):
        decide_request(
            request=request,
            by=conference.chair,  # type: ignore[arg-type]
            how=HowToAttend.SEPARATE_TIME,
            reason="Heard in a part of their own, so that everybody is safe.",
            views_through=someone,
            now=now,
            arrives_at=conference.sittings.get().starts_at - EARLY,
        )
    send_invitations(conference=conference, by=by, now=now)


def tell_otherwise(conference: Conference, *, by: User, now: datetime.datetime, reached: bool = True) -> None:
    """Tell those who get no e-mail, as their social worker, or find nobody in (``reached`` False)."""
    for row in conference.to_tell.filter(told_at=None, ended_at=None).order_by("pk"):
        record_telling(
            to_tell=row,
            outcome=TellingOutcome.TOLD if reached else TellingOutcome.NOT_REACHED,
            how=TellingHow.IN_PERSON,
            at=now,
            note="" if reached else "Nobody was in. I left no message.",
            by=by,
            now=now,
        )


def answer(conference: Conference, *, by: User, now: datetime.datetime, dice: random.Random) -> None:
    """Record answers from most of those invited; one agency sends only its report."""
    report_only = True
    for participant in conference.participants.filter(status=ParticipantStatus.INVITED).order_by("pk"):
        if participant.capacity in {Capacity.SOCIAL_WORKER, Capacity.CHAIR, Capacity.COORDINATOR}:
            record_reply(participant=participant, reply=Reply.COMING, by=by, now=now)
            continue
        if dice.random() < SILENT:
            continue
        reply = dice.choice([Reply.COMING, Reply.COMING, Reply.ONLINE])
        if report_only and participant.agency and participant.agency.kind == AgencyKind.GP:
            reply, report_only = Reply.REPORT_ONLY, False
        record_reply(participant=participant, reply=reply, by=by, now=now)


def hold(
    council: Council, conference: Conference, *, outcome: Outcome, worry: str, dice: random.Random, close: bool = True
) -> None:
    """Run the meeting up to its decisions, and close it."""
    by = council.user("Joan Plover")
    sitting = conference.sittings.get()
    moment = sitting.starts_at
    open_conference(conference=conference, by=conference.chair, now=moment)  # type: ignore[arg-type]
    part = parts_of(conference)[0]
    _attend(conference, part, by=by, moment=moment)
    begin_by_the_rules(conference, part, by=by, now=moment)
    moment += datetime.timedelta(minutes=20)
    children = children_on_the_day(conference)
    speakers = [
        row.participant
        for row in attendees_of(conference)
        if row.participant.capacity in REPORTING_CAPACITIES and row.is_present
    ]
    for said in words.BOARD:
        child = dice.choice(children)
        add_entry(
            conference=conference,
            heading=said.heading,
            text=said.text.format(child=first_name(child.child), worry=worry),
            nature=said.nature,
            evidence=said.evidence.format(child=first_name(child.child)),
            speaker=dice.choice(speakers),
            children=[child] if "{child}" in said.text else [],
            part=part,
            by=by,
            now=moment,
        )
        moment += datetime.timedelta(minutes=4)
    for child in children:
        _score(child, dice=dice, by=by, chair=conference.chair, now=moment)  # type: ignore[arg-type]
    moment = pause(conference, by=by, now=moment)
    _draft_plan(conference, children, by=by, now=moment)
    moment += datetime.timedelta(minutes=20)
    for child in children:
        _hear_views(child, outcome=outcome, dice=dice, by=by, now=moment)
    moment += datetime.timedelta(minutes=15)
    for child in children:
        _decide(child, outcome=outcome, now=moment)
        moment += datetime.timedelta(minutes=4)
    if close:
        _close(conference, outcome=outcome, now=moment)


def _attend(conference: Conference, part: object, *, by: User, moment: datetime.datetime) -> None:
    people = [row.participant for row in attendees_of(conference)]
    social_worker = next(person for person in people if person.capacity == Capacity.SOCIAL_WORKER)
    for participant in people:
        if participant.capacity == Capacity.CHAIR:
            continue  # Here since the meeting was opened.
        if participant.status != ParticipantStatus.INVITED and participant.capacity != Capacity.COORDINATOR:
            continue
        if participant.reply == Reply.REPORT_ONLY and not participant.is_family:
            record_attendance(participant=participant, part=part, presence=Presence.APOLOGIES, by=by, now=moment)  # type: ignore[arg-type]
            continue
        record_attendance(
            participant=participant,
            part=part,  # type: ignore[arg-type]
            presence=Presence.PRESENT,
            mode=Mode.ONLINE if participant.reply == Reply.ONLINE else Mode.IN_PERSON,
            arrived_at=moment - datetime.timedelta(minutes=3),
            by=by,
            now=moment,
        )
    attendees = attendees_of(conference)
    for row in attendees:
        if row.is_in_lobby:
            facts = {"sitting": part.sitting, "known_by": social_worker, "by": by, "now": moment}  # type: ignore[attr-defined]
            confirm_in_lobby(participant=row.participant, **facts)
    for row in attendees:
        if row.participant.is_family and not any(x.presence == Presence.PRESENT for x in row.attendances):
            say_who_brings_views(participant=row.participant, brought_by=social_worker, by=by, now=moment)
    for child in children_unheard(attendees, children_on_the_day(conference)):
        say_who_speaks_for_child(conference_child=child, brought_by=social_worker, by=by, now=moment)


def _score(child: ConferenceChild, *, dice: random.Random, by: User, chair: User, now: datetime.datetime) -> None:
    middle = dice.randint(3, 5)
    for row in scores_of(child).rows:
        record_score(
            conference_child=child,
            participant=row.participant,
            value=max(1, min(9, middle + dice.randint(-1, 2))),
            reason=dice.choice(words.SCORE_REASONS),
            may_be_shown=True,
            by=by,
            now=now,
        )
    sheet = scores_of(child)
    values = [row.score.value for row in sheet.rows if row.score and row.score.value is not None]
    if values and max(values) - min(values) >= sheet.explore_from:
        explore_spread(
            conference_child=child, text="Some see the child at home, others only at school.", by=chair, now=now
        )


def _draft_plan(conference: Conference, children: list[ConferenceChild], *, by: User, now: datetime.datetime) -> None:
    by_capacity: dict[str, Participant] = {}
    for row in attendees_of(conference):
        by_capacity.setdefault(row.participant.capacity, row.participant)
    for number, (why, what, capacity) in enumerate(words.ACTIONS):
        child = children[number % len(children)]
        name = first_name(child.child)
        who = by_capacity.get(capacity) or by_capacity[Capacity.SOCIAL_WORKER]
        add_action(
            conference=conference,
            why=why.format(child=name),
            what=what.format(child=name),
            who=who,
            by_when=now.date() + datetime.timedelta(days=7 * (number + 1)),
            children=[child] if len(children) > 1 and number % 2 else [],
            by=by,
            now=now,
        )


def _hear_views(
    child: ConferenceChild, *, outcome: Outcome, dice: random.Random, by: User, now: datetime.datetime
) -> None:
    status = {Outcome.CP_PLAN: ViewStatus.CP_PLAN, Outcome.CIN_PLAN: ViewStatus.CIN_PLAN}.get(
        outcome, ViewStatus.NO_PLAN
    )
    sheet = views_of(child)
    due = [row for row in [*sheet.professionals, *sheet.family] if row.is_due]
    for number, row in enumerate(due):
        differs = number == 1 and len(due) > 3 and status == ViewStatus.CP_PLAN
        given = ViewStatus.CIN_PLAN if differs else status
        record_view(
            conference_child=child,
            participant=row.participant,
            harm="likely" if given == ViewStatus.CP_PLAN else "neither",
            still_harm=HarmAnswer.YES if given == ViewStatus.CP_PLAN else HarmAnswer.NO,
            status=given,
            category=Category.EMO if given == ViewStatus.CP_PLAN else "",
            reason=dice.choice(words.VIEW_REASONS),
            by=by,
            now=now,
        )


def _decide(child: ConferenceChild, *, outcome: Outcome, now: datetime.datetime) -> None:
    conference = child.conference
    social_worker = conference.family.allocations.latest("pk").user
    members = [
        row.participant
        for row in attendees_of(conference)
        if row.participant.capacity in {Capacity.SOCIAL_WORKER, Capacity.PROFESSIONAL, Capacity.PARENT}
    ]
    cp = outcome == Outcome.CP_PLAN
    consents = (
        [Consent(person=person, answer=Answer.YES) for person in asked_for_consent(child, on=now.date())]
        if outcome == Outcome.CIN_PLAN
        else []
    )
    facts = DecisionFacts(
        outcome=outcome,
        main_category=Category.EMO if cp else "",
        rationale=words.RATIONALES[outcome].format(child=first_name(child.child)),
        help_offered="" if cp else "The family centre and the school keep in touch every week.",
        key_worker=social_worker if outcome in {Outcome.CP_PLAN, Outcome.CIN_PLAN} else None,
        visit_every_working_days=10 if cp else None,
        core_group=members if cp else [],
        consents=consents,
    )
    record_decision(conference_child=child, facts=facts, chair=conference.chair, now=now)  # type: ignore[arg-type]


def _close(conference: Conference, *, outcome: Outcome, now: datetime.datetime) -> None:
    calendar = calendar_for(conference.authority_id)
    chair = conference.chair
    if outcome == Outcome.CP_PLAN:
        agree_next_dates(
            conference=conference,
            first_core_group_at=at(calendar.add(now.date(), 5), 14),
            first_core_group_place="Mulberry House",
            review_at=at(calendar.subtract(now.date() + datetime.timedelta(days=89), 2), 10),
            review_mode=conference.mode,
            review_room=conference.sittings.order_by("-number").first().room,  # type: ignore[union-attr]
            by=chair,  # type: ignore[arg-type]
            now=now,
        )
    close_conference(conference=conference, by=chair, ended_at=now, now=now)  # type: ignore[arg-type]
