"""A child who moved here: which papers came, and when the other council’s plan leaves our list."""

from __future__ import annotations

import datetime
from datetime import date

import pytest
from django.core.exceptions import ValidationError

from conferences.enums import ConferenceKind, Outcome
from conferences.services.transfers import record_transfer_in
from families.enums import TransferState
from plans.models import Plan
from plans.selectors.listed_children import list_of, listed_children
from tests.case_events import CaseEvents, at
from tests.stories import once_per_module
from transfers.enums import Arrival, PaperKind
from transfers.models import PaperReceived
from transfers.selectors.transfers_in import transfer_in_page
from transfers.services.endings_there import end_plan_there
from transfers.services.papers import record_paper_received

pytestmark = pytest.mark.django_db

TOLD_ON = date(2026, 12, 7)
HELD_ON = date(2026, 12, 22)
NOW = at(date(2027, 1, 11))
LETTER = "File 27-0003, 5 January"


@once_per_module()
def life():
    return CaseEvents()


@once_per_module()
def here(life):
    """A child whom Northmoor has a plan for, and of whose move we were told on 7 December."""
    child = life.child()
    (transfer,) = record_transfer_in(
        family=life.family,
        children=[child],
        notified_on=TOLD_ON,
        from_authority="Northmoor",
        told_by="Their worker",
        plan_there="Neglect",
        by=life.worker,
        now=at(TOLD_ON),
    )
    return transfer


def decided(life, transfer, outcome=Outcome.CP_PLAN):
    conference = life.booked([transfer.child], HELD_ON, kind=ConferenceKind.TRANSFER_IN)
    conference.children.update(transfer=transfer)
    life.decides(conference, transfer.child, outcome=outcome)
    return life.closes(conference)


def on_list(life, on):
    rows = list_of([life.authority.pk], on=on)
    return [(row.held_by, row.also_held_by, row.since) for row in rows]


def ends(life, transfer, **changes):
    facts = {"ended_on": HELD_ON, "letter_kept": LETTER, **changes}
    return end_plan_there(transfer=transfer, by=life.worker, now=NOW, **facts)


def fault(life, transfer, **changes):
    with pytest.raises(ValidationError) as caught:
        ends(life, transfer, **changes)
    error = caught.value
    return list(error.message_dict) if hasattr(error, "error_dict") else error.messages[0]


def test_until_our_conference_the_other_councils_plan_is_on_our_list(life, here):
    assert on_list(life, HELD_ON) == [("Northmoor", "", TOLD_ON)]
    assert not Plan.objects.exists()


def test_ours_begins_on_the_day_our_conference_decided_and_theirs_stays_until_its_written_ending(life, here):
    decided(life, here)
    assert Plan.objects.get().starts_on == HELD_ON
    assert on_list(life, NOW.date()) == [("", "Northmoor", HELD_ON)]
    ends(life, here)
    assert on_list(life, NOW.date()) == [("", "", HELD_ON)]


def test_where_we_decide_no_plan_theirs_stays_on_our_list_all_the_same(life, here):
    decided(life, here, outcome=Outcome.NOTHING)
    assert here.child in listed_children([life.authority.pk], on=NOW.date())
    ends(life, here, ended_on=date(2027, 1, 4))
    assert here.child not in listed_children([life.authority.pk], on=NOW.date())


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"letter_kept": " "}, "letter_kept"),
        ({"ended_on": NOW.date() + datetime.timedelta(days=1)}, "ended_on"),
        ({"ended_on": TOLD_ON - datetime.timedelta(days=1)}, "ended_on"),
        ({"ended_on": HELD_ON - datetime.timedelta(days=1)}, "ended_on"),
        ({"ended_on": HELD_ON + datetime.timedelta(days=1)}, "ended_on"),
    ],
)
def test_theirs_leaves_our_list_on_the_day_ours_begins_and_on_no_other(life, here, changes, field):
    decided(life, here)
    assert fault(life, here, **changes) == [field]
    assert on_list(life, NOW.date()) == [("", "Northmoor", HELD_ON)]


def test_ended_twice_is_harmless_and_another_day_is_refused(life, here):
    first = ends(life, here)
    again = end_plan_there(
        transfer=here, ended_on=HELD_ON, letter_kept=LETTER, by=life.worker, now=NOW + datetime.timedelta(days=1)
    )
    assert again.ended_there_at == first.ended_there_at
    assert "Nothing was changed." in fault(life, here, ended_on=date(2027, 1, 5))


def test_a_child_who_went_back_has_no_plan_here_to_end(life, here):
    here.state, here.state_by, here.state_at, here.state_reason = TransferState.RETURNED, life.worker, NOW, "Back"
    here.save()
    assert fault(life, here) == "This child is not here with another council’s plan."


def received(life, transfer, **changes):
    facts = {"kind": PaperKind.CHRONOLOGY, "outcome": Arrival.CAME, "on": TOLD_ON, "note": "", **changes}
    return record_paper_received(transfer=transfer, by=life.worker, now=NOW, **facts)


def test_what_came_and_what_is_missing(life, here):
    assert len(transfer_in_page(here).missing) == 8
    assert received(life, here) == received(life, here)
    received(life, here, kind=PaperKind.PLAN, outcome=Arrival.MISSING, note="Their duty team")
    received(life, here, kind=PaperKind.PLAN, outcome=Arrival.CAME, on=date(2027, 1, 5))
    received(life, here, kind=PaperKind.MINUTES, outcome=Arrival.MISSING, note="Their duty team")
    received(life, here, kind=PaperKind.ORDERS, outcome=Arrival.NONE)
    page = transfer_in_page(here)
    assert PaperReceived.objects.count() == 5
    assert {row.kind for row in page.rows if row not in page.missing} == {
        PaperKind.CHRONOLOGY,
        PaperKind.PLAN,
        PaperKind.ORDERS,
    }


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"on": NOW.date() + datetime.timedelta(days=1)}, "on"),
        ({"outcome": Arrival.MISSING}, "note"),
        ({"outcome": "lost"}, "outcome"),
        ({"kind": "diary"}, "kind"),
        ({"kind": PaperKind.OTHER}, "note"),
    ],
)
def test_refuses_what_says_too_little(life, here, changes, field):
    with pytest.raises(ValidationError) as caught:
        received(life, here, **changes)
    assert list(caught.value.message_dict) == [field]
