"""The pages of a move to another council and of one from there, from the first news to the end of the plan."""

from __future__ import annotations

import pytest
import time_machine
from django.urls import reverse

from families.models import AgencyInvolvement
from reports.models import Copy
from reports.services.documents import composed_copy, release_document
from reports.services.later_recipients import release_to_later
from tests.reports.story import NOW
from tests.sending import given_by_hand
from transfers.enums import OutState
from transfers.models import PaperReceived, TransferOut

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    with time_machine.travel(NOW, tick=False):
        yield


def url(world, page, *more, transfer=None):
    return reverse(f"transfers:{page}", args=[world.family.pk, (transfer or world.transfer_out).pk, *more])


def text(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_recording_answering_and_what_it_leads_to(world, client, today):
    client.force_login(world.manager)
    family = text(client, reverse("families:family", args=[world.family.pk]))
    assert "Northmoor Council, told on" in family
    page = text(client, url(world, "transfer"))
    assert "Told, no answer yet" in page
    assert "Our plan stays" in page
    assert "Visit and see the child" in page
    TransferOut.objects.filter(pk=world.transfer_out.pk).update(told_on=NOW.date())
    sent = {
        "children": [world.transfer_out.children.get().pk],
        "state": "accepted",
        "said": "Their manager wrote",
        "stay": "for_good",
        "conference_on": "2026-12-22",
        "responsible_from": "2026-12-22",
        "letter_kept": "File 1",
        "version": 1,
    }
    missing = client.post(url(world, "answer"), {**sent, "letter_kept": ""})
    assert "Upload its letter first, or say where it is kept" in missing.content.decode()
    answer = client.post(url(world, "answer"), sent)
    assert answer.status_code == 302, answer.context["form"].errors
    assert world.transfer_out.children.get().state == OutState.ACCEPTED
    page = text(client, url(world, "transfer"))
    assert reverse("plans:end-moved", args=[world.plan.pk]) in page
    form = client.get(reverse("plans:end-moved", args=[world.plan.pk])).context["form"]
    assert form.initial["where_to"] == "Northmoor Council"
    assert form.initial["letter_kept"] == "File 1"


def test_a_move_is_recorded_with_a_council_the_children_are_known_to(world, client, today):
    client.force_login(world.worker)
    page = text(client, reverse("transfers:record-transfer", args=[world.family.pk]))
    assert "Northmoor Council" in page
    council = world.transfer_out.agency
    sent = {
        "children": [world.wren.pk],
        "agency": council.pk,
        "told_on": NOW.date().isoformat(),
        "moved_on": "",
        "stay": "not_known",
        "who_visits": "both",
        "visits_agreed": "Each week",
    }
    answer = client.post(reverse("transfers:record-transfer", args=[world.family.pk]), sent)
    assert answer.status_code == 302, answer.context["form"].errors
    assert TransferOut.objects.count() == 2
    answer = client.post(url(world, "who-visits"), {"who_visits": "ours", "visits_agreed": "Daily", "version": 1})
    assert answer.status_code == 302, answer.context["form"].errors


def test_without_another_council_the_page_says_what_comes_first(world, client, today):
    AgencyInvolvement.objects.filter(agency=world.transfer_out.agency).delete()
    client.force_login(world.worker)
    assert "Add the other council as an agency" in text(
        client, reverse("transfers:record-transfer", args=[world.family.pk])
    )


def test_minutes_go_to_the_worker_there_only_by_the_chair_and_only_about_who_moves(world, client, today):
    minutes, recipient = world.documents["minutes"], world.of.successor
    pdf = reverse("reports:minutes-pdf", args=[world.conference.pk, minutes.pk, recipient.pk])
    client.force_login(world.coordinator)
    send = reverse("reports:circulation", args=[world.conference.pk, minutes.pk])
    asked = {one.pk for one in client.get(send).context["page"].to_send}
    assert recipient.pk not in asked
    assert client.get(pdf).status_code == 409
    client.force_login(world.chair)
    assert "takes the case over" in text(client, reverse("reports:minutes", args=[world.conference.pk]))
    decide = reverse("reports:release-later", args=[world.conference.pk, minutes.pk, recipient.pk])
    assert client.get(decide).status_code == 200
    assert client.post(decide).status_code == 302
    client.force_login(world.coordinator)
    answer = client.post(send, given_by_hand(client.get(send), recipient.pk, NOW))
    assert answer.status_code == 302, answer.context["form"].errors
    assert Copy.objects.filter(document=minutes, recipient=recipient).exists()
    assert "Sent" in text(client, url(world, "transfer"))


def test_the_copy_tells_only_of_the_child_who_moves_and_changes_no_other(world, today):
    minutes = world.documents["minutes"]
    hazels = composed_copy(minutes, world.of.hazel.pk, now=NOW)
    release_to_later(document=minutes, recipient=world.of.successor, by=world.chair, now=NOW)
    release_to_later(document=minutes, recipient=world.of.successor, by=world.chair, now=NOW)
    copy = composed_copy(minutes, world.of.successor.pk, now=NOW)
    assert [child.short_name for child in copy.children] == ["Robin"]
    assert [row.text for row in copy.passages if "Wren" in row.text and "Robin" not in row.text] == []
    assert composed_copy(minutes, world.of.hazel.pk, now=NOW) == hazels
    minutes.refresh_from_db()
    assert minutes.settled_for.count() == 1
    assert release_document(document=minutes, by=world.chair, now=NOW) == minutes


def test_papers_that_came_and_the_ending_there(world, client, today):
    client.force_login(world.worker)
    at = {"transfer": world.transfer}
    assert "Not recorded yet" in text(client, url(world, "transfer-in", **at))
    sent = {"outcome": "came", "on": NOW.date().isoformat(), "note": "By secure e-mail"}
    answer = client.post(url(world, "receive-paper", "core-groups", **at), sent)
    assert answer.status_code == 302, answer.context["form"].errors
    assert PaperReceived.objects.get().note == "By secure e-mail"
    ending = {"ended_on": NOW.date().isoformat(), "letter_kept": "File 2"}
    answer = client.post(url(world, "ended-there", **at), ending)
    assert answer.status_code == 302, answer.context["form"].errors
    assert "Ended on" in text(client, url(world, "transfer-in", **at))


def test_no_page_names_a_council_to_which_a_move_is_hidden(world, client, today):
    AgencyInvolvement.objects.filter(agency=world.transfer_out.agency).update(confidential=True)
    client.force_login(world.manager)
    for address in (
        url(world, "transfer"),
        url(world, "answer"),
        url(world, "see-history"),
        url(world, "see-as-it-was"),
        reverse("transfers:record-transfer", args=[world.family.pk]),
        reverse("families:family", args=[world.family.pk]),
        reverse("plans:ending", args=[world.plan.pk]),
        reverse("reports:minutes", args=[world.conference.pk]),
    ):
        page = text(client, address)
        assert "Northmoor" not in page, address
        assert "northmoor.example" not in page, address
    assert "Fell" not in text(client, url(world, "transfer"))
