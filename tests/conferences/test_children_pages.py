"""The pages on which a child is added to a conference, corrected in kind, withdrawn and put back."""

from __future__ import annotations

import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conferences.enums import ConferenceStatus, ParticipantStatus
from conferences.models import ConferenceChild
from deadlines.models import Deadline
from notifications.models import Message
from tests.conferences.test_children_come_and_go import LATER, WORDS, add
from tests.factories import AgencyInvolvementFactory, ChildFactory, DecisionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(LATER, tick=False):
        yield


def words(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def url(name, conference, *ids):
    return reverse(f"conferences:{name}", args=[conference.pk, *ids])


def state():
    """Return everything that these pages could write."""
    return (
        list(ConferenceChild.objects.order_by("pk").values()),
        Message.objects.count(),
        list(Deadline.objects.order_by("pk").values()),
    )


def test_the_page_says_what_follows_and_changes_nothing_until_then(told, for_one, client):
    AgencyInvolvementFactory(child=told.wren, agency=told.posts["gp"].agency, post=told.posts["gp"])
    client.force_login(told.coordinator)
    before = state()
    said = words(client.get(url("add-child", for_one, told.wren.pk)))
    assert state() == before
    assert "Martin Alder is proposed for the list" in said
    assert "Anil Dunnock comes for this child too, and is asked to report about this child" in said
    assert "Hold the initial conference Runs on with this conference: by Thursday" in said
    assert re.search(r"Told by e-mail: [^.]*Hazel Brambley", said)
    assert "No one who is invited" not in said


def test_added_withdrawn_and_put_back_by_page(told, for_one, client):
    client.force_login(told.coordinator)
    page = client.get(url("children", for_one))
    assert url("add-child", for_one, told.wren.pk) in page.content.decode()
    assert "The only child can’t be withdrawn" in words(page)
    added = client.post(url("add-child", for_one, told.wren.pk), {"because": "Hurt too."})
    assert added["Location"] == url("change-list", for_one)
    row = for_one.children.get(child=told.wren)
    away = {
        "ground": "other_council", "because": "Held there.", "decided_by": told.manager.pk, "version": row.version,
    }  # fmt: skip
    assert client.post(url("withdraw-child", for_one, row.pk), away).status_code == 302
    assert "Another council holds it. Decided by Dilys Heron" in words(client.get(url("children", for_one)))
    assert client.post(url("add-child", for_one, told.wren.pk), {"because": "Held here after all."}).status_code == 302
    assert for_one.children.present().count() == 2
    assert "Change which children it is about" in words(client.get(url("overview", for_one)))


def test_a_second_tab_finds_what_the_first_did(told, for_one, client):
    client.force_login(told.coordinator)
    row = add(told, for_one, told.wren)
    page = client.get(url("add-child", for_one, told.wren.pk), follow=True)
    assert "The conference is about this child already" in words(page)
    old = {"ground": "moved", "because": "Gone.", "decided_by": told.manager.pk, "version": row.version - 1 or 9}
    page = client.post(url("withdraw-child", for_one, row.pk), old, follow=True)
    assert "Someone else has changed this" in words(page)
    assert "Gone." in page.content.decode()
    assert f'name="version" value="{row.version}"' in page.content.decode()
    assert for_one.children.present().count() == 2


def test_those_taken_off_are_named_and_the_words_are_asked_for(told, for_all, client):
    client.force_login(told.coordinator)
    row = for_all.children.get(child=told.wren)
    before = state()
    page = client.get(url("withdraw-child", for_all, row.pk))
    assert state() == before
    for name in ("Martin Alder", "Callum Reed"):
        assert f"{name} comes only for this child, and is taken off the list unless you let them stay" in words(page)
    typed = {
        "ground": "moved", "because": "Gone to Leeds.", "decided_by": told.chair.pk, "version": row.version,
        "told_text": WORDS,
    }  # fmt: skip
    page = client.post(url("withdraw-child", for_all, row.pk), typed)
    assert "The chair agrees to what members of the family are told" in words(page)
    assert "Gone to Leeds." in page.content.decode()
    callum = for_all.participants.get(person=told.posts["primary"].person)
    done = client.post(url("withdraw-child", for_all, row.pk), {**typed, "words_agreed": "on", "staying": [callum.pk]})
    assert done.status_code == 302
    callum.refresh_from_db()
    assert callum.status == ParticipantStatus.INVITED


def test_the_chair_is_not_asked_whether_the_chair_agrees(told, for_all, client):
    row = for_all.children.get(child=told.wren)
    client.force_login(told.chair)
    assert "words_agreed" not in client.get(url("withdraw-child", for_all, row.pk)).content.decode()


def test_a_wrong_kind_says_why_it_can_t_be_the_others(told, for_one, client):
    client.force_login(told.coordinator)
    row = for_one.children.get(child=told.robin)
    said = words(client.get(url("correct-kind", for_one, row.pk)))
    assert "Robin has been born, so it is not a pre-birth conference." in said
    assert "There is no child protection plan for Robin, so there is nothing to review." in said
    ConferenceChild.objects.filter(pk=row.pk).update(kind="review")
    page = client.get(url("correct-kind", for_one, row.pk), {"kind": "initial"})
    assert "becomes an initial conference" in words(page)
    typed = {"because": "No plan.", "version": row.version}
    assert client.post(f"{url('correct-kind', for_one, row.pk)}?kind=initial", typed).status_code == 302
    row.refresh_from_db()
    assert (row.kind, row.kind_because) == ("initial", "No plan.")


def test_the_last_child_and_one_decided_about_are_refused_with_the_way_on(told, for_one, client):
    client.force_login(told.coordinator)
    row = for_one.children.get(child=told.robin)
    page = client.get(url("withdraw-child", for_one, row.pk))
    assert url("cancel", for_one) in page.content.decode()
    add(told, for_one, told.wren)
    DecisionFactory(conference_child=row, sitting=for_one.sittings.get())
    for name in ("withdraw-child", "correct-kind"):
        assert "already decided for this child" in words(client.get(url(name, for_one, row.pk)))


def test_in_session_only_the_chair_changes_the_children_and_withdraws_on_the_day_s_page(told, for_all, client):
    for_all.status = ConferenceStatus.OPEN
    for_all.save()
    row = for_all.children.get(child=told.wren)
    client.force_login(told.coordinator)
    assert client.get(url("withdraw-child", for_all, row.pk)).status_code == 404
    client.force_login(told.chair)
    page = client.get(url("withdraw-child", for_all, row.pk))
    assert page["Location"] == reverse("meetings:withdraw-child", args=[for_all.pk, row.pk])


def test_a_closed_conference_keeps_its_children(told, for_all, client):
    row = for_all.children.get(child=told.wren)
    for_all.status = ConferenceStatus.CANCELLED
    for_all.cancelled_because = "Not needed."
    for_all.save()
    client.force_login(told.coordinator)
    assert "Add a child" not in words(client.get(url("children", for_all)))
    for name in ("withdraw-child", "correct-kind"):
        assert client.get(url(name, for_all, row.pk)).status_code == 404


def test_many_children_take_as_many_queries_as_one(told, for_one, client):
    client.force_login(told.coordinator)

    def asked():
        with CaptureQueriesContext(connection) as found:
            assert client.get(url("children", for_one)).status_code == 200
        return len(found)

    few = asked()
    for _ in range(8):
        ChildFactory(authority=told.authority, family=told.family)
    assert asked() == few
