"""One conference for the papers tests: a mother, two fathers, three children, and a school that reveals a place.

Hazel lives with Robin (12) and Wren (6) at an address that is confidential, and so is Wren's school. Dale is
the father of Robin and the baby; Martin is Wren's father. The meeting was on Tuesday 22 December 2026, 10:00 to
12:30.
"""

from __future__ import annotations

import datetime
from types import SimpleNamespace
from typing import Any

from accounts.enums import Role
from accounts.models import User
from conferences.enums import (
    Capacity,
    Category,
    ConferenceKind,
    ConferenceStatus,
    Mode,
    Outcome,
    Presence,
    SittingState,
)
from conferences.models import Attendance, Conference, ConferenceChild, Decision, Part, Participant
from families.enums import AgencyKind, DatePrecision, RelationshipKind, ResponsibilityStatus
from families.models import Address, AgencyInvolvement, ContactPoint, ParentalResponsibility, Residence
from meetings.enums import Given, Harm, Nature, ViewStatus
from meetings.models import AgendaItem, BoardEntry, OutlineAction, Score, View
from tests.factories import (
    AgencyFactory,
    AllocationFactory,
    AuthorityFactory,
    ChildFactory,
    ConferenceChildFactory,
    ConferenceFactory,
    EnquiryFactory,
    FamilyFactory,
    FamilyMemberFactory,
    ParticipantFactory,
    PersonFactory,
    PostFactory,
    PregnancyFactory,
    RelationshipFactory,
    RoomFactory,
    SittingFactory,
    StrategyDiscussionFactory,
    TeamFactory,
    family_participant,
    policy_in_force,
    user_with_role,
)

OPENED = datetime.datetime(2026, 12, 22, 10, tzinfo=datetime.UTC)
ENDED = datetime.datetime(2026, 12, 22, 12, 30, tzinfo=datetime.UTC)
NOW = datetime.datetime(2026, 12, 22, 14, tzinfo=datetime.UTC)
BEFORE = datetime.datetime(2026, 12, 16, 14, tzinfo=datetime.UTC)

HIDDEN_STREET = "7 Quince Orchard"
HIDDEN_POSTCODE = "EM4 7QX"
HIDDEN_SCHOOL = "Meadow Lane Primary School"
HIDDEN_TEACHER = "Callum Reed"
HIDDEN_PHONE = "07700 900321"


def tell(*, two_parts: bool = False, closed: bool = True, held: bool = True) -> SimpleNamespace:
    """Create the whole conference; ``two_parts`` seats the fathers in part 1 and Hazel in part 2.

    Without ``held`` it is booked, everyone is invited, and nothing has been said.
    """
    story = SimpleNamespace()
    _council(story)
    _family(story)
    _agencies(story)
    _conference(story)
    _people(story)
    if not held:
        return story
    _sit(story, two_parts=two_parts)
    _say(story)
    _plan(story)
    _score(story)
    _decide(story)
    if closed:
        story.conference.status = ConferenceStatus.CLOSED
        story.conference.opened_at = OPENED
        story.conference.ended_at = ENDED
        story.conference.closed_at = NOW
        story.conference.quorate = True
        story.conference.first_core_group_at = datetime.datetime(2027, 1, 5, 14, tzinfo=datetime.UTC)
        story.conference.first_core_group_place = HIDDEN_SCHOOL
        story.conference.review_at = datetime.datetime(2027, 3, 16, 10, tzinfo=datetime.UTC)
        story.conference.save()
    return story


def _council(story: Any) -> None:
    story.authority = AuthorityFactory(
        name="Eastmere Council",
        day_phone="01632 960 100",
        night_phone="01632 960 101",
        complaints="Complaints team, 01632 960 140",
    )
    policy_in_force(story.authority, preset="buckinghamshire")
    story.team = TeamFactory(authority=story.authority, name="Meadow team")
    story.worker = user_with_role(Role.SOCIAL_WORKER, team=story.team, name="Amara Finch")
    story.manager = user_with_role(Role.TEAM_MANAGER, team=story.team, name="Grace Heron")
    story.chair = user_with_role(Role.CHAIR, authority=story.authority, name="Tomasz Kestrel")
    story.coordinator = user_with_role(Role.COORDINATOR, authority=story.authority, name="Joan Plover")


def _person(story: Any, given: str, family: str, **fields: Any) -> Any:
    return PersonFactory(authority=story.authority, given_name=given, family_name=family, **fields)


def _family(story: Any) -> None:
    story.family = FamilyFactory(team=story.team, case_number="26-0417", name="Brambley")
    AllocationFactory(family=story.family, user=story.worker)
    story.hazel = _person(story, "Hazel", "Brambley", birth_date=datetime.date(1994, 5, 2))
    story.dale = _person(story, "Dale", "Ashdown")
    story.martin = _person(story, "Martin", "Alder")
    story.olive = _person(story, "Olive", "Brambley")
    story.robin = ChildFactory(
        authority=story.authority,
        family=story.family,
        person=_person(
            story, "Robin", "Brambley", birth_date=datetime.date(2014, 3, 4), birth_date_precision=DatePrecision.EXACT
        ),
    )
    story.wren = ChildFactory(
        authority=story.authority,
        family=story.family,
        person=_person(
            story, "Wren", "Brambley", birth_date=datetime.date(2020, 6, 9), birth_date_precision=DatePrecision.EXACT
        ),
    )
    pregnancy = PregnancyFactory(authority=story.authority, mother=story.hazel, expected_on=datetime.date(2027, 4, 10))
    story.baby = ChildFactory(
        authority=story.authority,
        family=story.family,
        person=_person(story, "", "Brambley", unnamed_as="Baby Brambley"),
        pregnancy=pregnancy,
    )
    for person in (story.hazel, story.dale, story.martin):
        FamilyMemberFactory(family=story.family, person=person)
    for child in (story.robin, story.wren, story.baby):
        RelationshipFactory(child=child, person=story.hazel, kind=RelationshipKind.MOTHER)
        RelationshipFactory(child=child, person=story.olive, kind=RelationshipKind.GRANDPARENT)
        ParentalResponsibility.objects.create(child=child, person=story.hazel, status=ResponsibilityStatus.HELD)
    for child in (story.robin, story.baby):
        RelationshipFactory(child=child, person=story.dale, kind=RelationshipKind.FATHER)
    RelationshipFactory(child=story.wren, person=story.martin, kind=RelationshipKind.FATHER)
    for child, father in ((story.robin, story.dale), (story.wren, story.martin)):
        ParentalResponsibility.objects.create(child=child, person=father, status=ResponsibilityStatus.HELD)
    home = Address.objects.create(
        authority=story.authority, lines=f"{HIDDEN_STREET}\nEastmere", postcode=HIDDEN_POSTCODE
    )
    for person in (story.hazel, story.robin.person, story.wren.person):
        Residence.objects.create(person=person, address=home, confidential=True)
    ContactPoint.objects.create(person=story.hazel, kind="mobile", value=HIDDEN_PHONE, confidential=True)


def _agency(
    story: Any, kind: str, name: str, given: str, family: str, title: str, *children: Any, **fields: Any
) -> Any:
    agency = AgencyFactory(authority=story.authority, kind=kind, name=name)
    post = PostFactory(
        agency=agency, person=_person(story, given, family), title=title, email=f"{given}@agency.example".lower()
    )
    for child in children:
        AgencyInvolvement.objects.create(child=child, agency=agency, post=post, **fields)
    return post


def _agencies(story: Any) -> None:
    robin, wren, baby = story.robin, story.wren, story.baby
    story.teacher = _agency(
        story, AgencyKind.SCHOOL, HIDDEN_SCHOOL, "Callum", "Reed", "Safeguarding lead", wren, confidential=True
    )
    story.tutor = _agency(story, AgencyKind.SCHOOL, "Harbour Academy", "Shazia", "Wing", "Head of year", robin)
    story.gp = _agency(story, AgencyKind.GP, "Eastmere Surgery", "Anil", "Dunnock", "GP", robin, wren)
    story.visitor = _agency(
        story, AgencyKind.HEALTH_VISITING, "Health visiting", "Ngozi", "Larkin", "Health visitor", wren, baby
    )
    story.midwife = _agency(story, AgencyKind.MIDWIFERY, "Midwifery", "Sioned", "Teal", "Midwife", baby)
    story.police = _agency(story, AgencyKind.POLICE, "County Police", "Beth", "Siskin", "Detective constable")


def _conference(story: Any) -> None:
    story.conference = ConferenceFactory(
        family=story.family,
        reference="EC26-0031",
        chair=story.chair,
        coordinator=story.coordinator,
        mode=Mode.BLENDED,
        requested_by=story.worker,
        invited_at=datetime.datetime(2026, 12, 11, 10, tzinfo=datetime.UTC),
        reason="Police came to the home again on 3 December, and everybody is worried.",
    )
    discussion = StrategyDiscussionFactory(family=story.family, recorded_by=story.worker)
    for name, kind in (
        ("robin", ConferenceKind.INITIAL),
        ("wren", ConferenceKind.INITIAL),
        ("baby", ConferenceKind.PRE_BIRTH),
    ):
        child = getattr(story, name)
        enquiry = EnquiryFactory(child=child, discussion=discussion)
        row = ConferenceChildFactory(conference=story.conference, child=child, enquiry=enquiry, kind=kind)
        setattr(story, f"{name}_row", row)
    story.sitting = SittingFactory(
        conference=story.conference,
        booked_by=story.coordinator,
        room=RoomFactory(authority=story.authority, name="Mulberry House"),
    )


def _professional(story: Any, post: Any, *rows: ConferenceChild, **fields: Any) -> Participant:
    return ParticipantFactory(conference=story.conference, post=post, children=list(rows), **fields)


def _social(story: Any, user: User, capacity: str, **fields: Any) -> Participant:
    given, family = user.name.split()
    person = _person(story, given, family, user=user)
    return family_participant(story.conference, capacity, person=person, **fields)


def _people(story: Any) -> None:
    robin, wren, baby = story.robin_row, story.wren_row, story.baby_row
    everybody = (robin, wren, baby)
    conference = story.conference
    story.of = SimpleNamespace(
        hazel=family_participant(conference, Capacity.PARENT, person=story.hazel, children=everybody),
        dale=family_participant(conference, Capacity.PARENT, person=story.dale, children=(robin, baby)),
        martin=family_participant(conference, Capacity.PARENT, person=story.martin, children=(wren,)),
        robin=family_participant(conference, Capacity.CHILD, person=story.robin.person, children=(robin,)),
        worker=_social(story, story.worker, Capacity.SOCIAL_WORKER, reports=True),
        teacher=_professional(story, story.teacher, wren),
        tutor=_professional(story, story.tutor, robin),
        gp=_professional(story, story.gp, robin, wren),
        visitor=_professional(story, story.visitor, wren, baby),
        midwife=_professional(story, story.midwife, baby),
        police=_professional(story, story.police, *everybody),
        chair=_social(story, story.chair, Capacity.CHAIR),
        coordinator=_social(story, story.coordinator, Capacity.COORDINATOR),
    )
    story.of.olive = family_participant(
        conference, Capacity.SUPPORTER, person=story.olive, children=everybody, acts_for=story.of.hazel
    )


def seat(story: Any, participant: Participant, part: Part, presence: str = Presence.PRESENT, **fields: Any) -> None:
    """Record someone as present in a part for all of it."""
    Attendance.objects.create(
        participant=participant,
        part=part,
        presence=presence,
        mode=fields.pop("mode", Mode.IN_PERSON),
        arrived_at=OPENED if presence == Presence.PRESENT else None,
        recorded_by=story.coordinator,
        **fields,
    )


def _sit(story: Any, *, two_parts: bool) -> None:
    story.sitting.state = SittingState.ENDED
    story.sitting.opened_at = OPENED
    story.sitting.ended_at = ENDED
    story.sitting.save()
    story.part = story.sitting.parts.get()
    story.second = Part.objects.create(sitting=story.sitting, number=2, kind="half") if two_parts else None
    everywhere = ("worker", "teacher", "tutor", "visitor", "midwife", "police", "chair", "coordinator")
    fathers, mother = ("dale", "martin"), ("hazel", "robin", "olive")
    for name in (*everywhere, *fathers, *(() if two_parts else mother)):
        seat(story, getattr(story.of, name), story.part)
    if story.second:
        for name in (*everywhere, *mother):
            seat(story, getattr(story.of, name), story.second)
    seat(story, story.of.gp, story.part, Presence.APOLOGIES)


def say(story: Any, text: str, *children: ConferenceChild, heading: str = "current-risks", **fields: Any) -> BoardEntry:
    """Put a note on the board."""
    private_to = fields.pop("private_to", ())
    entry = BoardEntry.objects.create(
        conference=story.conference,
        heading=heading,
        text=text,
        nature=fields.pop("nature", Nature.FACT),
        part=fields.pop("part", story.part),
        speaker=fields.pop("speaker", story.of.police),
        created_by=story.coordinator,
        created_at=OPENED,
        **fields,
    )
    entry.children.set(children)
    entry.private_to.set(private_to)
    return entry


def _say(story: Any) -> None:
    for position, title in enumerate(("Introductions", "Why we are meeting", "Next dates"), start=1):
        AgendaItem.objects.create(conference=story.conference, position=position, title=title)
    robin, wren, baby = story.robin_row, story.wren_row, story.baby_row
    say(story, "Robin's asthma was treated in hospital twice.", robin, speaker=story.of.tutor)
    say(story, "Wren hides under the table when a voice is raised.", wren, speaker=story.of.teacher)
    say(story, "Robin called for help while Wren hid.", robin, wren)
    say(story, "The scan shows a healthy baby.", baby, speaker=story.of.midwife)
    say(story, "Everybody keeps to the rules about phones at night.", heading="current-strengths")
    say(story, "The older boy, Robin, cooks for all.", heading="current-strengths")
    say(
        story, "Hazel takes medicine for low mood.", robin, wren, baby,
        private_to=[story.hazel], speaker=story.of.visitor,
    )  # fmt: skip
    say(story, "Dale lost his job.", robin, private_to=[story.dale], speaker=story.of.dale)
    say(
        story, "The cough will not stop by itself.", wren, nature=Nature.OPINION,
        evidence="Heard at three visits.", speaker=story.of.visitor,
    )  # fmt: skip


def act(story: Any, what: str, *children: ConferenceChild, **fields: Any) -> OutlineAction:
    """Add an action to the outline plan."""
    private_to = fields.pop("private_to", ())
    action = OutlineAction.objects.create(
        conference=story.conference,
        why=fields.pop("why", "So that the child is safe"),
        what=what,
        who=fields.pop("who", story.of.worker),
        by_when=fields.pop("by_when", datetime.date(2027, 1, 8)),
        part=fields.pop("part", story.part),
        created_by=story.coordinator,
        created_at=OPENED,
        **fields,
    )
    action.children.set(children)
    action.private_to.set(private_to)
    return action


def _plan(story: Any) -> None:
    act(story, "See each child at home")
    act(story, "Take Robin to the asthma clinic", story.robin_row, who=story.of.hazel)
    act(story, "Read with Wren at school every day", story.wren_row, who=story.of.teacher)
    act(story, "Go to the group for mothers", private_to=[story.hazel], who=story.of.hazel)


def _score(story: Any) -> None:
    for row in (story.robin_row, story.wren_row, story.baby_row):
        for participant, value in ((story.of.hazel, 6), (story.of.worker, 3), (story.of.police, 2)):
            part = story.second if participant == story.of.hazel and story.second else story.part
            score = Score.objects.create(
                conference_child=row,
                participant=participant,
                part=part,
                scale="sf 2018",
                value=value,
                reason=f"Reason of {participant.person.given_name}",
                recorded_by=story.coordinator,
                recorded_at=OPENED,
            )
            score.shown_in.add(part)
    View.objects.create(
        conference_child=story.wren_row,
        participant=story.of.hazel,
        part=story.second or story.part,
        given=Given.GIVEN,
        status=ViewStatus.CIN_PLAN,
        reason="We can do this with help.",
        recorded_by=story.coordinator,
        recorded_at=OPENED,
    )
    for row in (story.robin_row, story.wren_row, story.baby_row):
        for participant, status in (
            (story.of.worker, ViewStatus.CP_PLAN),
            (story.of.police, ViewStatus.CP_PLAN),
            (story.of.visitor, ViewStatus.CIN_PLAN),
        ):
            View.objects.create(
                conference_child=row,
                participant=participant,
                part=story.part,
                given=Given.GIVEN,
                harm=Harm.LIKELY,
                status=status,
                category=Category.EMO if status == ViewStatus.CP_PLAN else "",
                reason=f"View of {participant.person.given_name}",
                recorded_by=story.coordinator,
                recorded_at=OPENED,
            )


def _decide(story: Any) -> None:
    for name, why in (
        ("robin", "Robin carries a grown-up's worry."),
        ("wren", "Wren has been frightened at home again and again."),
        ("baby", "A baby cannot move away."),
    ):
        decision = Decision.objects.create(
            conference_child=getattr(story, f"{name}_row"),
            sitting=story.sitting,
            outcome=Outcome.CP_PLAN,
            main_category=Category.EMO,
            categories=[Category.EMO],
            rationale=why,
            key_worker=story.worker,
            visit_every_working_days=10,
            decided_by=story.chair,
            decided_at=ENDED,
        )
        decision.core_group.set([story.of.hazel, story.of.worker, story.of.teacher])
        setattr(story, f"{name}_decision", decision)


def conference_of(story: Any) -> Conference:
    """Return the conference as a page would open it."""
    return Conference.objects.select_related("family", "authority", "chair", "coordinator").get(pk=story.conference.pk)
