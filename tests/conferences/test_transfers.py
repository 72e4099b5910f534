"""Children who moved here with another council's plan: the notification, its time limit, and the outcome."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from conferences.enums import ConferenceKind
from conferences.models import Decision
from conferences.selectors.transfers import transfers_of, waiting_transfers
from conferences.services.booking import ChildToConfer
from conferences.services.scheduling import cancel_conference, convene_conference, request_conference
from conferences.services.transfers import record_transfer_in, settle_transfer
from deadlines.models import Deadline
from deadlines.services import reconcile
from families.enums import TransferState
from families.models import TransferIn
from tests.conferences import story
from tests.conferences.story import LONDON, NOW, STARTS_AT
from tests.factories import ChildFactory

pytestmark = pytest.mark.django_db
TOLD_ON = datetime.date(2026, 12, 7)
LAST = datetime.date(2026, 12, 30)


def moved(told, *, children=None, notified_on=TOLD_ON, now=NOW, **changes):
    facts = {
        "from_authority": "Northmoor",
        "told_by": "The social worker there, by phone",
        "plan_there": "Neglect, since May",
        **changes,
    }
    return record_transfer_in(
        family=told.family,
        children=[told.wren] if children is None else children,
        notified_on=notified_on,
        by=told.social_worker,
        now=now,
        **facts,
    )


def clocks():
    rows = Deadline.objects.filter(kind="transfer-in-conference").order_by("fact_id")
    return [(row.child_id, row.due_on, row.met_at, row.not_needed) for row in rows]


def conferred(told, transfer, **changes):
    return convene_conference(
        family=told.family,
        children=[ChildToConfer(child=told.wren, kind=ConferenceKind.TRANSFER_IN, transfer=transfer)],
        reason="Moved here",
        booking=story.booking(told, **changes),
        by=told.coordinator,
        now=NOW,
    )


def test_the_limit_runs_from_the_notification_before_a_conference_is_requested(told):
    moved(told)
    assert clocks() == [(told.wren.pk, LAST, None, "")]
    row = Deadline.objects.get(kind="transfer-in-conference")
    assert (row.conference_id, row.responsible_ids) == (None, [told.social_worker.pk])
    assert [row.child for row in waiting_transfers(told.family)] == [told.wren]


def test_requesting_a_conference_later_does_not_restart_it(told):
    conference = conferred(told, moved(told)[0])
    assert clocks() == [(told.wren.pk, LAST, None, "")]
    assert Deadline.objects.get(kind="transfer-in-conference").conference_id == conference.pk
    assert waiting_transfers(told.family) == []


def test_the_decision_for_the_child_meets_it(told):
    conference = conferred(told, moved(told)[0])
    conference.opened_at = STARTS_AT
    conference.save()
    decided_at = STARTS_AT + datetime.timedelta(hours=2)
    Decision.objects.create(
        conference_child=conference.children.get(),
        sitting=conference.sittings.get(),
        outcome="nothing",
        rationale="Safe",
        decided_by=told.chair,
        decided_at=decided_at,
    )
    reconcile(family_ids=[told.family.pk], now=NOW)
    assert clocks() == [(told.wren.pk, LAST, decided_at, "")]
    assert [row.words for row in transfers_of(told.family)] == ["Decided at a conference"]


def test_a_cancelled_conference_leaves_it_running(told):
    conference = conferred(told, moved(told)[0])
    cancel_conference(conference=conference, reason="Chair ill", by=told.coordinator, now=NOW)
    assert clocks() == [(told.wren.pk, LAST, None, "")]


def test_siblings_notified_on_different_days_have_their_own_limits(told):
    moved(told)
    moved(told, children=[told.robin], notified_on=TOLD_ON + datetime.timedelta(days=1))
    assert [row[:2] for row in clocks()] == [(told.wren.pk, LAST), (told.robin.pk, datetime.date(2026, 12, 31))]


def test_notification_on_christmas_day_counts_from_that_day(told):
    moved(told, notified_on=datetime.date(2026, 12, 25), now=datetime.datetime(2026, 12, 28, 9, tzinfo=LONDON))
    assert [row[1] for row in clocks()] == [datetime.date(2027, 1, 19)]


def test_the_same_notification_twice_makes_one(told):
    assert moved(told) == moved(told)
    assert TransferIn.objects.count() == 1


def test_a_second_notification_of_the_same_move_is_refused(told):
    moved(told)
    with pytest.raises(ValidationError) as raised:
        moved(told, notified_on=TOLD_ON + datetime.timedelta(days=2), told_by="The school")
    assert raised.value.message_dict == {
        "children": ["A move of Wren is already recorded: we were told on 7 December 2026. The first news counts."]
    }


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"notified_on": NOW.date() + datetime.timedelta(days=1)}, "notified_on"),
        ({"from_authority": "  "}, "from_authority"),
        ({"told_by": ""}, "told_by"),
        ({"children": []}, "children"),
    ],
)
def test_refuses_impossible_values(told, changes, field):
    with pytest.raises(ValidationError) as raised:
        moved(told, **changes)
    assert list(raised.value.message_dict) == [field]
    assert TransferIn.objects.count() == 0


def test_refuses_a_child_of_another_family(told):
    with pytest.raises(ValidationError) as raised:
        moved(told, children=[ChildFactory(authority=told.authority)])
    assert raised.value.message_dict == {"children": ["Choose children who belong to this family."]}


def test_refuses_a_day_for_which_the_council_has_no_policy(told):
    with pytest.raises(ValidationError, match="no procedures in force"):
        moved(told, notified_on=datetime.date(2015, 1, 5))


def test_a_transfer_in_conference_needs_the_notification(told):
    with pytest.raises(ValidationError) as raised:
        request_conference(
            family=told.family,
            children=[ChildToConfer(child=told.wren, kind=ConferenceKind.TRANSFER_IN)],
            reason="x",
            by=told.coordinator,
            now=NOW,
        )
    assert raised.value.message_dict == {
        "children": ["First record who told us about the move, and when. The time limit runs from that day."]
    }


@pytest.mark.parametrize(
    "state", [TransferState.TEMPORARY, TransferState.REFUSED, TransferState.RETURNED, TransferState.CANCELLED]
)
def test_only_a_permanent_move_keeps_the_limit_running(told, state):
    transfer = moved(told)[0]
    settle_transfer(transfer=transfer, state=state, reason="Their manager wrote", by=told.manager, now=NOW)
    assert clocks() == [(told.wren.pk, LAST, None, f"The move: {state.label.lower()}.")]
    settle_transfer(transfer=transfer, state=TransferState.ACCEPTED, reason="For good", by=told.manager, now=NOW)
    assert clocks() == [(told.wren.pk, LAST, None, "")]


def test_after_a_temporary_stay_a_new_notification_starts_a_new_limit(told):
    transfer = moved(told)[0]
    settle_transfer(transfer=transfer, state=TransferState.TEMPORARY, reason="A month", by=told.manager, now=NOW)
    later = moved(told, notified_on=TOLD_ON + datetime.timedelta(days=2))[0]
    assert [(row[1], row[3]) for row in clocks()] == [
        (LAST, "The move: here for a time only."),
        (datetime.date(2027, 1, 4), ""),
    ]
    assert later.pk != transfer.pk


def test_a_move_with_an_arranged_conference_cannot_be_refused(told):
    transfer = moved(told)[0]
    conferred(told, transfer)
    with pytest.raises(ValidationError) as raised:
        settle_transfer(transfer=transfer, state="refused", reason="x", by=told.manager, now=NOW)
    assert raised.value.message_dict == {"state": ["A conference about this move is already arranged. Cancel first."]}


def test_settling_needs_a_reason_and_is_idempotent(told):
    transfer = moved(told)[0]
    with pytest.raises(ValidationError) as raised:
        settle_transfer(transfer=transfer, state="accepted", reason=" ", by=told.manager, now=NOW)
    assert raised.value.message_dict == {"reason": ["Say what this is based on."]}
    first = settle_transfer(transfer=transfer, state="accepted", reason="Lease", by=told.manager, now=NOW)
    later = NOW + datetime.timedelta(hours=1)
    again = settle_transfer(transfer=transfer, state="accepted", reason="Lease", by=told.coordinator, now=later)
    assert (again.state_at, again.state_by) == (first.state_at, told.manager)


# pages


@pytest.fixture
def at_work(told):
    with time_machine.travel(NOW, tick=False):
        yield told


TYPED = {
    "notified_on_day": "7",
    "notified_on_month": "12",
    "notified_on_year": "2026",
    "from_authority": "Northmoor",
    "told_by": "The social worker there",
    "plan_there": "Neglect",
}


def test_the_page_records_the_notification_and_the_family_shows_the_last_day(at_work, client):
    client.force_login(at_work.social_worker)
    url = reverse("conferences:record-transfer-in", args=[at_work.family.pk])
    response = client.post(url, {"children": [at_work.wren.pk], **TYPED})
    assert response["Location"] == reverse("conferences:enquiries", args=[at_work.family.pk])
    page = client.get(response["Location"]).content.decode()
    assert "Northmoor: Neglect" in page
    assert "Wed\xa030\xa0Dec" in page
    panel = client.get(reverse("families:family", args=[at_work.family.pk])).content.decode()
    assert "from Northmoor" in panel


def test_a_refused_form_keeps_the_input(at_work, client):
    client.force_login(at_work.social_worker)
    url = reverse("conferences:record-transfer-in", args=[at_work.family.pk])
    page = client.post(url, {**TYPED, "told_by": ""}).content.decode()
    assert "Choose at least one child" in page
    assert "Enter who told us" in page
    assert 'value="Northmoor"' in page


def test_scheduling_proposes_a_transfer_in_conference_for_the_child_who_moved(at_work, client):
    moved(at_work)
    client.force_login(at_work.social_worker)
    url = reverse("conferences:schedule", args=[at_work.family.pk])
    assert "We were told of the move on" in client.get(url).content.decode()
    form = client.get(url, {"day": "2026-12-22"}).context["form"]
    assert form[f"kind-{at_work.wren.pk}"].value() == ConferenceKind.TRANSFER_IN
    assert form["children"].value() == [at_work.wren.pk]


def test_the_outcome_page(at_work, client):
    transfer = moved(at_work)[0]
    client.force_login(at_work.manager)
    url = reverse("conferences:settle-transfer-in", args=[at_work.family.pk, transfer.pk])
    assert "What was the outcome of the move?" in client.get(url).content.decode()
    refused = client.post(url, {"state": "refused", "reason": ""}).content.decode()
    assert "Say what this is based on" in refused
    client.post(url, {"state": "refused", "reason": "They keep the case"})
    transfer.refresh_from_db()
    assert (transfer.state, transfer.state_by) == (TransferState.REFUSED, at_work.manager)
    assert (
        "They keep the case" in client.get(reverse("conferences:enquiries", args=[at_work.family.pk])).content.decode()
    )


def test_a_move_of_another_family_is_not_found(at_work, client):
    other = story.tell()
    transfer = record_transfer_in(
        family=other.family,
        children=[other.wren],
        notified_on=TOLD_ON,
        from_authority="Northmoor",
        told_by="A call",
        plan_there="",
        by=other.social_worker,
        now=NOW,
    )[0]
    client.force_login(at_work.manager)
    url = reverse("conferences:settle-transfer-in", args=[at_work.family.pk, transfer.pk])
    assert client.get(url).status_code == 404
