"""What a member of the family reads on their own page before the meeting, and nothing that points to anybody else."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from conferences.childs_words import WORDS_FOR, ChildsWords
from conferences.enums import (
    AdvocateAnswer,
    Capacity,
    ConferenceStatus,
    HowToAttend,
    Mode,
    ParticipantStatus,
    SittingState,
)
from conferences.guest_access import open_to_guests
from conferences.guest_steps import further_dates, reason_for
from conferences.models import Conference, Participant, Sitting
from conferences.selectors.advocates import offer_to
from conferences.selectors.arrivals import OWN_PART, own_arrival, own_place, own_times
from conferences.selectors.children import children_around, children_in, short_name_of
from conferences.selectors.online import comes_on_screen
from conferences.selectors.understanding import band_of
from deadlines.policies import Policy, policy_of
from deadlines.working_days.arithmetic import civil_day
from entitlement import Concealed, concealed_from
from families.models.persons import ADULT_FROM
from govuk import words

NOT_COMING = (ParticipantStatus.LEFT_OUT, ParticipantStatus.KEPT_OUT, ParticipantStatus.WITHDRAWN)


@dataclass(frozen=True)
class Row:
    """A line of the box with day and times: what the clock says, and what happens then."""

    term: str
    text: str


@dataclass(frozen=True)
class NextStep:
    title: str
    text: str


@dataclass(frozen=True)
class FamilyMeeting:
    """Day, times and place of one reader; what they come for; what follows."""

    title: str
    day: str
    rows: list[Row]
    place: str
    on_screen: bool
    next_steps: list[NextStep]


def concealed_for(participant: Participant, *, on: datetime.date) -> Concealed:
    """Return what is hidden from this reader about every child around the conference."""
    conference = participant.conference
    return concealed_from([participant.person], children_around(conference), council=conference.authority.name, on=on)


def own_children(participant: Participant, *, now: datetime.datetime) -> list[str]:
    """Return what to call each child the reader comes for, eldest first; whoever is named for none comes for all.

    About a brother or sister, or a child of theirs, who has turned 18 nobody in the family is told any more.
    """
    today = civil_day(now)
    own = {row.pk for row in participant.children.all()}
    rows = [
        row
        for row in children_in(participant.conference)
        if (not own or row.pk in own)
        and not (
            participant.is_family
            and row.child.person_id != participant.person_id
            and row.child.person.turned(ADULT_FROM, today)
        )
    ]
    concealed = concealed_for(participant, on=today)
    called = [short_name_of(row.child).replace("the unborn baby", "the baby") for row in rows]
    return [name for name in called if not concealed.is_in(name)]


def title_for(participant: Participant, children: list[str]) -> str:
    """Return the heading of the reader's page; a child's own page names no brother or sister."""
    if participant.capacity == Capacity.CHILD or not children:
        return "Your meeting"
    return f"Your meeting about {words.listed(children)}"


def family_meeting(participant: Participant, sitting: Sitting, *, now: datetime.datetime) -> FamilyMeeting:
    """Return what the home page says of a booked meeting."""
    conference = participant.conference
    return FamilyMeeting(
        title=title_for(participant, own_children(participant, now=now)),
        # On the smallest phones a day in large type has to wrap.
        day=words.long_date(own_arrival(participant, sitting)).replace(words.NO_BREAK, " "),
        rows=_rows(participant, sitting),
        place=own_place(participant, conference, sitting),
        on_screen=comes_on_screen(participant, conference),
        next_steps=_next_steps(participant),
    )


def chair_of(conference: Conference) -> str:
    """Return the chair's first name, or "the chair" where nobody leads it yet."""
    return conference.chair.name.split()[0] if conference.chair and conference.chair.name.strip() else "the chair"


def meets_chair(participant: Participant, sitting: Sitting) -> str:
    """Return in a sentence when the reader meets the chair before the others; empty where they come with the others."""
    arrives = own_arrival(participant, sitting)
    if participant.how in OWN_PART or arrives >= sitting.starts_at:
        return ""
    return f"You meet at {words.clock(arrives)}, before the others come in."


def _rows(participant: Participant, sitting: Sitting) -> list[Row]:
    arrives, ends = own_times(participant, sitting)
    chair = chair_of(participant.conference)
    if participant.how in OWN_PART:
        # The others' times would say when somebody else is there.
        return [Row(words.clock(arrives), f"Your own time with {chair}, who leads the meeting")]
    starts = sitting.starts_at
    if arrives < starts:
        first = Row(words.clock(arrives), f"Come and talk with {chair}, who leads the meeting")
        return [first, Row(words.clock(starts), "The meeting starts"), Row(words.clock(ends), "We hope to finish")]
    return [Row(words.clock(arrives), "Please come now"), Row(words.clock(ends), "We hope to finish")]


def _next_steps(participant: Participant) -> list[NextStep]:
    policy = policy_of(participant.conference.policy_version_id)
    letter, minutes = policy.limit("decisions-sent").words, policy.limit("minutes-sent").words
    group = policy.limit("first-core-group").words
    return [
        NextStep(
            "At the meeting", "We talk about what worries us and what is going well. You have your say on all of it."
        ),
        NextStep("We make a plan with you", "It says who helps, with what, and by when."),
        NextStep("Next, a letter", f"We send you the plan and what was decided. You get it within {letter}."),
        NextStep(
            "After that",
            f"If there is a plan to keep a child safe, a small group meets within {group}. You are part of it. "
            f"You get the full notes within {minutes}.",
        ),
    ]


@dataclass(frozen=True)
class AboutMeeting:
    """Why we meet, in the words released to the reader where there are any, and what happens in which order."""

    children: list[str]
    reason: str
    order: list[str]
    chair: str
    is_child: bool


def about_meeting(participant: Participant, *, now: datetime.datetime) -> AboutMeeting:
    """Return what the page about the meeting says."""
    policy = policy_of(participant.conference.policy_version_id)
    return AboutMeeting(
        children=own_children(participant, now=now),
        reason=reason_for(participant, now=now),
        order=shown(policy.value("family-what-happens"), participant, now=now),
        chair=chair_of(participant.conference),
        is_child=participant.capacity == Capacity.CHILD,
    )


@dataclass(frozen=True)
class ChildsPage:
    """What a child's own page says in place of the family's: the words for them, and who speaks up for them."""

    say: ChildsWords
    band: str
    chair: str
    advocate: str

    @property
    def helper(self) -> str:
        """Return who speaks up for the child, or that they can ask for somebody."""
        return self.say.advocate.format(who=self.advocate) if self.advocate else self.say.no_advocate

    @property
    def leader(self) -> str:
        return self.say.leader.format(chair=self.chair[0].upper() + self.chair[1:])


def childs_page(participant: Participant, *, now: datetime.datetime) -> ChildsPage | None:
    """Return what a child's own page says; None for anyone who is not a child the conference is about."""
    if participant.capacity != Capacity.CHILD:
        return None
    row = children_in(participant.conference).filter(child__person=participant.person_id).first()
    if row is None:
        return None
    row.conference = participant.conference
    band = band_of(row, on=civil_day(now))
    return ChildsPage(WORDS_FOR[band], band, chair_of(participant.conference), advocate_of(participant, now=now))


def words_for_child(participant: Participant, *, now: datetime.datetime) -> ChildsWords | None:
    """Return the words in which a child is written to; None for anyone else."""
    page = childs_page(participant, now=now)
    return page.say if page is not None else None


def advocate_of(participant: Participant, *, now: datetime.datetime) -> str:
    """Return in words who speaks up for a child or parent; "" where nobody does, or where it is hidden from them."""
    on_list = participant.conference.participants.filter(capacity=Capacity.ADVOCATE, acts_for=participant)
    row = on_list.exclude(status__in=NOT_COMING).select_related("person").order_by("pk").first()
    offer = offer_to(participant)
    accepted = offer is not None and offer.answer == AdvocateAnswer.ACCEPTED
    found = row.person.full_name if row is not None else offer.provider if offer is not None and accepted else ""
    return "" if found and concealed_for(participant, on=civil_day(now)).is_in(found) else found


@dataclass(frozen=True)
class Coming:
    """How the reader comes to the meeting: the place, the way, and what helps on the day."""

    place: str
    on_screen: bool
    told_where_later: bool
    getting_there: list[str]
    bring: list[str]
    child_care: list[str]
    travel: list[str]


def coming(participant: Participant, sitting: Sitting | None, *, now: datetime.datetime) -> Coming:
    """Return what the page about getting there says.

    The way is the room's own where it has one. Somebody who is told later where to go reads no way to anywhere.
    """
    conference = participant.conference
    policy = policy_of(conference.policy_version_id)
    later = sitting is None or participant.how == HowToAttend.SEPARATE_PLACE
    on_screen = comes_on_screen(participant, conference)
    there = later or on_screen or conference.mode == Mode.ONLINE
    return Coming(
        place=own_place(participant, conference, sitting) if sitting is not None else "",
        on_screen=on_screen,
        told_where_later=later,
        getting_there=[] if there else shown(_way(policy, sitting), participant, now=now),
        bring=shown(policy.value("family-what-to-bring"), participant, now=now),
        child_care=shown(policy.value("family-child-care"), participant, now=now),
        travel=shown(policy.value("family-travel"), participant, now=now),
    )


def _way(policy: Policy, sitting: Sitting | None) -> Iterable[str]:
    directions = sitting.room.directions if sitting is not None and sitting.room is not None else ""
    return directions.splitlines() if directions.strip() else policy.value("family-getting-there")


def shown(lines: Iterable[str], participant: Participant, *, now: datetime.datetime) -> list[str]:
    """Return the lines of a council's text that reveal nothing hidden from the reader."""
    concealed = concealed_for(participant, on=civil_day(now))
    return [line.strip() for line in lines if line.strip() and not concealed.is_in(line)]


def next_dates(participant: Participant, *, now: datetime.datetime) -> list[tuple[datetime.datetime, str]]:
    """Return this person's own times of the meetings that follow, first to come first.

    A review counts once they are invited to it and nothing holds it back from them.
    """
    found = further_dates(participant, now=now)
    rows = (
        open_to_guests(now)
        .filter(person=participant.person_id, conference__status=ConferenceStatus.SCHEDULED)
        .filter(conference__family=participant.conference.family_id)
        .exclude(conference=participant.conference_id)
        .select_related("conference")
    )
    for row in rows:
        sitting = row.conference.sittings.filter(state=SittingState.BOOKED).order_by("-number").first()
        if sitting is not None and sitting.starts_at > now:
            found.append((own_arrival(row, sitting), "The next meeting, to see how the plan goes"))
    return sorted(found)
