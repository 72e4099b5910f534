"""What was entered for the wrong child in a plan or at a core group moves in the open; the wrong readers lose it."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from meetings.enums import EntryKind
from meetings.models import EntryMove
from meetings.services.misfiled_entries import agree_to_move, move_entry
from plans.enums import PlanEntryKind
from plans.services.document import EntryWords
from plans.services.plans import follow_decision
from reports.enums import DocumentState
from reports.services.core_group_minutes import release_core_group_minutes
from tests.factories import DecisionFactory
from tests.reports.test_core_group_minutes import group, words_of  # noqa: F401 the fixture
from tests.reports.test_core_group_minutes import prepared as minutes_of
from tests.reports.test_plan_paper import NOW, life, prepared, released, write  # noqa: F401 the fixture

pytestmark = pytest.mark.django_db
LATER = NOW + datetime.timedelta(hours=1)
WHY = "She said it of her sister"


@pytest.fixture(autouse=True)
def _in_january_2027():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def plans(life):  # noqa: F811
    """Wren has a plan as well, carried by the same worker."""
    wren = life.children.get(child__person__given_name="Wren")
    follow_decision(DecisionFactory(conference_child=wren, key_worker=life.key_worker), NOW)
    life.wrens = wren.child.plans.get()
    life.need = life.plan.entries.standing().get(text="To sleep all night")
    return life


def moved(life, row, kind=EntryKind.ENTRY, to=None, **changes):  # noqa: F811
    return move_entry(
        **{
            "kind": kind, "entry_id": row.pk, "from_child": life.plan.child, "to_child": to or life.wrens.child,
            "reason": WHY, "by": life.worker, "now": LATER, **changes,
        }
    )  # fmt: skip


def test_a_need_moves_to_the_other_childs_plan_with_the_reason(plans):
    move = moved(plans, plans.need)
    plans.need.refresh_from_db()
    assert (plans.need.plan, plans.need.until, move.reason) == (plans.wrens, None, WHY)
    assert "To sleep" not in str(prepared(plans).content["lines"])


def test_a_paper_that_waits_to_be_released_no_longer_shows_it(plans):
    waiting = prepared(plans)
    moved(plans, plans.need)
    waiting.refresh_from_db()
    assert waiting.state == DocumentState.SUPERSEDED


def test_once_it_has_gone_out_a_second_person_agrees_and_the_paper_is_closed(plans):
    paper = released(plans)
    move = moved(plans, plans.need)
    plans.need.refresh_from_db()
    assert (move.moved_at, plans.need.plan) == (None, plans.plan)
    agree_to_move(move=move, by=plans.manager, now=LATER)
    paper.refresh_from_db()
    plans.need.refresh_from_db()
    assert (plans.need.plan, paper.state, paper.superseded_by) == (
        plans.wrens, DocumentState.SUPERSEDED, plans.manager,
    )  # fmt: skip


def test_what_a_plan_says_once_does_not_move_beside_another(plans):
    write(plans, EntryWords(kind=PlanEntryKind.WISHES, text="A dog"), plans=[plans.wrens])
    wish = plans.plan.entries.standing().get(kind=PlanEntryKind.WISHES)
    with pytest.raises(ValidationError) as refused:
        moved(plans, wish)
    assert list(refused.value.message_dict) == ["to_child"]


def test_the_page_moves_a_need_and_its_old_place_says_so(client, plans):
    client.force_login(plans.worker)
    url = reverse("plans:move-entry", args=[plans.plan.pk, "entry", plans.need.pk])
    assert url in client.get(reverse("plans:write", args=[plans.plan.pk])).content.decode()
    assert client.get(url).status_code == 200
    posted = client.post(url, {"to_child": str(plans.wrens.child_id), "reason": WHY})
    assert posted.status_code == 302
    page = client.get(reverse("plans:plan", args=[plans.plan.pk])).content.decode()
    assert ("because it was about another child" in page, "To sleep all night" in page) == (True, False)


# At a core group


def test_a_note_moves_and_the_wrong_fathers_minutes_close(group):  # noqa: F811
    note = group.meeting.notes.get(text="Mornings are calm")
    paper = release_core_group_minutes(document=minutes_of(group), by=group.key_worker, now=NOW)
    facts = {
        "kind": EntryKind.NOTE, "entry_id": note.pk, "from_child": group.robin.child, "to_child": group.wren.child,
        "reason": WHY, "by": group.worker, "now": LATER,
    }  # fmt: skip
    move = move_entry(**facts)
    agree_to_move(move=move, by=group.manager, now=LATER)
    paper.refresh_from_db()
    assert (paper.state, set(note.children.all())) == (DocumentState.SUPERSEDED, {group.wren.child})
    again = minutes_of(group)
    told = {name: "Mornings are calm" in words_of(group, getattr(group, name), again) for name in ("dale", "martin")}
    assert told == {"dale": False, "martin": True}


def test_a_score_moves_only_to_a_child_for_whom_the_member_is_in_the_group(group):  # noqa: F811
    facts = {"from_child": group.robin.child, "to_child": group.wren.child, "reason": WHY, "by": group.worker}
    hers, his = (group.meeting.scores.get(member=one) for one in (group.hazel, group.dale))
    with pytest.raises(ValidationError):
        move_entry(kind=EntryKind.RATING, entry_id=his.pk, now=LATER, **facts)
    # What nobody has seen is not moved: whoever looks for it would learn of it.
    group.meeting.scores.update(shown_at=None)
    with pytest.raises(ValidationError, match="no longer there"):
        move_entry(kind=EntryKind.RATING, entry_id=hers.pk, now=LATER, **facts)
    group.meeting.scores.update(shown_at=NOW)
    move_entry(kind=EntryKind.RATING, entry_id=hers.pk, now=LATER, **facts)
    hers.refresh_from_db()
    assert hers.child == group.wren.child


def test_the_page_moves_a_note(client, group):  # noqa: F811
    client.force_login(group.worker)
    note = group.meeting.notes.get(text="Mornings are calm")
    url = reverse("core_groups:move-entry", args=[group.pk, group.meeting.pk, "note", note.pk])
    page = client.get(reverse("core_groups:meeting", args=[group.pk, group.meeting.pk])).content.decode()
    moves = reverse("core_groups:move-to-heading", args=[group.pk, group.meeting.pk, note.pk])
    assert moves in page
    assert url in client.get(moves).content.decode()
    assert client.get(url).status_code == 200
    assert client.post(url, {"to_child": str(group.wren.child_id), "reason": WHY}).status_code == 302
    assert EntryMove.objects.get().from_record == group.robin.pk
