"""Another agency asks for a conference; a manager agrees, or refuses with a reason and a road to disagree."""

from __future__ import annotations

import datetime
from http import HTTPStatus

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.enums import Role
from conferences.enums import AskedKind, ParticipantStatus, RequestGround
from conferences.models import ConferenceRequest, ExclusionRequest, RequestedItem
from conferences.selectors.agreements import newest_agreement
from conferences.services.agreements import answer_agreement
from conferences.services.requests import Asked, AskedItem, Asker, answer_request, ask_as_agency, take_request_further
from conferences.services.scheduling import request_conference
from conferences.services.told import settle_item, settle_told_danger
from deadlines.models import Deadline
from deadlines.to_decide import to_decide
from families.chronology import event_sources
from families.models import AgencyInvolvement, Child, SafetyAlert
from notifications.models import Message, Notice
from tests.conferences import story
from tests.conferences.story import NOW
from tests.factories import ChildFactory, procedures_with, user_with_role
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db
GROUNDS = "Robin came with new bruises and is afraid to go home"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@once_per_module(at=NOW)
def told():
    """The Brambley family after the strategy discussion; the school's tutor has an account."""
    made = story.tell()
    story.discussed(made)
    made.head = user_with_role(Role.SERVICE_MANAGER, authority=made.authority)
    made.tutor = user_with_role(Role.PROFESSIONAL, authority=made.authority, name="Shazia Wing")
    person = made.posts["academy"].person
    person.user = made.tutor
    person.save()
    return made


def asker(told, **fields):
    post = told.posts["academy"]
    return Asker(**{"person": post.person, "agency": post.agency, "post": post, "by": told.tutor} | fields)


def asks(told, *children, items=(), who=None, grounds=GROUNDS):
    return ask_as_agency(
        children=children or (told.robin,),
        asker=who or asker(told),
        asked=Asked(grounds=grounds, categories=["PHY"], items=items),
        now=NOW,
    )


def answer(request, by, *, agreed=True, reason=""):
    return answer_request(request=request, agreed=agreed, reason=reason, by=by, now=NOW)


def waits_for(user):
    return "agency-request" in {key for _, key, *_ in to_decide(user)}


def test_the_manager_whom_the_procedures_name_decides_and_the_worker_is_told(told):
    request = asks(told)
    assert (request.family, request.agreed, request.conference) == (told.family, None, None)
    assert [waits_for(user) for user in (told.manager, told.head, told.social_worker)] == [True, False, False]
    told_of_it = Notice.objects.filter(text__startswith="Another agency asks").values_list("user", flat=True)
    assert set(told_of_it) == {told.manager.pk, told.social_worker.pk}
    assert not Notice.objects.filter(text__contains="Robin").exists()
    for user in (told.social_worker, told.coordinator, told.head, told.tutor):
        with pytest.raises(ValidationError, match="Only the children’s manager"):
            answer(request, user)
    answer(request, told.manager)
    assert not waits_for(told.manager)
    news = Notice.objects.get(user=told.tutor)
    assert (news.url, request.reference in news.text) == (reverse("conferences:my-requests"), True)
    assert Notice.objects.filter(user=told.social_worker, text__contains="arrange it").exists()


@pytest.mark.value("conference-agreed-by")
@pytest.mark.parametrize(("words", "who"), [("service manager", "head"), ("chair", "manager"), ("nobody", "manager")])
def test_a_manager_answers_whomever_the_procedures_name(told, words, who):
    procedures_with(told.authority, since=NOW.date(), values={"conference-agreed-by": words})
    asks(told)
    assert {name for name in ("head", "manager") if waits_for(getattr(told, name))} == {who}


def test_the_same_request_twice_is_one_and_other_words_are_another(told):
    assert asks(told) == asks(told)
    asks(told, grounds="Now Wren as well")
    assert ConferenceRequest.objects.count() == 2


def test_two_managers_at_once_give_one_answer(told):
    other = user_with_role(Role.TEAM_MANAGER, team=told.team)
    request = asks(told)
    answer(request, told.manager)
    assert answer(request, other).answered_by == told.manager
    with pytest.raises(ValidationError, match="Someone has answered meanwhile"):
        answer(request, other, agreed=False, reason="No")


def test_nobody_answers_what_they_asked_for_themselves(told):
    request = asks(told, who=asker(told, by=told.manager))
    assert not waits_for(told.manager)
    with pytest.raises(ValidationError, match="no one who asked for it"):
        answer(request, told.manager)


def test_a_refusal_is_told_with_its_reason_and_goes_to_a_service_manager_once(told):
    request = asks(told)
    with pytest.raises(ValidationError) as refused:
        answer(request, told.manager, agreed=False, reason=" ")
    assert list(refused.value.message_dict) == ["reason"]
    answer(request, told.manager, agreed=False, reason="The worker sees the family tomorrow")
    again = take_request_further(request=request, because="She is hurt again", asker=asker(told), now=NOW)
    assert take_request_further(request=request, because="Again", asker=asker(told), now=NOW) == again
    assert [waits_for(told.head), waits_for(told.manager)] == [True, False]
    with pytest.raises(ValidationError, match="Only a service manager"):
        answer(again, told.manager)
    answer(again, told.head, agreed=False, reason="Not yet")
    with pytest.raises(ValidationError, match="This has changed"):
        take_request_further(request=again, because="Still", asker=asker(told), now=NOW)


def test_a_reason_that_tells_a_confidential_place_is_refused(told):
    AgencyInvolvement.objects.filter(agency=told.posts["gp"].agency).update(confidential=True)
    request = asks(told)
    with pytest.raises(ValidationError) as refused:
        answer(request, told.manager, agreed=False, reason="Dr Dunnock sees her every week")
    assert list(refused.value.message_dict) == ["reason"]


def test_an_agency_without_an_account_gets_an_e_mail_that_names_nobody(told):
    request = asks(told, who=asker(told, by=None, guest_session_id=7, reply_to="tutor@school.example"))
    answer(request, told.manager, agreed=False, reason="Robin is safe tonight")
    message = Message.objects.get(to_email="tutor@school.example")
    assert message.subject == f"An answer to what you asked: {request.reference}"
    assert [word for word in ("Robin", "Brambley", "safe tonight") if word in message.body] == []


def test_who_cannot_be_reached_by_e_mail_is_rung(told):
    request = asks(told, who=asker(told, by=None, guest_session_id=7))
    answer(request, told.manager)
    assert Notice.objects.filter(user=told.social_worker, text__endswith="Ring them.").exists()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"death_date": datetime.date(2026, 12, 9)}, "This child has died."),
        ({"birth_date": datetime.date(2008, 12, 10)}, "This young person is 18 or over."),
    ],
)
def test_nothing_is_asked_for_or_agreed_after_a_death_or_the_eighteenth_birthday(told, change, says):
    request = asks(told)
    for name, value in change.items():
        setattr(told.robin.person, name, value)
    told.robin.person.save()
    robin = Child.objects.select_related("person", "pregnancy").get(pk=told.robin.pk)
    with pytest.raises(ValidationError, match=says):
        asks(told, robin, grounds="Other words")
    with pytest.raises(ValidationError, match=says):
        answer(request, told.manager)
    assert answer(request, told.manager, agreed=False, reason="There is no conference to hold").agreed is False


def test_what_was_agreed_with_the_agency_is_not_asked_again(told):
    request = asks(told, told.robin, told.wren, told.baby)
    answer(request, told.manager)
    conference = story.booked(told)
    request.refresh_from_db()
    agreement = newest_agreement(conference)
    assert (request.conference, agreement.agreed, agreement.answered_by) == (conference, True, told.manager)


def test_another_child_in_the_conference_is_agreed_to_by_itself(told):
    answer(asks(told), told.manager)
    assert newest_agreement(story.booked(told)).agreed is None


def test_agreeing_to_the_workers_conference_answers_the_agency_too_and_refusing_does_not(told):
    request = asks(told)
    conference = request_conference(
        family=told.family, children=story.to_confer(told), reason="Bruises", by=told.social_worker, now=NOW
    )
    request.refresh_from_db()
    assert (request.conference, request.agreed) == (conference, None)
    answer_agreement(agreement=newest_agreement(conference), agreed=False, reason="Wait", by=told.manager, now=NOW)
    request.refresh_from_db()
    assert (request.agreed, waits_for(told.manager)) == (None, True)


def test_a_request_for_a_child_who_has_a_conference_meanwhile_is_joined_to_it(told):
    conference = story.booked(told)
    request = answer(asks(told), told.manager)
    assert request.conference == conference


def test_whom_the_agency_asks_to_keep_out_is_held_for_the_chair(told):
    words = "Her father Dale must not be in the room: he threatened her at the gate"
    answer(asks(told, items=[AskedItem(kind=AskedKind.KEEP_OUT, words=words)]), told.manager)
    conference = story.booked(told)
    asked = ExclusionRequest.objects.get(conference=conference, ground=RequestGround.ASKED)
    assert (asked.participant.person, asked.asked_by, words in asked.reason) == (told.dale, told.tutor, True)
    assert asked.participant.status == ParticipantStatus.AWAITING_CHAIR


@pytest.mark.parametrize("settled", [False, True])
def test_a_wish_that_names_nobody_holds_each_adult_until_someone_says_what_was_done(told, settled):
    request = answer(asks(told, items=[AskedItem(kind=AskedKind.KEEP_OUT, words="the man next door")]), told.manager)
    if settled:
        settle_item(item=request.items.get(), how="He is not in the family", by=told.social_worker, now=NOW)
    held = ExclusionRequest.objects.filter(conference=story.booked(told), ground=RequestGround.ASKED)
    adults = set() if settled else {told.hazel.pk, told.dale.pk, told.martin.pk}
    assert set(held.values_list("participant__person", flat=True)) == adults


def test_the_pages_of_an_account_ask_show_the_answer_and_the_road_to_disagree(told, client):
    client.force_login(told.tutor)
    first = client.get(reverse("deadlines:my-work")).content.decode()
    ask = reverse("conferences:ask-as-agency")
    assert ask in first
    form = client.get(ask).content.decode()
    assert "Robin" in form
    assert client.post(ask, {"children": [told.robin.pk], "grounds": ""}).status_code == HTTPStatus.OK
    sent = client.post(ask, {"children": [told.robin.pk], "grounds": GROUNDS, "police": "not_asked"})
    mine = reverse("conferences:my-requests")
    assert (sent.status_code, sent["Location"]) == (HTTPStatus.FOUND, mine)
    request = ConferenceRequest.objects.get()
    client.force_login(told.manager)
    page = reverse("conferences:answer-request", args=[told.family.pk, request.pk])
    shown = client.get(page).content.decode()
    assert GROUNDS in shown
    assert "Strategy discussion" in shown
    assert client.post(page, {"answer": "no", "reason": "The worker goes today"}).status_code == HTTPStatus.FOUND
    client.force_login(told.tutor)
    answered = client.get(mine).content.decode()
    further = reverse("conferences:disagree-as-agency", args=[request.pk])
    assert "The worker goes today" in answered
    assert further in answered
    assert client.post(further, {"because": "She is afraid tonight"}).status_code == HTTPStatus.FOUND
    assert ConferenceRequest.objects.get(goes_on_from=request).grounds == "She is afraid tonight"
    assert further not in client.get(mine).content.decode()


def test_only_children_whom_they_know_now_are_offered_and_taken(told, client):
    stranger = ChildFactory(authority=told.authority)
    client.force_login(told.tutor)
    ask = reverse("conferences:ask-as-agency")
    refused = client.post(ask, {"children": [stranger.pk], "grounds": GROUNDS, "police": "not_asked"})
    assert (refused.status_code, ConferenceRequest.objects.exists()) == (HTTPStatus.OK, False)
    told.posts["academy"].ends_on = NOW.date()
    told.posts["academy"].save()
    assert client.get(ask).status_code == HTTPStatus.NOT_FOUND
    assert ask not in client.get(reverse("deadlines:my-work")).content.decode()


# The clock of the answer, the history, the chronology


def test_a_manager_answers_within_a_limit(told):
    request = asks(told)
    clock = Deadline.objects.get(kind="agency-request")
    assert (clock.due_on, clock.family_id, list(clock.responsible_ids)) == (
        datetime.date(2026, 12, 11), told.family.pk, [told.manager.pk],
    )  # fmt: skip
    answer(request, told.manager, agreed=False, reason="The worker sees the family tomorrow")
    clock.refresh_from_db()
    assert clock.met_at == NOW
    again = take_request_further(request=request, because="She is hurt again", asker=asker(told), now=NOW)
    assert list(Deadline.objects.get(kind="agency-request", fact_id=again.pk).responsible_ids) == [told.head.pk]


@pytest.mark.value("conference-agreed-by")
def test_it_is_the_service_managers_clock_where_the_procedures_say_so(told):
    procedures_with(told.authority, since=NOW.date(), values={"conference-agreed-by": "service manager"})
    asks(told)
    assert list(Deadline.objects.get(kind="agency-request").responsible_ids) == [told.head.pk]


def test_it_stands_in_the_familys_history_less_who_should_stay_out(client, told):
    kept_out = AskedItem(kind=AskedKind.KEEP_OUT, words="Dale shouts at staff")
    comer = AskedItem(kind=AskedKind.COMER, words="The school nurse")
    asks(told, items=[kept_out, comer])
    client.force_login(told.social_worker)
    address = reverse("families:see-family-history", args=[told.family.pk])
    shown = ""
    for model in (ConferenceRequest, RequestedItem):
        shown += client.get(address, {"kind": model._meta.label_lower}).content.decode()
    assert (GROUNDS in shown, "The school nurse" in shown, "Dale shouts" in shown) == (True, True, False)


def test_it_stands_in_the_chronology_for_staff_alone(client, told):
    request = asks(told)
    answer(request, told.manager, agreed=False, reason="The worker sees the family tomorrow")
    client.force_login(told.social_worker)
    page = client.get(reverse("chronology:chronology", args=[told.family.pk])).content.decode()
    assert f"asks for a conference ({request.reference})" in page.replace("\xa0", " ")
    assert f"for a conference refused ({request.reference})" in page.replace("\xa0", " ")
    sources = {row.key: row for row in event_sources}
    assert all(sources[key].staff_only for key in ("agency-request", "agency-request-answered"))


# A danger for visitors


def of_danger(told, words="A dog that bites"):
    request = asks(told, grounds=words, items=[AskedItem(kind=AskedKind.DOOR, words=words)])
    return request, request.items.get()


def dangers_of(user):
    return [row for row in to_decide(user) if row[1] == "told-danger"]


def test_a_danger_that_an_agency_tells_of_reaches_staff_at_once_by_reference(told):
    request, item = of_danger(told)
    told_of_it = Notice.objects.filter(key=f"told-danger:{item.pk}", urgent=True)
    assert set(told_of_it.values_list("user", flat=True)) == {told.social_worker.pk, told.manager.pk}
    mails = Message.objects.filter(key__startswith=f"told-danger:{item.pk}:")
    assert {row.to_email for row in mails} == {told.social_worker.email, told.manager.email}
    assert all("dog" not in f"{row.subject}{row.body}" and request.reference in row.subject for row in mails)
    assert [len(dangers_of(user)) for user in (told.social_worker, told.manager, told.head)] == [1, 0, 0]


def test_the_worker_records_it_as_a_danger_to_staff_with_who_said_so(client, told):
    request, item = of_danger(told)
    client.force_login(told.social_worker)
    address = reverse("conferences:settle-told-danger", args=[told.family.pk, item.pk])
    page = client.get(address).content.decode()
    assert "A dog that bites" in page
    assert "Choose what the danger is" in client.post(address, {"about": f"person-{told.dale.pk}"}).content.decode()
    sent = {"about": f"person-{told.dale.pk}", "kind": "dog", "words": "Ring first", "source": "The school"}
    assert client.post(address, sent).status_code == HTTPStatus.FOUND
    alert = SafetyAlert.objects.get()
    assert (alert.person, alert.words, alert.source) == (told.dale, "Ring first", "The school")
    assert dangers_of(told.social_worker) == []
    assert client.get(address).status_code == HTTPStatus.NOT_FOUND
    assert (
        "Recorded as a danger to staff"
        in client.get(reverse("conferences:answer-request", args=[told.family.pk, request.pk])).content.decode()
    )


def test_or_says_why_none_is_recorded(client, told):
    _, item = of_danger(told)
    client.force_login(told.social_worker)
    address = reverse("conferences:settle-told-danger", args=[told.family.pk, item.pk])
    assert "Say why no danger is recorded" in client.post(address, {"about": "none"}).content.decode()
    client.post(address, {"about": "none", "because": "The dog died in May"})
    item.refresh_from_db()
    assert (item.settled_how, SafetyAlert.objects.count()) == ("The dog died in May", 0)
    with pytest.raises(ValidationError):
        settle_told_danger(item=of_danger(told, "A knife")[1], alert=None, because="x", by=told.tutor, now=NOW)
