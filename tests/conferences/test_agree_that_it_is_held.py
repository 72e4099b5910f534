"""A first conference is held once whoever the council's procedures name agrees; nothing goes out before."""

from __future__ import annotations

from http import HTTPStatus

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.enums import Role
from conferences.selectors.agreements import newest_agreement
from conferences.services.agreements import answer_agreement, take_further
from conferences.services.invitations import change_list, send_invitations
from deadlines.to_decide import to_decide
from notifications.models import Message, Notice
from tests.conferences import story
from tests.conferences.story import NOW
from tests.factories import procedures_with, user_with_role
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@once_per_module(at=NOW)
def told():
    """The Brambley family after the strategy discussion, with a service manager."""
    made = story.tell()
    story.discussed(made)
    made.head = user_with_role(Role.SERVICE_MANAGER, authority=made.authority)
    return made


def asked_with(told, words):
    procedures_with(told.authority, since=NOW.date(), values={"conference-agreed-by": words})
    conference = story.booked(told)
    change_list(
        conference=conference,
        changes=[story.as_listed(row) for row in conference.participants.all()],
        by=told.coordinator,
        now=NOW,
    )
    return conference


def send(told, conference):
    return send_invitations(conference=conference, by=told.coordinator, now=NOW)


def answer(conference, by, *, agreed=True, reason=""):
    return answer_agreement(agreement=newest_agreement(conference), agreed=agreed, reason=reason, by=by, now=NOW)


@pytest.mark.value("conference-agreed-by")
@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("team manager", {"manager"}),
        ("chair", {"chair"}),
        ("service manager", {"head"}),
        ("team manager and chair", {"manager", "chair"}),
        ("nobody", set()),
    ],
)
def test_those_whom_the_procedures_name_are_told_have_it_on_their_list_and_agree(told, words, named):
    conference = asked_with(told, words)
    people = {name: getattr(told, name) for name in ("manager", "chair", "head", "coordinator", "social_worker")}
    listed = {who for who, user in people.items() if "conference" in {key for _, key, *_ in to_decide(user)}}
    notices = Notice.objects.filter(text__contains="whether this conference is held").values_list("user", flat=True)
    heard = {who for who, user in people.items() if user.pk in notices}
    assert (listed, heard) == (named, named)
    if not named:
        send(told, conference)
        assert Message.objects.exists()
        return
    with pytest.raises(ValidationError, match="Nothing goes out before the"):
        send(told, conference)
    assert not Message.objects.exists()
    for who, user in people.items():
        if who not in named:
            with pytest.raises(ValidationError, match="Only the"):
                answer(conference, user)
    answer(conference, people[min(named)])
    assert not any("conference" in {key for _, key, *_ in to_decide(user)} for user in people.values())
    send(told, conference)
    assert Message.objects.exists()


def test_whom_the_procedures_name_agrees_by_asking(told):
    told.coordinator, asks = told.manager, told.coordinator
    conference = story.convene_conference(
        family=told.family,
        children=story.to_confer(told),
        reason="Bruises",
        booking=story.booking(told, coordinator=asks),
        by=told.manager,
        now=NOW,
    )
    agreement = newest_agreement(conference)
    assert (agreement.agreed, agreement.answered_by) == (True, told.manager)


def test_a_refusal_says_why_is_told_and_goes_to_a_service_manager_once(told):
    conference = asked_with(told, "team manager")
    with pytest.raises(ValidationError) as refused:
        answer(conference, told.manager, agreed=False)
    assert list(refused.value.message_dict) == ["reason"]
    answer(conference, told.manager, agreed=False, reason="A family meeting first")
    said = Notice.objects.get(user=told.coordinator, text__contains="does not agree")
    assert said.url == reverse("conferences:agree", args=[conference.pk])
    with pytest.raises(ValidationError, match="does not agree that this conference is held"):
        send(told, conference)
    further = take_further(
        agreement=newest_agreement(conference), because="Robin is hurt again", by=told.social_worker, now=NOW
    )
    assert "conference" in {key for _, key, *_ in to_decide(told.head)}
    assert "conference" not in {key for _, key, *_ in to_decide(told.manager)}
    answer(conference, told.head, agreed=False, reason="Not yet")
    with pytest.raises(ValidationError, match="can't be taken further"):
        take_further(agreement=newest_agreement(conference), because="Again", by=told.social_worker, now=NOW)
    assert further.conference == conference


def test_the_pages_ask_and_show_the_road_to_disagree(told, client):
    conference = asked_with(told, "team manager")
    page = reverse("conferences:agree", args=[conference.pk])
    client.force_login(told.social_worker)
    assert "Record my answer" not in client.get(page).content.decode()
    client.force_login(told.manager)
    shown = client.get(page)
    form = shown.context["form"]
    typed = {"agreement": form["agreement"].value(), "answer": "no", "reason": ""}
    assert "Say why you do not agree" in client.post(page, typed).content.decode()
    assert client.post(page, typed | {"reason": "Not now"}).status_code == HTTPStatus.FOUND
    client.force_login(told.social_worker)
    further = reverse("conferences:disagree", args=[conference.pk])
    assert further in client.get(page).content.decode()
    overview = client.get(reverse("conferences:overview", args=[conference.pk])).content.decode()
    assert "does not agree that this conference is held" in overview
    assert client.post(further, {"because": "She is hurt"}).status_code == HTTPStatus.FOUND
    assert newest_agreement(conference).taken_further
