from __future__ import annotations

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from icalendar import Calendar

from conferences.enums import Capacity, HowToAttend, Mode, ParticipantStatus, Reply, RequestGround
from conferences.models import Participant
from conferences.selectors.proposing import proposals_for
from conferences.services.exclusions import decide_request, open_request
from conferences.services.invitations import add_participant, change_list, record_reply, send_invitations
from conferences.services.proposals import propose_participants
from conferences.services.scheduling import cancel_conference, move_sitting
from conferences.services.sending import reason_to_withhold
from deadlines.models import Deadline
from deadlines.services import put_policy_in_force
from families.enums import AgencyKind, RiskGround
from families.models import Address, AgencyInvolvement, ContactRisk, Residence
from families.services import record_contact_risk
from notifications.enums import MessageState
from notifications.models import Message, Notice
from notifications.services.outbox import send_due
from tests.conferences import story
from tests.conferences.story import LONDON, NOW
from tests.factories import AgencyFactory, PersonFactory, PostFactory

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


# sending


def test_each_invitation_has_the_persons_arrival_and_a_reference_in_the_subject(told, booked):
    story.settled(told, booked)
    robin = story.on_list(booked, told.robin.person)
    change_list(
        conference=booked,
        changes=[story.as_listed(robin, arrives_at=datetime.datetime(2026, 12, 22, 11, tzinfo=LONDON))],
        by=told.coordinator,
        now=NOW,
    )
    send_invitations(conference=booked, by=told.coordinator, now=NOW)

    def start_of(person):
        message = Message.objects.get(person_id=person.pk)
        assert message.subject == f"Invitation to a meeting: {booked.reference}"
        (event,) = Calendar.from_ical(message.calendar_file).walk("VEVENT")
        return event["dtstart"].dt.astimezone(LONDON).time()

    assert start_of(told.robin.person) == datetime.time(11)
    assert start_of(told.hazel) == datetime.time(9, 30)
    assert start_of(told.posts["gp"].person) == datetime.time(10)


def test_messages_and_calendar_files_name_no_one_else_and_no_home(told):
    home = Address.objects.create(authority=told.authority, lines="Flat 7, Secret Refuge Lane", postcode="EX1 1AA")
    Residence.objects.create(person=told.hazel, address=home, confidential=True)
    story.invited(told)
    names = {
        *(row.person.full_name for row in Participant.objects.select_related("person")),
        *(row.person.given_name for row in Participant.objects.select_related("person")),
        "Brambley",
        "Wren",
        "Olive",
        "Secret Refuge Lane",
        "EX1 1AA",
        *(post.agency.name for post in told.posts.values()),
        *(row.email for row in Participant.objects.all()),
    }
    messages = list(Message.objects.all())
    assert len(messages) == 11
    for message in messages:
        own = Participant.objects.get(person=message.person_id)
        text = f"{message.subject}\n{message.body}\n{message.calendar_file.replace(chr(13) + chr(10) + ' ', '')}"
        assert [name for name in names if name and name in text and name != own.email] == []
        assert text.count("ATTENDEE") == 1
        assert f"mailto:{message.to_email}" in text


def test_a_person_in_a_separate_part_is_not_told_when_or_where_others_meet(told):
    risk_of(told, told.dale)
    conference = story.booked(told)
    story.settled(told, conference)
    decide_request(
        request=story.on_list(conference, told.dale).exclusion_requests.get(),
        by=told.chair,
        how=HowToAttend.SEPARATE_PLACE,
        reason="Bail",
        views_through=None,
        arrives_at=datetime.datetime(2026, 12, 22, 13, tzinfo=LONDON),
        now=LATER,
    )
    send_invitations(conference=conference, by=told.coordinator, now=LATER)
    message = Message.objects.get(person_id=told.dale.pk)
    (event,) = Calendar.from_ical(message.calendar_file).walk("VEVENT")
    assert event["dtend"].dt.astimezone(LONDON).time() == datetime.time(14)
    assert str(event["location"]) == "We will tell you where"
    assert told.room.name not in message.body


def test_invitations_go_once_and_only_to_those_added_since(told, invited):
    assert Message.objects.count() == 11
    assert send_invitations(conference=invited, by=told.coordinator, now=LATER) == []
    add_participant(
        conference=invited,
        person=told.olive,
        capacity=Capacity.RELATIVE,
        children=invited.children.all(),
        email="olive@home.example",
        reason="Hazel wishes it",
        by=told.coordinator,
        now=LATER,
    )
    assert [row.person for row in send_invitations(conference=invited, by=told.coordinator, now=LATER)] == [told.olive]
    assert Message.objects.count() == 12


def test_a_person_without_a_mailbox_must_be_told_another_way_before_sending(told, booked):
    story.settled(told, booked)
    hazel = story.on_list(booked, told.hazel)
    Participant.objects.filter(pk=hazel.pk).update(email="")
    with pytest.raises(ValidationError) as raised:
        send_invitations(conference=booked, by=told.coordinator, now=NOW)
    assert raised.value.messages == [
        "Hazel Brambley has no e-mail address. Enter one, or say how they are told instead."
    ]
    assert Message.objects.count() == 0
    Participant.objects.filter(pk=hazel.pk).update(invited_how="On paper, by the social worker")
    send_invitations(conference=booked, by=told.coordinator, now=NOW)
    assert Message.objects.filter(person_id=told.hazel.pk).count() == 0
    assert story.on_list(booked, told.hazel).status == ParticipantStatus.TO_INVITE
    assert list(booked.to_tell.values_list("participant", flat=True)) == [hazel.pk]


def test_sending_meets_the_clock_of_the_invitations(told, booked):
    assert Deadline.objects.get(kind="invitations-sent").responsible_ids == [told.coordinator.pk]
    story.settled(told, booked)
    send_invitations(conference=booked, by=told.coordinator, now=NOW)
    assert Deadline.objects.get(kind="invitations-sent").met_at == NOW


def test_moving_sends_the_next_version_only_to_those_invited(told, invited):
    risk_of(told, told.dale)
    Message.objects.filter(state=MessageState.WAITING).update(state=MessageState.SENT, sent_at=NOW)
    move_sitting(
        sitting=invited.sittings.get(),
        booking=story.booking(told, starts_at=datetime.datetime(2026, 12, 23, 14, tzinfo=LONDON)),
        reason="Scan",
        by=told.coordinator,
        now=LATER,
    )
    new = Message.objects.filter(state=MessageState.WAITING)
    assert new.count() == 10
    assert not new.filter(person_id=told.dale.pk).exists()
    message = new.get(person_id=told.hazel.pk)
    (event,) = Calendar.from_ical(message.calendar_file).walk("VEVENT")
    assert (int(event["sequence"]), event["dtstart"].dt.astimezone(LONDON)) == (
        1,
        datetime.datetime(2026, 12, 23, 13, 30, tzinfo=LONDON),
    )
    assert message.subject == f"A meeting has changed: {invited.reference}"


def test_moving_before_the_first_version_was_sent_sends_only_the_second(told, invited):
    move_sitting(
        sitting=invited.sittings.get(),
        booking=story.booking(told, starts_at=datetime.datetime(2026, 12, 23, 14, tzinfo=LONDON)),
        reason="Scan",
        by=told.coordinator,
        now=LATER,
    )
    states = Message.objects.filter(person_id=told.hazel.pk).order_by("pk").values_list("state", flat=True)
    assert list(states) == [MessageState.WITHDRAWN, MessageState.WAITING]


def test_cancelling_cancels_sent_entries_and_withdraws_the_rest(told, invited):
    Message.objects.filter(person_id=told.hazel.pk).update(state=MessageState.SENT, sent_at=NOW)
    cancel_conference(conference=invited, reason="Chair ill", by=told.coordinator, now=LATER)
    waiting = Message.objects.filter(state=MessageState.WAITING)
    assert [row.person_id for row in waiting] == [told.hazel.pk]
    (event,) = Calendar.from_ical(waiting.get().calendar_file).walk("VEVENT")
    assert (str(event["status"]), int(event["sequence"])) == ("CANCELLED", 1)
    assert reason_to_withhold(waiting.get()) == ""


def test_withdrawing_an_invited_person_cancels_their_entry(told, invited):
    Message.objects.update(state=MessageState.SENT, sent_at=NOW)
    gp = story.on_list(invited, told.posts["gp"].person)
    change_list(
        conference=invited,
        changes=[story.as_listed(gp, wanted=False, reason="Retired")],
        by=told.coordinator,
        now=LATER,
    )
    gp.refresh_from_db()
    assert gp.status == ParticipantStatus.WITHDRAWN
    message = Message.objects.get(state=MessageState.WAITING)
    assert (message.person_id, reason_to_withhold(message)) == (gp.person_id, "")


def test_a_person_who_has_left_the_post_gets_nothing(told, invited):
    post = told.posts["gp"]
    post.ends_on = datetime.date(2020, 1, 1)
    post.save()
    message = Message.objects.get(person_id=post.person_id)
    assert reason_to_withhold(message) == "This person has left the post."


@pytest.mark.django_db(transaction=True)
def test_the_outbox_checks_again_before_it_sends(told, invited, mailoutbox):
    Participant.objects.filter(person=told.dale).update(status=ParticipantStatus.KEPT_OUT)
    send_due(now=LATER, limit=50)
    assert sorted(mail.to[0] for mail in mailoutbox) == sorted(
        row.email for row in invited.participants.exclude(person=told.dale)
    )
    assert Message.objects.get(person_id=told.dale.pk).state == MessageState.WITHDRAWN


# answers


def test_records_an_answer_only_from_an_invited_person(told, invited):
    gp = story.on_list(invited, told.posts["gp"].person)
    assert record_reply(participant=gp, reply=Reply.ONLINE, by=told.coordinator, now=LATER).reply == Reply.ONLINE
    Participant.objects.filter(pk=gp.pk).update(status=ParticipantStatus.KEPT_OUT)
    with pytest.raises(ValidationError, match="not invited"):
        record_reply(participant=gp, reply=Reply.COMING, by=told.coordinator, now=LATER)


def test_a_person_in_two_capacities_is_not_two_people_sharing_a_mailbox(told, booked):
    story.settled(told, booked)
    post = PostFactory(agency=told.posts["gp"].agency, person=told.olive, email="olive@home.example")
    for capacity, held in ((Capacity.RELATIVE, None), (Capacity.PROFESSIONAL, post)):
        add_participant(
            conference=booked,
            person=told.olive,
            post=held,
            capacity=capacity,
            children=booked.children.all(),
            email="olive@home.example",
            reason="Aunt and teacher",
            by=told.coordinator,
            now=NOW,
        )
    both = list(booked.participants.filter(person=told.olive))
    change_list(conference=booked, changes=[story.as_listed(row) for row in both], by=told.coordinator, now=NOW)
    assert [row.capacity for row in booked.participants.filter(person=told.olive).order_by("pk")] == [
        Capacity.RELATIVE,
        Capacity.PROFESSIONAL,
    ]


def test_a_new_person_is_not_invited_without_an_explicit_choice(told, invited):
    with pytest.raises(ValidationError):
        add_participant(
            conference=invited,
            person=PersonFactory(authority=told.authority),
            capacity=Capacity.OBSERVER,
            children=invited.children.all(),
            reason="",
            by=told.coordinator,
            now=NOW,
        )
    assert Message.objects.count() == 11
