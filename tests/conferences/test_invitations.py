from __future__ import annotations

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError

from conferences.enums import Capacity, HowToAttend, Mode, ParticipantStatus, RequestGround
from conferences.selectors.proposing import proposals_for
from conferences.services.exclusions import decide_request, open_request
from conferences.services.invitations import add_participant, change_list, send_invitations
from conferences.services.proposals import propose_participants
from conferences.services.sending import reason_to_withhold
from deadlines.services import put_policy_in_force
from families.enums import AgencyKind, RiskGround
from families.models import AgencyInvolvement, ContactRisk
from families.services import record_contact_risk
from notifications.enums import MessageState
from notifications.models import Message, Notice
from tests.conferences import story
from tests.conferences.story import NOW
from tests.factories import AgencyFactory, PostFactory

pytestmark = pytest.mark.django_db
LATER = NOW + datetime.timedelta(hours=2)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(LATER, tick=False):
        yield


def refusals(raised: pytest.ExceptionInfo[ValidationError]) -> dict[str, list[str]]:
    return raised.value.message_dict


def risk_of(told, person):
    return record_contact_risk(
        person=person,
        ground=RiskGround.BAIL,
        detail="No contact with Hazel",
        protects=[told.hazel],
        by=told.social_worker,
        now=LATER,
    )


# whom to ask


def test_proposes_everyone_with_the_reason(booked):
    assert list(booked.participants.order_by("pk").values_list("person__given_name", "capacity", "because")) == [
        (
            "Hazel",
            "parent",
            "Parents are always asked, even if they live apart; has parental responsibility for Robin and Wren",
        ),
        ("Dale", "parent", "Parents are always asked, even if they live apart"),
        ("Martin", "parent", "Parents are always asked, even if they live apart"),
        ("Robin", "child", "Aged 10 or over: asked, for as much of it as they choose"),
        ("Anil", "professional", "GP: knows Robin"),
        ("Sioned", "professional", "Midwifery is always asked for an unborn child"),
        ("Shazia", "professional", "School or college: knows Robin"),
        ("Callum", "professional", "School or college: knows Wren"),
        ("Amara", "social_worker", "Holds the case"),
        ("Tomasz", "chair", "Chairs the conference"),
        ("Joan", "coordinator", "Takes the notes"),
    ]


def test_the_child_under_the_age_and_relatives_are_listed_but_not_ticked(booked):
    not_ticked = [row for row in proposals_for(booked, on=NOW.date()).people if not row.ticked]
    assert [(row.person.given_name, row.because) for row in not_ticked] == [
        ("Olive", "Relative. Ask the parent first whether they may hear it"),
        ("Wren", "Under 10: someone brings the child's views"),
    ]


def test_each_person_comes_for_their_own_children(told, booked):

    def names(person):
        return [row.child for row in story.on_list(booked, person).children.order_by("pk")]

    assert names(told.hazel) == told.children
    assert names(told.dale) == [told.robin, told.baby]
    assert names(told.martin) == [told.wren]
    assert names(told.posts["midwife"].person) == [told.baby]


def test_unrecorded_midwifery_is_listed_as_missing(told):
    AgencyInvolvement.objects.filter(agency__kind=AgencyKind.MIDWIFERY).update(ends_on=datetime.date(2026, 12, 1))
    conference = story.booked(told)
    assert proposals_for(conference, on=NOW.date()).missing == [
        "Midwifery is always asked for an unborn child, and none is recorded. Choose a midwife."
    ]


def test_an_agency_without_a_named_person_is_listed_as_missing(told):
    AgencyInvolvement.objects.filter(post=told.posts["gp"]).update(post=None)
    conference = story.booked(told)
    agency = told.posts["gp"].agency.name
    assert proposals_for(conference, on=NOW.date()).missing == [
        f"{agency} knows Robin, but no one who works there now is named. Choose someone."
    ]


def test_proposing_again_adds_only_what_is_new(told, booked):
    before = booked.participants.count()
    post = PostFactory(agency=AgencyFactory(authority=told.authority, kind=AgencyKind.POLICE))
    AgencyInvolvement.objects.create(child=told.robin, agency=post.agency, post=post)
    made = propose_participants(conference=booked, by=told.coordinator, now=NOW)
    assert [row.person for row in made] == [post.person]
    assert booked.participants.count() == before + 1


def test_if_understanding_decides_each_child_awaits_the_chair(told):
    entry = {"value": "by understanding", "source": "a guide", "year": 2026, "scope": "local", "owner": "manager"}
    raw = {
        "preset": "own",
        "title": "Own",
        "note": "As agreed",
        "limits": {},
        "values": {"child-invited-from-age": entry},
    }
    put_policy_in_force(authority=told.authority, preset="own.yaml", raw=raw, in_force_from=NOW.date(), now=NOW)
    conference = story.booked(told)
    for child in (told.robin, told.wren):
        row = story.on_list(conference, child.person)
        assert (row.status, row.exclusion_requests.get().ground) == (
            ParticipantStatus.AWAITING_CHAIR,
            RequestGround.BY_UNDERSTANDING,
        )


# contact risk


def test_a_recorded_contact_risk_awaits_the_chair_and_receives_nothing(told):
    risk_of(told, told.dale)
    conference = story.booked(told)
    dale = story.on_list(conference, told.dale)
    request = dale.exclusion_requests.get()
    assert (dale.status, request.ground) == (ParticipantStatus.AWAITING_CHAIR, RequestGround.CONTACT_RISK)
    story.settled(told, conference)
    send_invitations(conference=conference, by=told.coordinator, now=NOW)
    assert not Message.objects.filter(person_id=told.dale.pk).exists()
    assert Notice.objects.filter(user=told.chair, urgent=True).count() == 1


def test_a_risk_recorded_after_the_invitation_holds_the_person_and_unsent_messages(told, invited):
    risk_of(told, told.dale)
    assert story.on_list(invited, told.dale).status == ParticipantStatus.AWAITING_CHAIR
    message = Message.objects.get(person_id=told.dale.pk)
    assert (message.state, message.withdrawn_because) == (
        MessageState.WITHDRAWN,
        "A request about this person is with the chair.",
    )


def test_a_risk_written_without_a_service_is_caught_when_sending(told, invited):
    ContactRisk.objects.create(
        person=told.dale,
        ground=RiskGround.BAIL,
        detail="Typed in another way",
        recorded_by=told.social_worker,
        recorded_at=LATER,
    )
    message = Message.objects.get(person_id=told.dale.pk)
    assert reason_to_withhold(message) == "A contact risk is recorded that the chair has not decided about."


def test_a_risk_on_the_day_also_goes_to_the_chair(told, invited):
    invited.status = "open"
    invited.save()
    risk_of(told, told.dale)
    assert story.on_list(invited, told.dale).status == ParticipantStatus.AWAITING_CHAIR


def test_the_chair_lets_in_by_video_and_the_invitation_follows(told):
    risk_of(told, told.dale)
    conference = story.booked(told)
    story.settled(told, conference)
    request = story.on_list(conference, told.dale).exclusion_requests.get()
    decide_request(
        request=request, by=told.chair, how=HowToAttend.VIDEO, reason="Safe by video", views_through=None, now=LATER
    )
    dale = story.on_list(conference, told.dale)
    assert (dale.status, dale.how, dale.mode) == (ParticipantStatus.TO_INVITE, HowToAttend.VIDEO, Mode.ONLINE)
    send_invitations(conference=conference, by=told.coordinator, now=LATER)
    dale.refresh_from_db()
    assert dale.status == ParticipantStatus.INVITED
    assert reason_to_withhold(Message.objects.get(person_id=told.dale.pk)) == ""


def test_a_decision_does_not_cover_a_risk_recorded_after_it(told):
    risk_of(told, told.dale)
    conference = story.booked(told)
    decide_request(
        request=story.on_list(conference, told.dale).exclusion_requests.get(),
        by=told.chair,
        how=HowToAttend.VIDEO,
        reason="Safe by video",
        views_through=None,
        now=LATER,
    )
    record_contact_risk(
        person=told.dale,
        ground=RiskGround.COURT_ORDER,
        detail="Not to come near the children",
        children=[told.robin],
        by=told.social_worker,
        now=LATER + datetime.timedelta(days=1),
    )
    assert story.on_list(conference, told.dale).status == ParticipantStatus.AWAITING_CHAIR


def test_a_person_kept_out_is_heard_through_someone_else(told):
    risk_of(told, told.dale)
    conference = story.booked(told)
    request = story.on_list(conference, told.dale).exclusion_requests.get()
    with pytest.raises(ValidationError) as raised:
        decide_request(
            request=request, by=told.chair, how=HowToAttend.NOT_AT_ALL, reason="Bail", views_through=None, now=LATER
        )
    assert refusals(raised) == {"views_through": ["Choose who brings this person's views to the meeting."]}
    worker = conference.participants.get(capacity=Capacity.SOCIAL_WORKER)
    decide_request(
        request=request, by=told.chair, how=HowToAttend.NOT_AT_ALL, reason="Bail", views_through=worker, now=LATER
    )
    dale = story.on_list(conference, told.dale)
    assert (dale.status, dale.views_brought_by) == (ParticipantStatus.KEPT_OUT, worker)


def test_a_request_is_decided_once(told, booked):
    request = open_request(
        participant=story.on_list(booked, told.dale),
        ground=RequestGround.ASKED,
        reason="Hazel is afraid",
        by=told.social_worker,
        now=NOW,
    )
    decided = {"request": request, "by": told.chair, "views_through": None, "now": LATER}
    decide_request(how=HowToAttend.WHOLE, reason="Nothing shows a risk", **decided)
    assert decide_request(how=HowToAttend.WHOLE, reason="Nothing shows a risk", **decided).pk == request.pk
    with pytest.raises(ValidationError, match="already been decided"):
        decide_request(how=HowToAttend.VIDEO, reason="Other", **decided)


def test_a_separate_arrival_needs_a_time(told, booked):
    request = open_request(
        participant=story.on_list(booked, told.dale),
        ground=RequestGround.ASKED,
        reason="Hazel is afraid",
        by=told.social_worker,
        now=NOW,
    )
    with pytest.raises(ValidationError) as raised:
        decide_request(
            request=request, by=told.chair, how=HowToAttend.SEPARATE_TIME, reason="Apart", views_through=None, now=LATER
        )
    assert refusals(raised) == {"arrives_at": ["Enter when this person arrives, apart from the others."]}


def test_a_risk_recorded_while_the_chair_reads_must_be_read_first(told):
    risk_of(told, told.dale)
    conference = story.booked(told)
    with pytest.raises(ValidationError, match="recorded since you opened this page"):
        decide_request(
            request=story.on_list(conference, told.dale).exclusion_requests.get(),
            by=told.chair,
            how=HowToAttend.WHOLE,
            reason="Nothing shows a risk",
            views_through=None,
            risks_seen=[],
            now=LATER,
        )


# changing the list


def test_leaving_out_a_parent_opens_a_request_to_the_chair(told, booked):
    change_list(
        conference=booked,
        changes=[story.as_listed(story.on_list(booked, told.martin), wanted=False, reason="Lives abroad")],
        by=told.coordinator,
        now=NOW,
    )
    martin = story.on_list(booked, told.martin)
    request = martin.exclusion_requests.get()
    assert (martin.status, request.ground, request.reason) == (
        ParticipantStatus.AWAITING_CHAIR,
        RequestGround.LEFT_OUT,
        "Lives abroad",
    )


def test_leaving_out_a_child_over_the_age_opens_a_request(told, booked):
    change_list(
        conference=booked,
        changes=[story.as_listed(story.on_list(booked, told.robin.person), wanted=False, reason="Does not want to")],
        by=told.coordinator,
        now=NOW,
    )
    assert story.on_list(booked, told.robin.person).status == ParticipantStatus.AWAITING_CHAIR


def test_dropping_an_agency_needs_only_a_reason(told, booked):
    gp = story.on_list(booked, told.posts["gp"].person)
    with pytest.raises(ValidationError) as raised:
        change_list(conference=booked, changes=[story.as_listed(gp, wanted=False)], by=told.coordinator, now=NOW)
    assert refusals(raised) == {f"{gp.pk}-reason": ["Say why you are leaving out Anil Dunnock."]}
    change_list(
        conference=booked,
        changes=[story.as_listed(gp, wanted=False, reason="Has not seen him for years")],
        by=told.coordinator,
        now=NOW,
    )
    gp.refresh_from_db()
    assert (gp.status, gp.change_reason) == (ParticipantStatus.LEFT_OUT, "Has not seen him for years")


def test_inviting_someone_after_all_needs_a_reason(told, booked):
    gp = story.on_list(booked, told.posts["gp"].person)
    change_list(
        conference=booked, changes=[story.as_listed(gp, wanted=False, reason="Not known")], by=told.coordinator, now=NOW
    )
    with pytest.raises(ValidationError) as raised:
        change_list(conference=booked, changes=[story.as_listed(gp)], by=told.coordinator, now=NOW)
    assert refusals(raised) == {f"{gp.pk}-reason": ["Say why you are asking Anil Dunnock after all."]}


def test_the_chair_cannot_be_left_out_of_the_list(told, booked):
    chair = booked.participants.get(capacity=Capacity.CHAIR)
    with pytest.raises(ValidationError) as raised:
        change_list(
            conference=booked, changes=[story.as_listed(chair, wanted=False, reason="x")], by=told.coordinator, now=NOW
        )
    assert list(refusals(raised)) == [f"{chair.pk}-wanted"]


def test_a_mailbox_that_two_people_share_is_refused(told, booked):
    hazel, dale = story.on_list(booked, told.hazel), story.on_list(booked, told.dale)
    with pytest.raises(ValidationError) as raised:
        change_list(
            conference=booked, changes=[story.as_listed(dale, email="HAZEL@home.example")], by=told.coordinator, now=NOW
        )
    assert refusals(raised) == {
        f"{dale.pk}-email": [
            "Hazel Brambley has the same e-mail address. Each person needs their own address, or must be told another way."
        ]
    }
    assert hazel.email == "hazel@home.example"


def test_a_row_that_someone_else_has_changed_is_refused(told, booked):
    gp = story.on_list(booked, told.posts["gp"].person)
    with pytest.raises(ValidationError) as raised:
        change_list(
            conference=booked, changes=[story.as_listed(gp, version=gp.version + 1)], by=told.coordinator, now=NOW
        )
    assert list(refusals(raised)) == [f"{gp.pk}-wanted"]


def test_adding_someone_needs_a_reason_and_a_child(told, booked):
    facts = {"conference": booked, "capacity": Capacity.RELATIVE, "by": told.coordinator, "now": NOW}
    with pytest.raises(ValidationError) as raised:
        add_participant(person=told.olive, children=booked.children.all(), reason=" ", **facts)
    assert list(refusals(raised)) == ["reason"]
    with pytest.raises(ValidationError) as raised:
        add_participant(person=told.olive, children=[], reason="Hazel wishes it", **facts)
    assert list(refusals(raised)) == ["children"]
    olive = add_participant(person=told.olive, children=booked.children.all(), reason="Hazel wishes it", **facts)
    assert (olive.status, olive.change_reason) == (ParticipantStatus.TO_INVITE, "Hazel wishes it")


def test_a_person_added_under_a_risk_awaits_the_chair(told, booked):
    risk_of(told, told.olive)
    olive = add_participant(
        conference=booked,
        person=told.olive,
        capacity=Capacity.RELATIVE,
        children=booked.children.all(),
        reason="Hazel wishes it",
        by=told.coordinator,
        now=LATER,
    )
    assert olive.status == ParticipantStatus.AWAITING_CHAIR
