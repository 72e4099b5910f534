"""From one child's decision to the next: people, visits and actions are offered, nothing that is decided."""

from __future__ import annotations

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from meetings.enums import Harm, ViewStatus
from meetings.models import OutlineAction
from meetings.services.outline import add_action, share_actions
from meetings.services.views_given import record_view
from tests.conferences.conftest import NOW
from tests.meetings.test_day_pages import decision_form

pytestmark = pytest.mark.django_db

NEVER_OFFERED = ("outcome", "main_category", "categories", "rationale", "help_offered", "visit_reason")


@pytest.fixture(autouse=True)
def the_time():
    with time_machine.travel(NOW, tick=False):
        yield


def url(name, *args):
    return reverse(f"meetings:{name}", args=args)


def draft(meeting, **changes):
    facts = {"why": "Fear", "what": "A safe home", "who_else": "Everybody", "by_when_words": "from today"}
    return add_action(conference=meeting.conference, by=meeting.coordinator, now=NOW, **{**facts, **changes})


@pytest.fixture
def decided_for_wren(client, meeting):
    draft(meeting, children=[meeting.wren])
    for who in ("amara", "callum", "ngozi", "beth", "hazel"):
        record_view(
            conference_child=meeting.wren, participant=getattr(meeting.people, who), harm=Harm.LIKELY,
            status=ViewStatus.CP_PLAN, category="EMO", reason="Because", by=meeting.coordinator, now=NOW,
        )  # fmt: skip
    client.force_login(meeting.chair)
    form = decision_form(meeting, visit_every_working_days="5", core_group=[meeting.people.ngozi.pk])
    looked = client.post(url("decide", meeting.conference.pk, meeting.wren.pk), form)
    carried: dict = {}
    for name, value in looked.context["carried"]:
        carried.setdefault(name, []).append(value)
    return client.post(url("check-decision", meeting.conference.pk, meeting.wren.pk), carried, follow=True)


def test_the_next_child_is_offered_people_and_visits_and_decided_alone(decided_for_wren, meeting):
    assert decided_for_wren.redirect_chain[-1][0] == url("decide", meeting.conference.pk, meeting.robin.pk)
    page = decided_for_wren.content.decode()
    assert "are offered as you decided them for Wren" in page
    form = decided_for_wren.context["form"]
    assert form["visit_every_working_days"].value() == 5
    assert form["core_group"].value() == [str(meeting.people.ngozi.pk)]
    assert form["key_worker"].value() == meeting.worker.pk
    assert {name: form[name].value() for name in NEVER_OFFERED if form[name].value()} == {}
    assert "views" not in form.fields
    assert not any(row.view for row in decided_for_wren.context["sheet"].rows)


def test_shared_actions_become_the_childs_own_once_and_private_ones_are_never_offered(
    client, decided_for_wren, meeting
):
    draft(meeting, what="Dale’s course", children=[meeting.wren], private_to=[meeting.people.dale.person])
    address = url("share-actions", meeting.conference.pk, meeting.robin.pk)
    page = client.get(address).content.decode()
    assert "A safe home" in page
    assert "Dale’s course" not in page
    shared = OutlineAction.objects.get(what="A safe home")
    for _ in range(2):
        assert client.post(address, {"actions": [shared.pk]}).status_code == 302
    own = OutlineAction.objects.get(children=meeting.robin)
    assert (own.pk != shared.pk, own.why, own.who_else, own.by_when_words) == (True, "Fear", "Everybody", "from today")
    assert list(shared.children.all()) == [meeting.wren]


def test_an_action_with_private_information_is_not_shared_by_the_service_either(meeting):
    private = draft(meeting, children=[meeting.wren], private_to=[meeting.people.dale.person])
    with pytest.raises(ValidationError) as refused:
        share_actions(conference_child=meeting.robin, actions=[private], by=meeting.coordinator, now=NOW)
    assert list(refused.value.message_dict) == ["actions"]
    assert not OutlineAction.objects.filter(children=meeting.robin).exists()
