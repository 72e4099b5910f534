"""What moving a conference to another booking would change: times and place, who is told, limits kept or passed."""

from __future__ import annotations

import datetime
from copy import copy
from dataclasses import dataclass

from conferences.enums import ConferenceKind, ParticipantStatus, Reply
from conferences.models import Conference, Participant, Sitting
from conferences.selectors.answers import answer_to_stand_again
from conferences.selectors.heard import entry_of, heard_by, heard_last
from conferences.selectors.lateness import asked_parties
from conferences.selectors.online import may_have_link
from conferences.selectors.people import participants_of
from conferences.selectors.reach import Reach, reach_of
from conferences.selectors.review_limits import TO_HOLD_AGAIN, reviews_due
from conferences.selectors.who_runs import RUNS_IT, known_to, news_for
from conferences.services.booking import Booking, times_of
from conferences.services.sending import last_left, messages_to, shows_as_it_is
from deadlines.access import about_a_sealed_child
from deadlines.clocks import clock_of
from deadlines.models import Deadline
from deadlines.policies import policy_of
from deadlines.working_days.arithmetic import civil_day
from deadlines.working_days.calendars import calendar_for
from govuk import words

TO_HOLD_FIRST = ("initial-conference", "pre-birth-conference", "transfer-in-conference")
WITH_AGREEMENT = ("initial-conference", "transfer-in-conference", *TO_HOLD_AGAIN)


def as_moved(conference: Conference, sitting: Sitting, booking: Booking) -> tuple[Conference, Sitting]:
    """Return copies of both as the booking would make them; nothing is saved."""
    conference, sitting = copy(conference), copy(sitting)
    conference.mode, conference.link = booking.mode, booking.link
    conference.chair, conference.coordinator = booking.chair, booking.coordinator
    for name, value in times_of(booking).items():
        setattr(sitting, name, value)
    return conference, sitting


@dataclass(frozen=True)
class Difference:
    """One thing that is booked, as it is and as it would be."""

    what: str
    before: str
    after: str

    @property
    def is_different(self) -> bool:
        return self.before != self.after


def differences(conference: Conference, sitting: Sitting, booking: Booking) -> list[Difference]:
    """Return everything that a booking settles, before and after."""
    found = zip(_facts(conference, sitting), _facts(*as_moved(conference, sitting, booking)), strict=True)
    return [Difference(what, before, after) for (what, before), (_, after) in found]


def _facts(conference: Conference, sitting: Sitting) -> list[tuple[str, str]]:
    return [
        ("Day", words.long_date(sitting.starts_at)),
        ("Time", f"{words.clock(sitting.starts_at)} to {words.clock(sitting.booked_until)}"),
        ("The family arrives at", words.clock(sitting.family_arrives_at)),
        ("Professionals arrive at", words.clock(sitting.professionals_arrive_at)),
        ("How people meet", str(conference.get_mode_display())),
        ("Room", sitting.room.name if sitting.room else "No room"),
        ("Link for those online", conference.link or "None"),
        ("Chair", conference.chair.name if conference.chair else ""),
        ("Coordinator", conference.coordinator.name if conference.coordinator else ""),
    ]


@dataclass(frozen=True)
class Told:
    """One person on the list: whether and how they hear of the move, and what becomes of their answer."""

    participant: Participant
    how: str
    is_told: bool
    answer: str = ""

    @property
    def is_told_by_us(self) -> bool:
        return self.is_told and bool(self.participant.email)


def who_is_told(conference: Conference, sitting: Sitting, booking: Booking, *, now: datetime.datetime) -> list[Told]:
    """Return everyone on the list who comes or may come, with what they hear. A fixed number of queries."""
    moved_conference, moved_sitting = as_moved(conference, sitting, booking)
    shift = moved_sitting.starts_at - sitting.starts_at
    is_past = moved_sitting.starts_at < now
    rows = [
        row
        for row in participants_of(conference).prefetch_related("earlier_answers")
        if row.status
        in (
            ParticipantStatus.INVITED,
            ParticipantStatus.AWAITING_CHAIR,
            ParticipantStatus.TO_INVITE,
            ParticipantStatus.PROPOSED,
        )
    ]
    reach, sent = reach_of(rows, on=civil_day(now)), messages_to(conference)
    told = heard_by(rows)
    later_by, heard_of = {}, {}
    for row in rows:
        later = copy(row)
        later.arrives_at = row.arrives_at + shift if row.arrives_at else None
        later.leaves_at = row.leaves_at + shift if row.leaves_at else None
        left = last_left(sent.get(row.pk, []))
        heard = heard_of[row.pk] = heard_last(told.get(row.pk), left)
        since = heard.at if heard else left.sent_at if left else None
        ended = answer_to_stand_again(later, moved_sitting, since=since)
        later.reply = ended.reply if ended else row.reply
        later_by[row.pk] = later
    known_by = known_to(conference, [row for row in rows if row.capacity not in RUNS_IT])
    with_link = may_have_link(moved_conference, later_by.values())
    found = []
    for row in rows:
        later = later_by[row.pk]
        link = booking.link if row.pk in with_link else ""
        if (heard := heard_of[row.pk]) is not None:
            knows = heard.entry == entry_of(later, moved_conference, moved_sitting, link)
        else:
            knows = shows_as_it_is(later, moved_conference, moved_sitting, sent.get(row.pk, []), link=link)
        hears_name = row.pk in known_by and bool(news_for(moved_conference, known_by[row.pk]))
        how, is_told = _how_told(row, reach[row.pk], knows=knows, hears_name=hears_name, is_past=is_past)
        answer = ""
        if row.reply != Reply.NONE and shift and not is_past and not knows:
            answer = f"{row.get_reply_display()}: asked again"
        elif row.reply != Reply.NONE:
            answer = f"{row.get_reply_display()}: stays"
        found.append(Told(row, how, is_told=is_told, answer=answer))
    return found


def _how_told(row: Participant, reach: Reach, *, knows: bool, hears_name: bool, is_past: bool) -> tuple[str, bool]:
    if is_past:
        return "Not told: the day is over", False
    if row.status == ParticipantStatus.AWAITING_CHAIR:
        return "Nothing goes to them: waiting for the chair", False
    if row.status != ParticipantStatus.INVITED:
        return "Not invited yet: the invitation will give the new booking", False
    if knows and not hears_name:
        return "Nothing changes for them, so nothing is sent", False
    if reach == Reach.ANOTHER_WAY:
        return f"Tell them another way: {row.invited_how}", True
    if not reach.is_open:
        return f"Tell them another way: {reach.label.lower()}", True
    return "By e-mail: who runs it now" if knows else "By e-mail, with a new calendar entry", True


@dataclass(frozen=True)
class LimitKept:
    """One time limit that holding the conference meets: whether the new day keeps it, and what follows if not."""

    title: str
    is_late: bool
    was_late: bool
    words: str
    follows: tuple[str, ...] = ()


def limits_of_holding(conference: Conference) -> list[Deadline]:
    """Return the open deadlines that the conference meets once it is held, first due first; none of a sealed child."""
    children = list(conference.children.present().values_list("child_id", "kind"))
    first = [child for child, kind in children if kind != ConferenceKind.REVIEW]
    again = [child for child, kind in children if kind == ConferenceKind.REVIEW]
    rows = Deadline.objects.open().exclude(about_a_sealed_child())
    found = [*rows.filter(kind__in=TO_HOLD_FIRST, child_id__in=first), *reviews_due(again)]
    return sorted(found, key=lambda row: (row.due_on, row.pk))


def limits_kept(conference: Conference, sitting: Sitting, booking: Booking) -> list[LimitKept]:
    """Return each limit that the conference has to keep, once for all children, and what the new day does to it."""
    seen: dict[tuple[str, datetime.date], LimitKept] = {}
    for deadline in limits_of_holding(conference):
        if (deadline.kind, deadline.due_on) not in seen:
            kept = _limit_kept(conference, deadline, civil_day(sitting.starts_at), civil_day(booking.starts_at))
            seen[deadline.kind, deadline.due_on] = kept
    return list(seen.values())


def _limit_kept(conference: Conference, deadline: Deadline, before: datetime.date, day: datetime.date) -> LimitKept:
    limit = policy_of(deadline.policy_version_id).limit(deadline.limit_key)
    calendar = calendar_for(conference.authority_id).counting(limit)
    clock = clock_of(deadline.kind)
    title = clock.title if clock else deadline.kind
    is_late, was_late = day > deadline.due_on, before > deadline.due_on
    last = words.long_date(deadline.due_on)
    if not is_late:
        left = calendar.count(day, deadline.due_on)
        said = f"Within the limit, which ends on {last}: {words.count(left, 'working day')} in hand."
        follows = ("It is no longer late.",) if was_late else ()
        return LimitKept(title, is_late=False, was_late=was_late, words=said, follows=follows)
    over = calendar.count(deadline.due_on, day)
    said = f"{words.count(over, 'working day')} after the limit, which ends on {last}."
    return LimitKept(title, is_late=True, was_late=was_late, words=said, follows=_follows(conference, deadline, day))


def _follows(conference: Conference, deadline: Deadline, day: datetime.date) -> tuple[str, ...]:
    limit = policy_of(deadline.policy_version_id).limit(deadline.limit_key)
    found = ["The conference counts as late. Another day does not restart the limit."]
    if deadline.kind in WITH_AGREEMENT:
        agreed = conference.late_agreements.filter(agreed_at__isnull=False, superseded_at__isnull=True, day__gte=day)
        parties = asked_parties(conference)
        have = set(agreed.values_list("party", flat=True))
        asked = [party.label.lower() for party in parties if party not in have]
        if asked:
            found.append(
                f"The {words.listed(asked)} will be asked to agree to the day, with what keeps the children safe until "
                "then. The conference is held whether or not they have answered."
            )
    found.append(
        f"Once it is late, the manager hears of it after {limit.to_manager.words} and the service manager after "
        f"{limit.to_service_manager.words}."
    )
    return tuple(found)
