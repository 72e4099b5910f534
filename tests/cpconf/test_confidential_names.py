"""A school whose name is confidential stands on no page before or during its conference, until someone gives a reason.

The walk over every page after the conference is in ``test_access_matrix.py``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conferences.enums import ParticipantStatus
from conferences.models import Participant
from conferences.selectors.places_of_work import works_as
from conferences.selectors.proposing import proposals_for
from conferences.services.invitations import send_invitations
from conferences.urls import of_a_family
from families.models import AgencyInvolvement, Post, WhereaboutsReveal
from families.selectors.agency_names import name_on_page
from meetings.models import BoardEntry
from notifications.models import Message
from notifications.services.outbox import send_due
from tests.conferences.conftest import NOW, meeting, planned
from tests.factories import ConferenceFactory, FamilyFactory, PersonFactory, PostFactory
from tests.world import _addresses

__all__ = ["meeting", "planned"]
pytestmark = pytest.mark.django_db

GIVEN_AWAY = re.compile(r"meadow\W*lane", re.IGNORECASE)
MAILBOX = "c.reed@meadowlane.example"
KNOWN = {"pk", "participant_pk", "conference_pk"}
APPS = (
    "conferences:",
    "meetings:",
    "reports:",
    "conference_plans:",
    "conference_core_groups:",
    "core_groups:",
    "transfers:",
    "allegations:",
    "core_group_minutes:",
    "plan_papers:",
)


@pytest.fixture(autouse=True)
def _the_time() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def hide(story: SimpleNamespace) -> SimpleNamespace:
    """Mark Wren's school, whose worker's mailbox and job title tell its name too."""
    row = story.people.callum
    AgencyInvolvement.objects.filter(agency=row.agency).update(confidential=True, post=row.post)
    Post.objects.filter(pk=row.post_id).update(email=MAILBOX, title="Head of Meadow Lane")
    Participant.objects.filter(pk=row.pk).update(email=MAILBOX, reports=True)
    PostFactory(agency=row.agency, person=PersonFactory(authority=story.authority), email="office@meadowlane.example")
    row.refresh_from_db()
    return story


@pytest.fixture
def ahead(planned: SimpleNamespace) -> SimpleNamespace:
    """The conference before its day, with some invitations sent and some not."""
    story = hide(planned)
    rows = story.conference.participants
    rows.exclude(pk=story.people.callum.pk).update(status=ParticipantStatus.LEFT_OUT, change_reason="Not this time")
    rows.filter(pk=story.people.callum.pk).update(status=ParticipantStatus.TO_INVITE, invited_at=None)
    return story


@pytest.fixture
def under_way(meeting: SimpleNamespace) -> SimpleNamespace:
    """The conference in session: the head has spoken."""
    story = hide(meeting)
    BoardEntry.objects.create(
        conference=story.conference, heading="worries", text="She is late", nature="fact", speaker=story.people.callum,
        part=story.part, created_by=story.coordinator, created_at=NOW,
    )  # fmt: skip
    return story


def pages_of(story: SimpleNamespace) -> Iterator[tuple[str, str]]:
    """Return every page of the conference that needs no more than its number, and the head's."""
    before_it = {pattern.name for pattern in of_a_family}
    for name, parts in _addresses().items():
        if name.startswith(APPS) and set(parts) <= KNOWN:
            pk = story.family.pk if name.partition(":")[2] in before_it else story.conference.pk
            numbers = {"pk": pk, "participant_pk": story.people.callum.pk, "conference_pk": story.conference.pk}
            yield name, reverse(name, kwargs={part: numbers[part] for part in parts})


def named_on(story: SimpleNamespace, *people: Any) -> tuple[set[str], set[str]]:
    """Return the pages that these people open, and those of them that give the school away."""
    opened, found = set(), set()
    for user in people:
        client = signed_in(user)
        for name, address in pages_of(story):
            answer = client.get(address)
            if answer.status_code == 200 and not answer.streaming:
                opened.add(name)
                if GIVEN_AWAY.search(answer.content.decode()):
                    found.add(name)
    return opened, found


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_no_page_names_it_before_the_conference(ahead: SimpleNamespace) -> None:
    opened, found = named_on(ahead, ahead.coordinator, ahead.chair, ahead.worker)
    assert found == set()
    assert opened >= {
        "conferences:overview", "conferences:people", "conferences:change-list", "conferences:check-invitations",
        "conferences:add-participant", "conferences:participant", "conferences:guest-link", "reports:papers",
    }  # fmt: skip


def test_no_page_names_it_during_the_conference(under_way: SimpleNamespace) -> None:
    opened, found = named_on(under_way, under_way.coordinator, under_way.chair)
    assert found == set()
    assert opened >= {"meetings:attendance", "meetings:board", "meetings:add-attendee", "meetings:day"}


def test_what_it_is_stands_where_its_name_would(ahead: SimpleNamespace) -> None:
    page = signed_in(ahead.coordinator).get(reverse("conferences:people", args=[ahead.conference.pk]))
    assert "Job title confidential, School or college (name confidential)" in page.content.decode()


def test_those_who_look_for_somebody_at_it_are_told_its_kind(ahead: SimpleNamespace) -> None:
    AgencyInvolvement.objects.filter(agency=ahead.people.callum.agency).update(post=None)
    assert [said for said in proposals_for(ahead.conference, on=NOW.date()).missing if "School" in said] == [
        "School or college (name confidential) knows Wren, but no one who works there now is named. Choose someone."
    ]


@pytest.mark.parametrize(
    "page", ["people", "change-list", "check-invitations", "add-participant", "participant", "guest-link"]
)
def test_those_who_arrange_see_it_for_a_reason_and_come_back(ahead: SimpleNamespace, page: str) -> None:
    numbers = [ahead.conference.pk, *([ahead.people.callum.pk] if page in {"participant", "guest-link"} else [])]
    before, client = reverse(f"conferences:{page}", args=numbers), signed_in(ahead.coordinator)
    reveal = f"{reverse('families:reveal-whereabouts', args=[ahead.family.pk])}?back={quote(before, safe='')}"
    assert f'href="{reveal}"' in client.get(before).content.decode()
    asked = client.get(reveal).content.decode()
    assert not GIVEN_AWAY.search(asked)
    shown = client.post(reveal, {"reason": "To write to the right school"}).content.decode()
    assert GIVEN_AWAY.search(shown)
    assert f'href="{before}"' in shown
    assert WhereaboutsReveal.objects.get().reason == "To write to the right school"


def test_nobody_is_asked_for_a_reason_where_nothing_is_left_out(planned: SimpleNamespace) -> None:
    page = signed_in(planned.coordinator).get(reverse("conferences:people", args=[planned.conference.pk]))
    assert "Give a reason" not in page.content.decode()
    assert "Meadow Lane Primary" in page.content.decode()


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:x", ""])
def test_the_way_back_never_leads_away(ahead: SimpleNamespace, back: str) -> None:
    address = f"{reverse('families:reveal-whereabouts', args=[ahead.family.pk])}?back={quote(back)}"
    client, family = signed_in(ahead.coordinator), reverse("families:family", args=[ahead.family.pk])
    assert client.get(address)["Location"] == family
    shown = client.post(address, {"reason": "To ring"}).content.decode()
    assert "evil.example" not in shown.partition("<main")[2]
    assert f'href="{family}"' in shown


def list_as_saved(story: SimpleNamespace, client: Client, **typed: str) -> str:
    """Save the list of people with these words in the head's row, and return their address."""
    row = story.people.callum
    address = reverse("conferences:change-list", args=[story.conference.pk])
    form = client.get(address).context["form"]
    said = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False, "")}
    for name, words in typed.items():
        said[f"{row.pk}-{name}"] = words
    for other in story.conference.participants.exclude(pk=row.pk):
        said.pop(f"{other.pk}-wanted", None)
    answer = client.post(address, said)
    assert answer.status_code == 302, answer.context["form"].errors
    row.refresh_from_db()
    return str(row.email)


def test_an_address_that_is_not_shown_stays_where_nothing_is_typed(ahead: SimpleNamespace) -> None:
    client = signed_in(ahead.coordinator)
    assert list_as_saved(ahead, client) == MAILBOX
    assert list_as_saved(ahead, client, email="c.reed@another.example") == "c.reed@another.example"
    assert list_as_saved(ahead, client, invited_how="By telephone, on the day") == ""


def test_someone_added_from_it_is_written_to_where_they_work(ahead: SimpleNamespace) -> None:
    colleague = Post.objects.get(email="office@meadowlane.example")
    address = reverse("conferences:add-participant", args=[ahead.conference.pk])
    signed_in(ahead.coordinator).post(
        address,
        {
            "who": "post", "worker": f"post-{colleague.pk}", "capacity": "professional", "children": [ahead.wren.pk],
            "reason": "Knows her best",
        },
    )  # fmt: skip
    assert ahead.conference.participants.get(post=colleague).email == colleague.email


def test_the_outbox_tells_no_address_there_and_the_message_goes_there(ahead: SimpleNamespace) -> None:
    send_invitations(conference=ahead.conference, by=ahead.coordinator, now=NOW)
    message = Message.objects.get(to_email=MAILBOX)
    client = signed_in(ahead.coordinator)
    for page in (reverse("notifications:outbox"), reverse("notifications:see-message", args=[message.pk])):
        answer = client.get(page).content.decode()
        assert not GIVEN_AWAY.search(answer)
        assert "E-mail address confidential" in answer
    send_due(now=NOW, limit=50)
    message.refresh_from_db()
    assert message.sent_at


def test_it_is_named_for_another_family(ahead: SimpleNamespace) -> None:
    other = ConferenceFactory(family=FamilyFactory(team=ahead.team))
    school = ahead.people.callum.agency
    assert name_on_page(school, other.family_id) == "Meadow Lane Primary"
    assert name_on_page(school, ahead.family.pk) == "School or college (name confidential)"
    assert name_on_page(school, None) == "School or college (name confidential)"


def test_it_stays_confidential_when_the_child_has_left_it(ahead: SimpleNamespace) -> None:
    AgencyInvolvement.objects.filter(agency=ahead.people.callum.agency).update(ends_on=NOW.date())
    assert works_as(ahead.people.callum) == "School or college (name confidential)"


def test_a_brothers_page_does_not_name_his_sisters_school(ahead: SimpleNamespace) -> None:
    AgencyInvolvement.objects.create(child=ahead.robin.child, agency=ahead.people.callum.agency)
    page = reverse("families:person", args=[ahead.family.pk, ahead.robin.child.person_id])
    answer = signed_in(ahead.worker).get(page).content.decode()
    assert not GIVEN_AWAY.search(answer)
    assert "Name confidential" in answer


@pytest.mark.parametrize("said", [None, {"given_name": "Ida"}])
def test_names_cost_one_query_a_page_and_in_a_form_that_comes_back(under_way: SimpleNamespace, said: Any) -> None:
    client = signed_in(under_way.coordinator)
    page = reverse("meetings:add-attendee", args=[under_way.conference.pk])
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(page) if said is None else client.post(page, said)
    assert answer.content.decode().count("(name confidential)") > 1
    marked = [query for query in asked if 'IN (SELECT U0."agency_id"' in query["sql"]]
    assert len(marked) == 1
