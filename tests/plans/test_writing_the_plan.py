"""Writing what plans say: once for brothers and sisters, with versions, reasons and no silent overwriting."""

from __future__ import annotations

import dataclasses
import datetime

import pytest
from django.core.exceptions import ValidationError

from accounts.enums import Role
from core_groups.enums import MeetingState
from core_groups.models import CoreGroup, CoreGroupMeeting
from govuk.words import plain_date
from plans.enums import Occasion, PlanEntryKind, Progress, WhyChanged
from plans.models import PlanAction
from plans.selectors.document import document_of
from plans.selectors.versions import compare, set_progress_on, version_on, versions_of
from plans.services.document import ActionWords, EntryWords, add_to_plans, change_in_plans, take_out_of_plans, words_of
from plans.services.plans import record_progress
from plans.services.versions import Why
from tests.factories import (
    ChildFactory,
    ConferenceFactory,
    FamilyFactory,
    PersonFactory,
    PlanFactory,
    UserFactory,
    policy_version_of,
    user_with_role,
)
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2027, 1, 20, 12, tzinfo=datetime.UTC)
TOMORROW = NOW + datetime.timedelta(days=1)


@once_per_module(at=NOW)
def case():
    """Robin, Wren and Jay, each with a plan, and the social worker who carries them."""
    family = FamilyFactory()
    plans = []
    for name in ("Robin", "Wren", "Jay"):
        child = ChildFactory(authority=family.authority, family=family, person__given_name=name)
        plans.append(PlanFactory(child=child, policy_version_id=policy_version_of(family.authority)))
    family.plans = plans
    family.worker = user_with_role(Role.SOCIAL_WORKER, team=family.team)
    family.mother = PersonFactory(authority=family.authority, given_name="Hazel")
    return family


def because(by, reason="Robin starts school", **fields):
    return Why(
        **{"occasion": Occasion.BETWEEN, "because": WhyChanged.CIRCUMSTANCES, "reason": reason, "by": by, "now": NOW}
        | fields
    )


def ring(case, **fields):
    words = {
        "what": "Ring the school", "why": "So that they are there on time", "who": [(case.mother, None)],
        "by_when_words": "every Monday", "how_known": "No late mark for a month",
    }  # fmt: skip
    return ActionWords(**words | fields)


def seen(rows):
    return {row.plan_id: row.pk for row in rows}


def test_an_action_for_three_children_is_entered_once(case):
    rows = add_to_plans(plans=case.plans, words=ring(case), why=because(case.worker))
    assert [row.plan for row in rows] == case.plans
    assert len({row.thread for row in rows}) == 1
    (line,) = document_of(case.plans).actions
    assert (line.all_say, line.row.what, line.row.who_in_words) == (True, "Ring the school", case.mother.full_name)
    assert [row.number for plan in case.plans for row in plan.versions.all()] == [1, 1, 1]


def test_several_people_share_an_action(case):
    father = PersonFactory(authority=case.authority, given_name="Dale")
    (row,) = add_to_plans(
        plans=case.plans[:1], words=ring(case, who=[(case.mother, None), (father, None)]), why=because(case.worker)
    )
    assert row.who_in_words == f"{case.mother.full_name}, {father.full_name}"
    assert words_of(row).who == [(case.mother, None), (father, None)]


def test_one_childs_action_may_differ_later(case):
    rows = add_to_plans(plans=case.plans, words=ring(case), why=because(case.worker))
    record_progress(action=rows[0], progress=Progress.UNDER_WAY, note="Rang", version=1, by=case.worker, now=NOW)
    later = because(case.worker, "Robin comes by bus", now=TOMORROW, because=WhyChanged.BETTER_WAY)
    words = ring(case, what="Ring the bus driver")
    (new,) = change_in_plans(row=rows[0], plans=case.plans[:1], words=words, why=later, seen=seen(rows))
    assert (new.thread, new.progress, new.progress_note) == (rows[0].thread, Progress.UNDER_WAY, "Rang")
    first, second = document_of(case.plans).actions
    assert [(line.row.what, [plan.child.person.given_name for plan in line.plans]) for line in (first, second)] == [
        ("Ring the school", ["Wren", "Jay"]),
        ("Ring the bus driver", ["Robin"]),
    ]
    assert [row.number for row in case.plans[1].versions.all()] == [1]
    old = PlanAction.objects.get(pk=rows[0].pk)
    assert (old.superseded_by, old.change_reason) == (new, "Robin comes by bus")


def test_a_change_says_on_what_ground_and_why(case):
    rows = add_to_plans(plans=case.plans[:1], words=ring(case), why=because(case.worker, "", because=""))
    for fields, field in (({"because": ""}, "because"), ({"reason": " "}, "reason")):
        with pytest.raises(ValidationError) as refusal:
            change_in_plans(
                row=rows[0], plans=case.plans[:1], words=ring(case, what="Ring"), seen=seen(rows),
                why=because(case.worker, **fields),
            )  # fmt: skip
        assert field in refusal.value.message_dict


def test_whoever_saves_second_is_told_what_it_says_now(case):
    rows = add_to_plans(plans=case.plans[:1], words=ring(case), why=because(case.worker))
    shown = seen(rows)
    (new,) = change_in_plans(
        row=rows[0],
        plans=case.plans[:1],
        words=ring(case, what="Ring the nurse"),
        why=because(UserFactory()),
        seen=shown,
    )
    with pytest.raises(ValidationError, match="It now says: Ring the nurse"):
        change_in_plans(
            row=rows[0], plans=case.plans[:1], words=ring(case, what="Mine"), why=because(case.worker), seen=shown
        )
    take_out_of_plans(row=new, plans=case.plans[:1], why=because(case.worker), seen=seen([new]))
    with pytest.raises(ValidationError, match="it was taken out"):
        change_in_plans(
            row=new, plans=case.plans[:1], words=ring(case, what="Mine"), why=because(case.worker), seen=seen([new])
        )


def test_one_version_takes_up_what_one_person_changes_for_one_reason_that_day(case):
    plan, why = case.plans[0], because(case.worker)
    need = EntryWords(kind=PlanEntryKind.NEED, text="To be at school on time", services="Breakfast club")
    add_to_plans(plans=[plan], words=need, why=why)
    add_to_plans(plans=[plan], words=ring(case), why=dataclasses.replace(why, now=NOW + datetime.timedelta(hours=1)))
    assert plan.versions.count() == 1
    add_to_plans(plans=[plan], words=ring(case, what="Else"), why=because(UserFactory()))
    add_to_plans(plans=[plan], words=ring(case, what="More"), why=why)
    add_to_plans(plans=[plan], words=ring(case, what="Tomorrow"), why=dataclasses.replace(why, now=TOMORROW))
    assert [row.added for row in versions_of(plan)] == [1, 1, 1, 2]


def test_the_plan_as_it_was_on_a_day(case):
    plan = case.plans[0]
    rows = add_to_plans(plans=[plan], words=ring(case), why=because(case.worker))
    record_progress(action=rows[0], progress=Progress.DONE, note="Rang", version=1, by=case.worker, now=TOMORROW)
    rows[0].refresh_from_db()
    change_in_plans(
        row=rows[0], plans=[plan], words=ring(case, what="Ring the nurse"), seen=seen(rows),
        why=because(case.worker, now=TOMORROW),
    )  # fmt: skip
    assert version_on(plan, NOW.date() - datetime.timedelta(days=1)) is None
    before = document_of([plan], version=version_on(plan, NOW.date()).number)
    (line,) = before.actions
    set_progress_on([line.row], NOW.date())
    assert (line.row.what, line.row.progress) == ("Ring the school", Progress.NOT_STARTED)
    (line,) = document_of([plan], version=version_on(plan, TOMORROW.date()).number).actions
    set_progress_on([line.row], TOMORROW.date())
    assert (line.row.what, line.row.progress) == ("Ring the nurse", Progress.DONE)


def test_two_versions_are_compared_word_by_word(case):
    plan = case.plans[0]
    rows = add_to_plans(plans=[plan], words=ring(case), why=because(case.worker))
    wish = EntryWords(kind=PlanEntryKind.WISHES, text="To see Nan")
    later = because(case.worker, "The bus was late", now=TOMORROW)
    change_in_plans(row=rows[0], plans=[plan], words=ring(case, what="Ring the nurse"), why=later, seen=seen(rows))
    add_to_plans(plans=[plan], words=wish, why=later)
    wishes, action = compare(plan, 1, 2)
    assert (wishes.kind, dict(wishes.parts)[""]) == ("Added", [("added", "To see Nan")])
    assert (action.kind, action.reasons) == ("Changed", ["The bus was late"])
    assert dict(action.parts)["What"] == [("kept", "Ring the "), ("taken", "school"), ("added", "nurse")]
    assert compare(plan, 1, 1) == []


def test_a_change_at_a_meeting_names_a_meeting_about_this_child(case):
    plan = case.plans[0]
    with pytest.raises(ValidationError, match="Choose the meeting"):
        add_to_plans(plans=[plan], words=ring(case), why=because(case.worker, occasion=Occasion.CORE_GROUP))
    conference = ConferenceFactory(family=case)
    group = CoreGroup.objects.create(
        authority=case.authority, family=case, conference=conference, formed_on=datetime.date(2026, 12, 22)
    )
    meeting = CoreGroupMeeting.objects.create(
        core_group=group, number=2, state=MeetingState.HELD, planned_at=NOW, held_at=NOW, recorded_by=case.worker
    )
    at_meeting = because(case.worker, occasion=Occasion.CORE_GROUP, meeting_id=meeting.pk)
    with pytest.raises(ValidationError, match="about this child"):
        add_to_plans(plans=[plan], words=ring(case), why=at_meeting)
    group.plans.add(plan)
    add_to_plans(plans=[plan], words=ring(case), why=at_meeting)
    add_to_plans(plans=[plan], words=ring(case, what="More"), why=at_meeting)
    assert [row.occasion for row in versions_of(plan)] == [f"Core group 2, {plain_date(NOW)}"]


def test_a_plan_that_ended_is_not_written_in(case):
    plan = case.plans[0]
    plan.ends_on, plan.end_reason = NOW.date(), "no_longer_at_risk"
    plan.save()
    with pytest.raises(ValidationError, match="has ended"):
        add_to_plans(plans=case.plans, words=ring(case), why=because(case.worker))
    assert PlanAction.objects.count() == 0
